"""Periods as people write them: « 2020 », « 2020-T2 », « 2020-03 ». Pure."""

import re
from datetime import date

from essor.indicators.definition import Span, month, quarter, year
from essor.indicators.enums import Periodicity

_YEAR = re.compile(r"(\d{4})", re.ASCII)
_QUARTER = re.compile(r"(\d{4})[- ]?T([1-4])", re.ASCII | re.IGNORECASE)
_MONTH = re.compile(r"(\d{4})-(\d{1,2})|(\d{1,2})/(\d{4})", re.ASCII)
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
EXAMPLES = {
    Periodicity.YEAR: "2020",
    Periodicity.QUARTER: "2020-T2",
    Periodicity.MONTH: "2020-03",
    Periodicity.EDITION: "2020-03",
}


def parse_span(text: str, periodicity: Periodicity) -> Span:
    """The period that a person wrote. ValueError in French when it is not one of that rhythm."""
    written = text.strip()
    wrong = ValueError(f"Cette période n’est pas lisible : écrivez par exemple {EXAMPLES[periodicity]}.")
    try:
        if periodicity is Periodicity.YEAR and (found := _YEAR.fullmatch(written)):
            return year(int(found[1]))
        if periodicity is Periodicity.QUARTER and (found := _QUARTER.fullmatch(written)):
            return quarter(date(int(found[1]), 3 * int(found[2]) - 2, 1))
        if periodicity in (Periodicity.MONTH, Periodicity.EDITION) and (found := _MONTH.fullmatch(written)):
            return month(date(int(found[1] or found[4]), int(found[2] or found[3]), 1))
    except (ValueError, OverflowError):
        raise wrong from None
    raise wrong


def write_span(span: Span, periodicity: Periodicity) -> str:
    """The period as `parse_span` reads it back in that rhythm."""
    match periodicity:
        case Periodicity.YEAR:
            return f"{span.start.year:04}"
        case Periodicity.QUARTER:
            return f"{span.start.year:04}-T{(span.start.month + 2) // 3}"
        case _:
            return f"{span.start.year:04}-{span.start.month:02}"


def say_span(span: Span) -> str:
    """The period in words: « 2020 », « 2e trimestre 2020 », « mars 2020 »."""
    if span == year(span.start.year):
        return str(span.start.year)
    if span == month(span.start):
        return f"{MONTHS[span.start.month - 1]} {span.start.year}"
    if span == quarter(span.start):
        number = (span.start.month + 2) // 3
        return f"{number}{'er' if number == 1 else 'e'} trimestre {span.start.year}"
    return f"du {span.start:%d/%m/%Y} au {span.end:%d/%m/%Y} exclu"
