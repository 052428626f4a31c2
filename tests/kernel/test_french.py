"""Figures and days as French writes them."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.kernel import french

NB = "\u00a0"


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (1234567, None, f"1{NB}234{NB}567"),
        (Decimal("1234.50"), None, f"1{NB}234,5"),
        (Decimal("1234.50"), 2, f"1{NB}234,50"),
        (Decimal("0.005"), 2, "0,01"),
        (Decimal("-0.001"), 2, "0,00"),
        (Decimal("1E+3"), None, f"1{NB}000"),
        (0, None, "0"),
        ("12", None, "12"),
        (None, None, "—"),
        ("", None, "—"),
        ("abc", None, "—"),
        (True, None, "—"),
        (float("nan"), None, "—"),
        (Decimal("Infinity"), None, "—"),
        (Decimal("1E+999999"), None, "—"),
    ],
)
def test_number(value, decimals, written):
    assert french.number(value, decimals) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("1234.5"), f"1{NB}234,50{NB}€"),
        (Decimal("0.005"), f"0,01{NB}€"),
        (-3, f"-3,00{NB}€"),
        (None, "—"),
    ],
)
def test_euros(value, written):
    assert french.euros(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("0.575"), f"57,5{NB}%"),
        (Decimal("0.12"), f"12{NB}%"),
        (Decimal("0.0004"), f"0{NB}%"),
        (1, f"100{NB}%"),
        (None, "—"),
    ],
)
def test_percent(value, written):
    assert french.percent(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (dt.date(2026, 3, 3), "3 mars 2026"),
        (dt.date(2026, 8, 1), "1er août 2026"),
        (dt.date(2026, 3, 11), "11 mars 2026"),
        (dt.datetime(2026, 2, 28, 23, 30, tzinfo=dt.UTC), "1er mars 2026"),
        (None, "—"),
    ],
)
def test_day_is_that_of_paris(value, written):
    assert french.day(value) == written


def test_moment_is_that_of_paris():
    assert french.moment(dt.datetime(2026, 7, 1, 12, 5, tzinfo=dt.UTC)) == f"1er juillet 2026 à 14{NB}h{NB}05"
    assert french.moment(None) == "—"


@pytest.mark.parametrize(
    ("value", "words", "written"),
    [
        (0, "organisation", f"0{NB}organisation"),
        (1, "organisation", f"1{NB}organisation"),
        (Decimal("1.5"), "point", f"1,5{NB}point"),
        (2, "organisation", f"2{NB}organisations"),
        (1200, "cheval,chevaux", f"1{NB}200{NB}chevaux"),
        (-3, "point", f"-3{NB}points"),
    ],
)
def test_counted_agrees_as_in_french(value, words, written):
    assert french.counted(value, words) == written


def test_plural_counts_lists():
    assert french.plural([1, 2], "trouvée,trouvées") == "trouvées"
    assert french.plural([], "trouvée,trouvées") == "trouvée"
    assert french.plural(None) == ""


def test_unbroken_keeps_signs_with_their_words():
    assert french.unbroken(
        "Le service « Culture » est clos ; pourquoi ? Voir 12:30 et https://a.fr : oui (« non »)."
    ) == (
        f"Le service «{NB}Culture{NB}» est clos{NB}; pourquoi{NB}? Voir 12:30 et https://a.fr{NB}: oui («{NB}non{NB}»)."
    )


def test_unbroken_keeps_numbers_whole():
    assert french.unbroken("Jusqu’à 250 000 € ou 12 % en 2026, art. 5 du 3 mai") == (
        f"Jusqu’à 250{NB}000{NB}€ ou 12{NB}% en 2026, art. 5 du 3 mai"
    )


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=4))
def test_a_written_number_reads_back(value):
    written = french.number(value)
    assert re.fullmatch(rf"-?\d{{1,3}}({NB}\d{{3}})*(,\d+)?", written)
    assert Decimal(written.replace(NB, "").replace(",", ".")) == value


@given(st.text())
def test_no_text_breaks_the_filters(value):
    for written in (
        french.number(value),
        french.euros(value),
        french.percent(value),
        french.plural(value, "mot"),
    ):
        assert isinstance(written, str)
