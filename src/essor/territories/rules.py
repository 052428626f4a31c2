"""Which authority has which powers: the special cases of the French division, with their texts.

Pure: the rule of competence (who may grant what) reads it. A territory is named by kind and code, as in a reference.
"""

from dataclasses import dataclass
from datetime import date

from essor.law.certainty import Certainty
from essor.law.labelled import Labelled


class Level(Labelled):
    """A level of powers; one authority may have several."""

    COMMUNAL = "communal", "Compétences d’une commune"
    INTERCOMMUNAL = "intercommunal", "Compétences d’une intercommunalité"
    DEPARTEMENTAL = "departemental", "Compétences d’un département"
    REGIONAL = "regional", "Compétences d’une région"
    OVERSEAS = "outre_mer", "Compétences fixées par une loi organique propre"


@dataclass(frozen=True)
class Powers:
    """The levels of powers of the authority of a territory, why, since when, and how sure we are."""

    levels: frozenset[Level]
    explanation: str
    source: str
    certainty: Certainty
    since: date | None = None


def _powers(
    levels: set[Level],
    explanation: str,
    source: str,
    certainty: Certainty = Certainty.MEMORY,
    since: date | None = None,
) -> Powers:
    return Powers(frozenset(levels), explanation, source, certainty, since)


_BY_KIND: dict[str, Powers] = {
    "commune": _powers({Level.COMMUNAL}, "Une commune.", "CGCT, deuxième partie"),
    "epci": _powers(
        {Level.INTERCOMMUNAL},
        "Un établissement public de coopération intercommunale : les compétences données par la loi ou les communes.",
        "CGCT, art. L5210-1-1 et s. ; développement économique : L5214-16, L5215-20, L5216-5, L5217-2",
        Certainty.PARTIAL,
    ),
    "ept": _powers(
        {Level.INTERCOMMUNAL},
        "Un établissement public territorial de la Métropole du Grand Paris, sans fiscalité propre : il partage les "
        "compétences intercommunales avec la métropole.",
        "CGCT, art. L5219-2 et L5219-5",
        since=date(2016, 1, 1),
    ),
    "departement": _powers({Level.DEPARTEMENTAL}, "Un département.", "CGCT, troisième partie"),
    "region": _powers({Level.REGIONAL}, "Une région.", "CGCT, quatrième partie"),
    "collectivite": _powers(
        {Level.OVERSEAS},
        "Une collectivité d’outre-mer : sa loi organique fixe ses compétences.",
        "Constitution, art. 73, 74 et 77",
    ),
    "france": _powers(set(), "La France entière n’est pas une collectivité.", ""),
}

_NONE_CORSE = "Une circonscription de l’État : la Collectivité de Corse y a les compétences du département."
_NONE_ALSACE = (
    "Une circonscription de l’État : la Collectivité européenne d’Alsace y a les compétences du département."
)
_CORSE = "CGCT, art. L4421-1 ; loi n° 2015-991 du 7 août 2015, art. 30"
_ALSACE = "Loi n° 2019-816 du 2 août 2019"
_LYON = "CGCT, art. L3611-1 et s. ; loi n° 2014-58 du 27 janvier 2014, art. 26"
_PARIS = "CGCT, art. L2512-1 ; loi n° 2017-257 du 28 février 2017"
_MAYOTTE = "Loi n° 2010-1487 du 7 décembre 2010 ; loi organique n° 2025-793 du 11 août 2025"
_UNIQUE = "Loi n° 2011-884 du 27 juillet 2011"
_BOTH = {Level.DEPARTEMENTAL, Level.REGIONAL}

