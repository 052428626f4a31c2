"""Half-open periods, alone and in the database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from hypothesis import given
from hypothesis import strategies as st

from essor.kernel.periods import Period, PeriodQuerySet, day_of, overlapping, period_check

DAYS = st.dates(date(2000, 1, 1), date(2002, 1, 1))
PERIODS = st.builds(
    lambda start, days: Period(start, start + timedelta(days) if days else None), DAYS, st.integers(0, 300)
)


class Stay(models.Model):
    """A table of the tests: dated rows."""

    start = models.DateField()
    end = models.DateField(null=True)
    objects = PeriodQuerySet.as_manager()

    class Meta:
        app_label = "kernel_tests_periods"
        constraints = [period_check("stay_period", "La fin vient après le début.")]

    def __str__(self) -> str:
        return f"{self.start}"


@pytest.fixture
def stays(transactional_db: None):
    with connection.schema_editor() as editor:
        editor.create_model(Stay)
    yield Stay.objects
    with connection.schema_editor() as editor:
        editor.delete_model(Stay)


def test_the_first_day_is_in_and_the_last_is_out() -> None:
    march = Period(date(2026, 3, 1), date(2026, 4, 1))
    assert [march.contains(date(2026, month, day)) for month, day in ((2, 28), (3, 1), (3, 31), (4, 1))] == [
        False,
        True,
        True,
        False,
    ]
    assert Period(date(2026, 3, 1)).contains(date(9999, 12, 31))


def test_neighbours_do_not_overlap() -> None:
    first, second = Period(date(2026, 1, 1), date(2026, 2, 1)), Period(date(2026, 2, 1))
    assert not first.overlaps(second)
    assert overlapping([second, first]) is None
    assert overlapping([Period(date(2026, 1, 31)), first]) == (first, Period(date(2026, 1, 31)))


@pytest.mark.parametrize("end", [date(2026, 1, 1), date(2025, 12, 31)])
def test_an_empty_or_backward_period_is_refused(end: date) -> None:
    with pytest.raises(ValueError, match="ends after"):
        Period(date(2026, 1, 1), end)


@given(PERIODS, PERIODS, DAYS)
def test_intersection_holds_exactly_the_days_in_both(one: Period, other: Period, day: date) -> None:
    common = one.intersection(other)
    assert (common is not None and common.contains(day)) == (one.contains(day) and other.contains(day))
    assert one.overlaps(other) == other.overlaps(one)


def test_the_database_counts_the_same_days(stays) -> None:
    march = stays.create(start=date(2026, 3, 1), end=date(2026, 4, 1))
    ever = stays.create(start=date(2026, 3, 15))
    assert list(stays.on(date(2026, 2, 28))) == []
    assert list(stays.on(date(2026, 3, 1))) == [march]
    assert list(stays.on(date(2026, 4, 1))) == [ever]
    assert list(stays.within(Period(date(2026, 1, 1), date(2026, 3, 1)))) == []
    assert set(stays.within(Period(date(2026, 3, 31)))) == {march, ever}
    with pytest.raises(IntegrityError), transaction.atomic():
        stays.create(start=date(2026, 3, 1), end=date(2026, 3, 1))
    with pytest.raises(ValidationError, match="La fin vient après le début"):
        Stay(start=date(2026, 3, 1), end=date(2026, 2, 1)).validate_constraints()


def test_the_legal_day_is_that_of_paris() -> None:
    assert day_of(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)) == date(2026, 7, 1)
    assert day_of(datetime(2026, 12, 31, 22, 30, tzinfo=UTC)) == date(2026, 12, 31)
