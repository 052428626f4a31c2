"""Dates and numbers in French words, for messages of pure rules."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

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


def french_euros(amount: Decimal) -> str:
    """« 5 750 € », « 1 234,50 € »: two decimals when the amount has cents, rounded half away from zero."""
    rounded = amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    whole = rounded == rounded.to_integral_value()
    text = f"{rounded:,.0f}" if whole else f"{rounded:,.2f}"
    return text.replace(",", "\u202f").replace(".", ",") + "\u00a0€"


def french_list(words: Sequence[str], last: str = "et") -> str:
    """« a, b et c »; empty for no word."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
