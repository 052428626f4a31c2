"""Opening the file of a directory: CSV of any usual separator and encoding, or .xlsx; its size is bounded."""

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from essor.formats.problems import InputProblem
from essor.formats.readers import Kind, sniff
from essor.formats.rows import Row, read_csv_rows, read_list

MAX_BYTES = 30 << 20
MAX_ROWS = 200_000
MAX_COLUMNS = 300
# One of these in a line makes it the header: lists often begin with a title.
HEADING = re.compile(
    r"^(nom|name|nom .*|raison sociale|d[ée]nomination.*|(n° ?)?(siret|siren)|enseigne|structure|titre|libell[ée].*)$"
)
WHAT = "un annuaire"


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of the file; column names in lower case, spaces once. Raises InputProblem."""
    if path.stat().st_size > MAX_BYTES:
        raise InputProblem(
            path.name,
            f"le fichier dépasse {MAX_BYTES >> 20} Mo.",
            "Gardez les seules colonnes utiles, ou partagez-le en plusieurs.",
        )
    for number, row in enumerate(_rows(path), 1):
        if number == 1 and len(row.cells) > MAX_COLUMNS:
            raise InputProblem(
                path.name,
                f"le fichier a plus de {MAX_COLUMNS} colonnes.",
                "Gardez les seules colonnes utiles.",
                line=row.line,
            )
        if number > MAX_ROWS:
            raise InputProblem(
                path.name,
                f"le fichier a plus de {MAX_ROWS} lignes.",
                "Gardez les seules lignes du territoire.",
                line=row.line,
            )
        yield row


def _rows(path: Path) -> Iterator[Row]:
    if sniff(path) is Kind.TEXT and not _begins_with_a_title(path):
        for row in read_csv_rows(path):
            yield Row(row.line, {_plain(name): value for name, value in row.cells.items()})
        return
    yield from read_list(path, HEADING, "« nom », « raison sociale » ou « SIRET »", WHAT)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _begins_with_a_title(path: Path) -> bool:
    """True when the first line has no separator: the header is further down."""
    with path.open("rb") as stream:
        first = stream.readline(64 * 1024)
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    return not any(mark in first for mark in (b",", b";", b"\t", b"|"))


def preview(path: Path, number: int = 8) -> tuple[list[str], list[Row]]:
    """The columns and the first rows. Raises InputProblem, also for a file without any row."""
    rows = list(islice(read_rows(path), number))
    if not rows:
        raise InputProblem(
            path.name,
            "le fichier n’a aucune ligne sous les noms de colonnes.",
            "Vérifiez que c’est le bon fichier.",
        )
    columns = dict.fromkeys(name for row in rows for name in row.cells if name)
    return list(columns), rows


def distinct_values(path: Path, column: str, limit: int = 40) -> list[str]:
    """The values of a column, the most frequent first, at most `limit`. Raises InputProblem."""
    counts: dict[str, int] = {}
    for row in read_rows(path):
        value = row.get(column)[:120]
        if value and (value in counts or len(counts) < 5_000):
            counts[value] = counts.get(value, 0) + 1
    return sorted(counts, key=lambda value: (-counts[value], value))[:limit]
