"""On what each level of authority can found its support, domain by domain (loi NOTRe, in force on 1 January 2016).

The grounds are those of the Code général des collectivités territoriales; the reading of each domain is that of the
guides of the network of local authorities for a solidarity economy. Every text that was not read is « à vérifier ».
"""

from collections.abc import Mapping
from dataclasses import dataclass

from essor.law.labelled import Labelled


class Level(Labelled):
    """Who acts."""

    COMMUNE = "commune", "Commune"
    EPCI = "epci", "Intercommunalité à fiscalité propre"
    METROPOLE = "metropole", "Métropole"
    DEPARTEMENT = "departement", "Département"
    REGION = "region", "Région"


class Domain(Labelled):
    """To what public policy the supported activity belongs."""

    ECONOMIC_DEVELOPMENT = "economic_development", "Développement économique"
    SOCIAL_ACTION = "social_action", "Action sociale, insertion, autonomie"
    EMPLOYMENT = "employment", "Emploi et insertion par l’activité économique"
    HOUSING = "housing", "Habitat et logement"
    TOURISM = "tourism", "Tourisme"
    CULTURE_SPORT_YOUTH = "culture_sport_youth", "Culture, sport et jeunesse"
    EDUCATION = "education", "Éducation"
    HEALTH = "health", "Santé"
    MOBILITY = "mobility", "Mobilité et transports"
    ENERGY = "energy", "Énergie"
    ENVIRONMENT = "environment", "Environnement et économie circulaire"
    AGRICULTURE = "agriculture", "Agriculture et alimentation"
    DIGITAL = "digital", "Numérique"
    TERRITORIAL_COHESION = "territorial_cohesion", "Appui aux territoires"
    INTERNATIONAL = "international", "Action internationale"
    PROCUREMENT = "procurement", "Commande publique"


class Standing(Labelled):
    """What a level holds in a domain."""

    OWN = "own", "Compétence propre"
    SHARED = "shared", "Compétence partagée"
    PARTIAL = "partial", "Compétence limitée"
    NONE = "none", "Pas de compétence"


@dataclass(frozen=True, slots=True)
class Ground:
    """What founds, or limits, the action of a level in a domain. ``text`` ends a sentence: « …, qui … »."""

    standing: Standing
    text: str
    reference: str


_CGCT = "Code général des collectivités territoriales, art. "
_SHARED_TEXT = "la culture, le sport, le tourisme et la jeunesse sont partagés entre tous les niveaux"
_SHARED = Ground(Standing.SHARED, _SHARED_TEXT, f"{_CGCT}L1111-4")
_SOLIDARITIES = f"{_CGCT}L3211-1"
_REGION = f"{_CGCT}L4221-1"

_COMMUNE = Ground(
    Standing.OWN,
    "la commune garde la clause générale de compétence : tout ce qui est d’intérêt public local, sauf ce que la loi "
    "donne à un autre niveau ou qu’elle a transféré à son intercommunalité",
    f"{_CGCT}L2121-29",
)
_EPCI = Ground(
    Standing.PARTIAL,
    "une intercommunalité n’agit que dans les compétences que la loi ou ses statuts lui donnent, et là où l’intérêt "
    "communautaire est défini",
    f"{_CGCT}L5210-1, L5214-16, L5215-20 et L5216-5",
)
_EPCI_ECONOMY = Ground(
    Standing.OWN,
    "les actions de développement économique sont une compétence obligatoire des intercommunalités",
    f"{_CGCT}L5214-16, L5216-5, L5215-20 et L5217-2",
)
_METROPOLE_OWN = frozenset(
    {
        Domain.ECONOMIC_DEVELOPMENT,
        Domain.HOUSING,
        Domain.MOBILITY,
        Domain.ENERGY,
        Domain.ENVIRONMENT,
        Domain.TOURISM,
    }
)
_METROPOLE = Ground(
    Standing.OWN,
    "la métropole exerce de plein droit cette compétence à la place des communes membres",
    f"{_CGCT}L5217-2",
)
_EPCI_OWN_TOO = {
    Domain.TOURISM: Ground(
        Standing.SHARED,
        "la promotion du tourisme revient à l’intercommunalité, et le tourisme est une compétence partagée",
        f"{_CGCT}L1111-4 et L5214-16",
    ),
}

