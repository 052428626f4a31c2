"""How each format is written. CSV and GeoJSON leave as they are read; XLSX and ODS are put in a file first."""

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.formats import ods, xlsx
from essor.kernel.cells import safe_cell
from essor.registry.exports.columns import COLUMNS, Value
from essor.registry.exports.rows import Row

BLOCK = 64 * 1024
ROWS_A_BLOCK = 200
LICENCE = "etalab-2.0"
LICENCE_URL = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"


@dataclass(frozen=True)
class Notice:
    """What goes with the rows: title, filters in words, sources, licence; lines of label and text."""

    title: str
    lines: Sequence[tuple[str, str]]


Writer = Callable[[Iterable[Row], Callable[[], Notice]], Iterator[bytes]]


@dataclass(frozen=True)
class Format:
    """A format of export."""

    extension: str
    label: Any
    content_type: str
    write: Writer


def values(row: Row) -> list[Value]:
    """The cells of a row, in the order of the columns."""
    return [column.value(row) for column in COLUMNS]


def _csv_cell(value: Value) -> str:
    if isinstance(value, str):
        return safe_cell(value.replace("\x00", "")) if value else ""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def write_csv(rows: Iterable[Row], notice: Callable[[], Notice]) -> Iterator[bytes]:
    """UTF-8 with its mark, semicolons: what French spreadsheets open as they stand. Decimal point, ISO days.

    The notice has no place there, and is not asked for.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.name for column in COLUMNS])
    yield b"\xef\xbb\xbf"
    for number, row in enumerate(rows, 1):
        writer.writerow([_csv_cell(value) for value in values(row)])
        if number % ROWS_A_BLOCK == 0:
            yield _emptied(buffer)
    yield _emptied(buffer)


def _emptied(buffer: io.StringIO) -> bytes:
    written = buffer.getvalue().encode("utf-8", "replace")
    buffer.seek(0)
    buffer.truncate()
    return written


def write_geojson(rows: Iterable[Row], notice: Callable[[], Notice]) -> Iterator[bytes]:
    """A collection of points (RFC 7946); an organisation without position has a null geometry. One a line."""
    said = notice()
    head = {"name": said.title, "licence": LICENCE, "notice": dict(said.lines)}
    yield (
        '{"type": "FeatureCollection", ' + json.dumps(head, ensure_ascii=False)[1:-1] + ', "features": ['
    ).encode()
    for number, row in enumerate(rows):
        yield (("\n" if number == 0 else ",\n") + json.dumps(_feature(row), ensure_ascii=False)).encode(
            "utf-8", "replace"
        )
    yield b"\n]}\n"


def _feature(row: Row) -> dict[str, Any]:
    position = row.position
    properties = {
        column.name: value.isoformat() if isinstance(value, date) else value
        for column, value in zip(COLUMNS, values(row), strict=True)
        if column.name not in ("longitude", "latitude")
    }
    geometry = {"type": "Point", "coordinates": list(position)} if position else None
    return {"type": "Feature", "id": row.facts.pk, "geometry": geometry, "properties": properties}


def write_xlsx(rows: Iterable[Row], notice: Callable[[], Notice]) -> Iterator[bytes]:
    """A workbook of two sheets; every text is written as text, never as a formula or a link."""
    with tempfile.TemporaryFile() as file:
        xlsx.fill(_empty_xlsx(notice()), file, map(values, rows))
        yield from _blocks(file)


def _empty_xlsx(notice: Notice) -> io.BytesIO:
    """The workbook without its rows: headers with their notes, a day that shows how days are written, the notice."""
    import xlsxwriter  # type: ignore[import-untyped]  # a third of a second: paid by those who ask for a workbook

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": notice.title})
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet(_("Organisations"))
    sheet.freeze_panes(1, 0)
    for rank, column in enumerate(COLUMNS):
        sheet.write_string(0, rank, column.name, bold)
        sheet.write_comment(0, rank, str(column.says))
    sheet.write_datetime(1, 0, date(2000, 1, 1), day)
    about = book.add_worksheet(_("Sources et licence"))
    for number, (label, text) in enumerate([("", notice.title), *notice.lines, *_described()]):
        about.write_string(number, 0, label, bold)
        about.write_string(number, 1, text)
    book.close()
    file.seek(0)
    return file


def write_ods(rows: Iterable[Row], notice: Callable[[], Notice]) -> Iterator[bytes]:
    """An OpenDocument spreadsheet of the same two sheets."""
    said, about = [str(column.says) for column in COLUMNS], notice()
    with tempfile.TemporaryFile() as file:
        ods.write(
            file,
            [
                ods.Sheet(_("Organisations"), [column.name for column in COLUMNS], map(values, rows), said),
                ods.Sheet(_("Sources et licence"), ["", about.title], [*about.lines, *_described()]),
            ],
        )
        yield from _blocks(file)


def _described() -> list[tuple[str, str]]:
    """What each column says."""
    return [(column.name, str(column.says)) for column in COLUMNS]


def _blocks(file: Any) -> Iterator[bytes]:
    file.seek(0)
    while block := file.read(BLOCK):
        yield block


FORMATS: dict[str, Format] = {
    each.extension: each
    for each in (
        Format("csv", gettext_lazy("CSV, pour tout logiciel"), "text/csv; charset=utf-8", write_csv),
        Format(
            "xlsx",
            gettext_lazy("Excel (XLSX)"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            write_xlsx,
        ),
        Format("ods", gettext_lazy("LibreOffice (ODS)"), ods.CONTENT_TYPE, write_ods),
        Format("geojson", gettext_lazy("GeoJSON, pour une carte"), "application/geo+json", write_geojson),
    )
}
