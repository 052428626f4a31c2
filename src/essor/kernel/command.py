"""What the command line of every room shares: Django made ready, messages on stderr, JSON on stdout, exit codes."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

FAILURE = 1  # the work could not be done; 2 is kept for a wrong call, as usual

messages = Console(stderr=True, highlight=False, soft_wrap=True)


def django_ready() -> None:
    """Set Django up once; commands that only read rules or files never pay for it."""
    import django
    from django.apps import apps

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "essor.config.settings")
    if not apps.ready:
        django.setup()


def say(text: str) -> None:
    """A message for the person, on stderr."""
    messages.print(text, markup=False)


def answer(data: Any) -> None:
    """The result, as JSON on stdout."""
    json.dump(data, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")


def fail(text: str) -> NoReturn:
    """Say what happened and what to do, and end with the exit code of a failure."""
    messages.print(text, style="red", markup=False)
    raise SystemExit(FAILURE)


@contextmanager
def progress_bar() -> Iterator[Any]:
    """A bar a step, on stderr: call what it gives with (label, done, total); an unknown total is None.

    A step is over when the next one begins, or at the end of the block.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=messages) as bars:
        tasks: dict[str, Any] = {}

        def close_last() -> None:
            if tasks:
                bars.update(list(tasks.values())[-1], total=1, completed=1)

        def show(label: str, done: int, total: int | None) -> None:
            if label not in tasks:
                close_last()
                tasks[label] = bars.add_task(label, total=total)
            bars.update(tasks[label], completed=done, total=total)

        yield show
        close_last()
