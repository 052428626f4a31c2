"""Periods of days, half-open: the first day is in, the last is out; no end means « still true »."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.db import models
from django.utils import timezone

PARIS = ZoneInfo("Europe/Paris")


def today() -> date:
    """The legal day in Paris, for views and commands; rules take the day as an argument."""
    return day_of(timezone.now())


def day_of(moment: datetime) -> date:
    """The legal day in Paris of an aware moment."""
    return moment.astimezone(PARIS).date()


@dataclass(frozen=True, order=True)
class Period:
    """[start, end): `end` is the first day after, None when there is none."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"a period ends after it starts: {self.start} – {self.end}")

    def contains(self, day: date) -> bool:
        """Whether the day is in the period."""
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, other: "Period") -> bool:
        """Whether the two have a day in common."""
        return self.intersection(other) is not None

    def intersection(self, other: "Period") -> "Period | None":
        """The days in both, None when there are none."""
        start = max(self.start, other.start)
        ends = [end for end in (self.end, other.end) if end is not None]
        end = min(ends) if ends else None
        return None if end is not None and end <= start else Period(start, end)


def overlapping(periods: Iterable[Period]) -> tuple[Period, Period] | None:
    """Two of the periods that overlap, None when each day is in one at most."""
    ordered = sorted(periods, key=lambda period: period.start)
    for first, second in pairwise(ordered):
        if first.overlaps(second):
            return first, second
    return None


class PeriodQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Rows with `start` and `end` (nullable) dates."""

    def on(self, day: date) -> Self:
        """Those that count on that day."""
        return self.filter(models.Q(end__isnull=True) | models.Q(end__gt=day), start__lte=day)

    def within(self, period: Period) -> Self:
        """Those that have a day in the period."""
        rows = self.filter(models.Q(end__isnull=True) | models.Q(end__gt=period.start))
        return rows if period.end is None else rows.filter(start__lt=period.end)


def period_check(name: str, message: Any) -> models.CheckConstraint:
    """The constraint of a dated row: the end comes after the start."""
    return models.CheckConstraint(
        condition=models.Q(end__isnull=True) | models.Q(end__gt=models.F("start")),
        name=name,
        violation_error_message=message,
    )
