"""A load killed half-way leaves the previous figures: a real SIGKILL, inside the transaction."""

import signal
from datetime import date

import pytest

from essor.indicators.models import Observation
from essor.observatory import actions_official as actions
from essor.observatory.models import LoadState
from tests.observatory.tables import FLORES, REVISED, written
from tests.processes import python

LOAD = """
import sys, time
from essor.observatory import actions_official as actions
def told(step, done, total):
    if done == 1:
        print("half-way", flush=True)
        time.sleep(60)
actions.load(None, int(sys.argv[1]), told)
"""


@pytest.mark.django_db(transaction=True)
def test_a_kill_half_way_leaves_previous_figures(reference_territories, tmp_path):
    first = actions.give(None, written(tmp_path, FLORES), day=date(2023, 5, 1))
    actions.load(None, first.pk)
    before = list(Observation.objects.order_by("pk").values_list())
    row = actions.give(None, written(tmp_path, REVISED, "b.csv"), day=date(2024, 10, 9))
    process = python(LOAD, str(row.pk))
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "half-way\n"
        process.send_signal(signal.SIGKILL)
    finally:
        process.kill()
        process.communicate()
    row.refresh_from_db()
    assert row.state == LoadState.GIVEN
    assert list(Observation.objects.order_by("pk").values_list()) == before
    actions.load(None, row.pk)
    assert Observation.objects.filter(start=date(2021, 1, 1)).count() == 2
