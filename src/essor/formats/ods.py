"""OpenDocument spreadsheets written row by row: nothing but the current row is in memory.

Source: OASIS, « Open Document Format for Office Applications (OpenDocument) Version 1.3 », part 3 (schema): § 9.1
tables, § 19.385 office:value-type; part 2 (packages): § 3.3, the file `mimetype` comes first and is not compressed.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

CONTENT_TYPE = "application/vnd.oasis.opendocument.spreadsheet"

Cell = str | int | float | bool | date | None

_SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
    'xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
_HEAD = f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content {_SPACES} office:version="1.3">'
_STYLES = (
    "<office:automatic-styles>"
    '<number:date-style style:name="jour"><number:day number:style="long"/><number:text>/</number:text>'
    '<number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/>'
    "</number:date-style>"
    '<style:style style:name="j" style:family="table-cell" style:data-style-name="jour"/>'
    '<style:style style:name="t" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style>'
    "</office:automatic-styles>"
)
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{CONTENT_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)
# Characters that XML 1.0 forbids, whatever the escaping.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, its header, a note on each header (or none), its rows."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    notes: Sequence[str] = field(default=())


def write(file: BinaryIO, sheets: Iterable[Sheet]) -> None:
    """Write the document into a file open for writing."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), CONTENT_TYPE, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        with archive.open("content.xml", "w", force_zip64=True) as content:
            content.write(f"{_HEAD}{_STYLES}<office:body><office:spreadsheet>".encode())
            for sheet in sheets:
                _write_sheet(content, sheet)
            content.write(b"</office:spreadsheet></office:body></office:document-content>")


def _write_sheet(content: object, sheet: Sheet) -> None:
    write_bytes = content.write  # type: ignore[attr-defined]
    write_bytes(f"<table:table table:name={quoteattr(_clean(sheet.name))}>".encode())
    notes = [*sheet.notes, *[""] * (len(sheet.header) - len(sheet.notes))]
    head = "".join(_header(title, note) for title, note in zip(sheet.header, notes, strict=True))
    if head:
        write_bytes(f"<table:table-header-rows>{_row(head)}</table:table-header-rows>".encode())
    for row in sheet.rows:
        write_bytes(_row("".join(map(_cell, row))).encode())
    write_bytes(b"</table:table>")


def _row(cells: str) -> str:
    return f"<table:table-row>{cells}</table:table-row>"


def _header(title: str, note: str) -> str:
    said = f"<office:annotation>{_paragraphs(note)}</office:annotation>" if note else ""
    return _typed('table:style-name="t" office:value-type="string"', said + _paragraphs(title))


def _typed(attributes: str, inside: str) -> str:
    return f"<table:table-cell {attributes}>{inside}</table:table-cell>"


def _cell(value: Cell) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, bool):
        said = "true" if value else "false"
        return f'<table:table-cell office:value-type="boolean" office:boolean-value="{said}"/>'
    if isinstance(value, int | float):
        return _typed(f'office:value-type="float" office:value="{value!r}"', f"<text:p>{value!r}</text:p>")
    if isinstance(value, date):
        day = value.isoformat()
        attributes = f'table:style-name="j" office:value-type="date" office:date-value="{day}"'
        return _typed(attributes, f"<text:p>{day}</text:p>")
    return _typed('office:value-type="string"', _paragraphs(value))


def _paragraphs(text: str) -> str:
    """The lines of a text, spaces that XML would lose written out."""
    return "".join(f"<text:p>{_spaced(line)}</text:p>" for line in _clean(text).split("\n"))


def _spaced(line: str) -> str:
    written = escape(line).replace("\t", "<text:tab/>").replace("\r", "")
    if "  " not in written and not written.startswith(" ") and not written.endswith(" "):
        return written
    return re.sub(r"^ | (?= )| $", "<text:s/>", written)


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
