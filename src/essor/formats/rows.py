"""Small lists (a few thousand rows): CSV or .xlsx, row after row with its line number, cells as text."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from python_calamine import CalamineWorkbook

from essor.formats.problems import InputProblem
from essor.formats.readers import (
    BLOCK,
    Kind,
    as_utf8,
    bounded_lines,
    check_bomb,
    open_zip,
    read_header,
    sniff,
)

MAX_WORKBOOK = 300 << 20
MAX_SHEET_CELLS = 5_000_000
MAX_CELL = 32_767  # Excel's own limit
HEADER_SEARCH = 30


@dataclass(frozen=True)
class Row:
    """One row: its line in the file (1 = first line) and its cells by column name, stripped, never None."""

    line: int
    cells: dict[str, str]

    def get(self, column: str) -> str:
        """The cell, or an empty text."""
        return self.cells.get(column, "")


def read_csv_rows(path: Path) -> Iterator[Row]:
    """The rows of a CSV (UTF-8, UTF-16 or cp1252; `,` `;` tab or `|`). Column names are those of the file."""
    with TemporaryDirectory(prefix="essor-") as folder:
        text = as_utf8(path, path.name, Path(folder))
        header = read_header(text, path.name)
        with text.open(encoding="utf-8", newline="") as stream:
            reader = csv.reader(bounded_lines(stream, path.name), delimiter=header.delimiter)
            try:
                next(reader, None)
                line = reader.line_num + 1
                for values in reader:
                    yield from _csv_row(path.name, header.header, values, line)
                    line = reader.line_num + 1
            except csv.Error as error:
                raise InputProblem(
                    path.name,
                    "une cellule est mal formée ou démesurée (guillemet non fermé ?).",
                    "Reprenez le fichier d’origine, sans l’ouvrir dans un tableur.",
                    line=reader.line_num,
                ) from error


def _csv_row(label: str, header: Sequence[str], values: Sequence[str], line: int) -> Iterator[Row]:
    if not any(value.strip() for value in values):
        return
    if len(values) > len(header) and any(value.strip() for value in values[len(header) :]):
        raise InputProblem(
            label,
            "la ligne a plus de colonnes que l’en-tête.",
            "Vérifiez les guillemets et les séparateurs de cette ligne.",
            line=line,
        )
    yield Row(line, {name: value.strip() for name, value in zip(header, values, strict=False)})


def read_list(path: Path, heading: re.Pattern[str], named: str, what: str) -> Iterator[Row]:
    """The rows of a list held in a CSV or an .xlsx workbook.

    The header is the first line, among the first ones of a sheet (lists often begin with a title), where a cell
    in lower case matches `heading`; `named` tells it to people. Column names are given in lower case.
    Raises InputProblem.
    """
    kind = sniff(path)
    if kind is Kind.XLSX:
        yield from _read_workbook(path, heading, named, what)
    elif kind is Kind.TEXT:
        yield from _search_header(path.name, csv_table(path), heading, named, what)
    else:
        raise InputProblem(path.name, f"ce n’est pas {what}.", "Formats lus : CSV et .xlsx.")


def csv_table(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The lines of a CSV, whatever they are, each with its number. Raises InputProblem."""
    with TemporaryDirectory(prefix="essor-") as folder:
        text = as_utf8(path, path.name, Path(folder))
        with text.open(encoding="utf-8", newline="") as stream:
            sample = stream.read(64 * 1024)
            stream.seek(0)
            delimiter = max(",;\t|", key=sample.count)
            reader = csv.reader(bounded_lines(stream, path.name), delimiter=delimiter)
            line = 1
            try:
                for values in reader:
                    yield line, values
                    line = reader.line_num + 1
            except csv.Error as error:
                raise InputProblem(
                    path.name,
                    "une cellule est mal formée ou démesurée (guillemet non fermé ?).",
                    "Reprenez le fichier d’origine.",
                    line=line,
                ) from error


def _search_header(
    label: str, table: Iterator[tuple[int, list[str]]], heading: re.Pattern[str], named: str, what: str
) -> Iterator[Row]:
    header: list[str] | None = None
    for line, values in table:
        if header is not None:
            if any(value.strip() for value in values):
                yield Row(
                    line, {name: value.strip() for name, value in zip(header, values, strict=False) if name}
                )
            continue
        names = [" ".join(value.casefold().split()) for value in values]
        if any(heading.search(name) for name in names):
            header = names
        elif line > HEADER_SEARCH:
            break
    if header is None:
        raise InputProblem(
            label,
            f"aucune colonne {named} : ce n’est pas {what}.",
            f"Mettez ce nom de colonne dans l’une des {HEADER_SEARCH} premières lignes.",
        )


def _read_workbook(path: Path, heading: re.Pattern[str], named: str, what: str) -> Iterator[Row]:
    check_workbook(path)
    problem: InputProblem | None = None
    for _name, lines in workbook_sheets(path):
        table = list(lines)
        try:
            rows = list(_search_header(path.name, enumerate(table, 1), heading, named, what))
        except InputProblem as error:
            problem = problem or error
            continue
        yield from rows
        return
    raise problem or InputProblem(path.name, "le classeur est vide.", "Vérifiez que c’est le bon fichier.")


def workbook_sheets(path: Path) -> Iterator[tuple[str, Iterator[list[str]]]]:
    """The name and the lines of each sheet, as text. The reader is native code: whatever it throws at a broken workbook
    is a problem.
    """
    broken = InputProblem(
        path.name, "le classeur .xlsx est abîmé.", "Ouvrez-le dans un tableur et enregistrez-le de nouveau."
    )
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        names = list(workbook.sheet_names)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the native reader is not an Exception
        raise broken from error
    for name in names:
        try:
            table = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            raise broken from error
        yield name, _as_text(path, table)


def _as_text(path: Path, table: list[list[Any]]) -> Iterator[list[str]]:
    for line, row in enumerate(table, 1):
        yield [cell_text(path.name, line, value) for value in row]


def cell_text(label: str, line: int, value: object) -> str:
    """A cell of a workbook as text: whole numbers without « .0 ». Raises InputProblem when it is enormous."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = str(value)
    if len(text) > MAX_CELL:
        raise InputProblem(
            label, "une cellule dépasse la limite d’Excel.", "Reprenez le fichier d’origine.", line=line
        )
    return text


_CELL_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')


def check_workbook(path: Path) -> None:
    """Refuse bombs: unzipped size, and a lone far-away cell that would make the reader reserve gigabytes."""
    with open_zip(path) as archive:
        check_bomb(path, archive, MAX_WORKBOOK)
        for info in archive.infolist():
            if info.filename.startswith("xl/worksheets/") and info.filename.endswith(".xml"):
                _check_sheet(path, archive, info)


def _check_sheet(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    width = height = read = 0
    carry = b""
    with archive.open(info) as stream:
        while block := stream.read(BLOCK):
            read += len(block)
            for letters, digits in _CELL_REFERENCE.findall(carry + block):
                column = 0
                for letter in letters:
                    column = column * 26 + letter - 64
                width, height = max(width, column), max(height, int(digits))
            carry = block[-20:]
            if width * height > MAX_SHEET_CELLS or read > MAX_WORKBOOK:
                raise InputProblem(
                    path.name,
                    "une feuille du classeur est démesurée (une cellule isolée très loin ?).",
                    "Copiez le tableau utile dans un nouveau classeur.",
                )
