"""How the register's figures are cut: families, sectors, sizes, ages; each value has a rank in its list."""

from datetime import date

import numpy as np
import numpy.typing as npt

from essor.indicators.definition import Dimension
from essor.registry.enums import Family
from essor.registry.filters import SizeGroup, sector_choices
from essor.registry.rules_insee import InseeFamily

Ints = npt.NDArray[np.int64]
FAMILY = Dimension("famille", "Famille", tuple(Family.choices()))
SECTOR = Dimension("secteur", "Secteur", tuple(sector_choices()))
SIZE = Dimension("taille", "Taille", tuple(SizeGroup.choices()))
INSEE_FAMILY = Dimension("famille_insee", "Famille statistique de l’Insee", tuple(InseeFamily.choices()))
# First full year of each band of ages but the youngest.
AGE_STARTS = (3, 10, 20, 50)
AGE = Dimension(
    "anciennete",
    "Ancienneté",
    (
        ("0-2", "Moins de 3 ans"),
        ("3-9", "3 à 9 ans"),
        ("10-19", "10 à 19 ans"),
        ("20-49", "20 à 49 ans"),
        ("50", "50 ans et plus"),
        ("inconnue", "Ancienneté inconnue"),
    ),
)


def _ranks(dimension: Dimension) -> dict[str, int]:
    return {code: rank for rank, (code, _label) in enumerate(dimension.values)}


FAMILIES, SECTORS, SIZES, INSEE, AGES = (
    _ranks(dimension) for dimension in (FAMILY, SECTOR, SIZE, INSEE_FAMILY, AGE)
)


def age_codes(created: Ints, day: date) -> Ints:
    """Ranks of the ages on a day, in full years; `created` are numbers like 20010304, 0 where unknown."""
    ages = (day.year * 10_000 + day.month * 100 + day.day - created) // 10_000
    found = np.searchsorted(np.array(AGE_STARTS), ages, side="right").astype(np.int64)
    return np.where(created == 0, AGES["inconnue"], found)
