"""The seventeen goals: how a thing carries several, the field that chooses them, the acts of each."""

from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from django.db.models import Value
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from essor.kernel import goals, lever
from essor.kernel.acts import COLUMNS, Act, Scope, acts, acts_by_goal
from essor.kernel.goals_form import GoalsField
from essor.kernel.models import Beat


@given(st.sets(st.integers(1, 17)))
def test_what_is_written_is_read(chosen: set[int]) -> None:
    text = goals.written(chosen)
    assert goals.read(text) == tuple(sorted(chosen))
    assert len(text) <= goals.LENGTH


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(ValueError):
        assert goals.written(goals.read(text)) == text


@pytest.mark.parametrize("text", ["8", "|11|8|", "|8|8|", "|0|", "|18|", "8,11", "||", "|8"])
def test_a_text_written_otherwise_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="ODD"):
        goals.read(text)


def test_counts_tell_each_goal_once_a_thing() -> None:
    counts = goals.count_by_goal(["|8|11|", "|8|", ""])
    assert {goal: count for goal, count in counts.items() if count} == {8: 2, 11: 1}
    assert list(counts) == list(range(1, 18))


def test_the_field_gives_the_carried_text_and_holds_its_number() -> None:
    field = GoalsField(most=2)
    assert field.clean(["11", "8"]) == "|8|11|"
    assert field.clean([]) == ""
    with pytest.raises(Exception, match="2 objectifs au plus : vous en avez 3"):
        field.clean(["1", "2", "3"])
    with pytest.raises(Exception, match="Sélectionnez un choix valide"):
        field.clean(["18"])
    assert field.prepare_value("|8|11|") == ["8", "11"]
    assert (field.has_changed("|8|", ["8"]), field.has_changed("|8|", ["9"]), field.has_changed("", [])) == (
        False,
        True,
        False,
    )


@pytest.fixture
def _shopping(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lever with one act, of authority 7, that serves two goals."""

    def made(scope: Scope) -> Any:
        values = dict.fromkeys(COLUMNS, "") | {"authority_id": 7, "day": date(2026, 3, 1), "odd": "|8|12|"}
        return Beat.objects.annotate(**{name: Value(value) for name, value in values.items()})

    monkeypatch.setattr(
        lever, "_levers", {**lever._levers, "essai": lever.Lever("essai", "Essai", acts=made)}
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("_shopping")
def test_the_acts_of_a_lever_stand_under_each_of_their_goals() -> None:
    now = timezone.now()
    Beat.objects.create(name="achat", slot=now)
    found = list(acts(Scope(authority_ids=frozenset({7}))))
    assert [act.goals for act in found] == [(8, 12)]
    assert {goal: len(each) for goal, each in acts_by_goal(found).items() if each} == {8: 1, 12: 1}
    assert list(acts(Scope(authority_ids=frozenset({8})))) == []


def test_an_act_that_carries_goals_otherwise_is_refused() -> None:
    values = dict.fromkeys(COLUMNS, "") | {"odd": "ODD 8"}
    with pytest.raises(ValueError, match="n’est pas une liste d’ODD"):
        Act(**values).goals  # type: ignore[arg-type]  # noqa: B018
