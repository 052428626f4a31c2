"""What a local value would change, before it is written: the history before and after, the rules that would follow."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from essor.law import parameters as law
from essor.law.rules.base import Rule
from essor.law.usage import rules_reading
from essor.rulebook.actions_values import Draft


@dataclass(frozen=True)
class Step:
    """A day on which something begins, before or after; "" for nothing."""

    day: date
    before: str
    after: str

    @property
    def changes(self) -> bool:
        """True when the two differ."""
        return self.before != self.after


@dataclass(frozen=True)
class Preview:
    """The steps of both histories, what the day of today sees, and until when the new value holds."""

    steps: list[Step]
    today_before: str
    today_after: str
    last_day: date | None
    rules: tuple[Rule[Any], ...]

    @property
    def changes_today(self) -> bool:
        """True when the law of today is no longer the same."""
        return self.today_before != self.today_after


def preview(draft: Draft, today: date) -> Preview:
    """What the draft changes in the law as this installation reads it. Raises `LegalParameterError`."""
    before = _known(draft.parameter)
    with law.with_local_values([draft.as_local_value()]):
        after = law.parameter(draft.parameter)
    days = sorted({entry.start for each in (before, after) if each for entry in each.entries})
    later = [entry.start for entry in after.entries if entry.start > draft.start]
    return Preview(
        steps=[Step(day, _at(before, day), _at(after, day)) for day in days],
        today_before=_at(before, today),
        today_after=_at(after, today),
        last_day=date.fromordinal(later[0].toordinal() - 1) if later else None,
        rules=rules_reading(draft.parameter),
    )


def _known(identifier: str) -> law.Parameter | None:
    try:
        return law.parameter(identifier)
    except law.UnknownParameterError:
        return None


def _at(parameter: law.Parameter | None, day: date) -> str:
    if parameter is None:
        return ""
    try:
        return parameter.at(day).text
    except law.NotInForceError:
        return ""
