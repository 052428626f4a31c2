"""What an indicator is, and what is observed of it. Pure: no database, no clock."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from essor.indicators.enums import Direction, Origin, Periodicity

CODE = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+", re.ASCII)
PERCENT = "%"
# Dimensions of one observation: (dimension, value) in the order of the dimensions' codes; empty for the whole.
Parts = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Dimension:
    """An axis along which the values are cut.

    `partition`: the parts make the whole, so that a gap between their sum and the whole is said. `values` are
    (code, label); empty when they are not listed. `shared`: a standard dimension, whose values its room gives.
    """

    code: str
    label: str
    values: tuple[tuple[str, str], ...] = ()
    partition: bool = True
    shared: bool = False

    def label_of(self, value: str) -> str:
        """The words of a value; the value itself when it is not listed."""
        return str(dict(self.values).get(value, value))


def _itself(_authority_id: int | None, value: str) -> str:
    return value


@dataclass(frozen=True)
class Shared:
    """A standard dimension, that a room owns and shows by its `Lever.dimensions`.

    `values(authority_id)` are all those that values may bear, retired ones too, (code, label); of the installation
    for None. `follow(authority_id, value)` gives the one that goes on for a value (a policy melted into another).
    """

    code: str
    label: str
    values: Callable[[int | None], Sequence[tuple[str, str]]]
    partition: bool = True
    follow: Callable[[int | None, str], str] = _itself


@dataclass(frozen=True, order=True)
class Span:
    """A period of days, half-open: [start, end)."""

    start: date
    end: date


@dataclass(frozen=True)
class Observed:
    """One cell: a period, a territory, a value of each dimension (none for the whole), and the figure.

    `denominator` is None when the indicator has none. `units` is how many units (organisations, people) make the
    figure and `largest` the share of the greatest of them, where they are known: the rule of secrecy reads them.
    `source`: what this cell stands on, where it is more than what the indicator says for all.
    """

    span: Span
    territory_id: int
    parts: Parts
    numerator: Decimal
    denominator: Decimal | None = None
    units: int | None = None
    largest: Decimal | None = None
    source: str = ""


@dataclass(frozen=True)
class Explained:
    """What makes a figure: a sentence, and where the things are listed (« registry:list » and its query)."""

    sentence: str
    page: str = ""
    query: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Asked:
    """What is asked of an indicator declared in code: the day, and the source's own day."""

    day: date


Observe = Callable[[Asked], Iterable[Observed]]
# (reference of the territory, period, parts) → what makes the figure
Explain = Callable[[str, Span, Parts], Explained]


@dataclass(frozen=True)
class Indicator:
    """A definition, in one version.

    `denominator` says what the figure is divided by; empty when it is a plain amount. `factor` multiplies the quotient
    (1 000 for « per 1 000 inhabitants »; a share in % keeps 1 and is written as a percentage). `additive`: amounts of
    apart territories add up; a share is never summed, its numerators and its denominators are. `protected`: the rule
    of small numbers holds. `room` is the room that declares it. `decimals`: how many are read on screens (None:
    two at most), whatever the table keeps: an estimate is not read to the tenth.
    `bounds`: the indicators that say between what the value of an estimate lies.

    `by_authority`: each cell belongs to an authority (dimension « collectivite »), whose figures are never added to
    another's; `frame` is the one in whose frame it is read. `is_complete`: `observe` gives all the periods there ever
    were, so that what it no longer says is taken away. `constants`: codes that a formula reads whole where it is cut
    by a dimension.
    """

    code: str
    label: str
    unit: str
    version: int = 1
    origin: Origin = Origin.CODE
    direction: Direction = Direction.NONE
    periodicity: Periodicity = Periodicity.YEAR
    dimensions: tuple[Dimension, ...] = ()
    numerator: str = ""
    denominator: str = ""
    factor: Decimal = Decimal(1)
    decimals: int | None = None
    bounds: tuple[str, str] | None = None
    additive: bool = True
    protected: bool = False
    formula: str = ""
    source: str = ""
    method: str = ""
    limits: str = ""
    room: str = ""
    room_label: str = ""
    authority_id: int | None = None
    is_public: bool = True
    by_authority: bool = False
    frame: int | None = None
    is_complete: bool = False
    constants: tuple[str, ...] = ()
    observe: Observe | None = field(default=None, compare=False)
    explain: Explain | None = field(default=None, compare=False)

    @property
    def is_share(self) -> bool:
        """True when the value is a quotient: then it is never summed."""
        return bool(self.denominator)

    def dimension(self, code: str) -> Dimension | None:
        """The dimension of that code."""
        return next((each for each in self.dimensions if each.code == code), None)


AUTHORITY = "collectivite"


def canonical(parts: Parts | Mapping[str, str]) -> str:
    """The parts as tables keep them: JSON, keys in order, no space; "" for the whole."""
    pairs = dict(parts)
    if not pairs:
        return ""
    return json.dumps(pairs, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@lru_cache(maxsize=4096)
def parts_of(text: str) -> Parts:
    """The parts of their canonical text."""
    found: dict[str, Any] = json.loads(text) if text else {}
    return tuple(sorted((str(key), str(value)) for key, value in found.items()))


def year(number: int) -> Span:
    """A calendar year."""
    return Span(date(number, 1, 1), date(number + 1, 1, 1))


def month(day: date) -> Span:
    """The calendar month of a day."""
    start = day.replace(day=1)
    return Span(start, date(start.year + start.month // 12, start.month % 12 + 1, 1))


def quarter(day: date) -> Span:
    """The calendar quarter of a day."""
    first = 3 * ((day.month - 1) // 3) + 1
    return Span(date(day.year, first, 1), month(date(day.year, first + 2, 1)).end)


def span_of(day: date, periodicity: Periodicity) -> Span:
    """The period of a day, as an indicator of that rhythm counts them."""
    match periodicity:
        case Periodicity.YEAR:
            return year(day.year)
        case Periodicity.QUARTER:
            return quarter(day)
        case _:
            return month(day)