_DEPARTEMENT: Mapping[Domain, Ground] = {
    Domain.ECONOMIC_DEVELOPMENT: Ground(
        Standing.NONE,
        "le département n’a plus de compétence économique générale, et les solidarités ne fondent pas une aide "
        "économique",
        _SOLIDARITIES,
    ),
    Domain.SOCIAL_ACTION: Ground(
        Standing.OWN, "le département est chef de file de l’action sociale et des solidarités", _SOLIDARITIES
    ),
    Domain.EMPLOYMENT: Ground(
        Standing.OWN,
        "l’insertion des publics en difficulté relève du département, chef de file de l’action sociale ; l’aide "
        "doit servir "
        "l’insertion, non l’activité marchande",
        f"{_SOLIDARITIES} ; Code de l’action sociale et des familles, art. L263-1",
    ),
    Domain.HOUSING: Ground(
        Standing.PARTIAL,
        "le département agit pour le logement des personnes défavorisées et, par délégation, pour les aides à "
        "la pierre",
        f"{_SOLIDARITIES} et L3233-1",
    ),
    Domain.EDUCATION: Ground(
        Standing.PARTIAL, "le département a la charge des collèges", "Code de l’éducation, art. L213-2"
    ),
    Domain.HEALTH: Ground(
        Standing.PARTIAL,
        "le département agit pour la prévention, l’autonomie et la protection maternelle et infantile",
        _SOLIDARITIES,
    ),
    Domain.MOBILITY: Ground(
        Standing.PARTIAL,
        "le département n’a plus de compétence directe de transport ; il aide la mobilité des publics dont il a "
        "la charge",
        _SOLIDARITIES,
    ),
    Domain.ENERGY: Ground(
        Standing.PARTIAL,
        "le département peut produire de l’énergie renouvelable (depuis 2010) et agir contre la précarité énergétique",
        f"Loi n° 2010-788 du 12 juillet 2010, art. 88 ; {_SOLIDARITIES}",
    ),
    Domain.ENVIRONMENT: Ground(
        Standing.PARTIAL,
        "le département agit pour les espaces naturels sensibles et, par la cohésion des territoires, pour "
        "l’environnement",
        f"{_SOLIDARITIES} ; Code de l’urbanisme, art. L113-8",
    ),
    Domain.AGRICULTURE: Ground(
        Standing.PARTIAL,
        "le département peut compléter, par convention, les aides de la région à l’agriculture, et achète pour ses "
        "cantines",
        f"{_CGCT}L3232-1-2",
    ),
    Domain.DIGITAL: Ground(
        Standing.PARTIAL,
        "le département agit pour les réseaux et, au titre de l’accès aux droits, pour l’inclusion numérique",
        f"{_CGCT}L1425-1 et L3211-1",
    ),
    Domain.TERRITORIAL_COHESION: Ground(
        Standing.OWN, "le département promeut les solidarités et la cohésion territoriales", _SOLIDARITIES
    ),
}
_REGION_OWN = frozenset(
    {
        Domain.ECONOMIC_DEVELOPMENT,
        Domain.EMPLOYMENT,
        Domain.MOBILITY,
        Domain.ENVIRONMENT,
        Domain.ENERGY,
        Domain.AGRICULTURE,
        Domain.TERRITORIAL_COHESION,
    }
)
_REGION_TEXT = Ground(
    Standing.OWN,
    "la région promeut le développement économique, social et environnemental de son territoire",
    _REGION,
)
_REGION_PARTIAL = Ground(
    Standing.PARTIAL,
    "la région n’agit ici que pour ce que l’article L4221-1 énumère, sans empiéter sur les autres niveaux",
    _REGION,
)
_PROCUREMENT = Ground(
    Standing.OWN,
    "acheter n’est pas aider : toute collectivité peut acheter de façon responsable pour ses propres besoins",
    "Code de la commande publique, art. L3-1",
)
_INTERNATIONAL = Ground(
    Standing.OWN,
    "toute collectivité peut mener, par convention, une action internationale, dans le respect des engagements "
    "de la France",
    f"{_CGCT}L1115-1",
)


def ground(level: Level, domain: Domain) -> Ground:
    """What a level holds in a domain, with its text."""
    if domain is Domain.PROCUREMENT:
        return _PROCUREMENT
    if domain is Domain.INTERNATIONAL:
        return _INTERNATIONAL
    if level is Level.COMMUNE:
        return _COMMUNE
    if level is Level.METROPOLE and domain in _METROPOLE_OWN:
        return _METROPOLE
    if domain is Domain.CULTURE_SPORT_YOUTH:
        return _SHARED
    if level in (Level.EPCI, Level.METROPOLE):
        if domain is Domain.ECONOMIC_DEVELOPMENT:
            return _EPCI_ECONOMY
        return _EPCI_OWN_TOO.get(domain, _EPCI)
    if domain is Domain.TOURISM:
        return _SHARED
    if level is Level.DEPARTEMENT:
        return _DEPARTEMENT[domain]
    return _REGION_TEXT if domain in _REGION_OWN else _REGION_PARTIAL
