"""Sign of life and progress of a running job, written beside it.

The job's own thread never waits for the database to tell its progress: it may hold the one write lock of
SQLite, or be inside a long transaction whose writes nobody sees. A thread with its own connection writes at
most twice a second, in autocommit, and gives up at once when the database is locked: the next beat will do.
"""

import os
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from django.db import Error, connection
from django.utils import timezone

from essor.kernel.models import Job, JobState

WRITE_SECONDS = 0.5
LOOK_SECONDS = 1.0
BEAT_SECONDS = 5.0


def this_process() -> str:
    """Name of this process: machine, space of process numbers (containers share machine names), number."""
    with suppress(OSError):
        return f"{socket.gethostname()[:60]}/{Path('/proc/self/ns/pid').readlink()}/{os.getpid()}"
    return f"{socket.gethostname()[:60]}//{os.getpid()}"


def is_gone(process: str) -> bool:
    """True when the process, named by `this_process`, ran here and has ended; False when that cannot be
    known.
    """
    place, _, number = process.rpartition("/")
    if place != this_process().rpartition("/")[0] or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return _is_zombie(number)


def _is_zombie(number: str) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    return False


@dataclass(frozen=True)
class Progress:
    """Where a job stands: the step, how much of it is done, out of how much."""

    step: str = ""
    done: int = 0
    total: int | None = None
    since: datetime | None = None


class Pulse(threading.Thread):
    """Writes the sign of life and the progress of one run; listens for cancellation and for the loss of the
    job.
    """

    def __init__(self, job_id: int, token: str) -> None:
        super().__init__(name=f"pulse-{job_id}", daemon=True)
        self.job_id, self.token = job_id, token
        self.progress = Progress()
        self.cancel_asked = threading.Event()
        self.lost = threading.Event()
        self._over = threading.Event()
        self._written: Progress | None = None
        self._beat_at = self._looked_at = time.monotonic()

    def report(self, step: str, done: int, total: int | None) -> None:
        """Remember the progress; the thread writes it."""
        since = self.progress.since if step == self.progress.step else timezone.now()
        self.progress = replace(self.progress, step=step, done=done, total=total, since=since)

    def end(self) -> None:
        """Stop writing; returns when the thread has ended."""
        self._over.set()
        self.join()

    def run(self) -> None:
        """Beat until the end."""
        try:
            while not self._over.wait(WRITE_SECONDS):
                self._once()
        finally:
            connection.close()

    def _once(self) -> None:
        now = time.monotonic()
        changed = self.progress is not self._written
        try:
            if now - self._looked_at >= LOOK_SECONDS:
                self._looked_at = now
                self._look()
            if changed or now - self._beat_at >= BEAT_SECONDS:
                self._write()
                self._beat_at = now
        except Error:
            connection.close()

    def _connect(self) -> None:
        if connection.connection is not None:
            return
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA busy_timeout = 200")
            else:
                cursor.execute("SET lock_timeout = '500ms'")

    def _look(self) -> None:
        self._connect()
        row = Job.objects.filter(pk=self.job_id).values("state", "run_token", "cancel_asked").first()
        if row is None:  # created in a transaction that is still open: nothing to read yet
            return
        if row["run_token"] != self.token or row["state"] != JobState.RUNNING:
            self.lost.set()
        elif row["cancel_asked"]:
            self.cancel_asked.set()

    def _write(self) -> None:
        self._connect()
        progress = self.progress
        mine = Job.objects.filter(pk=self.job_id, run_token=self.token, state=JobState.RUNNING)
        mine.update(heartbeat_at=timezone.now(), **fields_of(progress))
        self._written = progress


def fields_of(progress: Progress) -> dict[str, object]:
    """The columns of a job that tell its progress."""
    return {
        "step": progress.step[:200],
        "done": progress.done,
        "total": progress.total,
        "step_started_at": progress.since,
    }
