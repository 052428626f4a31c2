"""What a build asks of the engine that runs its SQL.

A statement is one SELECT of the subset that `dialect` names, written in DuckDB's SQL; every engine gives the same rows
for it. What no portable statement says (row numbers, files, Python rows) is a method here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from essor.formats.problems import InputProblem
from essor.formats.tables import Table

ROW_NUMBER = "file_row_number"


class EngineMissing(Exception):
    """The engine asked for cannot run here. `str(error)`: in French, with what to install."""


class EngineNotStarted(EngineMissing):
    """The engine is installed, and does not start: a wrong address, a wrong setting."""


class Engine(ABC):
    """Tables by name, made of queries. `reader`: the DuckDB that opens and checks source files, whatever the engine."""

    name: str
    reader: duckdb.DuckDBPyConnection

    @abstractmethod
    def adopt(self, table: Table) -> Table:
        """A source file opened by `reader`, as this engine's statements will name it."""

    @abstractmethod
    def make(self, name: str, query: str) -> None:
        """Make a table of the rows of a query, which may read the table that it replaces."""

    @abstractmethod
    def make_numbered(self, name: str, query: str) -> None:
        """The same, wide and read in part: each row has its own number (`ROW_NUMBER`), of no meaning, that stays."""

    @abstractmethod
    def make_enum(self, name: str, query: str) -> None:
        """A type for the texts of a query, few and long, to sort and carry them lightly."""

    @abstractmethod
    def append(self, name: str, query: str) -> int:
        """Add the rows of a query to a table, by position. Gives their number."""

    @abstractmethod
    def drop(self, name: str) -> None:
        """Forget a table."""

    @abstractmethod
    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query, which are few."""

    @abstractmethod
    def arrays(self, query: str) -> Mapping[str, np.ndarray]:
        """The columns of a query, which may be long; masked where NULL."""

    @abstractmethod
    def table(self, name: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]]) -> None:
        """Make a table of Python rows (texts, numbers, dates, None)."""

    @abstractmethod
    def load(self, name: str, arrays: Mapping[str, np.ndarray]) -> None:
        """Make a table of numpy columns."""

    @abstractmethod
    def write(self, path: Path, columns: Mapping[str, str], query: str, order: Sequence[str]) -> None:
        """Write a file of an edition: `columns` and their types, the rows of the query, which sorts them by `order`.

        The file is then read under its stem (`organisations`) by later statements.
        """

    @abstractmethod
    def explain(self, error: Exception, label: str, work: Path) -> InputProblem | None:
        """What a trouble of this engine means to people; None when it is not one of a file or of the disk."""

    @abstractmethod
    def close(self) -> None:
        """Let go of memory and connections."""
