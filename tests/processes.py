"""Other processes on the database of the running test: for what only real concurrency or a real kill shows."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

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
        "PYTHONPATH": os.pathsep.join([str(PROJECT), str(PROJECT / "src")]),
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
