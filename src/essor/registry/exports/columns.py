"""The columns of an export: their names in files, what each says, how a row gives it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from essor.registry import words
from essor.registry.enums import Family, SizeBand, Verdict
from essor.registry.exports.rows import Row

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

_IN = "in"


def _once(words: Callable[[str], str]) -> Callable[[Row, str], str]:
    """The same words, looked for once a language and a code: thousands of rows share a few hundred."""
    known: dict[tuple[str, str], str] = {}

    def told(row: Row, code: str) -> str:
        key = (row.language, code)
        found = known.get(key)
        if found is None:
            if len(known) >= MOST_KNOWN:
                known.clear()
            found = known[key] = words(code)
        return found

    return told


MOST_KNOWN = 5000
_activity, _sector, _tag = _once(words.activity_label), _once(words.sector_label), _once(words.tag_label)
_family = _once(lambda code: str(dict(Family.choices()).get(code, code)))
_verdict = _once(lambda code: str(dict(Verdict.choices()).get(code, code)))
_yes_no = _once(lambda yes: str(_("oui") if yes else _("non")))
Value = str | int | float | date | None


@dataclass(frozen=True)
class Column:
    """A column: its name in files, what it says, how a row gives it."""

    name: str
    says: "StrPromise"
    value: Callable[[Row], Value]


def _band(code: str) -> str:
    band = SizeBand.of(code)
    return str(band.label) if band and band is not SizeBand.NN else ""


_size = _once(_band)


def _quality(row: Row) -> str:
    placed = next((place for place in row.places if place.longitude is not None), None)
    return words.POSITION_QUALITIES.get(placed.position_quality, "") if placed else ""


def _quarters(row: Row) -> str:
    """Codes of the priority neighbourhoods where an establishment stands, by the outlines of 2024."""
    codes = {
        str(each.get("code"))
        for place in row.places
        for each in place.qpv
        if isinstance(each, dict) and each.get("relation") == _IN and each.get("generation") == 2024
    }
    return ", ".join(sorted(code for code in codes if code))


def _tags(row: Row) -> str:
    return ", ".join(dict.fromkeys(row.labels.get(tag.code) or _tag(row, tag.code) for tag in row.tags))


COLUMNS: tuple[Column, ...] = (
    Column(
        "identifiant",
        _("Numéro de l’organisation dans ce registre ; il ne change jamais."),
        lambda r: r.facts.pk,
    ),
    Column("siren", _("Numéro SIREN, neuf chiffres ; vide quand il n’y en a pas."), lambda r: r.siren),
    Column("rna", _("Numéro au répertoire national des associations (W et neuf signes)."), lambda r: r.rna),
    Column("nom", _("Dénomination."), lambda r: r.facts.name),
    Column("sigle", _("Sigle."), lambda r: r.facts.acronym),
    Column("nom_usuel", _("Nom sous lequel elle est connue."), lambda r: r.facts.usual_name),
    Column(
        "famille",
        _("Famille de l’ESS (loi du 31 juillet 2014, article 1)."),
        lambda r: _family(r, r.facts.family),
    ),
    Column(
        "situation",
        _("Ce que la qualification conclut : ESS par statut, déclarée, à vérifier."),
        lambda r: _verdict(r, r.facts.verdict),
    ),
    Column(
        "categorie_juridique",
        _("Catégorie juridique de l’Insee, quatre chiffres."),
        lambda r: r.facts.legal_category,
    ),
    Column("code_naf", _("Activité principale, NAF rév. 2."), lambda r: r.facts.naf),
    Column("activite", _("Activité principale en mots."), lambda r: _activity(r, r.facts.naf)),
    Column(
        "secteur",
        _("Secteur en mots du métier : un regroupement propre à Essor."),
        lambda r: _sector(r, r.facts.sector),
    ),
    Column("code_effectif", _("Tranche d’effectif de l’Insee (NN : inconnue)."), lambda r: r.facts.size_band),
    Column(
        "effectif",
        _("Tranche d’effectif en mots ; vide quand elle est inconnue."),
        lambda r: _size(r, r.facts.size_band),
    ),
    Column("annee_effectif", _("Année de la tranche d’effectif."), lambda r: r.facts.size_year),
    Column("employeuse", _("oui ou non."), lambda r: _yes_no(r, "1" if r.facts.is_employer else "")),
    Column(
        "date_creation",
        _("Date de création (AAAA-MM-JJ dans le CSV et le GeoJSON)."),
        lambda r: r.facts.created_on,
    ),
    Column("etiquettes", _("Étiquettes en cours, séparées par des virgules."), _tags),
    Column(
        "siret",
        _("SIRET du siège, ou du premier établissement du territoire."),
        lambda r: (r.seat.siret or "") if r.seat else "",
    ),
    Column("adresse", _("Adresse de cet établissement."), lambda r: r.seat.address if r.seat else ""),
    Column(
        "code_postal", _("Code postal de cet établissement."), lambda r: r.seat.postal_code if r.seat else ""
    ),
    Column(
        "code_commune",
        _("Code Insee de la commune de l’organisation."),
        lambda r: c.code if (c := r.commune) else "",
    ),
    Column("commune", _("Commune de l’organisation."), lambda r: c.name if (c := r.commune) else ""),
    Column(
        "intercommunalite",
        _("EPCI à fiscalité propre de cette commune."),
        lambda r: c.epci.name if (c := r.commune) and c.epci else "",
    ),
    Column(
        "departement",
        _("Département de cette commune."),
        lambda r: c.departement.name if (c := r.commune) and c.departement else "",
    ),
    Column(
        "siege_hors_territoire",
        _("oui quand le siège est hors du territoire du registre."),
        lambda r: _yes_no(r, "1" if r.facts.head_office_outside else ""),
    ),
    Column("etablissements", _("Nombre d’établissements dans le territoire."), lambda r: len(r.places)),
    Column(
        "quartier_prioritaire",
        _("Codes des quartiers prioritaires de 2024 où elle a un établissement."),
        _quarters,
    ),
    Column(
        "longitude",
        _("Longitude du siège, ou du premier établissement situé (degrés, WGS 84)."),
        lambda r: r.position[0] if r.position else None,
    ),
    Column("latitude", _("Latitude de la même position."), lambda r: r.position[1] if r.position else None),
    Column("precision_position", _("Précision de cette position."), _quality),
    Column("site_web", _("Site de l’organisation."), lambda r: words.safe_website(r.facts.website)),
    Column(
        "page",
        _("Adresse de sa page dans ce registre, avec l’explication de son appartenance à l’ESS."),
        lambda r: r.address,
    ),
)
