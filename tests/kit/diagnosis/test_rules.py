"""Medians, gaps, protection of small groups, priorities: what holds for any answers."""

from decimal import Decimal
from statistics import median as reference

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.kit.diagnosis.enums import Role
from essor.kit.diagnosis.rules import (
    SMALLEST_GROUP,
    Answer,
    RoleView,
    ambition_of,
    gap_between,
    median,
    middle,
    stage_of,
    together,
)
from essor.kit.diagnosis.rules_priorities import Candidate, priorities

ROLES = list(Role.values)
stages = st.integers(1, 5)
answers = st.builds(Answer, st.sampled_from(ROLES), st.none() | stages, st.none() | stages)
candidates = st.lists(
    st.builds(
        Candidate,
        st.just("x"),
        st.none() | stages,
        st.none() | stages,
        st.booleans(),
        st.booleans(),
        st.integers(0, 30),
    ),
    max_size=30,
)


def said(role: str, *numbers: int) -> list[Answer]:
    return [Answer(role, number) for number in numbers]


@given(st.lists(stages, min_size=1))
def test_the_median_is_the_one_of_the_library(values: list[int]) -> None:
    assert median(values) == Decimal(str(reference(values)))


def test_no_value_no_median() -> None:
    with pytest.raises(ValueError, match="no median"):
        median([])


def test_three_elected_members_say_four_and_three_agents_say_two() -> None:
    seen = together([*said(Role.ELECTED, 4, 4, 5), *said(Role.AGENT, 2, 2, 3)], ROLES)
    assert seen.gap is not None
    assert seen.gap.high == RoleView(Role.ELECTED, 3, Decimal(4))
    assert seen.gap.low == RoleView(Role.AGENT, 3, Decimal(2))
    assert (seen.gap.size, seen.median, seen.spread, seen.hidden) == (Decimal(2), Decimal("3.5"), 3, 0)
    assert seen.to_discuss


def test_two_agents_are_not_shown() -> None:
    seen = together([*said(Role.ELECTED, 4, 4, 4), *said(Role.AGENT, 1, 1)], ROLES)
    assert [view.role for view in seen.roles] == [Role.ELECTED]
    assert (seen.gap, seen.hidden, seen.count) == (None, 2, 5)
    assert seen.is_spread


def test_two_answers_in_all_tell_nothing() -> None:
    seen = together(said(Role.AGENT, 1, 5), ROLES)
    assert (seen.median, seen.low, seen.high, seen.spread, seen.roles, seen.to_discuss) == (
        None, None, None, None, (), False,
    )  # fmt: skip


@given(st.lists(answers, max_size=40))
def test_no_small_group_is_ever_shown(given_answers: list[Answer]) -> None:
    seen = together(given_answers, ROLES)
    assert all(view.count >= SMALLEST_GROUP for view in seen.roles)
    assert seen.hidden + sum(view.count for view in seen.roles) == seen.count
    assert seen.count + seen.unknown == len(given_answers)
    assert (seen.median is None) == (seen.count < SMALLEST_GROUP)
    if seen.gap:
        assert {seen.gap.low, seen.gap.high} <= set(seen.roles)


@given(st.lists(answers, max_size=40), stages)
def test_what_a_small_group_says_changes_nothing_shown_by_role(
    given_answers: list[Answer], other: int
) -> None:
    """Two agents may answer anything: neither the roles shown nor the gap tell it."""
    others = [answer for answer in given_answers if answer.role != Role.AGENT]
    one = together([*others, *said(Role.AGENT, 1, 1)], ROLES)
    another = together([*others, *said(Role.AGENT, other, 5)], ROLES)
    assert (one.roles, one.gap, one.hidden) == (another.roles, another.gap, another.hidden)


@given(st.lists(answers, max_size=40), st.randoms(use_true_random=False))
def test_the_order_of_answers_changes_nothing(given_answers: list[Answer], random: object) -> None:
    mixed = list(given_answers)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert together(mixed, ROLES) == together(given_answers, ROLES)


def test_a_gap_wants_two_roles_a_stage_apart() -> None:
    two, three = RoleView("a", 3, Decimal(2)), RoleView("b", 4, Decimal("2.5"))
    assert gap_between([two]) is None
    assert gap_between([two, three]) is None
    assert gap_between([]) is None


def test_half_a_stage_goes_down_and_half_an_ambition_goes_up() -> None:
    assert [stage_of(Decimal(value)) for value in ("2.5", "3")] == [2, 3]
    assert [ambition_of(Decimal(value)) for value in ("2.5", "3")] == [3, 3]
    assert (stage_of(None), ambition_of(None)) == (None, None)


def test_an_axis_is_the_mean_of_what_is_known() -> None:
    assert middle([2, None, 3, 3]) == Decimal("2.7")
    assert middle([None]) is None


def test_a_priority_is_gap_times_ease_and_says_so() -> None:
    found = priorities([
        Candidate("far", 1, 4, has_recipe=False, is_allowed=False, rank=0),
        Candidate("easy", 2, 4, has_recipe=True, is_allowed=True, rank=1),
        Candidate("reached", 4, 4, has_recipe=True, is_allowed=True, rank=2),
        Candidate("unknown", None, 4, has_recipe=True, is_allowed=True, rank=3),
        Candidate("without", 2, None, has_recipe=True, is_allowed=True, rank=4),
    ])  # fmt: skip
    assert [(each.lever, each.gap, each.ease, each.score) for each in found] == [
        ("easy", 2, 3, 6),
        ("far", 3, 1, 3),
    ]
    assert found[0].told == (
        "2 stades d’écart × facilité 3 (une recette existe, votre niveau peut agir sans condition de compétence) = 6"
    )
    assert found[1].told.startswith("3 stades d’écart × facilité 1 (pas de recette")


@given(candidates)
def test_priorities_come_in_order_and_only_below_the_ambition(given_candidates: list[Candidate]) -> None:
    found = priorities(given_candidates)
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    assert all(1 <= each.ease <= 3 and 1 <= each.gap <= 4 for each in found)
    below = [each for each in given_candidates if each.stage and each.ambition and each.ambition > each.stage]
    assert len(found) == len(below)
