"""What published figures imply, and how ours compare with them. Pure.

A rate that is written with few digits stands for an interval: 0,9 % is anything from 0,85 % to 0,95 %. What it implies
is said with its bounds, so that a contradiction is not only one of rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

PRECISE = Decimal(1)
SHARE = Decimal("0.0001")  # our own shares, as they are compared


@dataclass(frozen=True)
class Bounds:
    """A number and the interval in which rounding leaves it."""

    low: Decimal
    middle: Decimal
    high: Decimal

    def holds(self, value: Decimal) -> bool:
        """True when the value lies inside."""
        return self.low <= value <= self.high

    def meets(self, other: Bounds) -> bool:
        """True when some number lies in both."""
        return self.low <= other.high and other.low <= self.high


def _half_step(rate: Decimal) -> Decimal:
    """Half of the last digit that is written, a rate being written in hundredths with one digit after the point."""
    exponent = int(rate.as_tuple().exponent)
    return Decimal(5).scaleb(exponent - 1)


def whole_of(amount: Decimal, rate: Decimal) -> Bounds:
    """What the amount is a share of: 490 400 for 18 % is about 2 724 000. ValueError for a rate of zero."""
    amount, rate = abs(amount), abs(rate)
    half = _half_step(rate)
    if rate - half <= 0:
        raise ValueError("the rate is too small for its digits")
    low, middle, high = (amount / each for each in (rate + half, rate, rate - half))
    return Bounds(*(each.quantize(PRECISE, ROUND_HALF_UP) for each in (low, middle, high)))


def before_change(amount: Decimal, rate: Decimal) -> Bounds:
    """The stock before a change: 18 783 lost, being 0,9 %, supposes about 2 087 000 before."""
    return whole_of(amount, rate)


def after_change(amount: Decimal, rate: Decimal) -> Bounds:
    """The stock after a change: 84 843 gained, being 4,5 % of what was, supposes about 1 970 000 after."""
    before = whole_of(amount, rate)
    change = amount if rate >= 0 else -abs(amount)
    return Bounds(before.low + change, before.middle + change, before.high + change)


@dataclass(frozen=True)
class Compared:
    """Our figure beside a published one: the gap in number and as a part of the published one."""

    ours: Decimal
    published: Decimal
    gap: Decimal
    rate: Decimal | None
    same_year: bool


def compare(ours: Decimal, our_year: int, published: Decimal, year: int) -> Compared:
    """The gap between our figure and a published one; the years are told apart when they differ."""
    gap = ours - published
    rate = (gap / published).quantize(Decimal("0.001"), ROUND_HALF_UP) if published else None
    return Compared(ours, published, gap, rate, our_year == year)
