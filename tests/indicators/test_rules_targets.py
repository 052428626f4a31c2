"""Targets by date and thresholds."""

from datetime import date
from decimal import Decimal

import pytest

from essor.indicators.enums import Direction, Side, Standing
from essor.indicators.rules_targets import Judged, Point, crosses, judge, side

pytestmark = pytest.mark.without_database

START, TARGET = Point(date(2020, 1, 1), Decimal(100)), Point(date(2030, 1, 1), Decimal(200))
TODAY = date(2025, 6, 1)


def at(day: date, value: int) -> Point:
    return Point(day, Decimal(value))


@pytest.mark.parametrize(
    ("now", "standing"),
    [
        (at(date(2025, 1, 1), 150), Standing.LATE),  # 1 827 days of 3 653: a little more than 150 is expected
        (at(date(2025, 1, 1), 151), Standing.ON_TRACK),
        (at(date(2025, 1, 1), 200), Standing.REACHED),
        (None, Standing.UNKNOWN),
        (START, Standing.UNKNOWN),
    ],
)
def test_a_rise_is_wished(now: Point | None, standing: Standing) -> None:
    assert judge(Direction.UP, START, now, TARGET, TODAY).standing is standing


def test_a_fall_is_wished() -> None:
    target = Point(date(2030, 1, 1), Decimal(0))
    assert judge(Direction.DOWN, START, at(date(2025, 1, 1), 40), target, TODAY).standing is Standing.ON_TRACK
    assert judge(Direction.DOWN, START, at(date(2025, 1, 1), 60), target, TODAY).standing is Standing.LATE
    assert judge(Direction.DOWN, START, at(date(2025, 1, 1), 0), target, TODAY).standing is Standing.REACHED


def test_once_the_day_is_past() -> None:
    late = judge(Direction.UP, START, at(date(2029, 1, 1), 150), TARGET, date(2030, 1, 1))
    assert late.standing is Standing.MISSED
    assert judge(Direction.UP, START, at(date(2030, 1, 1), 150), TARGET, date(2031, 1, 1)) == Judged(
        Standing.MISSED
    )


def test_without_wished_direction_only_the_value_itself_is_reached() -> None:
    assert judge(Direction.NONE, START, at(date(2025, 1, 1), 250), TARGET, TODAY).standing is Standing.UNKNOWN
    assert judge(Direction.NONE, START, at(date(2025, 1, 1), 200), TARGET, TODAY).standing is Standing.REACHED


def test_sides_and_crossings() -> None:
    low, high = Decimal(10), Decimal(20)
    assert [side(Decimal(value), low, high) for value in (9, 10, 20, 21)] == [
        Side.BELOW,
        Side.INSIDE,
        Side.INSIDE,
        Side.ABOVE,
    ]
    assert side(None, low, high) is None
    assert crosses("inside", Side.BELOW)
    assert crosses("above", Side.BELOW)
    assert not crosses("below", Side.BELOW)
    assert not crosses("below", Side.INSIDE)
    assert not crosses("inside", None)
