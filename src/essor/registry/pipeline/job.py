"""What one build carries from step to step: the DuckDB connection, the folders, the counts, the rows set aside."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from essor.formats.problems import Rejection
from essor.formats.tables import explain
from essor.registry.perimeter import Perimeter
from essor.registry.pipeline.edition import REJECTED

# DuckDB spills to the work folder beyond this; the process itself takes some 200 MB more.
MEMORY_LIMIT = "700MB"
MAX_THREADS = 4


@dataclass(frozen=True)
class Progress:
    """Where a build stands: `done` steps out of `total`, and the one that begins."""

    step: str
    label: str
    done: int
    total: int


@dataclass
class Job:
    """One build. `careful`: a former pass found a SIREN twice in the stock, so every row of a SIREN is compared."""

    connection: duckdb.DuckDBPyConnection
    work: Path
    room: Path
    perimeter: Perimeter
    on: date
    refuse: bool
    careful: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    rejections: list[Rejection] = field(default_factory=list)

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Run a statement."""
        self.connection.execute(sql, list(parameters))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query, which are few."""
        return self.connection.execute(sql).fetchall()

    def number(self, sql: str) -> int:
        """The only number of a query (0 for NULL)."""
        return int(self.rows(sql)[0][0] or 0)

    def reject(self, rejection: Rejection) -> None:
        """Set a row aside, or refuse the file when the caller asked so."""
        if self.refuse:
            raise rejection.as_problem()
        self.rejections.append(rejection)

    def reject_all(self, select: str) -> int:
        """Set aside the rows of a query that gives the columns of `REJECTED`, in order. Gives their number."""
        before = self.number("SELECT count(*) FROM rejected")
        self.run(f"INSERT INTO rejected {select}")
        added = self.number("SELECT count(*) FROM rejected") - before
        if added and self.refuse:
            file, line, siren, siret, column, value, reason, remedy = self.rows(
                f"SELECT * FROM ({select}) ORDER BY ALL LIMIT 1"
            )[0]
            raise Rejection(file, reason, remedy, line, siren, siret, column, value).as_problem()
        return added

    def table(self, name: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]]) -> None:
        """Make a table of Python rows (texts, numbers, dates, None)."""
        typed = ", ".join(f'"{column}" {kind}' for column, kind in columns)
        self.run(f"CREATE OR REPLACE TABLE {name} ({typed})")
        if not rows:
            return
        arrays = {
            column: np.array([_text(row[rank]) for row in rows], dtype=object)
            for rank, (column, _) in enumerate(columns)
        }
        self.connection.register("incoming", arrays)
        casts = ", ".join(f'CAST("{column}" AS {kind})' for column, kind in columns)
        self.run(f"INSERT INTO {name} SELECT {casts} FROM incoming")
        self.connection.unregister("incoming")


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def connect(work: Path) -> duckdb.DuckDBPyConnection:
    """A DuckDB of bounded memory that spills into `work` and loads nothing from the network."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": MEMORY_LIMIT,
            "threads": str(min(MAX_THREADS, os.cpu_count() or 1)),
            "temp_directory": str(work / "spill"),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "preserve_insertion_order": "true",
        },
    )
    connection.execute("SET TimeZone = 'UTC'")
    return connection


@contextmanager
def reading(label: str, work: Path) -> Iterator[None]:
    """Turn what DuckDB says while scanning a file into a problem of this file (or of the disk)."""
    try:
        yield
    except duckdb.Error as error:
        raise explain(error, label, work) from error


Report = Callable[[Progress], None]


def make_rejected_table(job: Job) -> None:
    """The table that rows set aside by SQL join."""
    typed = ", ".join(f'"{column}" {kind}' for column, kind in REJECTED.items())
    job.run(f"CREATE OR REPLACE TABLE rejected ({typed})")


def quote(text: str) -> str:
    """An SQL string."""
    return "'" + text.replace("'", "''") + "'"
