"""The tables of states: nothing is left without end, nothing leaves an end."""

import pytest

from essor.registry import transitions
from essor.registry.models import Claim, Correction, HidingRequest

TABLES = [
    (transitions.CLAIM, Claim, {"accepted", "refused", "withdrawn", "lapsed"}),
    (transitions.CORRECTION, Correction, {"refused", "withdrawn", "absorbed", "dropped"}),
    (transitions.HIDING, HidingRequest, {"refused", "lifted"}),
]


@pytest.mark.parametrize(("table", "model", "ends"), TABLES)
def test_a_table_and_its_model_know_the_same_states(table, model, ends) -> None:
    states = set(model.State.values)
    assert {each.start for each in table} | {each.end for each in table} == states
    assert states - {each.start for each in table} == ends
    assert len({(each.start, each.act) for each in table}) == len(table)


def test_an_act_is_found_from_its_states_only() -> None:
    assert transitions.acts(transitions.CLAIM, "waiting", "agent") == ("accept", "refuse")
    assert transitions.acts(transitions.CLAIM, "accepted", "agent") == ()
    assert transitions.step(transitions.CORRECTION, "refused", "accept") is None
