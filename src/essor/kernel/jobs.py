"""Work in the background: a `Job` row adds to django-tasks progress, sign of life, resumption, result and
cancellation.

A room declares what it does with `@job_kind("room.work", "Libellé")` in its `jobs.py`, starts it with
`start`; the worker runs it. A run that is killed is taken up by `reap`, from the last checkpoint; an error of
the work itself is not tried again by itself.
"""

import errno
import json
import logging
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from essor.kernel import audit, surround
from essor.kernel.models import Job, JobState
from essor.kernel.pulse import Pulse, fields_of, is_gone, this_process

logger = logging.getLogger("essor.jobs")

SILENCE = timedelta(seconds=90)  # a run that gave no sign of life for so long is dead
MAX_ATTEMPTS = 3
MAX_ERROR = 4000

# What happens to a job: action → (from, to).
TRANSITIONS: dict[str, tuple[JobState, JobState]] = {
    "claim": (JobState.QUEUED, JobState.RUNNING),
    "cancel": (JobState.QUEUED, JobState.CANCELLED),
    "finish": (JobState.RUNNING, JobState.DONE),
    "fail": (JobState.RUNNING, JobState.FAILED),
    "stop": (JobState.RUNNING, JobState.CANCELLED),
    "give_back": (JobState.RUNNING, JobState.QUEUED),
}

audit.register("kernel.job_cancelled", gettext_lazy("{actor} a demandé l’arrêt du travail « {label} »"))
audit.register("kernel.job_retried", gettext_lazy("{actor} a relancé le travail « {label} »"))


class JobError(Exception):
    """The work cannot be done; the message, in French, says what happened, where, and what to do."""


class _Interrupted(BaseException):
    """Raised inside a work, at its next progress, to end it."""

    def __init__(self, action: str) -> None:
        super().__init__(action)
        self.action = action


@dataclass(frozen=True)
class Kind:
    """A kind of work: code, French label, what does it, its steps in order when they are known."""

    code: str
    label: str | Promise
    run: "Callable[[JobContext], Mapping[str, Any] | None]"
    steps: tuple[str, ...] = ()


ProgressListener = Callable[[str, int, int | None], object]

_kinds: dict[str, Kind] = {}
# Set when the worker is asked to end: works stop at their next progress and wait for the next worker.
worker_ends = threading.Event()


def job_kind(
    code: str, label: str | Promise, steps: Sequence[str] = ()
) -> Callable[
    ["Callable[[JobContext], Mapping[str, Any] | None]"], "Callable[[JobContext], Mapping[str, Any] | None]"
]:
    """Declare what does a kind of work: a function of the context that gives the result, small and without
    personal data.
    """

    def declare(function: Any) -> Any:
        if code in _kinds and _kinds[code].run.__qualname__ != function.__qualname__:
            raise ImproperlyConfigured(f"jobs: {code} is declared twice")
        _kinds[code] = Kind(code, label, function, tuple(steps))
        return function

    return declare


def kind_of(job: Job) -> Kind | None:
    """The kind of a job, None when no installed room knows it any more."""
    return _kinds.get(job.kind)


def label_of(job: Job) -> str:
    """French label of the work."""
    kind = kind_of(job)
    return str(kind.label) if kind else job.kind


class JobContext:
    """What a work may use: its parameters, the last checkpoint of an interrupted run, ways to tell progress
    and to save.
    """

    def __init__(self, job: Job, pulse: Pulse, on_progress: ProgressListener | None = None) -> None:
        self.job = job
        self.params: dict[str, Any] = dict(job.params)
        self.saved: dict[str, Any] = dict(job.checkpoint)
        self._pulse, self._on_progress = pulse, on_progress

    def progress(self, step: str, done: int = 0, total: int | None = None) -> None:
        """Tell where the work stands: cheap, call it often. Ends the work here when someone cancelled it."""
        self._pulse.report(str(step), done, total)
        if self._on_progress:
            self._on_progress(str(step), done, total)
        if self._pulse.lost.is_set():
            raise _Interrupted("lost")
        if self._pulse.cancel_asked.is_set():
            raise _Interrupted("stop")
        if worker_ends.is_set():
            raise _Interrupted("give_back")

    def checkpoint(self, data: Mapping[str, Any]) -> None:
        """Save what a next run needs to go on from here; inside a transaction it is saved with it."""
        self.saved = _plain(data)
        Job.objects.filter(pk=self.job.pk, run_token=self._pulse.token).update(checkpoint=self.saved)


