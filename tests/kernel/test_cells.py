"""Cells that no spreadsheet takes for a formula."""

import pytest

from essor.kernel.cells import safe_cell


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"), ("-3", "-3"), ("-1,5", "-1,5"), ("+33 6", "'+33 6"),
        ("+33", "'+33"), ("-3+cmd|x", "'-3+cmd|x"),
        ("@x", "'@x"), ("abc", "abc"), (None, ""), (12, "12"), ("\t=1", "'\t=1"), ("\rx", "'\rx"),
        ("\nx", "'\nx"), ("-3\n", "'-3\n"),
    ],
)  # fmt: skip
def test_a_cell_is_never_a_formula(value: object, cell: str) -> None:
    assert safe_cell(value) == cell
