"""Is the installation alive? Facts for the health page and `essor doctor`."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from essor.kernel.tick import TICK, last_beat
from essor.kernel.worker import WORKER

WORKER_SILENCE = timedelta(minutes=2)
TICK_SILENCE = timedelta(minutes=10)
LOW_DISK = 500 * 1_048_576


def database_answers() -> bool:
    """Whether the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    except DatabaseError:
        return False


def pending_migrations() -> list[str]:
    """Migrations of this version that the database has not had, « room.0002_name »."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


_up_to_date: set[str] = set()


def still_pending() -> list[str]:
    """The same, looked up no more once this process has seen the database up to date: anyone may ask for the
    health page.
    """
    if connection.alias in _up_to_date:
        return []
    found = pending_migrations()
    if not found:
        _up_to_date.add(connection.alias)
    return found


def worker_alive(now: datetime) -> bool:
    """Whether the worker gave a sign of life in the last two minutes."""
    return _recent(WORKER, now, WORKER_SILENCE)


def clock_alive(now: datetime) -> bool:
    """Whether `essor tick` ran in the last ten minutes."""
    return _recent(TICK, now, TICK_SILENCE)


def _recent(name: str, now: datetime, silence: timedelta) -> bool:
    seen = last_beat(name)
    return seen is not None and now - seen <= silence


def free_disk() -> int:
    """Free bytes where the data are."""
    folder = Path(settings.DATA_DIR)
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free
