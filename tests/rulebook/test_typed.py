"""Values of the law as people type them: read exactly, written back the same, refused with words that help."""

import json
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from essor.rulebook import typed

AMOUNTS = st.decimals(min_value=0, max_value=Decimal("99999999999.99"), places=2)
SHARES = st.decimals(min_value=0, max_value=1, places=5)


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("60 000 €", "currency-EUR", "60000"),
        ("60\u202f000,50\u00a0€", "currency-EUR", "60000.50"),
        ("60000", "currency-EUR", "60000"),
        ("12,5 %", "/1", "0.125"),
        ("12.5", "/1", "0.125"),
        ("100%", "/1", "1"),
        ("102", "smic_share", "1.02"),
        ("4 ans", "year", "4"),
        ("20 jours ouvrés", "working-day", "20"),
        ("1,5 fois", "multiple", "1.5"),
        ("50 ETP", "fte", "50"),
        ("6 mois", "month", "6"),
    ],
)
def test_numbers_are_read_as_the_trade_writes_them(text: str, unit: str, number: str) -> None:
    assert typed.read_number(text, unit) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "unit", "said"),
    [
        ("soixante", "currency-EUR", "« soixante » ne se lit pas comme un nombre"),
        ("1.000,50", "currency-EUR", "ne se lit pas"),
        ("6 00 00", "currency-EUR", "ne se lit pas"),
        ("1e5", "currency-EUR", "ne se lit pas"),
        ("٣", "currency-EUR", "ne se lit pas"),
        ("NaN", "currency-EUR", "ne se lit pas"),
        ("-5", "currency-EUR", "est négatif"),
        ("12,345", "currency-EUR", "plus de deux décimales"),
        ("120", "/1", "dépasse 100"),
        ("2,5", "count", "n’est pas un nombre entier"),
        ("9" * 30, "hour", "trop de chiffres"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, unit: str, said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        typed.read_number(text, unit)
    assert said in " ".join(caught.value.messages)


@given(AMOUNTS)
def test_an_amount_typed_back_is_the_same(amount: Decimal) -> None:
    assert typed.read_number(typed.written(amount, "currency-EUR"), "currency-EUR") == amount


@given(SHARES)
def test_a_share_typed_back_is_the_same(share: Decimal) -> None:
    assert typed.read_number(typed.written(share, "/1"), "/1") == share


@given(st.text(max_size=40), st.sampled_from(["currency-EUR", "/1", "year", "count", "smic"]))
def test_any_text_is_read_or_refused(text: str, unit: str) -> None:
    """Never another error, never a value that the law refuses."""
    try:
        number = typed.read_number(text, unit)
    except ValidationError:
        return
    assert number.is_finite()
    assert number >= 0
    assert unit != "/1" or number <= 1


@given(
    st.one_of(
        AMOUNTS,
        st.booleans(),
        st.none(),
        st.lists(st.one_of(st.text(max_size=10), AMOUNTS, st.booleans()), min_size=1, max_size=5).map(tuple),
    )
)
def test_what_is_stored_comes_back_exactly(value: object) -> None:
    """Through JSON text, as a table keeps it."""
    kept = json.loads(json.dumps(typed.stored(value)))  # type: ignore[arg-type]
    found = typed.restored(kept)
    assert (tuple(found) if isinstance(found, list) else found) == value


def test_fractions_and_lists() -> None:
    assert typed.read_fraction(" 5 / 7 ") == (Decimal(5), Decimal(7))
    assert typed.read_lines("a\n\n  b   c \n") == ("a", "b c")
    for read, text in (
        (typed.read_fraction, "5"),
        (typed.read_fraction, "1/0"),
        (typed.read_fraction, "²/3"),
    ):
        with pytest.raises(ValidationError):
            read(text)
    for text in ("", " \n ", "a\na"):
        with pytest.raises(ValidationError):
            typed.read_lines(text)
