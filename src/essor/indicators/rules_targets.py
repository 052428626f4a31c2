"""Targets by date, and thresholds that give an alert. Pure: the day is an argument."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from essor.indicators.enums import Direction, Side, Standing


@dataclass(frozen=True)
class Point:
    """A value at a day."""

    day: date
    value: Decimal


@dataclass(frozen=True)
class Judged:
    """Where the value stands, and what the straight path to the target gives at its day (None when there is none)."""

    standing: Standing
    expected: Decimal | None = None


def judge(direction: Direction, start: Point | None, now: Point | None, target: Point, today: date) -> Judged:
    """Where a value stands before a target.

    Reached as soon as the value is at least as good; missed when the day is past; else compared with the straight path
    from the first value known. An indicator without wished direction is only reached when it equals its target.
    """
    if now is None:
        return Judged(Standing.UNKNOWN)
    if _as_good(direction, now.value, target.value):
        return Judged(Standing.REACHED)
    if today >= target.day and now.day >= target.day:
        return Judged(Standing.MISSED)
    if direction is Direction.NONE or start is None or start.day >= now.day or target.day <= start.day:
        return Judged(Standing.MISSED if today >= target.day else Standing.UNKNOWN)
    share = Decimal((now.day - start.day).days) / Decimal((target.day - start.day).days)
    expected = start.value + (target.value - start.value) * min(share, Decimal(1))
    if today >= target.day:
        return Judged(Standing.MISSED, expected)
    return Judged(Standing.ON_TRACK if _as_good(direction, now.value, expected) else Standing.LATE, expected)


def _as_good(direction: Direction, value: Decimal, wanted: Decimal) -> bool:
    match direction:
        case Direction.UP:
            return value >= wanted
        case Direction.DOWN:
            return value <= wanted
        case _:
            return value == wanted


def side(value: Decimal | None, low: Decimal | None, high: Decimal | None) -> Side | None:
    """Where a value stands before its thresholds; None without value."""
    if value is None:
        return None
    if low is not None and value < low:
        return Side.BELOW
    if high is not None and value > high:
        return Side.ABOVE
    return Side.INSIDE


def crosses(before: str, now: Side | None) -> bool:
    """True when an alert is due: the value went out of its thresholds, or from one side to the other."""
    return now is not None and now is not Side.INSIDE and now.value != before
