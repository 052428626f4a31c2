"""`essor upgrade`: brings the database, the served files and the reference data to this version; doing it
twice changes nothing.

Rooms add their steps in their own `upgrade.py`, with `upgrade_step`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from essor.kernel.release import version

Say = Callable[[str], object]
Step = Callable[[], str | None]


@dataclass(frozen=True)
class UpgradeStep:
    """A step of a room: code « room.step », French label, what does it (it may give a sentence), the tables
    of reference that it fills.
    """

    code: str
    label: str | Promise
    run: Step
    fills: tuple[str, ...] = ()


_steps: dict[str, UpgradeStep] = {}


def upgrade_step(code: str, label: str | Promise, fills: tuple[str, ...] = ()) -> Callable[[Step], Step]:
    """Declare a step, run after the migrations in the order of the rooms. It must bear to run again at each
    upgrade.

    `fills` names the models (« territories.Commune ») that hold reference data only: they do not count as
    content when a backup is restored.
    """

    def declare(function: Step) -> Step:
        if code in _steps and _steps[code].run.__qualname__ != function.__qualname__:
            raise ImproperlyConfigured(f"upgrade: {code} is declared twice")
        _steps[code] = UpgradeStep(code, label, function, fills)
        return function

    return declare


def reference_models() -> frozenset[str]:
    """Models that upgrades fill by themselves."""
    return frozenset(label for step in _steps.values() for label in step.fills)


def upgrade(say: Say = lambda text: None) -> list[str]:
    """Bring the installation to this version, telling each step; gives the labels of the steps done. Errors
    of a step pass through: what is before it is done, and the upgrade can be started again.
    """
    done = []
    for label, run in _house_steps() + [(str(step.label), step.run) for step in _steps.values()]:
        told = run()
        say(f"{label} : {told}" if told else label)
        done.append(label)
    say(_("Essor est à la version %(version)s.") % {"version": version()})
    return done


def _house_steps() -> list[tuple[str, Step]]:
    return [
        (_("Dossier des données"), _data_folder),
        (_("Base de données"), _migrate),
        (_("Table du cache"), _cache_table),
        (_("Fichiers servis"), _static_files),
    ]


def _data_folder() -> str:
    """The data folder, closed to others."""
    folder = Path(settings.DATA_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    for inner in (settings.MEDIA_ROOT, settings.EDITIONS_DIR):
        Path(inner).mkdir(parents=True, exist_ok=True)
    return str(folder)


def _migrate() -> str:
    call_command("migrate", interactive=False, verbosity=0)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA optimize")
    return _("à jour")


def _cache_table() -> None:
    call_command("createcachetable", verbosity=0)


def _static_files() -> str:
    call_command("collectstatic", interactive=False, verbosity=0, clear=False)
    return str(settings.STATIC_ROOT)
