"""Tables as CSV that spreadsheets open: no cell is a formula, long ones are streamed."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse

BYTE_ORDER_MARK = "\ufeff"
_NEGATIVE = re.compile(r"-\d+(?:[.,]\d+)?", re.ASCII)


def safe_cell(value: Any) -> str:
    """The value as a cell that no spreadsheet takes for a formula; negative numbers stay as they are."""
    text = "" if value is None else str(value)
    dangerous = text[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") and not _NEGATIVE.fullmatch(text)
    return f"'{text}" if dangerous else text


class _Echo:
    """What the CSV writer writes to: gives each line back."""

    def write(self, value: str) -> str:
        return value


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The lines of the table, its head first, with a byte order mark."""
    writer = csv.writer(_Echo(), delimiter=";")
    yield BYTE_ORDER_MARK + writer.writerow([safe_cell(name) for name in head])
    for row in rows:
        yield writer.writerow([safe_cell(value) for value in row])


def csv_response(name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """The table as a download named `name`.csv."""
    response = StreamingHttpResponse(csv_lines(head, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
