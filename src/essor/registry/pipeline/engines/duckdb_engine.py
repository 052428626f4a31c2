"""The pipeline's SQL on DuckDB, in this process: the engine of every installation."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from essor.formats.problems import InputProblem
from essor.formats.tables import Table, explain, literal, quoted
from essor.registry.pipeline.engines.contract import Engine

# DuckDB spills to the work folder beyond this; the process itself takes some 200 MB more.
MEMORY_LIMIT = "700MB"
MAX_THREADS = 4
PARQUET = "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"


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


def table_of_rows(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    columns: Sequence[tuple[str, str]],
    rows: Sequence[Sequence[Any]],
) -> None:
    """Make a DuckDB table of Python rows."""
    typed = ", ".join(f"{quoted(column)} {kind}" for column, kind in columns)
    connection.execute(f"CREATE OR REPLACE TABLE {name} ({typed})")
    if not rows:
        return
    arrays = {
        column: np.array([_text(row[rank]) for row in rows], dtype=object)
        for rank, (column, _) in enumerate(columns)
    }
    connection.register("incoming", arrays)
    casts = ", ".join(f"CAST({quoted(column)} AS {kind})" for column, kind in columns)
    connection.execute(f"INSERT INTO {name} SELECT {casts} FROM incoming")
    connection.unregister("incoming")


def table_of_arrays(
    connection: duckdb.DuckDBPyConnection, name: str, arrays: Mapping[str, np.ndarray]
) -> None:
    """Make a DuckDB table of numpy columns."""
    connection.register("incoming", dict(arrays))
    connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM incoming")
    connection.unregister("incoming")


def _text(value: object) -> str | None:
    return None if value is None else str(value)


class DuckDBEngine(Engine):
    """Every method is one statement of DuckDB."""

    name = "duckdb"

    def __init__(self, work: Path) -> None:
        self.work = work
        self.reader = connect(work)
        self._numbers = count()

    def adopt(self, table: Table) -> Table:
        name = f"source_{next(self._numbers)}"
        self.reader.execute(f"CREATE VIEW {name} AS SELECT * FROM {table.sql}")
        return replace(table, sql=name)

    def make(self, name: str, query: str) -> None:
        self.reader.execute(f"CREATE OR REPLACE TABLE {name} AS {query}")

    def make_numbered(self, name: str, query: str) -> None:
        target = literal(str(self.work / f"{name}.parquet"))
        self.reader.execute(f"COPY ({query}) TO {target} (FORMAT parquet)")
        self.reader.execute(
            f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM read_parquet({target}, file_row_number = true)"
        )

    def make_enum(self, name: str, query: str) -> None:
        self.reader.execute(f"CREATE TYPE {name} AS ENUM ({query})")

    def append(self, name: str, query: str) -> int:
        ((added,),) = self.reader.execute(f"INSERT INTO {name} {query}").fetchall()
        return int(added)

    def drop(self, name: str) -> None:
        self.reader.execute(f"DROP TABLE {name}")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.reader.execute(query).fetchall()

    def arrays(self, query: str) -> Mapping[str, np.ndarray]:
        return self.reader.execute(query).fetchnumpy()

    def table(self, name: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]]) -> None:
        table_of_rows(self.reader, name, columns, rows)

    def load(self, name: str, arrays: Mapping[str, np.ndarray]) -> None:
        table_of_arrays(self.reader, name, arrays)

    def write(self, path: Path, columns: Mapping[str, str], query: str, order: Sequence[str]) -> None:
        target = literal(str(path))
        self.reader.execute(f"COPY ({query}) TO {target} {PARQUET}")
        self.reader.execute(f"CREATE OR REPLACE VIEW {path.stem} AS SELECT * FROM read_parquet({target})")

    def explain(self, error: Exception, label: str, work: Path) -> InputProblem | None:
        return explain(error, label, work) if isinstance(error, duckdb.Error) else None

    def close(self) -> None:
        self.reader.close()
