"""Names that are one organisation, and names that only look alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.registry.directories.blocks import SMALL_BLOCK, Block, Index
from essor.registry.directories.rules import (
    CHOOSE,
    LEAD,
    NO_WEIGHTS,
    SHOWN,
    SURE,
    Candidate,
    Known,
    Outcome,
    Reason,
    Wanted,
    Weights,
    compare,
    decide,
    likeness,
    parts_of,
    prepared,
)

NAMES = st.text(alphabet="abcdeé’ -&()123AZ", max_size=40)


def alike(one: str, other: str) -> float:
    return likeness(prepared(one), prepared(other))[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Association Les Pommiers", "LES POMMIERS"),
        ("Activ’Cités", "ACTIV CITES"),
        ("A.D.E.F.", "ADEF"),
        ("Centre social de l’Étoile", "CTRE SOC ETOILE"),
        ("Pommiers en ville", "VILLE POMMIERS"),
    ],
)
def test_the_same_name_written_otherwise(one: str, other: str) -> None:
    assert alike(one, other) == 100.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ressourcerie des Pommiers", "RESOURCERIE DES POMMIER"),
        ("Régie de quartier du Lac", "REGIE DE QUARTIERS DU LAC"),
    ],
)
def test_misspelt_names_are_sure(one: str, other: str) -> None:
    assert alike(one, other) >= SURE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Association Les Pommiers", "Association Les Cerisiers"),
        ("Scop du Lac", "Scop du Bois"),
        ("Comité des fêtes de Muret", "Club de football de Muret"),
        ("", "Les Pommiers"),
    ],
)
def test_other_names_are_not_proposed(one: str, other: str) -> None:
    assert alike(one, other) < CHOOSE


def test_two_sisters_of_another_form_are_never_sure() -> None:
    assert alike("Scop Relais Cambrésis", "Le Relais Cambrésis association") < SURE


def test_initials_are_shown_but_not_sure() -> None:
    score, reason = likeness(prepared("TTS"), prepared("Tremplin Travail Solidarité"))
    assert (score, reason) == (80.0, Reason.INITIALS)


def test_what_stands_in_parentheses_is_a_name_too() -> None:
    assert parts_of("Résam (Réseau des associations)") == (
        "Résam (Réseau des associations)",
        "Résam",
        "Réseau des associations",
    )


@given(NAMES, NAMES)
def test_a_likeness_is_a_score_and_does_not_depend_on_the_order(one: str, other: str) -> None:
    forth, back = alike(one, other), alike(other, one)
    assert 0.0 <= forth <= 100.0
    assert (forth == 100.0) == (back == 100.0)


@given(NAMES)
def test_a_name_is_itself(name: str) -> None:
    assert alike(name, name) == (100.0 if prepared(name).compact else 0.0)


def test_the_place_takes_from_the_score() -> None:
    wanted = Wanted(("Les Pommiers",), frozenset({1}), frozenset({31}))
    here = Known(1, ("Les Pommiers",), frozenset({1}), frozenset({31}))
    near = Known(2, ("Les Pommiers",), frozenset({2}), frozenset({31}))
    nowhere = Known(3, ("Les Pommiers",))
    far = Known(4, ("Les Pommiers",), frozenset({9}), frozenset({75}))
    assert [compare(wanted, each).score for each in (here, near, nowhere, far)] == [100.0, 86.0, 90.0, 0.0]
    assert compare(wanted, near).reasons == (Reason.SAME_NAME, Reason.SAME_DEPARTEMENT)


SCORES = st.lists(st.tuples(st.integers(1, 9), st.floats(0, 100)), max_size=12)


@given(SCORES)
def test_what_is_sure_is_high_alone_and_first(scores: list[tuple[int, float]]) -> None:
    match = decide([Candidate(organisation, score, ()) for organisation, score in scores])
    found = [candidate.score for candidate in match.candidates]
    ids = [candidate.organisation for candidate in match.candidates]
    assert found == sorted(found, reverse=True)
    assert len(set(ids)) == len(ids) <= SHOWN
    assert all(score >= CHOOSE for score in found)
    assert (match.outcome is Outcome.NONE) == (not any(score >= CHOOSE for _organisation, score in scores))
    if match.outcome is Outcome.SURE:
        assert found[0] >= SURE
        assert len(found) == 1 or found[0] - found[1] >= LEAD


def test_a_word_that_many_bear_tells_little() -> None:
    weights = Weights(prepared(f"Atelier numéro{n}") for n in range(300))
    assert weights.of("atelier") == 0.2
    assert weights.of("numero7") == weights.of("inconnu") == 1.0
    assert Weights(prepared("Atelier") for _ in range(10)).of("atelier") == NO_WEIGHTS.of("atelier") == 1.0


def test_a_large_block_is_searched_without_looking_at_all() -> None:
    known = [Known(n, (f"Atelier {chr(97 + n % 26) * 5} {n}",)) for n in range(SMALL_BLOCK + 100)]
    block = Block([*known, Known(999, ("Recyclerie du Lac bleu",))])
    near = block.near(["Recyclerie du lac bleu"])
    assert 999 in [each.organisation for each in near]
    assert len(near) < len(known)
    assert block.near([""]) == []


def test_the_index_looks_in_the_commune_then_around() -> None:
    index = Index(
        [
            Known(1, ("Recyclerie du Lac",), frozenset({10}), frozenset({31})),
            Known(2, ("Recyclerie du Lac",), frozenset({11}), frozenset({31})),
            Known(3, ("Épicerie des Tilleuls",), frozenset({12}), frozenset({31})),
        ]
    )
    at_home = index.match(Wanted(("Recyclerie du lac",), frozenset({10}), frozenset({31})))
    assert (at_home.outcome, at_home.candidates[0].organisation) == (Outcome.SURE, 1)
    elsewhere = index.match(Wanted(("Recyclerie du lac",), frozenset({12}), frozenset({31})))
    assert elsewhere.outcome is Outcome.CHOOSE
    assert [each.organisation for each in elsewhere.candidates] == [1, 2]
    nowhere = index.match(Wanted(("Épicerie des Tilleuls",)))
    assert (nowhere.outcome, nowhere.candidates[0].score) == (Outcome.SURE, 90.0)
    assert index.match(Wanted(("Tout autre chose",), frozenset({10}))).outcome is Outcome.NONE
