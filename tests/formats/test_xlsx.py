"""Rows put into a workbook: read again by another library, whatever they hold."""

import io
from datetime import date, time
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from essor.formats import xlsx


def skeleton() -> io.BytesIO:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("Lignes")
    sheet.write_string(0, 0, "un")
    sheet.write_datetime(1, 0, date(2000, 1, 1), day)
    book.add_worksheet("Autre").write_string(0, 0, "reste")
    book.close()
    file.seek(0)
    return file


def read_again(rows: list[list[Any]]) -> Any:
    file = io.BytesIO()
    assert xlsx.fill(skeleton(), file, rows) == len(rows)
    return openpyxl.load_workbook(file)


def test_rows_are_read_again_with_their_types() -> None:
    rows: list[list[Any]] = [
        ["=1+1", 3, 1.5, date(2026, 11, 22)],
        [None, "", "é < & >"],
        ["  a  ", date(1850, 1, 1), 0, "\x00b"],
    ]
    book = read_again(rows)
    found = [list(row) for row in book["Lignes"].iter_rows(values_only=True)]
    day = found[1].pop()
    assert (day.date(), day.time()) == (date(2026, 11, 22), time(0))
    assert found == [
        ["un", None, None, None],
        ["=1+1", 3, 1.5],
        [None, None, "é < & >", None],
        ["  a  ", "1850-01-01", 0, "b"],
    ]
    assert book["Lignes"]["A2"].data_type == "s"  # no formula
    assert book["Lignes"]["D2"].number_format == "dd/mm/yyyy"
    assert book["Autre"]["A1"].value == "reste"
    assert book["Lignes"].max_row == 4


def test_no_row_leaves_the_header_alone() -> None:
    assert list(read_again([])["Lignes"].iter_rows(values_only=True)) == [("un",)]


@given(st.lists(st.text(max_size=30), min_size=1, max_size=5))
def test_any_text_makes_a_workbook_that_opens(texts: list[str]) -> None:
    _head, row = read_again([["x", *texts]])["Lignes"].iter_rows(values_only=True)

    def plain(text: str | None) -> str:
        return (text or "").replace("\r\n", "\n").replace("\r", "\n")

    found = [plain(text) for text in row[1:]]
    wanted = [plain(xlsx._FORBIDDEN.sub("", text)) for text in texts]
    assert found + [""] * (len(wanted) - len(found)) == wanted


def test_what_a_reader_would_take_for_an_escape_is_escaped() -> None:
    assert xlsx._clean("_x0041_ et _x_") == "_x005F_x0041_ et _x_"


def test_letters_of_columns() -> None:
    assert [xlsx.column(rank) for rank in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


def test_a_sheet_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_ROWS", 3)
    with pytest.raises(xlsx.TooManyRows):
        xlsx.fill(skeleton(), io.BytesIO(), [["a"]] * 3)
