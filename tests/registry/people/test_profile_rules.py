"""How each field of a profile is accepted and written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.registry import profile_rules as rules


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0561000000", "05 61 00 00 00"),
        ("05.61.00-00 00", "05 61 00 00 00"),
        ("+33 (5) 61000000", "+33 5 61 00 00 00"),
        ("3949", "3949"),
        ("+3225551234", "+3225551234"),
        ("", ""),
    ],
)
def test_telephone_numbers(typed: str, kept: str) -> None:
    assert rules.phone(typed) == kept


@pytest.mark.parametrize("typed", ["05 61", "abc", "0061000000", "05 61 00 00 00 00"])
def test_what_is_not_a_telephone_number_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(rules.Refused, match="05 61 00 00 00"):
        rules.phone(typed)


def test_links_name_the_wrong_line() -> None:
    assert (
        rules.links("a.example\r\n\nhttps://b.example/x\na.example")
        == "https://a.example\nhttps://b.example/x"
    )
    with pytest.raises(rules.Refused, match=r"^Ligne 2 : « javascript:alert\(1\) »"):
        rules.links("a.example\njavascript:alert(1)")
    with pytest.raises(rules.Refused, match="9 adresses"):
        rules.links("\n".join(f"{n}.example" for n in range(9)))


def test_keywords_are_kept_once_whatever_the_accents() -> None:
    assert rules.keywords(" vélo ; Velo, réemploi,,\nvélo ") == "vélo, réemploi"
    with pytest.raises(rules.Refused, match="21 mots-clés"):
        rules.keywords(",".join(str(n) for n in range(21)))


@pytest.mark.parametrize(
    ("value", "fact", "seen", "expected"),
    [
        ("https://neuf.example", "", "", False),
        ("https://neuf.example", "www.neuf.example/", "", False),
        ("https://neuf.example", "vieux.example", "vieux.example", False),
        ("https://neuf.example", "autre.example", "vieux.example", True),
    ],
)
def test_a_conflict_is_what_the_open_data_newly_say(value: str, fact: str, seen: str, expected: bool) -> None:
    assert rules.disagrees(value, fact, seen) is expected


def test_completeness_counts_what_lacks() -> None:
    assert rules.completeness({}) == (0, list(rules.COUNTED))
    assert rules.completeness(dict.fromkeys(rules.COUNTED, "x")) == (100, [])


@given(st.text(max_size=200))
def test_cleaning_is_idempotent_or_refuses(text: str) -> None:
    for clean in (rules.phone, rules.website, rules.links, rules.keywords, rules.tidy):
        try:
            once = clean(text)
        except rules.Refused:
            continue
        assert clean(once) == once
