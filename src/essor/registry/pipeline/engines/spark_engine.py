"""The pipeline's SQL on Apache Spark: every statement is translated, every table is Parquet in the work folder.

The work folder, the sources and the editions must be under the same path for the driver and the executors (a shared
file system). The driver's DuckDB opens and checks source files, and gives the edition's files their final form: one
sorted file each, written as the other engine writes it.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from py4j.protocol import Py4JError
from pyspark.errors import AnalysisException, ParseException, PySparkException
from pyspark.sql import functions as spark

from essor.formats.problems import InputProblem
from essor.formats.tables import Table, explain, explain_text, literal, quoted
from essor.registry.pipeline.engines.contract import ROW_NUMBER, Engine
from essor.registry.pipeline.engines.dialect import translate, translate_unsorted
from essor.registry.pipeline.engines.duckdb_engine import PARQUET, connect, table_of_arrays, table_of_rows

HANDED_OVER = "handed_over"
# What Spark says of a damaged file, of a full disk.
DAMAGED = ("FAILED_READ_FILE", "ParquetDecodingException", "CANNOT_READ_FILE", "is not a Parquet file")
DISK = ("No space left", "disk quota", "Disk quota")
# DuckDB's types in Spark's words.
TYPES = {
    "BIGINT": "BIGINT",
    "BOOLEAN": "BOOLEAN",
    "DATE": "DATE",
    "DOUBLE": "DOUBLE",
    "INTEGER": "INT",
    "SMALLINT": "SMALLINT",
    "TIMESTAMP": "TIMESTAMP_NTZ",
    "VARCHAR": "STRING",
}


class SparkEngine(Engine):
    """Tables are temporary views over Parquet folders, written at once: no plan grows from step to step."""

    name = "spark"

    def __init__(self, work: Path, session: Any) -> None:
        self.session = session
        self.reader = connect(work)
        self.work = Path(tempfile.mkdtemp(prefix="spark-", dir=work))
        self._numbers = count()
        self._sources = count()
        self._folders: dict[str, list[Path]] = {}
        self._schemas: dict[str, Any] = {}
        self._views: set[str] = set()
        self._enums: set[str] = set()

    def adopt(self, table: Table) -> Table:
        name = f"source_{next(self._sources)}"
        files = [str(path) for path in table.files]
        self._view(name, self.session.read.option("mergeSchema", str(len(files) > 1)).parquet(*files))
        return replace(table, sql=name)

    def make(self, name: str, query: str) -> None:
        self._keep(name, self._query(query))

    def make_numbered(self, name: str, query: str) -> None:
        numbered = self._query(query).withColumn(ROW_NUMBER, spark.monotonically_increasing_id())
        self._keep(name, numbered)

    def make_enum(self, name: str, query: str) -> None:
        self._enums.add(name)

    def append(self, name: str, query: str) -> int:
        schema = self._schemas[name]
        found = self._query(query).toDF(*schema.names)
        typed = found.select(*(found[field.name].cast(field.dataType) for field in schema.fields))
        folder = self._write(name, typed)
        self._folders[name].append(folder)
        self._view_folders(name)
        ((added,),) = self.reader.execute(f"SELECT count(*) FROM {_inside(folder)}").fetchall()
        return int(added)

    def drop(self, name: str) -> None:
        self.session.catalog.dropTempView(name)
        self._views.discard(name)
        self._schemas.pop(name, None)
        self._forget(self._folders.pop(name, []))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self._query(query).collect()]

    def arrays(self, query: str) -> Mapping[str, np.ndarray]:
        folder = self._write("arrays", self._query(query))
        found = self.reader.execute(f"SELECT * FROM {_inside(folder)}").fetchnumpy()
        self._forget([folder])
        return found

    def table(self, name: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]]) -> None:
        table_of_rows(self.reader, HANDED_OVER, columns, rows)
        self._hand_over(name)

    def load(self, name: str, arrays: Mapping[str, np.ndarray]) -> None:
        table_of_arrays(self.reader, HANDED_OVER, arrays)
        self._hand_over(name)

    def write(self, path: Path, columns: Mapping[str, str], query: str, order: Sequence[str]) -> None:
        folder = self._write(path.stem, self.session.sql(translate_unsorted(query, self._enums)))
        casts = ", ".join(
            f"CAST({quoted(name)} AS {kind}) AS {quoted(name)}" for name, kind in columns.items()
        )
        keys = ", ".join(map(quoted, order))
        self.reader.execute(
            f"COPY (SELECT {casts} FROM {_inside(folder)} ORDER BY {keys}) TO {literal(str(path))} {PARQUET}"
        )
        self._forget([folder])
        self._view(path.stem, self.session.read.schema(_schema(columns)).parquet(str(path)))

    def explain(self, error: Exception, label: str, work: Path) -> InputProblem | None:
        if isinstance(error, duckdb.Error):
            return explain(error, label, work)
        # A statement that Spark does not understand is a fault of ours, not of a file.
        if isinstance(error, (AnalysisException, ParseException)):
            return None
        if isinstance(error, (PySparkException, Py4JError)):
            return _explain(str(error), label, work)
        return None

    def close(self) -> None:
        for name in sorted(self._views):
            self.session.catalog.dropTempView(name)
        self.reader.close()

    def _query(self, query: str) -> Any:
        return self.session.sql(translate(query, self._enums))

    def _keep(self, name: str, frame: Any) -> None:
        """Write the rows of a query, then read the name there: the query may read the table that it replaces."""
        folder = self._write(name, frame)
        former = self._folders.get(name, [])
        self._folders[name], self._schemas[name] = [folder], frame.schema
        self._view_folders(name)
        self._forget(former)

    def _write(self, name: str, frame: Any) -> Path:
        folder = self.work / f"{name}-{next(self._numbers)}"
        frame.write.parquet(str(folder))
        return folder

    def _hand_over(self, name: str) -> None:
        """A small table of the driver's DuckDB, given to Spark by a file."""
        folder = self.work / f"{name}-{next(self._numbers)}"
        folder.mkdir()
        target = folder / "rows.parquet"
        self.reader.execute(f"COPY {HANDED_OVER} TO {literal(str(target))} (FORMAT parquet)")
        described = self.reader.execute(f"DESCRIBE {HANDED_OVER}").fetchall()
        self.reader.execute(f"DROP TABLE {HANDED_OVER}")
        former = self._folders.get(name, [])
        self._folders[name] = [folder]
        schema = _schema({row[0]: row[1] for row in described})
        self._schemas[name] = self.session.read.schema(schema).parquet(str(folder)).schema
        self._view_folders(name)
        self._forget(former)

    def _view_folders(self, name: str) -> None:
        paths = [str(folder) for folder in self._folders[name]]
        self._view(name, self.session.read.schema(self._schemas[name]).parquet(*paths))

    def _view(self, name: str, frame: Any) -> None:
        frame.createOrReplaceTempView(name)
        self._views.add(name)

    def _forget(self, folders: Sequence[Path]) -> None:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)


def _explain(text: str, label: str, work: Path) -> InputProblem:
    if any(word in text for word in ("PATH_NOT_FOUND", "FileNotFoundException", "FILE_NOT_EXIST")):
        return InputProblem(
            label,
            "une machine du cluster ne trouve pas ce fichier ou le dossier de travail.",
            "Placez les sources et les éditions sur un disque partagé, au même chemin sur toutes les machines.",
        )
    if any(word in text for word in DAMAGED + DISK):
        return explain_text(text, label, work)
    first = next(
        (line.strip() for line in text.splitlines() if "Exception" in line or "[" in line), text[:200]
    )
    return InputProblem(
        label, f"Spark a interrompu le calcul : {first[:300]}", "Lisez le journal de Spark, puis recommencez."
    )


def _schema(columns: Mapping[str, str]) -> str:
    """Columns and their DuckDB types, as Spark writes a schema."""
    return ", ".join(f"`{name}` {TYPES[kind]}" for name, kind in columns.items())


def _inside(folder: Path) -> str:
    """The Parquet files that Spark wrote in a folder, for DuckDB."""
    return f"read_parquet({literal(str(folder / '*.parquet'))})"
