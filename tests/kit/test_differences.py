"""Differences in words, and the merge of two texts written over the same one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.kit.editing.differences import (
    Difference,
    Line,
    Piece,
    differences,
    merged,
    merged_lines,
    threefold,
)
from essor.kit.editing.texts import parts, same, text_of
from essor.kit.editing.told import told
from essor.kit.library import package_texts
from essor.kit.recipe_library import package_texts as recipe_texts

LINES = st.lists(st.text("abc é’\n", max_size=12), max_size=6)
TOLD = st.dictionaries(st.sampled_from(["Titre", "Texte", "Leviers"]), LINES, max_size=3)


def test_words_that_come_and_go_are_marked() -> None:
    found = differences(
        {"Titre": ["Un café pour tous"], "Texte": ["a", "b"]},
        {"Titre": ["Un grand café pour toutes"], "Texte": ["a"]},
    )
    assert found == [
        Difference(
            "Titre",
            (
                Line(
                    "changed",
                    (
                        Piece("Un"),
                        Piece(" grand", "added"),
                        Piece(" café pour "),
                        Piece("tous", "removed"),
                        Piece("toutes", "added"),
                    ),
                ),
            ),
        ),
        Difference("Texte", (Line("removed", (Piece("b", "removed"),)),)),
    ]


def test_lines_without_likeness_are_told_one_after_the_other() -> None:
    ((line, other),) = (
        each.lines for each in differences({"T": ["un deux trois"]}, {"T": ["tout autre chose ici"]})
    )
    assert (line.mark, other.mark) == ("removed", "added")


@given(TOLD, TOLD)
def test_both_sides_can_be_read_in_what_differs(
    before: dict[str, list[str]], after: dict[str, list[str]]
) -> None:
    for each in differences(before, after):
        gone = [
            "".join(p.text for p in line.pieces if p.mark != "added")
            for line in each.lines
            if line.mark != "added"
        ]
        come = [
            "".join(p.text for p in line.pieces if p.mark != "removed")
            for line in each.lines
            if line.mark != "removed"
        ]
        assert [line for line in gone if line not in before.get(each.label, [])] == []
        assert [line for line in come if line not in after.get(each.label, [])] == []
    assert differences(after, after) == []


def test_who_changed_what() -> None:
    base = {"Titre": ["a"], "Texte": ["x"], "Résumé": ["s"], "ODD": ["1"]}
    package = {"Titre": ["b"], "Texte": ["y"], "Résumé": ["s"], "ODD": ["2"]}
    here = {"Titre": ["a"], "Texte": ["z"], "Résumé": ["t"], "ODD": ["2"]}
    assert [(each.label, each.who) for each in threefold(base, package, here)] == [
        ("Titre", "package"),
        ("Texte", "both"),
        ("Résumé", "here"),
        ("ODD", "alike"),
    ]
    flat = [{name: each[name][0] for name in each} for each in (base, package, here)]
    assert merged(*flat) == {"Titre": "b", "Texte": "z", "Résumé": "t", "ODD": "2"}


def test_lines_that_do_not_touch_are_taken_from_each_side() -> None:
    base = ["a", "b", "c", "d", "e"]
    assert merged_lines(base, ["A", "b", "c", "d", "e"], ["a", "b", "c", "e", "f"]) == [
        "A",
        "b",
        "c",
        "e",
        "f",
    ]
    assert merged_lines(base, ["a", "X", "c", "d", "e"], ["a", "Y", "c", "d", "e"]) is None
    assert merged_lines(base, [*base, "f"], [*base, "g"]) is None
    body = {"body": "\n".join(base)}
    assert merged(body, {"body": "A\nb\nc\nd\ne"}, {"body": "a\nb\nc\nd\nE"}) == {"body": "A\nb\nc\nd\nE"}
    assert merged(body, {"body": "A\nb\nc\nd\ne"}, {"body": "Z\nb\nc\nd\ne"}) == {"body": "Z\nb\nc\nd\ne"}


@given(LINES, LINES)
def test_a_side_that_changed_nothing_changes_nothing(base: list[str], side: list[str]) -> None:
    assert merged_lines(base, base, side) == merged_lines(base, side, base) == side


@pytest.mark.parametrize(("kind", "texts"), [("fiche", package_texts), ("recipe", recipe_texts)])
def test_every_text_is_taken_apart_and_put_back(kind: str, texts: object) -> None:
    for text in texts().values():  # type: ignore[operator]
        again = text_of(kind, parts(kind, text))
        assert same(kind, text, again)
        assert told(kind, text) == told(kind, again)


def test_a_text_without_form_is_told_as_it_is() -> None:
    assert told("fiche", "rien du tout") == {"Texte": ["rien du tout"]}
