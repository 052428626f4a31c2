"""Tables as people publish them: every sheet of a CSV, an .xlsx or an .ods, with its name, cells as text, line numbers.

Official tables begin with titles, bear several sheets and write what they keep secret as marks: this is what their
readers share. Source of the marks: INSEE, « Signes conventionnels » of its publications (« s » secret statistique,
« nd » non disponible, « ns » non significatif, « … » résultat non disponible, « /// » absence de résultat).
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import IO, Any
from xml.etree import ElementTree

from essor.formats.problems import InputProblem
from essor.formats.readers import Kind, check_bomb, open_zip, require_file, sniff
from essor.formats.rows import (
    MAX_CELL,
    MAX_SHEET_CELLS,
    check_workbook,
    csv_table,
    workbook_sheets,
)

MAX_LINES = 400_000
MAX_COLUMNS = 2_000
MAX_ODS = 300 << 20
MAX_DECIMALS = 6
SECRET = frozenset(
    {"s", "nd", "n.d.", "n.d", "c", "ns", "n.s.", "so", "n/a", "na", "…", "...", "///", "//", "-", "–", "x"}
)
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
_NUMBER = re.compile(r"[-−+]?\d{1,15}(?:[.,]\d{1,20})?", re.ASCII)
_WORDS = re.compile(r"[^a-z0-9%€+]+")
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
Line = tuple[int, list[str]]


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name (« » for a CSV) and its lines, each with its number in the sheet (1 = first)."""

    name: str
    lines: list[Line]


def fold(text: str) -> str:
    """Words in lower case without accents nor signs: « Nombre d’établissements » → « nombre d etablissements »."""
    bare = "".join(
        sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign)
    )
    return " ".join(_WORDS.sub(" ", bare.replace("œ", "oe")).split())


def is_secret(text: str) -> bool:
    """True for a mark of secrecy or absence: it gives no value, never 0. An empty cell is one."""
    return not text.strip() or text.strip().casefold() in SECRET


def number_of(text: str) -> Decimal:
    """The number of a cell: « 1 234,5 », « 1234.5 ». ValueError in French when it is not one.

    More than six decimals (floating point of a spreadsheet) are rounded half-even to six.
    """
    compact = _SPACES.sub("", text).replace("−", "-")
    if not _NUMBER.fullmatch(compact):
        raise ValueError("ce n’est pas un nombre.")
    found = Decimal(compact.replace(",", "."))
    exact = found.quantize(Decimal(1).scaleb(-MAX_DECIMALS))
    return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact.normalize()


def read_sheets(path: Path, what: str) -> list[Sheet]:
    """The sheets of a file that have at least one line. `what` names the expected file in French.

    Raises InputProblem, also beyond 400 000 lines.
    """
    require_file(path)
    if _is_ods(path):
        sheets = list(_ods(path))
    else:
        kind = sniff(path)
        if kind is Kind.XLSX:
            sheets = list(_xlsx(path))
        elif kind is Kind.TEXT:
            sheets = [Sheet("", _bounded(path, csv_table(path)))]
        else:
            raise InputProblem(path.name, f"ce n’est pas {what}.", "Formats lus : CSV, .xlsx et .ods.")
    found = [Sheet(sheet.name, lines) for sheet in sheets if (lines := _full(sheet.lines))]
    if not found:
        raise InputProblem(path.name, "le fichier n’a aucune ligne.", "Vérifiez que c’est le bon fichier.")
    return found


def _full(lines: list[Line]) -> list[Line]:
    return [(number, cells) for number, cells in lines if any(cell.strip() for cell in cells)]


def _bounded(path: Path, lines: Iterator[Line]) -> list[Line]:
    found: list[Line] = []
    for number, cells in lines:
        if number > MAX_LINES:
            raise InputProblem(
                path.name, f"plus de {MAX_LINES} lignes.", "Coupez le fichier en plusieurs.", line=number
            )
        if len(cells) > MAX_COLUMNS:
            raise InputProblem(
                path.name,
                f"une ligne a plus de {MAX_COLUMNS} colonnes.",
                "Reprenez le tableau d’origine.",
                line=number,
            )
        found.append((number, [cell.strip() for cell in cells]))
    return found


