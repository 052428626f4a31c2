"""Django's declaration of the kernel."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import AppConfig, apps
from django.db import connections
from django.db.models.signals import post_migrate

# Files of a room that declare something to the kernel when they are read: codes of the audit log, kinds of
# jobs, periodic work, purposes of files, personal data, steps of an upgrade.
DECLARING = ("actions", "jobs", "nightly", "files", "retention", "upgrade", "versions", "responses")


class KernelConfig(AppConfig):
    """The ground floor."""

    name = "essor.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Read what each room declares, collect the rooms' faces, keep the audit log locked after every
        migration.
        """
        from essor.kernel.lever import collect_levers

        post_migrate.connect(lock_audit_log, sender=self, dispatch_uid="kernel.lock_audit_log")
        collect_levers()
        for room in apps.get_app_configs():
            if room.name.startswith("essor."):
                _read_declarations(room.name)
        _read_declarations("essor.kernel.questions")


def _read_declarations(package: str) -> None:
    for name in DECLARING:
        module = f"{package}.{name}"
        if find_spec(module) is not None:
            import_module(module)


def lock_audit_log(using: str, **_: Any) -> None:
    """Put the triggers back: SQLite drops them with the table when a migration rebuilds it."""
    from essor.kernel import triggers
    from essor.kernel.models import AuditEntry

    connection = connections[using]
    if AuditEntry._meta.db_table in connection.introspection.table_names():
        triggers.install(connection)
