"""Keys of SIREN, SIRET and RNA numbers, in Python and in SQL."""

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fr import siren as other_siren
from stdnum.fr import siret as other_siret

from essor.formats.identifiers import (
    clean_number,
    is_rna,
    is_siren,
    is_siret,
    siren_sql,
    siren_trouble,
    siret_sql,
    siret_trouble,
)
from tests.formats.stocks import siren, siret

DIGITS = st.text("0123456789", min_size=9, max_size=9)
CONNECTION = duckdb.connect(config={"threads": "1"})
LA_POSTE = st.integers(0, 99_999).map(lambda nic: f"356000000{nic:05d}")


@given(DIGITS)
def test_siren_agrees_with_another_implementation(number: str) -> None:
    assert is_siren(number) == (other_siren.is_valid(number) and number != "000000000")


@given(st.integers(0, 79_999_999), st.integers(0, 9_999), st.integers(0, 9))
def test_one_key_in_ten_is_right(unit: int, place: int, digit: int) -> None:
    number = siren(unit)
    right = siret(number, place)
    other = right[:-1] + str(digit)
    assert is_siren(number)
    assert is_siret(right)
    assert is_siret(other) == (other == right)
    assert is_siret(right) == other_siret.is_valid(right)


@given(LA_POSTE)
def test_la_poste_is_ruled_by_the_sum_of_its_digits(number: str) -> None:
    assert is_siret(number) == (sum(map(int, number)) % 5 == 0 or number == "35600000000048")


def test_the_head_office_of_la_poste_and_one_office() -> None:
    assert is_siret("35600000000048")
    assert is_siret("35600000009075")
    assert not is_siret("35600000009076")


@given(
    st.lists(st.one_of(st.text(max_size=16), DIGITS, LA_POSTE, st.integers(0, 10**7).map(siren)), max_size=30)
)
def test_sql_says_the_same_as_python(values: list[str]) -> None:
    numbers = [
        *values,
        *(siret(siren(1), place) for place in range(3)),
        *(value + "12345" for value in values),
    ]
    clean = [value.replace("\0", " ").encode("utf-8", "replace").decode() for value in numbers]
    forms = f"{siren_sql('v')}, {siret_sql('v')}, {siret_sql('v', 'TRY_CAST(v AS BIGINT)')}"
    rows = CONNECTION.execute(
        f"SELECT {forms} FROM (SELECT unnest(?::VARCHAR[]) AS v, unnest(range(?)) AS rank) ORDER BY rank",
        [clean, len(clean)],
    ).fetchall()
    assert rows == [(is_siren(value), is_siret(value), is_siret(value)) for value in clean]


def test_sql_of_null_is_false() -> None:
    with duckdb.connect() as connection:
        row = connection.execute(
            f"SELECT {siren_sql('v')}, {siret_sql('v')} FROM (SELECT NULL::VARCHAR AS v)"
        ).fetchone()
    assert row == (False, False)


@pytest.mark.parametrize("value", ["2,43E+13", "2.43E+13", "2E13", "2,43e+13"])
def test_a_number_destroyed_by_a_spreadsheet_is_never_guessed(value: str) -> None:
    found = siret_trouble(clean_number(value) if "," in value else value)
    assert found is not None
    assert (
        found[0]
        == "le SIRET a été détruit par un tableur (notation scientifique) : ses chiffres sont perdus."
    )


def test_troubles_are_told_apart() -> None:
    assert siret_trouble("") == ("le SIRET est vide.", "Indiquez les 14 chiffres du SIRET.")
    assert siret_trouble("123")[0] == "le SIRET doit avoir 14 chiffres."  # type: ignore[index]
    assert siret_trouble("12345678912345")[0] == "la clé du SIRET est fausse : un chiffre a été mal recopié."  # type: ignore[index]
    assert siren_trouble("732829320") is None
    assert siren_trouble("732829321")[0] == "la clé du SIREN est fausse : un chiffre a été mal recopié."  # type: ignore[index]


def test_spaces_are_cleaned() -> None:
    assert clean_number(" 732 829 320 00074\u202f") == "73282932000074"


def test_rna_numbers() -> None:
    assert [
        is_rna(value) for value in ("W313001234", "W9C1000189", "W31300123", "313001234", "w313001234")
    ] == [
        True,
        True,
        False,
        False,
        False,
    ]


@given(st.text())
def test_any_text_has_an_answer(value: str) -> None:
    assert isinstance(is_siret(value) or is_siren(value) or is_rna(value), bool)
    assert (siret_trouble(value) is None) == is_siret(value)
    assert (siren_trouble(value) is None) == is_siren(value)