def start(
    code: str,
    params: Mapping[str, Any] | None = None,
    *,
    actor_id: int | None = None,
    authority_id: int | None = None,
    retry_of: Job | None = None,
) -> Job:
    """Queue a work; it starts once the transaction is committed. `params` are small JSON without personal
    data.
    """
    if code not in _kinds:
        raise LookupError(f"jobs: {code} is not declared")
    with transaction.atomic():
        job = Job.objects.create(
            kind=code,
            params=_plain(params or {}),
            actor_id=actor_id,
            authority_id=authority_id,
            retry_of=retry_of,
            checkpoint=retry_of.checkpoint if retry_of else {},
            created_at=timezone.now(),
        )
        _enqueue(job)
    return job


def run_now(job: Job, on_progress: ProgressListener | None = None) -> Job:
    """Run a queued job in this process, for the command line; gives it as it ended. Ctrl+C cancels it."""
    execute(job.pk, on_progress)
    job.refresh_from_db()
    return job


def cancel(job: Job, *, actor_id: int) -> bool:
    """Ask a work to end: at once when it waits, at its next progress when it runs. False when it is over."""
    with transaction.atomic():
        asked = _move(job.pk, "cancel", finished_at=timezone.now()) or bool(
            Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(cancel_asked=True)
        )
        if asked:
            data = {"label": label_of(job)}
            audit.record(
                "kernel.job_cancelled",
                actor_id=actor_id,
                subject=job,
                authority_id=job.authority_id,
                data=data,
            )
    return asked


def retry(job: Job, *, actor_id: int) -> Job:
    """Start again a work that failed or was cancelled, from its last checkpoint; ValueError when it did
    neither.
    """
    if job.state not in {JobState.FAILED, JobState.CANCELLED}:
        raise ValueError(_("Ce travail n’a pas échoué : il n’y a rien à relancer."))
    with transaction.atomic():
        again = start(job.kind, job.params, actor_id=actor_id, authority_id=job.authority_id, retry_of=job)
        data = {"label": label_of(job)}
        audit.record(
            "kernel.job_retried", actor_id=actor_id, subject=job, authority_id=job.authority_id, data=data
        )
    return again


@task()
def run_job(job_id: int) -> None:
    """What the worker of django-tasks runs."""
    execute(job_id)


def execute(job_id: int, on_progress: ProgressListener | None = None) -> None:
    """Run a queued job in this process; nothing happens when another run took it."""
    now, token = timezone.now(), uuid.uuid4().hex
    taken = _move(
        job_id,
        "claim",
        run_token=token,
        worker=this_process(),
        started_at=now,
        heartbeat_at=now,
        finished_at=None,
        error="",
        attempts=F("attempts") + 1,
    )
    if not taken:
        return
    job = Job.objects.get(pk=job_id)
    pulse = Pulse(job_id, token)
    context = JobContext(job, pulse, on_progress)
    pulse.start()
    action = "fail"
    outcome: dict[str, Any] = {}
    reraise: BaseException | None = None
    try:
        action, outcome = _work(context)
    except KeyboardInterrupt as error:
        action, reraise = "stop", error
    except SystemExit as error:
        action, reraise = "give_back", error
    finally:
        pulse.end()
    _conclude(job, token, action, {**fields_of(pulse.progress), **outcome})
    if reraise:
        raise reraise


def _work(context: JobContext) -> tuple[str, dict[str, Any]]:
    """Do the work; gives what happened to the job and the columns to write."""
    kind = kind_of(context.job)
    try:
        if kind is None:
            raise JobError(
                _("Ce genre de travail (« %(kind)s ») n’existe plus dans cette version.")
                % {"kind": context.job.kind}
            )
        with surround.work():
            return "finish", {"result": _plain(kind.run(context) or {})}
    except _Interrupted as ended:
        return ended.action, {}
    except Exception as error:
        if not isinstance(error, JobError | ValidationError):
            logger.exception("job failed", extra={"job": context.job.pk, "kind": context.job.kind})
        return "fail", {"error": _message(error)}


