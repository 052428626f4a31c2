"""Numbers as people type them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.kernel.numbers import read_number, write_number


@pytest.mark.parametrize(
    ("typed", "kind", "number"),
    [
        ("1 500,50", "money", "1500.50"),
        ("1\u202f500,50\u00a0€", "money", "1500.50"),
        ("1500.5", "money", "1500.5"),
        ("−20", "money", "-20"),
        ("57,5", "share", "0.575"),
        ("57,5 %", "share", "0.575"),
        ("5 %", "share", "0.05"),
        ("12", "integer", "12"),
    ],
)
def test_a_number_typed_in_french_is_exact(typed: str, kind: str, number: str) -> None:
    assert read_number(typed, kind) == Decimal(number)


@pytest.mark.parametrize("typed", ["", "douze", "1.500,50", "1,2,3", "NaN", "inf", "1e99", "12 %"])
def test_what_is_no_amount_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(ValueError, match=r"n’est pas un nombre : écrivez par exemple 1.500,50\."):
        read_number(typed, "money")


@given(
    number=st.decimals(min_value=-(10**9), max_value=10**9, places=4),
    kind=st.sampled_from(["money", "share", "number"]),
)
def test_what_is_written_reads_the_same(number: Decimal, kind: str) -> None:
    assert read_number(write_number(number, kind), kind) == number
