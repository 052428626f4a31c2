"""The JSON form of a dated value: the same on the command line, on the pages and in the files of a report."""

from decimal import Decimal
from typing import Any

from essor.law import parameters as law


def value_row(value: law.LegalValue) -> dict[str, Any]:
    """The JSON form of a dated value; ``to`` is its last day in force."""
    return {
        "id": value.parameter,
        "description": value.description,
        "value": _plain(value.value),
        "unit": value.unit,
        "text": value.text,
        "labels": dict(value.labels),
        "from": value.valid_from.isoformat(),
        "to": value.last_day.isoformat() if value.last_day else None,
        "reference": value.reference,
        "references": [{"title": item.title, "href": item.href} for item in value.references],
        "certainty": str(value.certainty.value),
        "certainty_note": value.certainty.public_note,
        "note": value.note,
        "local": value.local,
    }


def _plain(value: law.Value) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) if isinstance(item, Decimal) else item for item in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
