"""The worker: runs the queued tasks and sends the e-mails, in this process, until it is asked to end."""

import logging
import signal
import threading
import uuid
from types import FrameType

from django.db import close_old_connections, connection
from django.db.utils import DatabaseError
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from essor.kernel import follow, jobs, outbox
from essor.kernel.tick import beat, tick

logger = logging.getLogger("essor.worker")

WORKER = "worker"
LOOK_SECONDS = 0.5
BEAT_SECONDS = 15
CLOCK_SECONDS = 60


def work(*, forever: bool = True, clock: bool = False) -> None:
    """Run what is queued; then wait for more until SIGTERM or SIGINT, or return when `forever` is false.

    `clock`: do the periodic work too, every minute, which spares starting a process for it.
    A first signal lets the running job end at its next progress and go back to the queue; a second one ends
    at once.
    """
    if not forever:
        while _run_one():
            pass
        follow.once()
        outbox.send_due(timezone.now())
        return
    stop = jobs.worker_ends
    stop.clear()
    _listen(stop)
    for aside in (_beat_until, follow.until, *((_tick_until,) if clock else ())):
        threading.Thread(target=aside, args=(stop,), name=aside.__name__, daemon=True).start()
    while not stop.is_set():
        try:
            close_old_connections()
            if _run_one():
                continue
            outbox.send_due(timezone.now())
        except DatabaseError:
            logger.exception("database unavailable")
            stop.wait(5)
        stop.wait(LOOK_SECONDS)


def _run_one() -> bool:
    """Run one task with the worker of django-tasks; False when none is ready. It looks first: the library's
    own look takes the write lock of SQLite.
    """
    if not DBTaskResult.objects.ready().exists():
        return False
    worker = Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=1,
        worker_id=uuid.uuid4().hex,
        excluded_queue_names=[],
    )
    worker.run()
    return True


def _listen(stop: threading.Event) -> None:
    if threading.current_thread() is not threading.main_thread():
        return

    def end(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise SystemExit(1)
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)


def _tick_until(stop: threading.Event) -> None:
    """The periodic work, while a job may be running."""
    while not stop.wait(CLOCK_SECONDS):
        try:
            tick()
        except DatabaseError:
            logger.exception("database unavailable")
        finally:
            connection.close()


def _beat_until(stop: threading.Event) -> None:
    """Sign of life of the worker, apart from the job that it runs."""
    try:
        while True:
            try:
                beat(WORKER, timezone.now())
            except DatabaseError:
                connection.close()
            if stop.wait(BEAT_SECONDS):
                return
    finally:
        connection.close()
