"""Other processes on the database of the running test: for what only real concurrency or a real kill shows."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from essor.kernel.locks import exclusive

PROJECT = Path(__file__).resolve().parent.parent


def environment() -> dict[str, str]:
    """The environment in which a process works on this test's database and data folder."""
    current = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{current['NAME']}"
    else:
        host = quote(str(current["HOST"]), safe="")
        url = (
            f"postgresql://{current['USER']}:{current['PASSWORD']}@{host}:{current['PORT']}/{current['NAME']}"
        )
    return {
        **os.environ,
        "DATABASE_URL": url,
        "ESSOR_DATA_DIR": str(settings.DATA_DIR),
        "ESSOR_SECRET_KEY": "tests-only",
        "DJANGO_SETTINGS_MODULE": "essor.config.settings",
        "PYTHONPATH": os.pathsep.join((str(PROJECT / "src"), str(PROJECT))),
    }


def python(code: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a Python process, Django ready, that runs `code` with the arguments in `sys.argv[1:]`."""
    return subprocess.Popen(
        [sys.executable, "-c", "import django; django.setup()\n" + code, *arguments],
        env=environment(),
        cwd=PROJECT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@contextmanager
def held_elsewhere(lock: str) -> Iterator[None]:
    """Another session holds the lock meanwhile: a session that holds one on PostgreSQL may take it again."""
    taken, over = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with exclusive(lock):
                taken.set()
                over.wait(30)
        finally:
            connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert taken.wait(10)
        yield
    finally:
        over.set()
        holder.join()
