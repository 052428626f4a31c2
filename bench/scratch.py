"""An installation made for a bench, in a folder of its own: nothing of a real one is read."""

import os
from pathlib import Path


def prepare(folder: str) -> None:
    """Point this process at the folder, and make its database and its served files."""
    os.environ["ESSOR_DATA_DIR"] = folder
    os.environ["ESSOR_SECRET_KEY"] = "bench"
    os.environ["ESSOR_LOG_LEVEL"] = "ERROR"
    os.environ["DJANGO_SETTINGS_MODULE"] = "essor.config.settings"
    os.environ["ESSOR_HOSTS"] = "testserver"
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    if not (Path(folder) / "static").exists():
        call_command("collectstatic", verbosity=0, interactive=False)
