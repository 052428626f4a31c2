"""Background work: progress, cancellation, errors, and what a killed worker leaves."""

import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from essor.kernel import audit, jobs, pulse, tick, worker
from essor.kernel.models import Beat, Job, JobState
from tests import processes
from tests.kernel import job_kinds  # noqa: F401

WORKER = """
import tests.kernel.job_kinds
from essor.kernel import worker
worker.CLOCK_SECONDS = 0.2
worker.work(clock=True)
"""


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "too long"
        time.sleep(0.05)


@pytest.mark.django_db
def test_a_job_runs_and_keeps_its_result() -> None:
    seen: list[tuple[str, int, int | None]] = []
    job = jobs.start("tests.count", {"to": 3}, actor_id=5, authority_id=2)
    assert (job.state, job.actor_id, job.authority_id) == ("queued", 5, 2)
    job = jobs.run_now(job, on_progress=lambda *progress: seen.append(progress))
    assert (job.state, job.result, job.step, job.done, job.total) == (
        "done",
        {"counted": 3, "from": 0},
        "Compter",
        2,
        3,
    )
    assert seen == [("Préparer", 0, None), ("Compter", 0, 3), ("Compter", 1, 3), ("Compter", 2, 3)]
    assert job.finished_at is not None


@pytest.mark.django_db(transaction=True)
def test_the_worker_runs_what_is_queued() -> None:
    first, second = jobs.start("tests.count", {"to": 1}), jobs.start("tests.crash")
    worker.work(forever=False)
    assert list(Job.objects.order_by("pk").values_list("pk", "state")) == [
        (first.pk, "done"),
        (second.pk, "failed"),
    ]
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {"SUCCESSFUL"}


@pytest.mark.django_db
def test_a_refusal_is_told_as_it_is_and_a_crash_without_its_text() -> None:
    assert (
        jobs.run_now(jobs.start("tests.refuse")).error == "Colonne « siren » absente, ligne 1 : ajoutez-la."
    )
    crashed = jobs.run_now(jobs.start("tests.crash"))
    assert crashed.state == "failed"
    assert crashed.error.startswith("Une erreur inattendue (RuntimeError) a interrompu le travail.")
    assert "camille" not in crashed.error


@pytest.mark.django_db
def test_an_unknown_kind_is_refused_at_the_start_and_told_when_it_is_gone() -> None:
    with pytest.raises(LookupError):
        jobs.start("tests.unknown")
    gone = Job.objects.create(kind="tests.gone", created_at=timezone.now())
    assert "n’existe plus" in jobs.run_now(gone).error


@pytest.mark.django_db
def test_nothing_starts_when_the_transaction_is_given_up() -> None:
    with transaction.atomic():
        jobs.start("tests.count", {"to": 1})
        transaction.set_rollback(True)
    assert (Job.objects.count(), DBTaskResult.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_a_queued_job_is_cancelled_at_once_and_never_runs() -> None:
    job = jobs.start("tests.count", {"to": 1}, actor_id=5)
    assert jobs.cancel(job, actor_id=5)
    assert jobs.run_now(job).state == "cancelled"
    assert not jobs.cancel(job, actor_id=5)
    assert [line.sentence for line in audit.entries_for(job)] == [
        "Une personne dont le compte n’existe plus a demandé l’arrêt du travail « Compter »"
    ]


@pytest.mark.django_db
def test_a_failed_job_is_retried_from_its_checkpoint() -> None:
    job = jobs.start("tests.count", {"to": 4})
    with pytest.raises(ValueError, match="n’a pas échoué"):
        jobs.retry(job, actor_id=1)
    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED, checkpoint={"counted": 3})
    job.refresh_from_db()
    again = jobs.run_now(jobs.retry(job, actor_id=1))
    assert (again.retry_of, again.result) == (job, {"counted": 4, "from": 3})


