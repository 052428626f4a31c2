"""Places side by side: what is known of each, by indicator and by part, each figure with its period."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from essor.indicators import queries_many
from essor.indicators.definition import Indicator, Parts, Span
from essor.indicators.queries import Cell
from essor.observatory.rules_finding import Place
from essor.territories.models import Territory


@dataclass(frozen=True)
class Dated:
    """A figure and its period."""

    span: Span
    cell: Cell

    @property
    def value(self) -> Decimal | None:
        """The value, None when there is none or when it is hidden."""
        return self.cell.value


Figures = Mapping[str, Mapping[Parts, Dated]]


@dataclass(frozen=True)
class Column:
    """A place and its figures. `ref` is what addresses take; empty for a neighbourhood or a drawn area."""

    place: Place
    ref: str = ""
    territory: Territory | None = None
    figures: Figures = field(default_factory=dict)

    def whole(self, code: str) -> Dated | None:
        """The figure of the whole."""
        return self.figures.get(code, {}).get(())

    def value(self, code: str) -> Decimal | None:
        """The value of the whole."""
        found = self.whole(code)
        return found.value if found else None

    def parts(self, code: str, dimension: str) -> dict[str, Dated]:
        """The figures cut along one dimension, by its values."""
        return {
            cut[0][1]: dated
            for cut, dated in self.figures.get(code, {}).items()
            if len(cut) == 1 and cut[0][0] == dimension
        }

    @property
    def sort_key(self) -> str:
        """What orders places by name: « Épinay » before « Saint-Denis »."""
        return self.territory.sort_key if self.territory else self.place.name

    @property
    def is_empty(self) -> bool:
        """True when no value at all is known."""
        return not any(dated.value is not None for parts in self.figures.values() for dated in parts.values())


def place_of(territory: Territory) -> Place:
    """The territory as sentences name it."""
    return Place(territory.name, territory.liaison, territory.kind)


def read(
    codes: Collection[str],
    territories: Sequence[Territory],
    known: Mapping[str, Indicator],
    day: date,
    *,
    with_parts: Collection[str] = (),
) -> list[Column]:
    """A column for each territory, each figure at its last period. Two queries."""
    cells = queries_many.load_many(
        codes, [each.pk for each in territories], known, day=day, with_parts=with_parts
    )
    figures: dict[int, dict[str, dict[Parts, Dated]]] = {each.pk: {} for each in territories}
    for code, found in cells.items():
        for (span, territory, parts), cell in found.items():
            figures[territory].setdefault(code, {})[parts] = Dated(span, cell)
    return [Column(place_of(each), each.ref, each, figures[each.pk]) for each in territories]
