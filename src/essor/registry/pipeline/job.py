"""What one build carries from step to step: the engine of its SQL, the folders, the counts, the rows set aside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from essor.formats.problems import Rejection
from essor.formats.tables import Table
from essor.registry.perimeter import Perimeter
from essor.registry.pipeline.edition import REJECTED
from essor.registry.pipeline.engines.contract import Engine


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

    engine: Engine
    work: Path
    room: Path
    perimeter: Perimeter
    on: date
    refuse: bool
    careful: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    rejections: list[Rejection] = field(default_factory=list)

    def make(self, name: str, query: str) -> None:
        """Make a table of the rows of a query."""
        self.engine.make(name, query)

    def drop(self, name: str) -> None:
        """Forget a table."""
        self.engine.drop(name)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query, which are few."""
        return self.engine.rows(query)

    def number(self, query: str) -> int:
        """The only number of a query (0 for NULL)."""
        return int(self.rows(query)[0][0] or 0)

    def table(self, name: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]]) -> None:
        """Make a table of Python rows (texts, numbers, dates, None)."""
        self.engine.table(name, columns, rows)

    def open(self, opener: Callable[..., Table], path: Path) -> Table:
        """A source file, opened by one of the `formats` and known to the engine. Raises InputProblem."""
        return self.engine.adopt(opener(self.engine.reader, path, self.work, self.reject))

    def write(self, name: str, columns: Mapping[str, str], query: str, order: Sequence[str]) -> None:
        """Write a file of the edition from a query that sorts its rows by `order`; it is then read as `name`."""
        self.engine.write(self.room / f"{name}.parquet", columns, query, order)

    def reject(self, rejection: Rejection) -> None:
        """Set a row aside, or refuse the file when the caller asked so."""
        if self.refuse:
            raise rejection.as_problem()
        self.rejections.append(rejection)

    def reject_all(self, select: str) -> int:
        """Set aside the rows of a query that gives the columns of `REJECTED`, in order. Gives their number."""
        added = self.engine.append(SET_ASIDE, select)
        if added and self.refuse:
            first = self.rows(f"SELECT {COLUMNS} FROM {SET_ASIDE} ORDER BY {COLUMNS} LIMIT 1")[0]
            file, line, siren, siret, column, value, reason, remedy = first
            raise Rejection(file, reason, remedy, line, siren, siret, column, value).as_problem()
        return added


@contextmanager
def reading(job: Job, label: str) -> Iterator[None]:
    """Turn what the engine says while scanning a file into a problem of this file (or of the disk)."""
    try:
        yield
    except Exception as error:
        problem = job.engine.explain(error, label, job.work)
        if problem is None:
            raise
        raise problem from error


Report = Callable[[Progress], None]

SET_ASIDE = "set_aside"
# The columns of rows set aside, for SELECT and ORDER BY.
COLUMNS = ", ".join(f'"{column}"' for column in REJECTED)


def make_rejected_table(job: Job) -> None:
    """The table that rows set aside by SQL join. A build that refuses stops at the first ones: they stand alone."""
    job.table(SET_ASIDE, list(REJECTED.items()), [])


def quote(text: str) -> str:
    """An SQL string."""
    return "'" + text.replace("'", "''") + "'"