def _message(error: Exception) -> str:
    """What the person reads of an error."""
    if isinstance(error, ValidationError):
        text = " ".join(error.messages)
    elif isinstance(error, JobError):
        text = str(error)
    elif isinstance(error, OSError) and error.errno == errno.ENOSPC:
        text = _("Le disque du serveur est plein : libérez de la place, puis relancez le travail.")
    else:
        text = _(
            "Une erreur inattendue (%(name)s) a interrompu le travail. Rien n’a été mis en service à moitié. "
            "Relancez-le ; si l’erreur revient, transmettez ce message à la personne qui administre l’installation."
        ) % {"name": type(error).__name__}
    return text.replace("\x00", "")[:MAX_ERROR]


def _conclude(job: Job, token: str, action: str, columns: dict[str, Any]) -> None:
    if action == "lost":
        logger.warning("job taken over", extra={"job": job.pk, "kind": job.kind})
        return
    if action == "give_back":
        with transaction.atomic():
            if _move(job.pk, action, token=token, attempts=F("attempts") - 1, **columns):
                _enqueue(job)
        return
    _move(job.pk, action, token=token, finished_at=timezone.now(), **columns)


def reap(now: datetime) -> list[int]:
    """Take up the jobs that a killed worker left: queue them again, or fail them after `MAX_ATTEMPTS` runs.
    Gives their ids.
    """
    taken = [
        job.pk for job in Job.objects.filter(state=JobState.RUNNING) if _is_dead(job, now) and _take_up(job)
    ]
    taken += [
        job.pk
        for job in Job.objects.filter(state=JobState.QUEUED, created_at__lt=now - SILENCE)
        if _requeue_lost(job)
    ]
    return taken


def _is_dead(job: Job, now: datetime) -> bool:
    return job.heartbeat_at is None or job.heartbeat_at < now - SILENCE or is_gone(job.worker)


def _take_up(job: Job) -> bool:
    over = {"finished_at": timezone.now()}
    with transaction.atomic():
        _task_of(job, TaskResultStatus.RUNNING).update(status=TaskResultStatus.FAILED, **over)
        if job.cancel_asked:
            return _move(job.pk, "stop", token=job.run_token, **over)
        if job.attempts >= MAX_ATTEMPTS:
            error = _(
                "Le travail a été interrompu %(count)s fois par l’arrêt du serveur, et n’est plus relancé de lui-même. "
                "Vérifiez la mémoire et le disque du serveur, puis relancez-le."
            ) % {"count": job.attempts}
            return _move(job.pk, "fail", token=job.run_token, error=error, **over)
        if not _move(job.pk, "give_back", token=job.run_token):
            return False
        _enqueue(job)
    logger.warning("job taken up", extra={"job": job.pk, "kind": job.kind, "attempts": job.attempts})
    return True


def _requeue_lost(job: Job) -> bool:
    """Queue again a job whose task was taken by a worker that died before starting it."""
    waiting = _task_of(job, TaskResultStatus.READY)
    with transaction.atomic():
        locked = (
            Job.objects.select_for_update()
            .filter(pk=job.pk, state=JobState.QUEUED, task_id=job.task_id)
            .first()
        )
        if locked is None or waiting.exists():
            return False
        _enqueue(locked)
    return True


def _task_of(job: Job, status: TaskResultStatus) -> "QuerySet[Any]":
    """The task of django-tasks that carries the job, if it is in this state."""
    found = DBTaskResult.objects.filter(id=job.task_id) if job.task_id else DBTaskResult.objects.none()
    return found.filter(status=status)


def _enqueue(job: Job) -> None:
    result = run_job.enqueue(job.pk)
    Job.objects.filter(pk=job.pk).update(task_id=result.id)
    job.task_id = result.id


def _move(job_id: int, action: str, token: str | None = None, **columns: Any) -> bool:
    """Make the transition if the job is in the state it starts from, and still in this run; whether it was
    made.
    """
    before, after = TRANSITIONS[action]
    rows = Job.objects.filter(pk=job_id, state=before)
    if token is not None:
        rows = rows.filter(run_token=token)
    return bool(rows.update(state=after, **columns))


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data as JSON holds them; dates and decimals become text."""
    plain: dict[str, Any] = json.loads(json.dumps(dict(data), default=str))
    return plain
