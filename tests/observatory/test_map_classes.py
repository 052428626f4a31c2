"""Where the values of a map are cut: for any series, each value is in one class, equals stay together."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.observatory.rules_classes import Method, classes_of, outward, roundest

NUMBERS = st.decimals(-10_000, 10_000, places=3, allow_nan=False, allow_infinity=False)
METHODS = st.sampled_from(list(Method))


@given(st.lists(NUMBERS, max_size=120), METHODS)
def test_each_value_is_in_one_class_and_classes_are_in_order(values: list[Decimal], method: Method) -> None:
    found = classes_of(values, method)
    ranks = [(value, found.rank_of(value)) for value in values]
    apart = [value for value, rank in ranks if rank is None]
    assert sum(found.counts) + found.zeros == len(values) or not found.zero_apart
    assert apart == ([value for value in values if value == 0] if found.zero_apart else [])
    counted = sorted((value, rank) for value, rank in ranks if rank is not None)
    assert [rank for _value, rank in counted] == sorted(rank for _value, rank in counted)
    assert len({(value, rank) for value, rank in counted}) == len({value for value, _rank in counted})
    for rank, count in enumerate(found.counts):
        members = [value for value, where in counted if where == rank]
        assert len(members) == count > 0
        assert all(found.bounds[rank] <= value <= found.bounds[rank + 1] for value in members)
        assert rank + 1 == len(found.counts) or all(value < found.bounds[rank + 1] for value in members)


@given(st.lists(NUMBERS, max_size=60), METHODS, st.integers(1, 7))
def test_there_are_never_more_classes_than_wanted_or_than_values(
    values: list[Decimal], method: Method, wanted: int
) -> None:
    found = classes_of(values, method, wanted)
    distinct = {value for value in values if not (found.zero_apart and value == 0)}
    assert len(found.counts) <= min(wanted, len(distinct))
    if method is Method.QUANTILES:
        assert len(found.counts) == min(wanted, len(distinct))


@given(NUMBERS, NUMBERS)
def test_a_bound_lies_between_its_neighbours(one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    if low < high:
        assert low < roundest(low, high) <= high


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [("12.37", "14.02", "14"), ("0.031", "0.058", "0.05"), ("990", "1010", "1000"), ("2", "3", "3"),
     ("-3", "4", "0"), ("17", "18", "18"), ("1.401", "1.402", "1.402")],
)  # fmt: skip
def test_bounds_are_round(low: str, high: str, said: str) -> None:
    assert roundest(Decimal(low), Decimal(high)) == Decimal(said)


def test_quantiles_hold_about_the_same_number() -> None:
    found = classes_of([Decimal(number) for number in range(1, 101)])
    assert found.counts == (20, 20, 20, 20, 20)
    assert found.bounds == (1, 21, 41, 61, 81, 100)
    assert found.sentence.startswith("Cinq classes de même effectif")


def test_equal_steps_and_zero_apart() -> None:
    found = classes_of(
        [Decimal(0), Decimal(0), *(Decimal(number) for number in (1, 2, 50, 100))], Method.EQUAL
    )
    assert found.counts == (2, 1, 1)
    assert found.zeros == 2
    assert "Les zéros sont à part." in found.sentence
    assert found.rank_of(Decimal(0)) is None


def test_few_or_no_values() -> None:
    assert classes_of([]).counts == ()
    assert classes_of([Decimal(0)]).zeros == 1
    assert classes_of([Decimal(3), Decimal(3)]).counts == (2,)
    assert outward(Decimal("12.671"), Decimal("30.994")) == (Decimal("12.67"), Decimal(31))
