"""Small numbers: which cells are hidden, and which others, so that none is found back by subtraction. Pure.

The rule is the one of official statistics: a cell made of fewer than three units, or in which one unit weighs more
than 85 %, is hidden. A published total and all its other parts would give it back: other cells are hidden too, the
least of them first, until no hidden cell can be computed and no hidden group is itself a small number.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

LEAST_UNITS = 3
GREATEST_SHARE = Decimal("0.85")

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Weight:
    """What the rule reads of a cell: how many units make it, the share of the greatest; None where nobody knows."""

    units: int | None
    largest: Decimal | None = None


def is_small(weight: Weight) -> bool:
    """True when the cell must be hidden for itself. A cell without any unit says nothing of anybody."""
    if weight.units == 0:
        return False
    if weight.units is None or weight.units < LEAST_UNITS:
        return True
    return weight.largest is not None and weight.largest > GREATEST_SHARE


def hidden(
    cells: Mapping[Key, Weight], sums: Iterable[tuple[Key, Sequence[Key]]]
) -> tuple[frozenset[Key], frozenset[Key]]:
    """The cells hidden for themselves, and those hidden so that the first cannot be found back.

    `sums` are what everybody knows: a total and its parts. Parts that are not cells are left out; a total that is not
    one closes nothing.
    """
    lines = [
        (total, *known)
        for total, parts in sums
        if total in cells and (known := [part for part in parts if part in cells])
    ]
    first = {key for key, weight in cells.items() if is_small(weight)}
    away = set(first)
    while (line := _open_line(away, cells, lines)) is not None:
        away.add(_next_to_hide(line, away, cells))
    return frozenset(first), frozenset(away - first)


def _open_line(
    away: set[Key], cells: Mapping[Key, Weight], lines: Sequence[tuple[Key, ...]]
) -> tuple[Key, ...] | None:
    """A line by which a hidden cell is computed, or whose hidden parts are together a small number."""
    for line in lines:
        gone = [key for key in line if key in away]
        left = len(gone) < len(line)
        parts = [key for key in line[1:] if key in away]
        if left and (len(gone) == 1 or (parts and line[0] not in away and _is_small_group(parts, cells))):
            return line
    found = computable(away, lines)
    if not found:
        return None
    key = found[0]
    return next(line for line in lines if key in line and any(each not in away for each in line))


def _is_small_group(parts: Sequence[Key], cells: Mapping[Key, Weight]) -> bool:
    units = [cells[key].units for key in parts]
    return None not in units and sum(unit or 0 for unit in units) < LEAST_UNITS


def _next_to_hide(line: tuple[Key, ...], away: set[Key], cells: Mapping[Key, Weight]) -> Key:
    """The part that says least, before the total."""
    shown = [key for key in line if key not in away]

    def loss(key: Key) -> tuple[bool, bool, int]:
        units = cells[key].units or 0
        return key == line[0], units == 0, units

    return min(shown, key=loss)


def computable(away: set[Key] | frozenset[Key], lines: Sequence[tuple[Key, ...]]) -> list[Key]:
    """The hidden cells that additions and subtractions of shown ones give back.

    Each line says total − parts = 0. A hidden cell is given back when the lines, kept to the hidden cells, combine
    into it alone: after elimination, a row with a single term.
    """
    order = {
        key: place for place, key in enumerate(dict.fromkeys(k for line in lines for k in line if k in away))
    }
    names = list(order)
    rows: list[dict[int, Fraction]] = []
    for line in lines:
        row: dict[int, Fraction] = {}
        for key, sign in ((line[0], 1), *((part, -1) for part in line[1:])):
            if key in order:
                row[order[key]] = row.get(order[key], Fraction(0)) + sign
        row = {place: value for place, value in row.items() if value}
        _reduce(rows, row)
    return [names[next(iter(row))] for row in rows if len(row) == 1]


def _reduce(rows: list[dict[int, Fraction]], row: dict[int, Fraction]) -> None:
    """Add a row to the reduced rows: each has a pivot that no other row has."""
    for other in rows:
        pivot = min(other)
        if pivot in row:
            _subtract(row, other, row[pivot])
    if not row:
        return
    pivot = min(row)
    scale = row[pivot]
    clean = {place: value / scale for place, value in row.items()}
    for other in rows:
        if pivot in other:
            _subtract(other, clean, other[pivot])
    rows.append(clean)


def _subtract(row: dict[int, Fraction], other: Mapping[int, Fraction], times: Fraction) -> None:
    for place, value in other.items():
        left = row.get(place, Fraction(0)) - times * value
        if left:
            row[place] = left
        else:
            row.pop(place, None)
