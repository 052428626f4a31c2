"""The chapters of the page: every shipped parameter has its place, and what stands first exists."""

from datetime import date

import pytest

from essor.law import parameters as law
from essor.rulebook.chapters import FIRST, OTHER, THEMES, grouped, theme_of, words_above
from essor.rulebook.days import month_before, read_day, year_after, year_before
from essor.rulebook.values_list import Asked, found, title_of


def test_every_chapter_of_the_tree_is_in_one_theme() -> None:
    chapters = [chapter for theme in THEMES for chapter in theme.chapters]
    assert sorted(chapters) == sorted({item.id.split(".")[0] for item in law.all_parameters()})


def test_what_stands_first_is_in_force() -> None:
    assert [
        identifier for identifier, _label in FIRST if law.in_force(identifier, date(2026, 11, 22)) is None
    ] == []


def test_nothing_is_lost_by_grouping() -> None:
    everything = law.all_parameters()
    assert sorted(item.id for _theme, items in grouped(everything) for item in items) == [
        item.id for item in everything
    ]
    assert theme_of("inconnu.plafond") == OTHER


def test_words_above_a_parameter() -> None:
    assert words_above("cooperatives.scic.college.max") == (
        "Coopératives",
        "Société coopérative d’intérêt collectif (Scic)",
        "Poids d’un collège dans les votes",
    )
    assert title_of("cooperatives.scic.college.max", "Coopératives") == (
        "Société coopérative d’intérêt collectif (Scic) › Poids d’un collège dans les votes"
    )
    assert (words_above("local.nouveau"), title_of("srdeii", "x")) == ((), "")


@pytest.mark.parametrize(
    ("query", "identifiers"),
    [
        ("23 000 convention ecrite", ["grants.convention_threshold"]),
        ("CONVENTION ÉCRITE", ["grants.convention_threshold"]),
        ("grants.convention_threshold", ["grants.convention_threshold"]),
        ("R2122-8 40000", ["procurement.no_publicity.supplies_services", "procurement.no_publicity.works"]),
        ("introuvable", []),
    ],
)
def test_search_reads_words_accents_identifiers_values_and_texts(query: str, identifiers: list[str]) -> None:
    assert [item.id for item in found(Asked(date(2026, 11, 22), query))] == identifiers


def test_days() -> None:
    assert read_day(" 2026-03-31 ") == date(2026, 3, 31)
    assert [read_day(text) for text in ("", "31/03/2026", "1850-01-01", "2026-02-30", "²")] == [None] * 5
    assert month_before(date(2026, 3, 31)) == date(2026, 2, 28)
    assert (year_before(date(2024, 2, 29)), year_after(date(2024, 2, 29))) == (
        date(2023, 2, 28),
        date(2025, 2, 28),
    )


def test_a_parameter_added_here_is_not_among_local_currencies() -> None:
    assert (theme_of("local.currency").code, theme_of("local.demonstration.trois_devis").code) == (
        "ess",
        "autres",
    )
