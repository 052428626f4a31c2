"""The history of a parameter as its page draws it: periods with their values, gaps and ends, texts that disagree."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from django.utils.translation import gettext as _

from essor.law import parameters as law
from essor.law.parameters.model import Entry

State = Literal["past", "now", "future"]
# Two texts that give the same value within a month disagree on the day; further apart, one follows the other.
SAME_VALUE_WITHIN = timedelta(days=31)


@dataclass(frozen=True)
class Period:
    """What a parameter is worth from a day on; `value` None: nothing, since the entry ends it.

    `share` is the height of a bar (0 to 100) against the highest value of a numeric parameter, None when it is none.
    """

    start: date
    last_day: date | None
    state: State
    text: str
    value: law.LegalValue | None
    entry: Entry
    share: int | None = None

    @property
    def reference(self) -> str:
        """The titles of the texts, in one line."""
        return " ; ".join(each.title for each in self.entry.references)


@dataclass(frozen=True)
class Conflict:
    """Two texts that give the same value from two days."""

    first: law.LegalValue
    second: law.LegalValue


def periods_of(parameter: law.Parameter, day: date) -> list[Period]:
    """The periods of a parameter, the latest first, as the day sees them."""
    values = {value.valid_from: value for value in parameter.history()}
    highest = max(
        (value.value for value in values.values() if isinstance(value.value, Decimal)), default=Decimal(0)
    )
    found = []
    for rank, entry in enumerate(parameter.entries):
        following = parameter.entries[rank + 1].start if rank + 1 < len(parameter.entries) else None
        last_day = following - timedelta(days=1) if following else None
        value = values.get(entry.start)
        found.append(
            Period(
                start=entry.start,
                last_day=last_day,
                state=_state(entry.start, last_day, day),
                text=value.text if value else _("Plus de valeur"),
                value=value,
                entry=entry,
                share=_share(value, highest),
            )
        )
    return found[::-1]


def _state(start: date, last_day: date | None, day: date) -> State:
    if start > day:
        return "future"
    return "past" if last_day is not None and last_day < day else "now"


def _share(value: law.LegalValue | None, highest: Decimal) -> int | None:
    if value is None or not isinstance(value.value, Decimal) or highest <= 0:
        return None
    return max(2, int(value.value / highest * 100))


def conflicts_of(parameter: law.Parameter) -> list[Conflict]:
    """The pairs of values that are the same, follow each other within a month and come from different texts."""
    return [
        Conflict(first, second)
        for first, second in pairwise(parameter.history())
        if first.value == second.value
        and first.references != second.references
        and second.valid_from - first.valid_from <= SAME_VALUE_WITHIN
    ]
