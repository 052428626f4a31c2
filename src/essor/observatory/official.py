"""The indicators that official tables feed: INSEE's Flores, the Urssaf. Their values come from a load, never typed."""

from decimal import Decimal

from essor.indicators.definition import Dimension, Indicator
from essor.indicators.enums import Origin, Periodicity

FAMILY, ACTIVITY = "famille_insee", "activite"
FAMILIES = Dimension(
    FAMILY,
    "Famille de l’Insee",
    (
        ("association", "Associations"),
        ("cooperative", "Coopératives"),
        ("mutuelle", "Mutuelles"),
        ("fondation", "Fondations"),
        ("autre_prive", "Autres organismes privés à but non lucratif"),
    ),
)
ACTIVITIES = Dimension(ACTIVITY, "Activité")

FLORES_SOURCE = "Insee, « L’économie sociale » (Flores)"
FLORES_METHOD = (
    "Périmètre de l’Insee : associations, coopératives, mutuelles, fondations, autres organismes privés à but non "
    "lucratif ; les sociétés commerciales de l’ESS n’y sont pas. Salariés au 31 décembre, au lieu de travail."
)
URSSAF_SOURCE = "Urssaf, open.urssaf.fr"
URSSAF_METHOD = (
    "Secteur privé, régime général, hors agriculture et hors Mayotte. Établissements et effectifs en moyenne de la "
    "période ; la masse salariale est l’assiette déplafonnée. Familles d’après la catégorie juridique."
)
LIMITS = (
    "Les valeurs secrètes de la source restent sans valeur, et ses arrondis sont gardés : des parts peuvent ne pas "
    "faire l’ensemble. Ne se mêle pas à la série du registre : le périmètre diffère."
)


def _indicator(code: str, label: str, unit: str, **more: object) -> Indicator:
    flores = code.startswith("flores.")
    said: dict[str, object] = {
        "origin": Origin.OFFICIAL,
        "periodicity": Periodicity.YEAR,
        "dimensions": (FAMILIES, ACTIVITIES),
        "source": FLORES_SOURCE if flores else URSSAF_SOURCE,
        "method": FLORES_METHOD if flores else URSSAF_METHOD,
        "limits": LIMITS,
        "room": "observatory",
        "room_label": "Tableaux officiels",
    }
    return Indicator(code, label, unit, **(said | more))  # type: ignore[arg-type]


def _share(code: str, label: str, private: str) -> Indicator:
    return _indicator(
        code,
        label,
        "%",
        dimensions=(),
        additive=False,
        factor=Decimal(1),
        numerator="salariés de l’ESS",
        denominator=private,
    )


QUARTERLY = {"periodicity": Periodicity.QUARTER}
INDICATORS = (
    _indicator(
        "flores.etablissements", "Établissements employeurs de l’économie sociale (Insee)", "établissements"
    ),
    _indicator("flores.effectifs", "Salariés de l’économie sociale (Insee)", "salariés"),
    _indicator("flores.etp", "Emplois de l’économie sociale en équivalent temps plein (Insee)", "ETP"),
    _indicator("flores.remunerations", "Rémunérations brutes de l’économie sociale (Insee)", "€"),
    _share(
        "flores.part_emploi_prive",
        "Part de l’économie sociale dans l’emploi privé (Insee)",
        "salariés du privé, économie sociale comprise",
    ),
    _indicator("urssaf.etablissements", "Établissements employeurs de l’ESS (Urssaf)", "établissements"),
    _indicator("urssaf.effectifs", "Salariés de l’ESS (Urssaf)", "salariés"),
    _indicator("urssaf.masse_salariale", "Masse salariale de l’ESS (Urssaf)", "€"),
    _indicator(
        "urssaf.effectifs_trimestre", "Salariés de l’ESS, par trimestre (Urssaf)", "salariés", **QUARTERLY
    ),
    _indicator(
        "urssaf.masse_salariale_trimestre",
        "Masse salariale de l’ESS, par trimestre (Urssaf)",
        "€",
        **QUARTERLY,
    ),
    _share(
        "urssaf.part_emploi_prive", "Part de l’ESS dans l’emploi privé (Urssaf)", "salariés du secteur privé"
    ),
)
BY_CODE = {each.code: each for each in INDICATORS}