_APART: dict[str, Powers] = {
    "commune:75056": _powers(
        {Level.COMMUNAL, Level.DEPARTEMENTAL},
        "La Ville de Paris, à statut particulier, exerce les compétences d’une commune et d’un département.",
        _PARIS,
        since=date(2019, 1, 1),
    ),
    "departement:75": _powers(
        set(),
        "Une circonscription de l’État : la Ville de Paris (commune:75056) exerce les compétences du département.",
        _PARIS,
        since=date(2019, 1, 1),
    ),
    "epci:200046977": _powers(
        {Level.INTERCOMMUNAL, Level.DEPARTEMENTAL},
        "La Métropole de Lyon, collectivité à statut particulier (69M), exerce sur son territoire les compétences "
        "d’une métropole et d’un département.",
        _LYON,
        Certainty.PARTIAL,
        date(2015, 1, 1),
    ),
    "departement:69": _powers(
        set(),
        "Une circonscription de l’État : le département du Rhône (collectivite:69D) et la Métropole de Lyon "
        "(epci:200046977) se partagent les compétences du département, chacun sur son territoire.",
        _LYON,
        Certainty.PARTIAL,
        date(2015, 1, 1),
    ),
    "collectivite:69D": _powers(
        {Level.DEPARTEMENTAL},
        "Le département du Rhône, hors du territoire de la Métropole de Lyon.",
        _LYON,
        Certainty.PARTIAL,
        date(2015, 1, 1),
    ),
    "departement:67": _powers(set(), _NONE_ALSACE, _ALSACE, since=date(2021, 1, 1)),
    "departement:68": _powers(set(), _NONE_ALSACE, _ALSACE, since=date(2021, 1, 1)),
    "collectivite:6AE": _powers(
        {Level.DEPARTEMENTAL},
        "La Collectivité européenne d’Alsace exerce les compétences du département sur le Bas-Rhin et le Haut-Rhin, "
        "et quelques compétences propres ; la région reste Grand Est.",
        _ALSACE,
        since=date(2021, 1, 1),
    ),
    "departement:2A": _powers(set(), _NONE_CORSE, _CORSE, since=date(2018, 1, 1)),
    "departement:2B": _powers(set(), _NONE_CORSE, _CORSE, since=date(2018, 1, 1)),
    "region:94": _powers(
        _BOTH,
        "La Collectivité de Corse, à statut particulier, exerce les compétences d’un département et d’une région.",
        _CORSE,
        Certainty.PARTIAL,
        date(2018, 1, 1),
    ),
}
_APART |= {
    ref: _powers(
        _BOTH, f"{name} exerce les compétences d’un département et d’une région.", source, certainty, since
    )
    for ref, name, source, certainty, since in (
        ("region:02", "La Martinique, collectivité unique,", _UNIQUE, Certainty.PARTIAL, date(2016, 1, 1)),
        ("region:03", "La Guyane, collectivité unique,", _UNIQUE, Certainty.PARTIAL, date(2016, 1, 1)),
        ("region:06", "Le Département-Région de Mayotte", _MAYOTTE, Certainty.PARTIAL, date(2011, 3, 31)),
    )
}
_APART |= {
    f"departement:{code}": _powers(
        set(),
        f"Même territoire que {ref}, dont la collectivité unique exerce toutes les compétences.",
        source,
    )
    for code, ref, source in (
        ("972", "region:02", _UNIQUE),
        ("973", "region:03", _UNIQUE),
        ("976", "region:06", _MAYOTTE),
    )
}

# Near a QPV: 300 metres, the distance of the reduced VAT on housing (CGI, art. 278 sexies), used by many schemes.
QPV_NEAR_METRES = 300.0


@dataclass(frozen=True)
class MayotteQpv:
    """At Mayotte each commune counts as a QPV, whatever the outlines."""

    departement: str
    until: date  # excluded
    explanation: str
    source: str
    certainty: Certainty


MAYOTTE_QPV = MayotteQpv(
    "976",
    date(2030, 1, 1),
    "À Mayotte, chaque commune compte comme un quartier prioritaire jusqu’au 1er janvier 2030 (loi n° 2025-797 du "
    "11 août 2025, art. 40, à vérifier).",
    "Loi n° 2025-797 du 11 août 2025, art. 40",
    Certainty.SECONDARY,
)

# Other names of the same authorities. INSEE codes collectivities with departmental powers 31D, 69M, 20R… ; 67A is the
# code of Alsace in the State's accounts; people also write the département of an overseas collectivity.
_ALIASES: dict[str, str] = {
    "69M": "epci:200046977",
    "69D": "collectivite:69D",
    "67A": "collectivite:6AE",
    "6AE": "collectivite:6AE",
    "75C": "commune:75056",
    "20": "region:94",
    "20R": "region:94",
    "972R": "region:02",
    "973R": "region:03",
    "976D": "region:06",
    "976R": "region:06",
}
_OVERSEAS = frozenset({"975", "977", "978", "984", "986", "987", "988", "989"})


def powers_of(kind: str, code: str) -> Powers:
    """The powers of the authority of a territory, special cases included. An unknown kind is a `KeyError`."""
    return _APART.get(f"{kind}:{code}") or _BY_KIND[kind]


def alias(kind: str, code: str) -> str:
    """The reference of a territory named by another of its codes; the same reference when it has no other.

    `collectivite:69M` → `epci:200046977`, `departement:20` → `region:94`, `collectivite:31D` → `departement:31`.
    """
    if kind in ("departement", "collectivite"):
        if found := _ALIASES.get(code):
            return found
        if kind == "collectivite" and code.endswith("D") and code[:-1].isalnum():
            return f"departement:{code[:-1]}"
    if kind in ("departement", "region") and code in _OVERSEAS:
        return f"collectivite:{code}"
    return f"{kind}:{code}"
