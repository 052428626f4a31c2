"""Profiles and words: official codes, families that the perimeter agrees with, names that are invented."""

import re

import pytest

from essor.demo.evolution import FIRST_EDITION
from essor.demo.naf25 import SAME_CLASS, naf25
from essor.demo.names import INVENTED
from essor.demo.profiles import FILES, PLACES, Profile, profiles, size_curves, words
from essor.demo.stocks import DECLARED
from essor.registry.enums import CategoryKind, Family, SizeBand
from essor.registry.nomenclatures import naf_labels
from essor.registry.perimeter import default_perimeter

SLOT = re.compile(r"\{(\w+)\}")
KNOWN = {*INVENTED, "commune", "de", "at", "land", "activity"}


@pytest.fixture(scope="module")
def perimeter():
    return default_perimeter(FIRST_EDITION)


def ids(profile: Profile) -> str:
    return profile.code


def test_codes_are_unique_and_files_are_all_read():
    codes = [profile.code for profile in profiles()]
    assert len(codes) == len(set(codes))
    assert FILES == ("associations", "cooperatives", "others")


@pytest.mark.parametrize("profile", profiles(), ids=ids)
def test_codes_are_official(profile, perimeter):
    assert set(profile.naf) <= naf_labels().keys()
    assert set(profile.categories) <= perimeter.categories.keys()
    assert profile.place in PLACES
    assert set(size_curves()[profile.sizes]) <= {band.value for band in SizeBand}


@pytest.mark.parametrize("profile", [p for p in profiles() if p.is_ess], ids=ids)
def test_the_family_is_that_of_the_perimeter(profile, perimeter):
    for code in profile.categories:
        category = perimeter.category(code)
        if profile.family == "company":
            assert category.kind == CategoryKind.COMPANY_FORM
        else:
            assert (category.kind, category.family) == (CategoryKind.BY_STATUS, Family(profile.family))
            assert [naf for naf in profile.naf if perimeter.exclusion(naf, category.family)] == []


@pytest.mark.parametrize("profile", [p for p in profiles() if p.family == "excluded"], ids=ids)
def test_what_is_announced_as_left_out_is(profile, perimeter):
    for code in profile.categories:
        category = perimeter.category(code)
        left_out = category.kind == CategoryKind.CANNOT_BE_ESS
        assert left_out or all(perimeter.exclusion(naf, category.family) for naf in profile.naf)


@pytest.mark.parametrize("profile", [p for p in profiles() if not p.person], ids=ids)
def test_every_name_holds_an_invented_place_and_known_words(profile):
    for template in profile.names:
        slots = SLOT.findall(template)
        assert set(slots) & set(INVENTED), template
        assert set(slots) <= KNOWN | words()["slots"].keys(), template
        if "activity" in slots:
            assert all(profile.activity_words(naf) for naf in profile.naf)
    for purpose in profile.purposes:
        assert set(SLOT.findall(purpose)) <= KNOWN | words()["slots"].keys()


def test_every_list_of_words_is_used():
    used = {slot for p in profiles() for text in (*p.names, *p.purposes) for slot in SLOT.findall(text)}
    assert words()["slots"].keys() - used - {"craft", "circle"} == set()
    own = {naf for p in profiles() if any("{activity}" in name for name in p.names) for naf in p.naf}
    assert words()["activities"].keys() - own == set()


def test_what_is_declared_to_the_rna_says_its_purpose():
    declared = [p for p in profiles() if DECLARED & p.categories.keys()]
    assert [p.code for p in declared if not p.purposes] == []
    assert [p.code for p in profiles() if p.purposes and not DECLARED & p.categories.keys()] == []


def test_naf_2025_is_given_only_where_it_is_sure():
    assert naf25(["94.99Z", "88.99B", "62.01Z"]).tolist() == ["94.99Y", None, None]
    assert {f"{code}Z" for code in SAME_CLASS} <= naf_labels().keys()
