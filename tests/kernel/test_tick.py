"""Periodic work: each run once a slot, whoever asks and however many."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from essor.kernel import tick
from essor.kernel.models import Beat
from tests import processes

NOW = datetime(2026, 3, 4, 12, 0, 30, tzinfo=UTC)  # a Wednesday


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the works of this test, as they run."""
    monkeypatch.setattr(tick, "_works", {})
    return []


def test_slots() -> None:
    assert tick.slot_of("minute", NOW) == NOW.replace(second=0)
    assert tick.slot_of("night", NOW) == datetime(2026, 3, 4, 1, 30, tzinfo=UTC)
    assert tick.slot_of("night", datetime(2026, 3, 4, 1, 29, tzinfo=UTC)) == datetime(
        2026, 3, 3, 1, 30, tzinfo=UTC
    )
    assert tick.slot_of("week", NOW) == datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
    assert tick.slot_of("week", datetime(2026, 3, 2, 1, 0, tzinfo=UTC)) == datetime(
        2026, 2, 23, 1, 30, tzinfo=UTC
    )
    # The night when the clock jumps from 2:00 to 3:00: still one slot.
    assert tick.slot_of("night", datetime(2026, 3, 29, 12, tzinfo=UTC)) == datetime(
        2026, 3, 29, 1, 30, tzinfo=UTC
    )


@pytest.mark.django_db
def test_each_work_runs_once_in_its_slot(ran: list[str]) -> None:
    for rhythm in ("minute", "night", "week"):
        tick.every(rhythm, f"tests.{rhythm}")(lambda now, rhythm=rhythm: ran.append(rhythm))
    assert tick.tick(NOW) == ["tests.minute", "tests.night", "tests.week"]
    assert tick.tick(NOW + timedelta(seconds=20)) == []
    assert tick.tick(NOW + timedelta(minutes=1)) == ["tests.minute"]
    assert tick.tick(NOW + timedelta(days=1)) == ["tests.minute", "tests.night"]
    assert tick.tick(NOW + timedelta(days=7)) == ["tests.minute", "tests.night", "tests.week"]
    assert ran == ["minute", "night", "week", "minute", "minute", "night", "minute", "night", "week"]
    assert tick.last_beat(tick.TICK) == NOW + timedelta(days=7)


@pytest.mark.django_db
def test_a_failure_is_tried_again_three_times_then_waits_for_the_next_slot(ran: list[str]) -> None:
    def fail(now: datetime) -> None:
        ran.append("fail")
        raise ValueError("camille@exemple.fr")

    tick.every("night", "tests.fail")(fail)
    for minute in range(6):
        tick.tick(NOW + timedelta(minutes=minute))
    assert len(ran) == tick.MAX_FAILURES
    assert Beat.objects.get(name="tests.fail").message == "ValueError"
    tick.tick(NOW + timedelta(days=1))
    assert len(ran) == tick.MAX_FAILURES + 1


@pytest.mark.django_db
def test_a_killed_run_is_tried_again_after_a_while(ran: list[str]) -> None:
    tick.every("night", "tests.night")(lambda now: ran.append("night"))
    slot = tick.slot_of("night", NOW)
    Beat.objects.create(name="tests.night", slot=slot, started_at=NOW, finished_at=None)
    assert tick.tick(NOW + timedelta(minutes=5)) == []
    assert tick.tick(NOW + tick.KILLED_AFTER["night"] + timedelta(seconds=1)) == ["tests.night"]
    assert tick.tick(NOW + tick.KILLED_AFTER["night"] + timedelta(minutes=1)) == []


@pytest.mark.django_db(transaction=True)
def test_ticks_at_the_same_moment_run_each_work_once() -> None:
    code = """
import sys
from datetime import datetime
from django.db import connection
from essor.kernel import tick
tick._works.clear()
tick.every("night", "tests.once")(lambda now: print("ran"))
connection.ensure_connection()
print("ready", flush=True)
sys.stdin.readline()
tick.tick(datetime.fromisoformat("2026-03-04T12:00:00+00:00"))
"""
    runs = [processes.python(code) for _ in range(2)]
    for run in runs:
        assert run.stdout
        assert run.stdout.readline() == "ready\n"
    connection.close()
    for run in runs:
        assert run.stdin
        run.stdin.write("go\n")
        run.stdin.flush()
    results = [run.communicate(timeout=30) for run in runs]
    assert [run.returncode for run in runs] == [0, 0], results
    assert "".join(out for out, _errors in results) == "ran\n"


def test_a_name_belongs_to_one_work(ran: list[str]) -> None:
    tick.every("night", "tests.twice")(datetime.isoformat)
    with pytest.raises(Exception, match="declared twice"):
        tick.every("night", "tests.twice")(datetime.timestamp)


def test_the_kernel_declares_its_own_works() -> None:
    from essor.kernel import nightly

    assert [work.name for work in tick.works() if work.run.__module__ == nightly.__name__] == [
        "kernel.reap",
        "kernel.outbox",
        "kernel.retention",
        "kernel.files",
        "kernel.history",
    ]


@pytest.mark.django_db
def test_the_kernels_works_run_on_an_empty_house() -> None:
    from essor.kernel import nightly  # noqa: F401

    tick.tick(NOW)
    assert set(Beat.objects.filter(name__startswith="kernel.").values_list("failures", flat=True)) == {0}
