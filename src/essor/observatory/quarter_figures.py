"""The figures of a priority neighbourhood as INSEE publishes them, with their label and unit.

Source of the labels: the dictionary published with the table (INSEE, « Données sur les quartiers de la politique de la
ville », démographie, revenus, Cnaf, emploi, tissu économique). A column that is not here is shown by its code.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from essor.kernel import french
from essor.observatory.models import QuarterFigure

PEOPLE, HOMES, SHARE, EUROS, THINGS, INDEX = "personnes", "foyers", "%", "€ par an", "établissements", ""
LABELS: dict[str, tuple[str, str]] = {
    "pop_mun": ("Population municipale du quartier", PEOPLE),
    "pop_com_qp": ("Population des quartiers prioritaires de la commune", PEOPLE),
    "pop_com": ("Population de la commune", PEOPLE),
    "ind_jeune": ("Indice de jeunesse (moins de 20 ans pour une personne de 60 ans ou plus)", INDEX),
    "tx_tot_et": ("Part des personnes étrangères", SHARE),
    "tx_f": ("Part des femmes", SHARE),
    "tx_f_et": ("Part des étrangères parmi les femmes", SHARE),
    "percou": ("Personnes couvertes par au moins une prestation de la CAF", PEOPLE),
    "pmimp": ("Part des ménages imposés", SHARE),
    "part_chomprinc": ("Part des ménages dont le premier revenu est une indemnité de chômage", SHARE),
    "decuc_q2": ("Revenu déclaré médian par unité de consommation", EUROS),
    "decuc_d1": ("Revenu déclaré, premier décile", EUROS),
    "decuc_d9": ("Revenu déclaré, neuvième décile", EUROS),
    "disp_q2": ("Revenu disponible médian par unité de consommation", EUROS),
    "disp_d1": ("Revenu disponible, premier décile", EUROS),
    "disp_d9": ("Revenu disponible, neuvième décile", EUROS),
    "tp60": ("Taux de pauvreté au seuil de 60 %", SHARE),
    "brev": ("Taux de bas revenus", SHARE),
    "a": ("Foyers allocataires d’au moins une prestation de la CAF", HOMES),
    "tx_tot_empl": ("Taux d’emploi des 15-64 ans", SHARE),
    "tx_f_empl": ("Taux d’emploi des femmes de 15-64 ans", SHARE),
    "tx_et_empl": ("Taux d’emploi des personnes étrangères de 15-64 ans", SHARE),
    "tx_tot_eprec": ("Part des emplois précaires", SHARE),
    "tx_f_eprec": ("Part des emplois précaires parmi les femmes", SHARE),
    "tx_et_eprec": ("Part des emplois précaires parmi les personnes étrangères", SHARE),
    "abcde": ("Demandeuses et demandeurs d’emploi (catégories A à E)", PEOPLE),
    "abcde_f": ("Demandeuses d’emploi", PEOPLE),
    "abcde_h": ("Demandeurs d’emploi", PEOPLE),
    "abc_capbep": ("Demandeurs d’emploi A, B, C de niveau CAP-BEP", PEOPLE),
    "abc_bac": ("Demandeurs d’emploi A, B, C de niveau bac", PEOPLE),
    "abc_supbac": ("Demandeurs d’emploi A, B, C de niveau supérieur au bac", PEOPLE),
    "ec_mat": ("Écoles maternelles à moins de 100 m", THINGS),
    "ec_elem": ("Écoles élémentaires à moins de 100 m", THINGS),
    "ec_elem_pri": ("Écoles élémentaires privées à moins de 100 m", THINGS),
    "coll": ("Collèges à moins de 300 m", THINGS),
    "coll_pri": ("Collèges privés à moins de 300 m", THINGS),
    "nbetab": ("Établissements", THINGS),
    "ens_sante": ("Établissements d’enseignement, de santé et d’action sociale", THINGS),
    "serv_par": ("Établissements de services aux particuliers", THINGS),
    "serv_tot": ("Établissements de services", THINGS),
    "auto_ent": ("Auto-entrepreneuses et auto-entrepreneurs parmi les créations", THINGS),
}


@dataclass(frozen=True)
class Shown:
    """A figure ready to show: its words, its value as INSEE writes it, its provenance."""

    code: str
    label: str
    value: Decimal
    unit: str
    written: str
    vintage: int
    source: str
    day: date


def label_of(code: str) -> str:
    """The label of a column; its code, said to be checked, when it is not known."""
    return LABELS[code][0] if code in LABELS else _("%(code)s (libellé à vérifier)") % {"code": code}


def say(code: str, value: Decimal) -> str:
    """The value with its unit. INSEE's shares are already in hundredths."""
    unit = LABELS.get(code, ("", ""))[1]
    return f"{french.number(value)}{french.NBSP}{unit}" if unit else french.number(value)


def figures_of(quarter: str) -> Sequence[Shown]:
    """The figures of a neighbourhood in its newest vintage, in the order of the dictionary. One query.

    A secret figure is not there.
    """
    rows = QuarterFigure.objects.filter(quarter=quarter).select_related("collection").order_by("-vintage")
    newest: dict[str, QuarterFigure] = {}
    for row in rows:
        newest.setdefault(row.code, row)
    order = {code: rank for rank, code in enumerate(LABELS)}
    return [
        Shown(
            row.code,
            label_of(row.code),
            row.value,
            LABELS.get(row.code, ("", ""))[1],
            say(row.code, row.value),
            row.vintage,
            row.collection.source,
            row.collection.day,
        )
        for row in sorted(newest.values(), key=lambda row: (order.get(row.code, 99), row.code))
    ]
