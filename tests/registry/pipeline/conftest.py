"""A build of a few rows, in one call."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from essor.registry.perimeter import default_perimeter
from essor.registry.pipeline.build import Sources, TerritoryScope, build
from essor.registry.pipeline.edition import Manifest
from tests.formats.stocks import write_stocks

DAY = date(2026, 11, 22)
KNOWN = {code: code for code in ("31555", "31069", "32013", "75056", "97411")} | {
    "75101": "75056",
    "31300": "31555",
}
HAUTE_GARONNE = TerritoryScope("departement:31", frozenset({"31555", "31069"}), KNOWN)
FRANCE = TerritoryScope("france", None, KNOWN)


class Built:
    """An edition read back."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest

    def rows(self, file: str, order: str = "ALL") -> list[dict[str, Any]]:
        """The rows of one of its files, as dictionaries."""
        with duckdb.connect() as connection:
            cursor = connection.execute(f"SELECT * FROM '{self.folder}/{file}.parquet' ORDER BY {order}")
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def column(self, file: str, name: str) -> list[Any]:
        """One column of one of its files, sorted by the whole row."""
        return [row[name] for row in self.rows(file)]


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Built]:
    """Write the rows as official files and build; other files by keyword."""

    def made(
        units: Sequence[dict[str, object]],
        establishments: Sequence[dict[str, object]],
        *,
        scope: TerritoryScope = HAUTE_GARONNE,
        form: str = "parquet",
        naf25: bool = True,
        on_error: str = "keep",
        on: date = DAY,
        **files: Any,
    ) -> Built:
        stocks = write_stocks(tmp_path / "sources", units, establishments, form=form, naf25=naf25)
        sources = Sources(*stocks, **files)
        return Built(
            *build(sources, scope, default_perimeter(), tmp_path / "editions", on, on_error=on_error)
        )

    return made
