"""The perimeter: the shipped one is complete, reads back equal, and a faulty one is refused with every
fault.
"""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.registry.enums import CategoryKind, Certainty, Family, Tag
from essor.registry.perimeter import (
    Perimeter,
    PerimeterError,
    check_succession,
    default_perimeter,
    read_perimeter,
    shipped_perimeters,
)

SMALL: dict[str, Any] = {
    "version": "essai",
    "valid_from": "2020-01-01",
    "valid_to": None,
    "note": "",
    "exclusions": [
        {
            "prefix": "94.11Z",
            "families": ["association"],
            "label": "Organisations patronales",
            "certainty": "memory",
            "source": "Texte",
        }
    ],
    "categories": [
        {
            "code": "9220",
            "label": "Association déclarée",
            "kind": "by_status",
            "family": "association",
            "tags": [],
            "certainty": "partial",
            "source": "Texte",
        }
    ],
}


def changed(**changes: Any) -> dict[str, Any]:
    return {**SMALL, **changes}


def category(**changes: Any) -> dict[str, Any]:
    return changed(categories=[{**SMALL["categories"][0], **changes}])


def exclusion(**changes: Any) -> dict[str, Any]:
    return changed(exclusions=[{**SMALL["exclusions"][0], **changes}])


def version(name: str, start: str, end: str | None = None) -> Perimeter:
    return Perimeter.from_dict(changed(version=name, valid_from=start, valid_to=end))


def test_families_by_status() -> None:
    perimeter = default_perimeter()
    assert {family: len(perimeter.codes(CategoryKind.BY_STATUS, family)) for family in Family} == {
        Family.ASSOCIATION: 7,
        Family.COOPERATIVE: 52,
        Family.MUTUAL: 4,
        Family.FOUNDATION: 1,
        Family.ESS_COMPANY: 0,
    }
    assert perimeter.codes(CategoryKind.BY_STATUS, Family.ASSOCIATION) == (
        "9210",
        "9220",
        "9221",
        "9222",
        "9223",
        "9230",
        "9260",
    )
    assert perimeter.codes(CategoryKind.PERSONAL) == ("1000",)


def test_companies_are_the_fifth_class_without_cooperatives() -> None:
    perimeter = default_perimeter()
    cooperatives = set(perimeter.codes(CategoryKind.BY_STATUS, Family.COOPERATIVE))
    companies = perimeter.codes(CategoryKind.COMPANY_FORM)
    assert [code for code in companies if not code.startswith("5")] == []
    assert [
        code
        for code in perimeter.categories
        if code.startswith("5") and code not in cooperatives and code not in companies
    ] == []


@pytest.mark.parametrize("code", ["7410", "3120", "6901", "6585", "8310", "9110", "9240", "9900", "6540"])
def test_forms_that_cannot_be_ess(code: str) -> None:
    found = default_perimeter().category(code)
    assert found is not None
    assert (found.kind, found.family) == (CategoryKind.CANNOT_BE_ESS, None)


@pytest.mark.parametrize(
    ("code", "tags"),
    [
        ("5458", (Tag.SCOP,)),
        ("5658", (Tag.SCOP,)),
        ("6316", (Tag.CUMA,)),
        ("6317", (Tag.FARM_COOP,)),
        ("6318", (Tag.FARM_COOP, Tag.COOP_UNION)),
        ("5547", (Tag.HLM_COOP,)),
        ("9222", (Tag.INSERTION, Tag.AI)),
        ("9220", ()),
    ],
)
def test_marks_told_by_the_category(code: str, tags: tuple[Tag, ...]) -> None:
    found = default_perimeter().category(code)
    assert found is not None
    assert found.tags == tags


def test_nothing_read_from_memory_is_given_as_sure() -> None:
    perimeter = default_perimeter()
    certainties = {item.certainty for item in (*perimeter.categories.values(), *perimeter.exclusions)}
    assert certainties == {Certainty.PARTIAL, Certainty.MEMORY}


@pytest.mark.parametrize(
    ("activity", "family", "prefix"),
    [
        ("94.11Z", Family.ASSOCIATION, "94.11Z"),
        ("84.30C", Family.FOUNDATION, "84"),
        ("94.99Z", Family.ASSOCIATION, None),
        ("94.11Z", Family.COOPERATIVE, None),
        ("94.11Z", None, None),
        (None, Family.ASSOCIATION, None),
        ("", Family.ASSOCIATION, None),
    ],
)
def test_activities_left_out(activity: str | None, family: Family | None, prefix: str | None) -> None:
    found = default_perimeter().exclusion(activity, family)
    assert (found.prefix if found else None) == prefix


@pytest.mark.realdata
def test_every_legal_category_of_insee_is_known(real_data: Path) -> None:
    with (real_data / "nomenclatures" / "categories_juridiques_insee_n3.csv").open(
        encoding="utf-8"
    ) as stream:
        codes = {row["code"] for row in csv.DictReader(stream)}
    # Sole-member SARL and SAS stand in SIRENE and are absent from that copy of the nomenclature.
    assert set(default_perimeter().categories) == codes | {"5498", "5720"}


