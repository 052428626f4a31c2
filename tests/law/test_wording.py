"""French words for dates and numbers, certainties, enumerations with labels, strict YAML."""

import contextlib
import pickle
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.law import strict_yaml
from essor.law.certainty import Certainty
from essor.law.wording import french_date, french_number, french_percent


@pytest.mark.parametrize(
    ("day", "words"), [(date(2014, 8, 1), "1er août 2014"), (date(2026, 3, 3), "3 mars 2026")]
)
def test_dates(day: date, words: str) -> None:
    assert french_date(day) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [("0", "0"), ("1234.50", "1\u202f234,5"), ("-0.250", "-0,25"), ("1E+3", "1\u202f000"), ("100", "100")],
)
def test_numbers(number: str, words: str) -> None:
    assert french_number(Decimal(number)) == words


def test_percentages() -> None:
    assert french_percent(Decimal("0.575")) == "57,5\u00a0%"


def test_certainty_of_a_conclusion_is_that_of_its_weakest_premise() -> None:
    assert Certainty.weakest(Certainty.SEEN, Certainty.MEMORY, Certainty.PARTIAL) is Certainty.MEMORY
    assert Certainty.weakest(Certainty.SEEN) is Certainty.SEEN


def test_only_what_was_read_is_given_as_sure() -> None:
    assert {certainty: certainty.public_note for certainty in Certainty} == {
        Certainty.SEEN: "",
        Certainty.PARTIAL: "à vérifier",
        Certainty.SECONDARY: "à vérifier",
        Certainty.MEMORY: "à vérifier",
        Certainty.UNKNOWN: "à vérifier",
    }


def test_labelled_members_behave_as_their_code() -> None:
    assert (Certainty("memory"), str(Certainty.MEMORY), f"{Certainty.MEMORY}") == (
        Certainty.MEMORY,
        "memory",
        "memory",
    )
    assert pickle.loads(pickle.dumps(Certainty.MEMORY)) is Certainty.MEMORY
    assert Certainty.choices()[0] == ("seen", "Lu dans une source publique")


def test_yaml_numbers_are_exact_and_duplicates_refused() -> None:
    assert strict_yaml.load("a: 0.1\nb: 1_000\n", "x.yaml") == {"a": Decimal("0.1"), "b": Decimal(1000)}
    with pytest.raises(strict_yaml.YamlProblem) as caught:
        strict_yaml.load("a: 1\nb: 2\na: 3\n", "x.yaml")
    assert str(caught.value) == (
        "x.yaml, ligne 3 : YAML illisible (la clé « a » est écrite deux fois). Corrigez cette ligne."
    )


@given(st.text(max_size=200))
def test_yaml_reading_only_fails_as_announced(text: str) -> None:
    with contextlib.suppress(strict_yaml.YamlProblem):
        strict_yaml.load(text, "x.yaml")
