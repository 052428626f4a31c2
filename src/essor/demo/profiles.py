"""What organisations do: the profiles and words of `data/*.yaml`, read and checked."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parent / "data"
FILES = ("associations", "cooperatives", "others")
PLACES = ("everywhere", "city", "rural")
ESS_FAMILIES = ("association", "cooperative", "mutual", "foundation", "company")


@dataclass(frozen=True)
class Profile:
    """One kind of organisation; the columns are explained at the head of the YAML files."""

    code: str
    share: int
    categories: dict[str, float]
    naf: dict[str, float]
    employer: float
    sizes: str
    age: float
    place: str
    family: str = "association"
    names: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    branches: float = 0.0
    follow: float = 0.0
    esus: float = 0.0
    mission: float = 0.0
    siae: dict[str, float] = field(default_factory=dict)
    activities: dict[str, list[str]] = field(default_factory=dict)
    flag: float | None = None
    listed: float | None = None
    person: bool = False
    first: bool = False

    @property
    def is_ess(self) -> bool:
        """True when the perimeter or a declaration makes it an organisation of the ESS."""
        return self.family in ESS_FAMILIES

    @property
    def siae_rate(self) -> float:
        """Part of the units that are insertion or adapted-work structures."""
        return sum(self.siae.values())

    def activity_words(self, naf: str) -> list[str]:
        """What a name calls this activity: the profile's own words, else the common ones."""
        found: list[str] = self.activities.get(naf) or words()["activities"][naf]
        return found

    @property
    def flag_rate(self) -> float:
        """Part of the units that bear the ESS flag in SIRENE."""
        if self.flag is not None:
            return self.flag
        return {"association": 0.62, "cooperative": 0.8, "mutual": 0.7, "foundation": 0.7}.get(
            self.family, 0.0
        )

    @property
    def listed_rate(self) -> float:
        """Part of the units on the ESS France list."""
        if self.listed is not None:
            return self.listed
        rates = {"association": 0.9, "cooperative": 0.96, "mutual": 1.0, "foundation": 0.95, "excluded": 0.01}
        return rates.get(self.family, 0.0)


def _yaml(name: str) -> Any:
    return yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))


@cache
def profiles() -> tuple[Profile, ...]:
    """All profiles, ESS first, in the order of the files."""
    return tuple(_profile(row) for name in FILES for row in _yaml(name))


def _profile(row: dict[str, Any]) -> Profile:
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in row.items()
    }
    return Profile(**values)


@cache
def words() -> dict[str, Any]:
    """The words of `words.yaml`."""
    content: dict[str, Any] = _yaml("words")
    return content


@cache
def size_curves() -> dict[str, dict[str, float]]:
    """The weights of the bands of employees, by name of curve."""
    curves: dict[str, dict[str, float]] = _yaml("sizes")
    return curves