@pytest.mark.django_db(transaction=True)
def test_a_running_job_tells_its_progress_and_ends_when_asked(tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    job = jobs.start("tests.count", {"to": 10, "stuck_at": 4, "flag": str(flag)})
    process = processes.python(WORKER)
    try:
        wait_until(flag.exists)
        wait_until(lambda: Job.objects.get(pk=job.pk).done == 4)
        assert (lambda row: (row.state, row.step, row.total))(Job.objects.get(pk=job.pk)) == (
            "running",
            "Compter",
            10,
        )
        assert jobs.cancel(job, actor_id=1)
        wait_until(lambda: Job.objects.get(pk=job.pk).state == "cancelled")
    finally:
        process.send_signal(signal.SIGTERM)
        _out, errors = process.communicate(timeout=20)
    assert process.returncode == 0, errors


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_a_job_that_goes_on_from_its_checkpoint(tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    job = jobs.start("tests.count", {"to": 6, "stuck_at": 4, "flag": str(flag)})
    process = processes.python(WORKER)
    wait_until(flag.exists)
    process.kill()
    process.communicate(timeout=20)
    assert Job.objects.get(pk=job.pk).state == "running"
    assert DBTaskResult.objects.get().status == "RUNNING"
    assert jobs.reap(timezone.now()) == [job.pk]
    assert jobs.reap(timezone.now()) == []
    worker.work(forever=False)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.result) == ("done", 2, {"counted": 6, "from": 5})
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["FAILED", "SUCCESSFUL"]


@pytest.mark.django_db(transaction=True)
def test_a_worker_asked_to_end_gives_its_job_back(tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    job = jobs.start("tests.count", {"to": 6, "stuck_at": 2, "flag": str(flag)})
    process = processes.python(WORKER)
    wait_until(flag.exists)
    wait_until(lambda: Beat.objects.filter(name__in=[worker.WORKER, tick.TICK]).count() == 2)
    process.send_signal(signal.SIGTERM)
    _out, errors = process.communicate(timeout=20)
    assert process.returncode == 0, errors
    job.refresh_from_db()
    assert (job.state, job.attempts, job.checkpoint) == ("queued", 0, {"counted": 3})
    Job.objects.filter(pk=job.pk).update(params={"to": 6})
    worker.work(forever=False)
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"counted": 6, "from": 3})


@pytest.mark.django_db(transaction=True)
def test_progress_never_waits_for_the_lock_that_the_job_holds() -> None:
    begin = time.monotonic()
    job = jobs.run_now(jobs.start("tests.lock"))
    assert (job.state, job.done, job.checkpoint) == ("done", 7, {"locked": True})
    assert time.monotonic() - begin < 4


def left_behind(**columns: object) -> Job:
    """A job that a worker of another machine left `silence` ago."""
    job = jobs.start("tests.count", {"to": 2})
    Job.objects.filter(pk=job.pk).update(
        **{"state": "running", "run_token": "t", "worker": "elsewhere/pid:[1]/1", "attempts": 1, **columns}
    )
    job.refresh_from_db()
    return job


@pytest.mark.django_db
def test_a_run_elsewhere_is_taken_up_only_after_its_silence() -> None:
    now = timezone.now()
    job = left_behind(heartbeat_at=now)
    assert jobs.reap(now + jobs.SILENCE) == []
    assert jobs.reap(now + jobs.SILENCE + timedelta(seconds=1)) == [job.pk]
    assert Job.objects.get(pk=job.pk).state == "queued"


@pytest.mark.django_db
def test_the_reaper_does_not_try_for_ever_nor_revive_what_was_cancelled() -> None:
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    tried = left_behind(heartbeat_at=long_ago, attempts=jobs.MAX_ATTEMPTS)
    unwanted = left_behind(heartbeat_at=long_ago, cancel_asked=True)
    assert jobs.reap(timezone.now()) == [tried.pk, unwanted.pk]
    tried.refresh_from_db()
    unwanted.refresh_from_db()
    assert (tried.state, unwanted.state) == ("failed", "cancelled")
    assert "interrompu 3 fois" in tried.error


@pytest.mark.django_db
def test_a_job_whose_task_was_lost_before_it_began_is_queued_again() -> None:
    job = jobs.start("tests.count", {"to": 2})
    now = timezone.now() + jobs.SILENCE * 2
    assert jobs.reap(now) == []
    DBTaskResult.objects.filter(id=job.task_id).update(status="RUNNING")
    assert jobs.reap(now) == [job.pk]
    assert DBTaskResult.objects.filter(status="READY").count() == 1


@pytest.mark.django_db
def test_a_run_that_lost_its_job_writes_nothing_more() -> None:
    job = jobs.start("tests.count", {"to": 2})
    Job.objects.filter(pk=job.pk).update(state="running", run_token="other", checkpoint={"counted": 1})
    jobs._conclude(job, "mine", "finish", {"result": {"counted": 9}})
    job.refresh_from_db()
    assert (job.state, job.result) == ("running", {})


def test_a_process_is_known_to_be_gone_only_here() -> None:
    here = pulse.this_process()
    assert not pulse.is_gone(here)
    assert pulse.is_gone(f"{here.rpartition('/')[0]}/999999999")
    assert not pulse.is_gone("elsewhere/pid:[1]/999999999")
    assert not pulse.is_gone("")


def test_transitions_name_known_states_and_end_states_lead_nowhere() -> None:
    over = {JobState.DONE, JobState.FAILED, JobState.CANCELLED}
    assert all(before not in over for before, _after in jobs.TRANSITIONS.values())
    assert {after for _before, after in jobs.TRANSITIONS.values()} == set(JobState)
