"""The triggers that make the audit log append-only, on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "kernel_auditentry"
MESSAGE = "append-only: kernel_auditentry"

_SQLITE = {
    "kernel_auditentry_no_update": f"BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
    "kernel_auditentry_no_delete": f"BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
    # INSERT OR REPLACE deletes without firing the trigger above.
    "kernel_auditentry_no_replace": (
        f"BEFORE INSERT ON {TABLE} WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id)"
        f" BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    ),
}
_POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION kernel_auditentry_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation'; END $$
"""
_POSTGRES = {
    "kernel_auditentry_no_change": f"BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW",
    "kernel_auditentry_no_truncate": f"BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT",
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place, whether or not they are already there."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, body in _SQLITE.items():
                cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {body}")
        else:
            cursor.execute(_POSTGRES_FUNCTION)
            for name, body in _POSTGRES.items():
                cursor.execute(
                    f"CREATE OR REPLACE TRIGGER {name} {body} EXECUTE FUNCTION kernel_auditentry_refuse()"
                )


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away; only `unlocked` and a migration backwards do it."""
    with connection.cursor() as cursor:
        for name in _SQLITE if connection.vendor == "sqlite" else _POSTGRES:
            on_table = "" if connection.vendor == "sqlite" else f" ON {TABLE}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")


def missing(connection: BaseDatabaseWrapper) -> set[str]:
    """Names of the triggers that are not in place or are switched off; empty when the log is protected."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
            expected = set(_SQLITE)
        else:
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(%s) AND tgenabled IN ('O', 'A')",
                [TABLE],
            )
            expected = set(_POSTGRES)
        return expected - {name for (name,) in cursor.fetchall()}


@contextmanager
def unlocked(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """For tests that empty the tables after themselves; nothing in the application calls it."""
    connection = connections[using]
    remove(connection)
    try:
        yield
    finally:
        install(connection)
