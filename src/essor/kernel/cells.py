"""Cells of the tables that people open in a spreadsheet."""

import re
from typing import Any

_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?", re.ASCII)


def safe_cell(value: Any) -> str:
    """The value as a cell that no spreadsheet takes for a formula; numbers stay as they are."""
    text = "" if value is None else str(value)
    dangerous = text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _NUMBER.fullmatch(text)
    return f"'{text}" if dangerous else text
