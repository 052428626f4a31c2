"""Dates and numbers in French words, for messages of pure rules."""

from datetime import date
from decimal import Decimal

_MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def french_date(day: date) -> str:
    """« 3 mars 2026 », « 1er août 2014 »."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {_MONTHS[day.month - 1]} {day.year}"


def french_number(value: Decimal) -> str:
    """« 1 234,5 »: decimal comma, narrow no-break space between thousands, no needless zero."""
    text = f"{value:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(",", "\u202f").replace(".", ",")


def french_percent(share: Decimal) -> str:
    """« 57,5 % » for 0.575."""
    return f"{french_number(share * 100)}\u00a0%"
