"""Rows put into an Excel workbook one by one: nothing but the current row is in memory.

The workbook is made by a library, without its rows; they are written here, four times as fast as cell by cell.

Source: ECMA-376, « Office Open XML File Formats », part 1: § 18.3.1.4 `c` (cell), § 18.3.1.73 `row`, § 18.3.1.80
`sheetData`, § 18.18.11 ST_CellType (`inlineStr`), § 18.17.4.1 (days counted from 30 December 1899, from March 1900 on).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from typing import BinaryIO
from xml.sax.saxutils import escape

Cell = str | int | float | date | None
SHEET = "xl/worksheets/sheet1.xml"
MOST_ROWS = 1_048_576
LONGEST = 32_767  # characters of a cell
_FIRST_DAY = date(1899, 12, 30)
# Characters that XML 1.0 forbids, whatever the escaping.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What a reader takes for an escaped character (ST_Xstring, § 22.9.2.19): its underscore is escaped itself.
_LIKE_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_SAMPLE = re.compile(r'<row r="2"[^>]*>.*?<c r="A2" s="(\d+)".*?</row>', re.DOTALL)
_DIMENSION = re.compile(r'<dimension ref="[^"]*"/>')


class TooManyRows(ValueError):
    """A sheet holds at most `MOST_ROWS` rows, its header among them."""


def fill(book: BinaryIO, file: BinaryIO, rows: Iterable[Sequence[Cell]]) -> int:
    """Write `book` into `file` with the rows in its first sheet, under its header; gives how many rows.

    The cell A2 of `book` holds a day: its style is that of all days, and its row gives way. Raises `TooManyRows`.
    """
    count = 0
    with (
        zipfile.ZipFile(book) as source,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as target,
    ):
        for name in source.namelist():
            if name != SHEET:
                target.writestr(name, source.read(name))
                continue
            before, style, after = _parts(source.read(name).decode())
            with target.open(name, "w", force_zip64=True) as sheet:
                sheet.write(before.encode())
                for count, row in enumerate(rows, 1):
                    if count >= MOST_ROWS:
                        raise TooManyRows(str(count))
                    sheet.write(_row(row, count + 1, style).encode())
                sheet.write(after.encode())
    return count


def _parts(sheet: str) -> tuple[str, str, str]:
    """What comes before the rows, the style of days, what comes after."""
    found = _SAMPLE.search(sheet)
    if found is None:
        raise ValueError("no day in A2")
    # The extent is left out, which the format allows: it is not known before the last row.
    return _DIMENSION.sub("", sheet[: found.start()]), found[1], sheet[found.end() :]


def column(rank: int) -> str:
    """The letters of a column, the first being 0: A, B… Z, AA."""
    letters = ""
    rank += 1
    while rank:
        rank, rest = divmod(rank - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


_COLUMNS = [column(rank) for rank in range(256)]


def _row(values: Sequence[Cell], number: int, style: str) -> str:
    cells = [
        _cell(f"{_COLUMNS[rank]}{number}", value, style)
        for rank, value in enumerate(values)
        if value is not None and value != ""
    ]
    return f'<row r="{number}">{"".join(cells)}</row>'


def _cell(place: str, value: Cell, style: str) -> str:
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{_clean(value)}</t></is></c>'
    if isinstance(value, date):
        days = (value - _FIRST_DAY).days
        if days <= 60:  # before March 1900, days have no number that all readers share
            return _cell(place, value.isoformat(), style)
        return f'<c r="{place}" s="{style}"><v>{days}</v></c>'
    return f'<c r="{place}"><v>{value!r}</v></c>'


def _clean(text: str) -> str:
    return escape(_LIKE_ESCAPE.sub("_x005F_", _FORBIDDEN.sub("", text[:LONGEST])))
