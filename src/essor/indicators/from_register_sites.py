"""The indicators of the register that count establishments, their employees, and what INSEE counts of them."""

from essor.indicators import register_counting as counting
from essor.indicators.definition import Indicator
from essor.indicators.enums import Direction
from essor.indicators.register_cuts import AGE, FAMILY, INSEE_FAMILY, SECTOR, SIZE
from essor.indicators.register_indicator import OPEN, Listed, ListedByInsee, indicator

SEVERAL = "Ces établissements sont ceux des organisations de cette liste ; une organisation peut en avoir plusieurs."
HIRING = (
    "La liste montre les organisations qui emploient : ces établissements sont les leurs, mais une "
    "organisation peut employer ailleurs qu’ici."
)
KINDS = "La famille et le secteur sont ceux de l’organisation."
BANDS = (
    "Sirene donne à chaque établissement une tranche d’effectif (« 10 à 19 salariés »), jamais un nombre. Le "
    "minimum et le maximum d’un territoire additionnent les bornes des tranches. L’estimation additionne, pour "
    "chaque établissement, la moyenne géométrique des deux bornes, arrondie au dixième (13,8 pour « 10 à 19 ») "
    ": dans une tranche, les petits effectifs sont plus fréquents que les grands, le milieu serait trop haut. "
    "La tranche sans maximum (10 000 et plus) compte pour son minimum."
)
UNKNOWN_SIZES = (
    "Un établissement sans tranche connue compte zéro salarié, même dans le maximum : Sirene ne distingue pas "
    "l’absence de salarié d’un effectif inconnu. Les tranches datent d’un à deux ans. Ce n’est pas un chiffre "
    f"exact : les fichiers de l’Urssaf et de l’Insee, une fois chargés dans l’observatoire, le sont. {OPEN}"
)
INSEE = (
    "Périmètre statistique de l’Insee : ses catégories juridiques, moins ses activités exclues. Il laisse de "
    "côté les sociétés commerciales de l’ESS, et les coopératives constituées en société par actions "
    "simplifiée, que leur catégorie ne dit pas. "
)
INSEE_LIMITS = (
    "Les listes exactes de l’Insee n’ont pas été lues : elles sont reconstruites, à vérifier. Le registre ne "
    "garde pas les « autres organismes privés à but non lucratif », cinquième famille de l’Insee depuis 2018 : "
    "ils manquent ici. Ne se mélange pas à une série comptée selon la loi de 2014. "
)
OF_SITES: tuple[Indicator, ...] = (
    indicator(
        "etablissements",
        "Établissements de l’ESS",
        "établissements",
        direction=Direction.UP,
        dimensions=(FAMILY, SECTOR, SIZE, AGE),
        numerator="établissements ouverts des organisations de l’ESS",
        method=f"Établissements ouverts, chacun dans sa commune : les communes s’additionnent. {KINDS} "
        "La taille et l’ancienneté sont celles de l’établissement, au jour de l’édition.",
        count=counting.establishments,
        explain=Listed(SEVERAL),
    ),
    indicator(
        "etablissements_employeurs",
        "Établissements employeurs de l’ESS",
        "établissements",
        direction=Direction.UP,
        dimensions=(FAMILY, SECTOR),
        numerator="établissements dont la tranche d’effectif prouve un salarié au moins",
        method=f"Établissement par établissement, d’après sa propre tranche d’effectif (Sirene). {KINDS}",
        limits=f"Les tranches datent d’un à deux ans ; un effectif inconnu compte comme aucun salarié. {OPEN}",
        count=counting.employing_establishments,
        explain=Listed(HIRING, (("employeur", "oui"),)),
    ),
    indicator(
        "emplois",
        "Emplois salariés de l’ESS (estimation)",
        "emplois",
        decimals=0,
        bounds=("registre.emplois_min", "registre.emplois_max"),
        direction=Direction.UP,
        dimensions=(FAMILY, SECTOR),
        numerator="salariés estimés d’après la tranche d’effectif de chaque établissement",
        method=f"{BANDS} {KINDS}",
        limits=UNKNOWN_SIZES,
        count=counting.jobs,
        explain=Listed(HIRING, (("employeur", "oui"), ("tri", "taille"))),
    ),
    indicator(
        "emplois_min",
        "Emplois salariés de l’ESS, au moins",
        "emplois",
        decimals=0,
        direction=Direction.UP,
        numerator="somme des bornes basses des tranches d’effectif",
        method=BANDS,
        limits=UNKNOWN_SIZES,
        count=counting.jobs_at_least,
        explain=Listed(HIRING, (("employeur", "oui"), ("tri", "taille"))),
    ),
    indicator(
        "emplois_max",
        "Emplois salariés de l’ESS, au plus",
        "emplois",
        decimals=0,
        direction=Direction.UP,
        numerator="somme des bornes hautes des tranches d’effectif",
        method=BANDS,
        limits=UNKNOWN_SIZES,
        count=counting.jobs_at_most,
        explain=Listed(HIRING, (("employeur", "oui"), ("tri", "taille"))),
    ),
    indicator(
        "part_qpv",
        "Part des établissements en quartier prioritaire",
        "%",
        numerator="établissements dans un quartier prioritaire de 2024",
        denominator="établissements dont la position est connue",
        method="Position de chaque établissement dans les contours des quartiers de la politique de la ville de 2024.",
        limits=(
            "Une position imprécise peut tomber du mauvais côté d’une limite : le registre dit la certitude de "
            f"chacune. {OPEN}"
        ),
        count=counting.quarter_share,
        explain=Listed(
            "Les établissements en quartier prioritaire sont ceux des organisations de cette liste.",
            (("qpv", "2024-dans"),),
        ),
    ),
    indicator(
        "part_rural",
        "Part des établissements en commune rurale",
        "%",
        numerator="établissements dans une commune rurale",
        denominator="établissements dont la commune est classée",
        method=(
            "Une commune est rurale quand la grille communale de densité de l’Insee la range dans ses niveaux "
            "5, 6 ou 7 (grille en sept niveaux) ou 3 ou 4 (grille en quatre niveaux). Sans grille chargée, les "
            "communes de moins de 2 000 habitants en tiennent lieu : c’est une approximation. La source de "
            "chaque valeur dit laquelle des deux a servi."
        ),
        limits=OPEN,
        count=counting.rural_share,
        explain=Listed(
            "La liste montre toutes les organisations du territoire : le registre n’a pas de filtre par "
            "commune rurale.",
        ),
    ),
    indicator(
        "etablissements_insee",
        "Établissements employeurs de l’ESS, au sens de l’Insee",
        "établissements",
        dimensions=(INSEE_FAMILY,),
        numerator="établissements employeurs des catégories juridiques que l’Insee compte",
        method=f"{INSEE}Comme l’Insee, seuls les établissements employeurs sont comptés.",
        limits=f"{INSEE_LIMITS}{OPEN}",
        count=counting.insee_establishments,
        explain=ListedByInsee((("employeur", "oui"),)),
    ),
    indicator(
        "emplois_insee",
        "Emplois salariés de l’ESS (estimation), au sens de l’Insee",
        "emplois",
        decimals=0,
        dimensions=(INSEE_FAMILY,),
        numerator="salariés estimés des catégories juridiques que l’Insee compte",
        method=f"{INSEE}{BANDS}",
        limits=f"{INSEE_LIMITS}{UNKNOWN_SIZES}",
        count=counting.insee_jobs,
        explain=ListedByInsee((("employeur", "oui"), ("tri", "taille"))),
    ),
)
