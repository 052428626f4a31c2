"""Numbers as people type and read them in French: « 1 500,50 € », « 57,5 % », « 12 »."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from essor.law.wording import french_number

_NUMBER = re.compile(r"-?(?:\d+|\d{1,3}(?: \d{3})+)(?:\.\d+)?", re.ASCII)
UNITS = {"money": "€", "share": "%"}


def read_number(text: str, kind: str) -> Decimal:
    """The number typed; a share typed « 57,5 » or « 5 % » is given as a part of 1, exact. `ValueError` in French."""
    found = exact_number(text, [UNITS[kind]] if kind in UNITS else ())
    if found is None or abs(found) >= Decimal(10) ** 15:
        raise ValueError(_wanted(text, kind))
    return found.scaleb(-2) if kind == "share" else found


def exact_number(text: str, after: Iterable[str] = ()) -> Decimal | None:
    """The number typed, the first of the words of `after` that ends it left out; None when it is not one number.

    A comma or a point is the decimal sign, spaces stand between thousands only: « 1.500,50 » could mean two numbers.
    """
    # Spaces of every width, by `split`; NFKC would turn « ² » into « 2 ».
    plain = " ".join(text.split()).casefold().replace("−", "-")
    plain = next((plain.removesuffix(word).strip() for word in after if plain.endswith(word)), plain)
    plain = plain.replace(",", ".")
    return Decimal(plain.replace(" ", "")) if _NUMBER.fullmatch(plain) else None


def _wanted(text: str, kind: str) -> str:
    examples = {"money": "1\u202f500,50", "share": "57,5", "integer": "12"}
    return _("« %(text)s » n’est pas un nombre : écrivez par exemple %(example)s.") % {
        "text": text[:40],
        "example": examples.get(kind, "12,5"),
    }


def write_number(value: Any, kind: str) -> str:
    """The number as it is typed again: « 1 500,5 », « 57,5 » for a share of 0.575."""
    found = Decimal(str(value))
    return french_number(found.scaleb(2) if kind == "share" else found)
