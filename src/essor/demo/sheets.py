"""Tables in memory with official column names, and their writing as Parquet or CSV."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import duckdb
import numpy as np

from essor.demo.draws import Ints
from essor.formats.tables import literal


@dataclass
class Sheet:
    """Columns in their official order: DuckDB type, and values (None for a column always empty)."""

    types: Mapping[str, str]
    values: dict[str, Any]

    def __len__(self) -> int:
        return len(next(value for value in self.values.values() if value is not None))

    def take(self, rows: Ints | slice) -> Self:
        """These rows, copied."""
        taken = {name: None if value is None else value[rows].copy() for name, value in self.values.items()}
        return type(self)(self.types, taken)

    def append(self, other: Self) -> None:
        """Add the rows of another sheet at the end."""
        for name, value in self.values.items():
            if value is not None:
                self.values[name] = np.concatenate([value, other.values[name]])

    def write_parquet(self, path: Path) -> None:
        """One Parquet file, its rows in their order; the same content gives the same bytes."""
        filled = {name: _for_duckdb(value) for name, value in self.values.items() if value is not None}
        columns = ", ".join(
            f'CAST("{name}" AS {kind}) AS "{name}"' if name in filled else f'NULL::{kind} AS "{name}"'
            for name, kind in self.types.items()
        )
        with duckdb.connect(config={"threads": 2, "preserve_insertion_order": True}) as connection:
            connection.register("sheet", filled)
            connection.execute(
                f"COPY (SELECT {columns} FROM sheet) TO {literal(str(path))}"  # noqa: S608 - our own column names
                " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"
            )


def _for_duckdb(values: Any) -> Any:
    """An array in a type that DuckDB takes: it knows neither days nor fixed-width texts."""
    if values.dtype.kind == "M":
        return values.astype("datetime64[us]")
    return values.astype(object) if values.dtype.kind == "U" else values


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]], delimiter: str = ",") -> None:
    """A CSV in UTF-8, empty cells for None."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
