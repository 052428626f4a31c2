"""The kernel's own periodic work."""

from datetime import datetime, timedelta

from django.core.management import call_command
from django.db.models import Q
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from essor.kernel import files, jobs, outbox, retention
from essor.kernel.models import Job
from essor.kernel.periods import day_of
from essor.kernel.tick import every

KEPT_TASKS = timedelta(days=14)
KEPT_JOBS = timedelta(days=400)


@every("minute", "kernel.reap")
def reap(now: datetime) -> int:
    """Take up what a killed worker left."""
    return len(jobs.reap(now))


@every("minute", "kernel.outbox")
def send(now: datetime) -> outbox.Sending:
    """Send the e-mails that wait, when the worker has not done it."""
    return outbox.send_due(now)


@every("night", "kernel.retention")
def retain(now: datetime) -> str:
    """Erase or anonymise what is kept no longer."""
    return ", ".join(f"{name}: {count}" for name, count in retention.apply(day_of(now)) if count)


@every("night", "kernel.files")
def sweep(now: datetime) -> int:
    """Erase contents that no file points to."""
    return files.sweep(now)


@every("night", "kernel.history")
def forget(now: datetime) -> int:
    """Erase expired sessions, tasks over for 14 days, jobs over for 400."""
    call_command("clearsessions")
    over = Q(status=TaskResultStatus.SUCCESSFUL) | Q(status=TaskResultStatus.FAILED)
    tasks, _ = DBTaskResult.objects.filter(over, finished_at__lt=now - KEPT_TASKS).delete()
    old, _ = Job.objects.filter(finished_at__lt=now - KEPT_JOBS).delete()
    return tasks + old
