"""Differences between two states of the register: each has one kind, and going back mirrors them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.registry.enums import Family, SizeBand, Verdict
from essor.registry.rules_history import (
    FOLLOWED,
    FOLLOWED_ESTABLISHMENT,
    MIRROR,
    Change,
    ChangeKind,
    Snapshot,
    UnitState,
    differences,
    kind_of,
)

VALUES = {
    "name": ["Amicale", "Club"],
    "legal_category": ["9220", "5458"],
    "naf": ["93.12Z", ""],
    "family": [family.value for family in Family][:2],
    "verdict": [verdict.value for verdict in Verdict][:2],
    "size_band": [band.value for band in SizeBand],
    "commune_id": ["1", "2", ""],
    "address": ["1 rue", "2 rue"],
    "is_head_office": ["true", "false"],
}
values = st.fixed_dictionaries({name: st.sampled_from(VALUES[name]) for name in FOLLOWED})
places = st.dictionaries(
    st.sampled_from(["1", "2"]),
    st.fixed_dictionaries({name: st.sampled_from(VALUES[name]) for name in FOLLOWED_ESTABLISHMENT}),
)
SIRENS = ["100000000", "200000000", "300000000"]
# What a folder says: an organisation is there, or Sirene says it closed, or nothing is known of it.
snapshots = st.builds(
    lambda units, closed: Snapshot(units, frozenset(closed - units.keys())),
    st.dictionaries(st.sampled_from(SIRENS), st.builds(UnitState, values, places)),
    st.sets(st.sampled_from(SIRENS)),
)


@given(snapshots, snapshots)
def test_going_back_mirrors_the_differences(before: Snapshot, after: Snapshot) -> None:
    forward, backward = list(differences(before, after)), list(differences(after, before))

    assert {change.mirrored() for change in forward} == set(backward)
    assert {MIRROR[change.kind] for change in forward} == {change.kind for change in backward}


@given(snapshots, snapshots)
def test_every_difference_has_one_kind_and_is_told_once(before: Snapshot, after: Snapshot) -> None:
    found = list(differences(before, after))

    assert len({(change.siren, change.subject, change.field) for change in found}) == len(found)
    assert all(isinstance(change.kind, ChangeKind) for change in found)


@given(snapshots)
def test_a_state_does_not_differ_from_itself(state: Snapshot) -> None:
    assert list(differences(state, state)) == []


def test_undoing_twice_is_the_same() -> None:
    assert all(MIRROR[MIRROR[kind]] is kind for kind in ChangeKind)


@pytest.mark.parametrize(
    ("field", "before", "after", "place", "kind"),
    [
        ("presence", "", "present", False, "new"),
        ("presence", "left", "present", False, "back"),
        ("presence", "closed", "present", False, "back"),
        ("presence", "present", "", False, "left"),
        ("presence", "present", "closed", False, "closed"),
        ("commune_id", "1", "2", False, "moved"),
        ("name", "Amicale", "Club", False, "renamed"),
        ("family", "association", "cooperative", False, "requalified"),
        ("verdict", "to_check", "ess_by_status", False, "requalified"),
        ("legal_category", "9220", "9230", False, "form"),
        ("naf", "93.12Z", "", False, "activity"),
        ("size_band", "NN", "00", False, "grown"),
        ("size_band", "00", "01", False, "grown"),
        ("size_band", "12", "11", False, "shrunk"),
        ("size_band", "01", "NN", False, "shrunk"),
        ("presence", "", "present", True, "place_opened"),
        ("presence", "present", "", True, "place_closed"),
        ("address", "1 rue", "2 rue", True, "place_moved"),
        ("commune_id", "1", "2", True, "place_moved"),
        ("size_band", "01", "02", True, "place_size"),
        ("is_head_office", "false", "true", True, "seat"),
    ],
)
def test_kinds_are_those_of_the_trade(field: str, before: str, after: str, place: bool, kind: str) -> None:
    assert kind_of(field, before, after, place=place).value == kind


@pytest.mark.parametrize("field", ["website", "address", ""])
def test_a_field_that_nobody_follows_has_no_kind(field: str) -> None:
    with pytest.raises(ValueError, match="not a followed field"):
        kind_of(field, "a", "b")


def test_nothing_that_is_the_same_has_a_kind() -> None:
    with pytest.raises(ValueError, match="nothing differs"):
        kind_of("name", "a", "a")


def test_who_comes_back_was_known_to_the_register() -> None:
    unit = UnitState(dict.fromkeys(FOLLOWED, ""))
    found = list(differences(Snapshot({}, gone=frozenset(["1"])), Snapshot({"1": unit, "2": unit})))

    assert found == [
        Change("1", "organisation", "presence", "left", "present"),
        Change("2", "organisation", "presence", "", "present"),
    ]
