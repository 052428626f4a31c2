"""When a deadline is worth a message: pure."""

from datetime import date, timedelta

# A weekly message also tells what will cross its threshold before the next one.
WEEK_AHEAD = 6


def threshold(deadline: date, day: date, wanted: tuple[int, ...], ahead: int = 0) -> int | None:
    """The nearest of the wanted thresholds (days before the deadline) that is crossed on `day`, None for none.

    `ahead` is how many days earlier a threshold is taken as crossed. A deadline of the day itself still counts.
    """
    left = (deadline - day).days
    if left < 0:
        return None
    return min((days for days in wanted if left <= days + ahead), default=None)


def is_due(deadline: date, crossed: int, told: tuple[date, int] | None) -> bool:
    """Whether to remind: never told of this deadline, or only at a farther threshold. A moved deadline is told anew."""
    return told is None or told[0] != deadline or crossed < told[1]


def horizon(day: date, wanted: tuple[int, ...], ahead: int = 0) -> date:
    """The last deadline that any of the thresholds may tell on `day`; the day itself when none is wanted."""
    return day + timedelta(days=max(wanted, default=-ahead) + ahead)
