"""Where an edition waits before it is put in force: a file attached to SQLite, a schema of PostgreSQL."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from essor.registry.loading.tables import ALL, StagedTable

SCHEMA = "essor_staging"
SQLITE_TYPES = {
    "key": "INTEGER PRIMARY KEY",
    "text": "TEXT",
    "int": "INTEGER",
    "real": "REAL",
    "bool": "INTEGER",
    "day": "TEXT",
    "json": "TEXT",
}
POSTGRES_TYPES = {
    "key": "bigint PRIMARY KEY",
    "text": "text",
    "int": "bigint",
    "real": "double precision",
    "bool": "boolean",
    "day": "date",
    "json": "jsonb",
}

Row = tuple[Any, ...]
Source = Callable[[], Iterable[Row]]


def _create(table: StagedTable, prefix: str, types: dict[str, str], option: str = "") -> str:
    columns = ", ".join(f"{name} {types[kind]}" for name, kind in table.columns.items())
    return f"CREATE {option} TABLE {prefix}{table.name} ({columns})"


def _numbered(rows: Iterable[Row]) -> Iterator[Row]:
    number = count(1)
    return ((next(number), *row) for row in rows)


@contextmanager
def staged(sources: dict[StagedTable, Source]) -> Iterator[str]:
    """Stage the rows of each table, give the prefix by which SQL reaches them, and drop all at the end.

    One load runs at a time (a lock), so the place has a fixed name and what a killed load left is replaced.
    """
    if connection.vendor == "sqlite":
        with _staged_in_file(sources) as prefix:
            yield prefix
    else:
        with _staged_in_schema(sources) as prefix:
            yield prefix


def analyse(tables: Sequence[str]) -> None:
    """Have the database look at these tables before it plans: stale figures once made a join of 20 000 rows by
    20 000 out of a read by key. SQLite samples a thousand rows of each index.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA analysis_limit = 1000")
        for table in tables:
            cursor.execute(f"ANALYZE {table}")


@contextmanager
def _staged_in_file(sources: dict[StagedTable, Source]) -> Iterator[str]:
    path = Path(settings.DATA_DIR) / "staging.sqlite3"
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove(path)
    with sqlite3.connect(path) as file:  # never synced nor journaled: it is thrown away after a crash
        file.execute("PRAGMA journal_mode=OFF")
        file.execute("PRAGMA synchronous=OFF")
        for table in ALL:
            file.execute(_create(table, "", SQLITE_TYPES))
            if source := sources.get(table):
                marks = ", ".join("?" for _ in range(len(table.filled) + 1))
                names = ", ".join(("n", *table.filled))
                file.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", _numbered(source()))
            for column in table.indexes:
                file.execute(f"CREATE INDEX {table.name}_{column} ON {table.name} ({column})")
    file.close()
    with connection.cursor() as cursor:
        cursor.execute("ATTACH DATABASE %s AS staging", [str(path)])
    try:
        yield "staging."
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DETACH DATABASE staging")
        _remove(path)


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


@contextmanager
def _staged_in_schema(sources: dict[StagedTable, Source]) -> Iterator[str]:
    prefix = f"{SCHEMA}."
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        cursor.execute(f"CREATE SCHEMA {SCHEMA}")
        for table in ALL:
            cursor.execute(_create(table, prefix, POSTGRES_TYPES, "UNLOGGED"))
            if source := sources.get(table):
                names = ", ".join(("n", *table.filled))
                with cursor.copy(f"COPY {prefix}{table.name} ({names}) FROM STDIN") as copy:  # type: ignore[attr-defined]
                    for row in _numbered(source()):
                        copy.write_row(row)
            for column in table.indexes:
                cursor.execute(f"CREATE INDEX ON {prefix}{table.name} ({column})")
            cursor.execute(f"ANALYZE {prefix}{table.name}")
    try:
        yield prefix
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
