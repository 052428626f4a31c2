"""How codes, sizes, sources and addresses are said."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.registry import words
from essor.registry.provenance import Origin, origin_of, read_day, source_label

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("123456782", f"123{NBSP}456{NBSP}782"),
        ("12345678200017", f"123{NBSP}456{NBSP}782{NBSP}00017"),
        ("W312000123", "W312000123"),
        ("", ""),
    ],
)
def test_numbers_are_spaced(number: str, written: str) -> None:
    assert words.spaced(number) == written


@pytest.mark.parametrize(
    ("address", "safe", "said"),
    [
        ("https://www.foyer.example/a?b=1", "https://www.foyer.example/a?b=1", "foyer.example"),
        ("foyer.example", "https://foyer.example", "foyer.example"),
        ("HTTP://Foyer.Example", "HTTP://Foyer.Example", "foyer.example"),
        ("javascript:alert(1)", "", ""),
        ("data:text/html,x", "", ""),
        ("https://user:secret@foyer.example", "", ""),
        ("https://foyer.example:8080/", "", ""),
        ("https://[::1", "", ""),
        ("https://foyer.example/\nx", "", ""),
        ("https:\\\\foyer.example", "", ""),
        ("néant", "", ""),
    ],
)
def test_only_plain_web_addresses_are_linked(address: str, safe: str, said: str) -> None:
    assert words.safe_website(address) == safe
    assert words.website_words(address) == said


@given(st.text(max_size=60))
def test_whatever_the_address_what_is_linked_is_http(address: str) -> None:
    found = words.safe_website(address)
    assert found == "" or found.lower().startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("size", "written"),
    [
        (0, f"0{NBSP}octets"),
        (999, f"999{NBSP}octets"),
        (1500, f"1,5{NBSP}Ko"),
        (773_000, f"773{NBSP}Ko"),
        (12_400_000, f"12,4{NBSP}Mo"),
        (2_100_000_000, f"2,1{NBSP}Go"),
        (5_000_000_000_000, f"5000{NBSP}Go"),
        (None, f"0{NBSP}octets"),
    ],
)
def test_sizes(size: int | None, written: str) -> None:
    assert words.size_words(size) == written


def test_activities_sectors_and_tags_have_words() -> None:
    assert words.activity_label("88.99B") == words.activity_label("8899B") != "88.99B"
    assert words.activity_label("00.00Z") == "00.00Z"
    assert words.activity_label("") == ""
    assert words.sector_label("sport") == "Sport"
    assert words.sector_label("") == ""
    assert words.tag_label("aci") == "Atelier et chantier d’insertion"
    assert words.tag_label("etiquette_future") == "etiquette_future"


def test_a_source_has_its_own_date_else_that_of_its_file() -> None:
    sources = [{"role": "legal_units", "date": "2026-11-01"}, {"role": "esus", "date": "mauvaise"}]

    assert origin_of("sirene", None, sources) == Origin("Sirene (Insee)", date(2026, 11, 1))
    assert origin_of("sirene", "2026-10-02", sources) == Origin("Sirene (Insee)", date(2026, 10, 2))
    assert origin_of("esus", None, sources) == Origin("Liste des entreprises agréées Esus", None)
    assert origin_of("", None, sources) is None
    assert source_label("source_future") == "source_future"


@given(st.one_of(st.text(), st.none(), st.integers()))
def test_any_value_is_read_as_a_day_or_as_none(value: object) -> None:
    assert read_day(value) is None or isinstance(read_day(value), date)
