"""INSEE’s families: every legal category has an answer, and the table leads from ours to theirs."""

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.registry.enums import CategoryKind, Certainty, Family
from essor.registry.perimeter import default_perimeter
from essor.registry.rules_insee import OURS, InseeFamily, insee_family, insee_table, mapping

pytestmark = pytest.mark.without_database
CATEGORIES = default_perimeter().categories


@pytest.mark.parametrize(
    ("category", "naf", "family"),
    [
        ("9220", "88.99B", InseeFamily.ASSOCIATION),
        ("9260", "", InseeFamily.ASSOCIATION),
        ("5458", "41.20A", InseeFamily.COOPERATIVE),
        ("6596", "64.19Z", InseeFamily.COOPERATIVE),
        (
            "8210",
            "84.30A",
            InseeFamily.MUTUAL,
        ),  # activities are left out of associations and foundations alone
        ("6411", "65.12Z", InseeFamily.MUTUAL),
        ("9300", "86.10Z", InseeFamily.FOUNDATION),
        ("9240", "55.20Z", InseeFamily.OTHER),
        ("9220", "94.91Z", None),
        ("9220", "9491Z", None),
        ("9220", "84.11Z", None),
        ("9300", "94.12Z", None),
        ("9220", "94.99Z", InseeFamily.ASSOCIATION),
        ("5710", "47.11F", None),
        ("5499", "38.11Z", None),
        ("1000", "", None),
        ("", "", None),
        ("7210", "84.11Z", None),
    ],
)
def test_the_family_of_a_unit(category: str, naf: str, family: InseeFamily | None) -> None:
    assert insee_family(category, naf).family is family


def test_every_category_of_the_nomenclature_has_a_reason() -> None:
    for code, category in CATEGORIES.items():
        answer = insee_family(code)
        assert answer.reason.endswith(".")
        if category.kind in (CategoryKind.COMPANY_FORM, CategoryKind.PERSONAL):
            assert answer.family is None
        if category.kind is CategoryKind.BY_STATUS:
            assert answer.family is not None
            assert OURS[answer.family] is category.family


def test_a_company_is_told_to_be_left_out_of_insee() -> None:
    answer = insee_family("5710")
    assert answer.reason == (
        "Société commerciale : l’Insee n’en compte aucune dans ses familles, même quand la loi de 2014 la reconnaît."
    )
    assert answer.certainty is Certainty.SEEN


def test_an_activity_left_out_is_named() -> None:
    assert insee_family("9220", "94.91Z").reason == (
        "Activité laissée hors du périmètre statistique : 94.91Z Activités des organisations religieuses."
    )


@given(st.text(max_size=6), st.text(max_size=8))
def test_any_text_has_an_answer(category: str, naf: str) -> None:
    answer = insee_family(category, naf)
    assert answer.reason
    assert answer.family is None or category.strip() in insee_table().categories


def test_nothing_rebuilt_is_given_as_sure() -> None:
    table = insee_table()
    assert all(not listed.certainty.is_sure for listed in table.categories.values())
    assert "pas lues" in table.note
    assert {code for code, listed in table.categories.items() if listed.family is InseeFamily.OTHER} == {
        "9240",
        "9900",
    }
    assert table.categories["9240"].certainty is Certainty.UNKNOWN


def test_the_mapping_holds_all_that_one_side_counts_once() -> None:
    rows = mapping(default_perimeter())
    codes = [row.code for row in rows]
    assert len(codes) == len(set(codes))
    ours = {code for code, each in CATEGORIES.items() if each.kind is CategoryKind.BY_STATUS}
    assert set(codes) == ours | set(insee_table().categories)
    assert {row.code for row in rows if row.ours is None} == {"9240", "9900"}
    assert {row.code for row in rows if row.insee is None} == set()
    families = [row.ours for row in rows if row.ours]
    assert families == sorted(families, key=list(Family).index)


@pytest.mark.realdata
def test_every_category_of_the_official_file_is_answered(real_data: Path) -> None:
    path = real_data / "nomenclatures" / "categories_juridiques_insee_n3.csv"
    with path.open(encoding="utf-8") as file:
        official = {row["code"]: row["libellé"] for row in csv.DictReader(file)}
    assert insee_table().categories.keys() <= official.keys()
    counted = {code for code in official if insee_family(code).family}
    assert counted == set(insee_table().categories)
    # A form named after cooperatives or mutuals that INSEE's table leaves out would be an oversight.
    missed = {
        code
        for code, label in official.items()
        if re.search(r"\b(coopérative|mutuelle|mutualiste)", label.lower()) and code not in counted
    }
    assert missed == set()
