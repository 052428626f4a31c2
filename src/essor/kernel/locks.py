"""One at a time, across processes: an advisory lock of PostgreSQL, a locked file beside SQLite."""

import fcntl
import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import DatabaseError, connection


class Busy(Exception):
    """Another process holds the lock."""


@contextmanager
def exclusive(name: str, wait: float = 0) -> Iterator[None]:
    """Hold the lock `name` for the block, or raise `Busy` after `wait` seconds. A killed process frees it."""
    if connection.vendor == "postgresql":
        number = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=7).digest(), "big")
        _take(name, lambda: _advisory_lock(number), wait)
        try:
            yield
        finally:
            _advisory_unlock(number)
        return
    path = Path(settings.DATA_DIR) / f"{name}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        _take(name, lambda: _file_lock(file), wait)
        yield


def _take(name: str, attempt: Callable[[], bool], wait: float) -> None:
    end = time.monotonic() + wait
    while not attempt():
        if time.monotonic() >= end:
            raise Busy(name)
        time.sleep(0.2)


def _advisory_lock(number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        return bool(cursor.fetchone()[0])


def _advisory_unlock(number: int) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [number])
    except DatabaseError:  # the block broke a transaction that still runs: the session's end frees the lock
        connection.close()


def _file_lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
