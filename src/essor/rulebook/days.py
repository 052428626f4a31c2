"""Days that people choose on the pages of the law."""

from datetime import date, timedelta

from essor.law.rules.base import years_before

# The law between these days is what parameters may tell; others are typing errors.
FIRST_DAY, LAST_DAY = date(1980, 1, 1), date(2100, 12, 31)
# The years of the guides that agents know: « what changed since the guide? ».
GUIDES = (2025, 2021)


def read_day(text: str) -> date | None:
    """The day that an address bears (AAAA-MM-JJ), None when it is no day of the law."""
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if FIRST_DAY <= found <= LAST_DAY else None


def month_before(day: date) -> date:
    """The same day a month before, or the last day of that month."""
    last = day.replace(day=1) - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))


def year_before(day: date) -> date:
    """The same day a year before."""
    return years_before(day, 1)


def year_after(day: date) -> date:
    """The same day a year after; 28 February for a 29 February that does not exist."""
    return years_before(day, -1)
