"""The file of all the territories of an indicator: CSV and JSON leave as they are read, XLSX is put in a file first."""

import io
import json
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from essor.formats import xlsx
from essor.indicators import everywhere as table
from essor.indicators.access import may_change
from essor.indicators.definition import Indicator
from essor.indicators.views_indicator import seen_or_404
from essor.kernel.access import access, everyone
from essor.kernel.cells import csv_response
from essor.kernel.charts import raw
from essor.kernel.limits import limited

BLOCK = 64 * 1024
EXTENSIONS = ("csv", "json", "xlsx")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@access(everyone)
@limited("indicator-everywhere", "60/m/ip", reading=True, visitors_only=True)
@require_safe
def everywhere(request: HttpRequest, code: str, extension: str) -> HttpResponse:
    """All the values. Who keeps the indicator also gets what secrecy weighs, so that the file is collected again."""
    known, indicator = seen_or_404(request, code)
    if extension not in EXTENSIONS:
        raise Http404(_("Formats : CSV, JSON, XLSX."))
    full = may_change(request, indicator)
    name = f"{code.replace('.', '-')}-tous-les-territoires"
    if extension == "csv":
        lines = ([_cell(value) for value in row] for row in table.rows(indicator, known, full=full))
        answer: HttpResponse = csv_response(name, table.columns_of(indicator, full=full), lines)
        return answer
    kind, blocks = (
        ("application/json; charset=utf-8", _json(indicator, known, full=full))
        if extension == "json"
        else (XLSX, _workbook(indicator, known, full=full))
    )
    response: HttpResponse = StreamingHttpResponse(blocks, content_type=kind)  # type: ignore[assignment]
    response["Content-Disposition"] = f'attachment; filename="{name}.{extension}"'
    return response


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, Decimal):
        return raw(value)
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


def _json(indicator: Indicator, known: Mapping[str, Indicator], *, full: bool) -> Iterator[str]:
    head = json.dumps(table.about(indicator), ensure_ascii=False)
    yield f'{head[:-1]}, "valeurs": ['
    for rank, line in enumerate(table.json_lines(indicator, known, full=full)):
        yield f"{',' if rank else ''}\n{json.dumps(line, ensure_ascii=False)}"
    yield "\n]}\n"


def _workbook(indicator: Indicator, known: Mapping[str, Indicator], *, full: bool) -> Iterator[bytes]:
    lines = ([_xlsx_cell(value) for value in row] for row in table.rows(indicator, known, full=full))
    with tempfile.TemporaryFile() as file:
        xlsx.fill(_empty(indicator, table.columns_of(indicator, full=full)), file, lines)
        file.seek(0)
        while block := file.read(BLOCK):
            yield block


def _xlsx_cell(value: Any) -> xlsx.Cell:
    """A number is written as its own digits: a spreadsheet's number would round those it cannot hold."""
    if isinstance(value, Decimal):
        number = float(value)
        return number if Decimal(repr(number)) == value else f"{value:f}"
    return _cell(value) if isinstance(value, bool) else value


def _empty(indicator: Indicator, columns: list[str]) -> io.BytesIO:
    """The workbook without its rows: headers, and a day that shows how days are written."""
    import xlsxwriter  # type: ignore[import-untyped]  # a third of a second: paid by those who ask for a workbook

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": indicator.label})
    sheet = book.add_worksheet(_("Valeurs"))
    sheet.freeze_panes(1, 0)
    bold = book.add_format({"bold": True})
    for rank, name in enumerate(columns):
        sheet.write_string(0, rank, name, bold)
    sheet.write_datetime(1, 0, date(2000, 1, 1), book.add_format({"num_format": "dd/mm/yyyy"}))
    book.close()
    file.seek(0)
    return file