def test_reads_back_equal_with_the_same_fingerprint() -> None:
    for perimeter in shipped_perimeters():
        again = Perimeter.from_dict(perimeter.to_dict())
        assert again == perimeter
        assert again.fingerprint() == perimeter.fingerprint()


def test_fingerprint_follows_content_and_not_the_order_of_rows() -> None:
    shipped = default_perimeter().to_dict()
    turned = {**shipped, "categories": list(reversed(shipped["categories"]))}
    touched = {**shipped, "note": "Autre chose"}
    assert Perimeter.from_dict(turned).fingerprint() == default_perimeter().fingerprint()
    assert Perimeter.from_dict(touched).fingerprint() != default_perimeter().fingerprint()


def test_version_of_a_day() -> None:
    assert default_perimeter(date(2026, 11, 22)) == default_perimeter()
    with pytest.raises(PerimeterError, match="aucune version n’est en vigueur le 2014-08-01"):
        default_perimeter(date(2014, 8, 1))


BAD: dict[str, tuple[Any, tuple[str, ...]]] = {
    "not a table": ([], ("le fichier doit contenir des clés (version, valid_from, categories…)",)),
    "duplicated code": (
        changed(categories=[SMALL["categories"][0], SMALL["categories"][0]]),
        ("catégorie 9220 : code écrit deux fois, gardez une seule ligne",),
    ),
    "unknown family": (
        category(family="club"),
        (
            "catégorie 9220 : famille « club » inconnue (valeurs admises : association, cooperative, mutual, "
            "foundation, ess_company)",
        ),
    ),
    "family without status": (
        category(kind="company_form"),
        ("catégorie 9220 : une famille est demandée pour « by_status », et seulement là",),
    ),
    "status without family": (
        category(family=None),
        ("catégorie 9220 : une famille est demandée pour « by_status », et seulement là",),
    ),
    "number as code": (
        category(code=9220),
        ('categories, ligne 1 : code « 9220 » : quatre chiffres entre guillemets attendus, comme "9220"',),
    ),
    "no source, no label": (
        category(source="", label=None),
        ("catégorie 9220 : libellé manquant", "catégorie 9220 : source manquant"),
    ),
    "bad NAF prefix": (
        exclusion(prefix="9411Z"),
        (
            "exclusions, ligne 1 : « 9411Z » n’est pas un début de code NAF rév. 2, "
            'écrivez par exemple "84", "94.1" ou "94.11Z"',
        ),
    ),
    "no family left out": (
        exclusion(families=[]),
        ("exclusion 94.11Z : « families » doit lister au moins une famille",),
    ),
    "left out twice": (
        changed(exclusions=[SMALL["exclusions"][0], SMALL["exclusions"][0]]),
        ("exclusion 94.11Z : déjà exclue pour la famille « Association »",),
    ),
    "dates upside down": (changed(valid_to="2019-01-01"), ("« valid_to » doit être après « valid_from »",)),
    "no date": (
        changed(valid_from="hier"),
        ("« valid_from » doit être une date AAAA-MM-JJ (lu : 'hier')",),
    ),
    "no category": (
        changed(categories=[]),
        ("aucune catégorie juridique : le périmètre serait vide",),
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_faults_are_all_told_in_french(case: str) -> None:
    data, problems = BAD[case]
    with pytest.raises(PerimeterError) as caught:
        Perimeter.from_dict(data, "essai.yaml")
    assert caught.value.problems == problems
    assert str(caught.value).startswith("Périmètre « essai.yaml » refusé : ")


def test_unreadable_yaml_is_refused_with_its_line() -> None:
    with pytest.raises(PerimeterError, match=r"perso\.yaml, ligne 2"):
        read_perimeter("version: a\nversion: b\n", "perso.yaml")


def test_overlapping_versions_are_refused() -> None:
    with pytest.raises(PerimeterError) as caught:
        check_succession([version("b", "2022-01-01"), version("a", "2020-01-01")])
    assert caught.value.problems == (
        "les versions « a » et « b » se recouvrent à partir du 2022-01-01 : donnez à la première un « "
        "valid_to » à "
        "cette date ou avant",
    )
    with pytest.raises(PerimeterError, match="la version « a » existe deux fois"):
        check_succession([version("a", "2020-01-01", "2021-01-01"), version("a", "2021-01-01")])


def test_versions_that_follow_each_other() -> None:
    early, late = version("a", "2020-01-01", "2022-01-01"), version("b", "2022-01-01")
    assert check_succession([late, early]) == (early, late)
    assert (early.in_force(date(2021, 12, 31)), early.in_force(date(2022, 1, 1))) == (True, False)


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["version", "categories", "code", "kind", "families", "prefix"]), inner
        )
    ),
    max_leaves=12,
)


@given(junk, junk, junk)
def test_hostile_data_is_refused_and_never_breaks(categories: Any, exclusions: Any, sources: Any) -> None:
    data = changed(categories=categories, exclusions=exclusions, sources=sources)
    with pytest.raises(PerimeterError):
        Perimeter.from_dict(data)
