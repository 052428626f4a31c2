"""Contact cards of organisations, version 3.0, which phones and mail programs all read.

Source: RFC 2426 (vCard 3.0): escaping § 2.4.2, folding of long lines § 2.6 (RFC 2425 § 5.8.1).
"""

from __future__ import annotations

from dataclasses import dataclass

CONTENT_TYPE = "text/vcard; charset=utf-8"
MAX_LINE = 75  # bytes


@dataclass(frozen=True)
class Card:
    """What a card says of an organisation; empty texts are left out."""

    name: str
    page: str
    day: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    latitude: float | None = None
    longitude: float | None = None
    website: str = ""
    note: str = ""


def write(card: Card) -> str:
    """The card, its lines ended by CRLF."""
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"FN:{escaped(card.name)}", "N:;;;;", f"ORG:{escaped(card.name)}"]
    if card.street or card.postal_code or card.city:
        parts = ("", "", card.street, card.city, "", card.postal_code, "France")
        lines.append("ADR;TYPE=WORK:" + ";".join(map(escaped, parts)))
    if card.latitude is not None and card.longitude is not None:
        lines.append(f"GEO:{card.latitude:.6f};{card.longitude:.6f}")
    lines += [f"URL:{_address(address)}" for address in (card.website, card.page) if address]
    if card.note:
        lines.append(f"NOTE:{escaped(card.note)}")
    lines.append(f"SOURCE:{_address(card.page)}")
    if card.day:
        lines.append(f"REV:{card.day}")
    return "".join(f"{folded(line)}\r\n" for line in [*lines, "END:VCARD"])


def escaped(text: str) -> str:
    """Backslashes, separators and ends of lines escaped; other control signs left out."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(sign for sign in text if sign == "\n" or sign.isprintable())
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _address(address: str) -> str:
    """An address on one line."""
    return "".join(sign for sign in address if sign.isprintable())


def folded(line: str) -> str:
    """The line cut every 75 bytes at most, never inside a sign; what follows begins with a space."""
    parts, current, size = [], "", 0
    for sign in line:
        width = len(sign.encode("utf-8", "replace"))
        if size + width > MAX_LINE:
            parts.append(current)
            current, size = " ", 1
        current, size = current + sign, size + width
    return "\r\n".join([*parts, current])
