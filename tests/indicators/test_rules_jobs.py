"""Employees of a band: the estimate stands between the bounds, sums too."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.indicators.rules_jobs import JOBS, Jobs, jobs_of
from essor.registry.enums import SizeBand

pytestmark = pytest.mark.without_database
bands = st.lists(st.sampled_from(list(SizeBand)), max_size=30)


def test_the_estimates_in_full() -> None:
    assert {code: jobs.best for code, jobs in JOBS.items()} == {
        "NN": 0, "00": 0, "01": Decimal("1.4"), "02": Decimal("3.9"), "03": Decimal("7.3"), "11": Decimal("13.8"),
        "12": Decimal("31.3"), "21": Decimal("70.4"), "22": Decimal("141.1"), "31": Decimal("223.2"),
        "32": Decimal("353.2"), "41": Decimal("706.8"), "42": Decimal("1413.9"), "51": Decimal("3162"),
        "52": Decimal("7070.7"), "53": 10000,
    }  # fmt: skip


def test_what_a_band_does_not_say_counts_none_and_is_said() -> None:
    assert jobs_of(SizeBand.NN) == Jobs(0, 0, Decimal(0), is_known=False)
    assert jobs_of(SizeBand.B00) == Jobs(0, 0, Decimal(0))
    assert jobs_of(SizeBand.B53) == Jobs(10_000, 10_000, Decimal(10_000), is_open=True)


@given(bands)
def test_the_estimate_stands_between_the_bounds_one_by_one_and_summed(found: list[SizeBand]) -> None:
    jobs = [jobs_of(band) for band in found]
    assert all(each.low <= each.best <= each.high for each in jobs)
    best = sum((each.best for each in jobs), Decimal(0))
    assert sum(each.low for each in jobs) <= best <= sum(each.high for each in jobs)


@given(st.sampled_from([band for band in SizeBand if band.low and band.high]))
def test_the_estimate_is_the_middle_on_a_scale_of_ratios(band: SizeBand) -> None:
    assert band.low is not None
    assert band.high is not None
    best = jobs_of(band).best
    assert abs(best / band.low - band.high / best) < Decimal("0.15")
    assert best <= Decimal(band.low + band.high) / 2
