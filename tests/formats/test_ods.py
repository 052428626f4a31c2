"""OpenDocument spreadsheets: what is written is read back by calamine, texts to the letter."""

import io
import zipfile
from datetime import date
from typing import Any
from xml.etree import ElementTree

import python_calamine
from hypothesis import given
from hypothesis import strategies as st

from essor.formats import ods

plain = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=15
)
cells = st.one_of(
    plain, st.integers(-(2**50), 2**50), st.floats(allow_nan=False, allow_infinity=False), st.dates()
)


def written(*sheets: ods.Sheet) -> bytes:
    file = io.BytesIO()
    ods.write(file, sheets)
    return file.getvalue()


def read(content: bytes, sheet: str) -> list[list[Any]]:
    return (
        python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        .get_sheet_by_name(sheet)
        .to_python()
    )


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=8))
def test_rows_are_read_back(rows: list[tuple[Any, Any]]) -> None:
    found = read(written(ods.Sheet("Feuille", ["a", "b"], rows)), "Feuille")
    expected = [["a", "b"], *([*row] for row in rows)]
    while expected and expected[-1] == ["", ""]:
        expected.pop()
    assert found == expected


def test_lines_spaces_and_forbidden_signs_are_kept_as_xml_can() -> None:
    rows = [("deux\nlignes",), ("  bords et   milieu ",), ('nul \x00 <b> & "',), ("=1+1",)]
    content = written(ods.Sheet("Une <feuille>", ["t"], rows, ["dit & redit"]))
    found = read(content, "Une <feuille>")
    assert [row[0] for row in found][1:] == [
        "deux\nlignes",
        "  bords et   milieu ",
        'nul \ufffd <b> & "',
        "=1+1",
    ]


def test_the_package_begins_with_its_kind_uncompressed() -> None:
    content = written(ods.Sheet("A", ["x"], [(date(2026, 3, 4),), (None,), (True,)], ["Ce que x dit"]))
    assert content[30:38] == b"mimetype"
    assert content[38 : 38 + len(ods.CONTENT_TYPE)] == ods.CONTENT_TYPE.encode()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["mimetype", "META-INF/manifest.xml", "content.xml"]
        root = ElementTree.fromstring(archive.read("content.xml"))
    space = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
    assert ["".join(note.itertext()) for note in root.iter(f"{space}annotation")] == ["Ce que x dit"]
