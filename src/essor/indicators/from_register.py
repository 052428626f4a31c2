"""The indicators of the register that count organisations; `from_register_sites` has those of establishments."""

from decimal import Decimal

from essor.indicators import register_counting as counting
from essor.indicators.definition import Indicator
from essor.indicators.enums import Direction, Periodicity
from essor.indicators.from_register_sites import OF_SITES
from essor.indicators.register_cuts import AGE, FAMILY, SECTOR
from essor.indicators.register_indicator import COUNTED, OPEN, Listed, indicator

PRESENT = (
    "Une organisation est comptée sur un territoire quand son siège ou l’un de ses établissements y est. "
    "Elle compte une fois par territoire : présente dans deux communes, elle compte dans chacune, et une seule fois "
    "dans leur intercommunalité."
)
OF_ORGANISATIONS: tuple[Indicator, ...] = (
    indicator(
        "organisations",
        "Organisations de l’ESS",
        "organisations",
        direction=Direction.UP,
        dimensions=(FAMILY, SECTOR, AGE),
        additive=False,
        numerator="organisations de l’ESS",
        method=f"{PRESENT} L’ancienneté se compte en années entières depuis la création, au jour de l’édition.",
        count=counting.organisations,
        explain=Listed(COUNTED),
    ),
    indicator(
        "employeurs",
        "Organisations de l’ESS qui emploient",
        "organisations",
        direction=Direction.UP,
        dimensions=(FAMILY,),
        additive=False,
        numerator="organisations qui ont un salarié au moins",
        method=f"{PRESENT} Elle emploie quand sa tranche d’effectif (Sirene) prouve un salarié au moins.",
        limits=f"L’effectif est celui de toute l’organisation, d’il y a un à deux ans. {OPEN}",
        count=counting.employers,
        explain=Listed(COUNTED, (("employeur", "oui"),)),
    ),
    indicator(
        "creations",
        "Organisations créées dans l’année",
        "organisations",
        direction=Direction.UP,
        periodicity=Periodicity.YEAR,
        additive=False,
        numerator="organisations créées dans l’année",
        method=(
            f"Année de création dite par Sirene ou le RNA, parmi les organisations "
            f"du registre en vigueur. {PRESENT}"
        ),
        limits=(
            f"Celles qui ont fermé depuis n’y sont plus : les années anciennes sont "
            f"sous-estimées. L’année en cours n’est pas finie. {OPEN}"
        ),
        count=counting.creations,
        explain=Listed("La liste commence par les organisations les plus récentes.", (("tri", "recentes"),)),
    ),
    indicator(
        "fermetures",
        "Fermetures constatées dans l’année",
        "organisations",
        direction=Direction.DOWN,
        periodicity=Periodicity.YEAR,
        numerator="organisations fermées dans l’année, à leur dernier siège",
        method="Fermetures dites par Sirene entre deux éditions du registre, et celles que les agents ont notées.",
        limits=(
            "Connues depuis la première édition du registre seulement ; l’année "
            "est celle de l’édition qui la constate."
        ),
        count=counting.closures,
        explain=Listed(
            "Le registre ne liste plus les organisations fermées : l’historique des éditions les nomme."
        ),
    ),
    indicator(
        "esus",
        "Organisations Esus",
        "organisations",
        direction=Direction.UP,
        additive=False,
        numerator="organisations dont l’agrément Esus court",
        method=PRESENT,
        limits=f"Agréments de la liste publiée par l’État ; ceux de plein droit qui n’y sont pas manquent. {OPEN}",
        count=counting.esus,
        explain=Listed(COUNTED, (("etiquette", "esus"),)),
    ),
    indicator(
        "densite",
        "Organisations de l’ESS pour 1 000 habitants",
        "pour 1 000 habitants",
        direction=Direction.UP,
        numerator="organisations de l’ESS",
        denominator="habitants (population municipale)",
        factor=Decimal(1000),
        method=f"{PRESENT} Population municipale des communes du territoire (Insee).",
        count=counting.density,
        explain=Listed(COUNTED),
    ),
    indicator(
        "part_employeurs",
        "Part des organisations qui emploient",
        "%",
        direction=Direction.UP,
        additive=False,
        formula="registre.employeurs ÷ registre.organisations",
        method="Quotient de deux indicateurs du registre, chacun sur le même territoire et le même mois.",
    ),
)
INDICATORS: tuple[Indicator, ...] = (*OF_ORGANISATIONS, *OF_SITES)