def _xlsx(path: Path) -> Iterator[Sheet]:
    check_workbook(path)
    for name, lines in workbook_sheets(path):
        yield Sheet(name, _bounded(path, enumerate(lines, 1)))


def _is_ods(path: Path) -> bool:
    """True for a zip that says it is an OpenDocument spreadsheet."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            return "content.xml" in names and "mimetype" in names and "xl/workbook.xml" not in names
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def _ods(path: Path) -> Iterator[Sheet]:
    """Read as a stream, repeated cells bounded: a few signs may stand for millions of cells."""
    with open_zip(path) as archive:
        check_bomb(path, archive, MAX_ODS)
        with archive.open("content.xml") as stream:
            try:
                yield from _ods_sheets(path, stream)
            except ElementTree.ParseError as error:
                raise InputProblem(
                    path.name,
                    "le classeur .ods est abîmé.",
                    "Ouvrez-le dans un tableur et enregistrez-le de nouveau.",
                ) from error


def _ods_sheets(path: Path, stream: IO[bytes]) -> Iterator[Sheet]:
    name, lines, number, total = "", list[Line](), 0, 0
    # The file is ours to read, not to trust: entities are refused with the DOCTYPE that would declare them.
    parser: Any = ElementTree.XMLPullParser(("start", "end"))
    while block := stream.read(1 << 16):
        if b"<!DOCTYPE" in block or b"<!ENTITY" in block:
            raise InputProblem(path.name, "le classeur .ods est abîmé.", "Enregistrez-le de nouveau.")
        parser.feed(block)
        for event, element in parser.read_events():
            if event == "start" and element.tag == f"{_TABLE}table":
                name, lines, number = element.get(f"{_TABLE}name", ""), [], 0
            elif event == "end" and element.tag == f"{_TABLE}table-row":
                cells = _ods_cells(path, element)
                repeat = _repeat(element, "rows")
                times = min(repeat, MAX_LINES) if cells else 0
                total += times * max(1, len(cells))
                if total > MAX_SHEET_CELLS:
                    raise _outsized(path)
                lines.extend((number + rank, cells) for rank in range(1, times + 1))
                number += repeat
                element.clear()
            elif event == "end" and element.tag == f"{_TABLE}table":
                yield Sheet(name, _bounded(path, iter(lines)))
                element.clear()
    parser.close()


def _outsized(path: Path) -> InputProblem:
    return InputProblem(
        path.name,
        "une feuille du classeur est démesurée.",
        "Copiez le tableau utile dans un nouveau classeur.",
    )


def _repeat(element: ElementTree.Element, what: str) -> int:
    written = element.get(f"{_TABLE}number-{what}-repeated", "1")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 8 else 1


def _ods_cells(path: Path, row: ElementTree.Element) -> list[str]:
    """The cells of a row, without the empty ones at its end."""
    cells: list[str] = []
    pending = 0
    for cell in row:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        text, repeat = _ods_text(cell), _repeat(cell, "columns")
        if not text:
            pending += repeat
            continue
        if pending + repeat + len(cells) > MAX_COLUMNS or len(text) > MAX_CELL:
            raise _outsized(path)
        cells.extend([""] * pending)
        cells.extend([text] * repeat)
        pending = 0
    return cells


def _ods_text(cell: ElementTree.Element) -> str:
    """A number as it is held, not as it is shown; a text with its paragraphs."""
    if cell.get(f"{_OFFICE}value-type") in ("float", "percentage", "currency"):
        held = cell.get(f"{_OFFICE}value", "")
        return held.removesuffix(".0")
    return "\n".join("".join(part.itertext()) for part in cell.iter(f"{_TEXT}p")).strip()
