"""What the worker does continually beside its jobs: keep what is derived from the database up to date within two
seconds (an index, files made in advance), even while a long job runs.
"""

import logging
import threading
from collections.abc import Callable

from django.db import close_old_connections, connection

logger = logging.getLogger("essor.worker")

SECONDS = 0.5
Follower = Callable[[], object]
_followers: list[Follower] = []


def follow(function: Follower) -> Follower:
    """Declare a follower: called twice a second, it looks cheaply whether it has something to do, and does it."""
    if function not in _followers:
        _followers.append(function)
    return function


def once() -> None:
    """Call each follower; one that fails stops no other and is called again."""
    for follower in _followers:
        try:
            follower()
        except Exception:
            logger.exception("follower failed", extra={"work": follower.__name__})


def until(stop: threading.Event) -> None:
    """Call them until the event, in a thread with its own connection."""
    try:
        while not stop.wait(SECONDS):
            close_old_connections()
            once()
    finally:
        connection.close()
