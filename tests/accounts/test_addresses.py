"""Reserved words of addresses, and addresses pasted in the invitation form."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import get_resolver
from hypothesis import given
from hypothesis import strategies as st

from essor.accounts.forms import split_addresses
from essor.accounts.models.user import fold_email
from essor.accounts.slugs import ALWAYS_RESERVED, first_words, is_reserved
from essor.accounts.validators import validate_slug_not_reserved
from essor.config.urls import common


def _first_words(patterns: list, prefix: str = "") -> set[str]:
    """The first words of addresses, read another way than the code under test."""
    found = set()
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if "/" in route or not hasattr(pattern, "url_patterns"):
            found.add(re.split(r"[/<.]", route.lstrip("^"))[0])
        else:
            found |= _first_words(pattern.url_patterns, route)
    return found - {""}


def test_the_first_word_of_every_common_page_is_reserved() -> None:
    words = _first_words(common)
    assert {"compte", "installation", "registre", "territoires", "sante", "travaux", "fichiers"} <= words
    assert [word for word in words if not is_reserved(word)] == []
    assert {word.split(".")[0] for word in first_words()} == words


@pytest.mark.parametrize("word", ["static", "api", "compte", "REGISTRE", "apparence", "theme", "www"])
def test_reserved_words_are_refused_in_french(word: str) -> None:
    with pytest.raises(ValidationError, match="réservé aux pages communes"):
        validate_slug_not_reserved(word)


@pytest.mark.parametrize("slug", ["haute-garonne", "toulouse", "grand-est", "registre-du-morvan"])
def test_names_of_authorities_are_free(slug: str) -> None:
    validate_slug_not_reserved(slug)


def test_reserved_words_are_slugs() -> None:
    assert [word for word in ALWAYS_RESERVED if not re.fullmatch(r"[a-z0-9-]+", word)] == []


def test_the_address_plan_ends_with_authorities() -> None:
    assert str(get_resolver().url_patterns[-1].pattern) == "<slug:authority>/"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a@x.fr", ["a@x.fr"]),
        ("a@x.fr, b@x.fr;c@x.fr\nd@x.fr e@x.fr", ["a@x.fr", "b@x.fr", "c@x.fr", "d@x.fr", "e@x.fr"]),
        ("Anne Exemple <Anne@X.fr>, Bob <bob@x.fr>", ["anne@x.fr", "bob@x.fr"]),
        ("A@x.fr\na@X.FR\n\n", ["a@x.fr"]),
        ("pas une adresse", ["pas", "une", "adresse"]),
        ("", []),
    ],
)
def test_pasted_addresses(text: str, found: list[str]) -> None:
    assert split_addresses(text) == found


@given(st.text())
def test_splitting_never_fails_and_folds(text: str) -> None:
    for address in split_addresses(text):
        assert address == fold_email(address) != ""


@given(st.emails())
def test_folding_is_idempotent(address: str) -> None:
    folded = fold_email(address)
    assert fold_email(folded) == folded
    assert fold_email(f"  {address.upper()} ") == fold_email(address.upper())
