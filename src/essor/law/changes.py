"""What changes in the law between two days: for a page of what comes soon, and for its feed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from essor.law import parameters as law
from essor.law.parameters.model import Parameter
from essor.law.wording import french_date


@dataclass(frozen=True, slots=True)
class Change:
    """A value that begins, ends or changes on a day. ``before`` or ``after`` is None when there is none."""

    parameter: str
    description: str
    day: date
    before: law.LegalValue | None
    after: law.LegalValue | None

    @property
    def same_value(self) -> bool:
        """True when only the text that founds the value changes."""
        return bool(self.before and self.after and self.before.value == self.after.value)

    @property
    def sentence(self) -> str:
        """« 1er avril 2026 : seuil… : 40 000 € → 60 000 € (code…) »."""
        start = f"{french_date(self.day)} : {self.description} ({self.parameter})"
        if self.after is None:
            return f"{start} : prend fin" + (f" ; {self.before.text} jusque-là" if self.before else "")
        doubt = f", {self.after.certainty.public_note}" if self.after.certainty.public_note else ""
        text = f"{self.after.reference}{doubt}"
        if self.before is None:
            return f"{start} : {self.after.text} — {text}"
        if self.same_value:
            return f"{start} : toujours {self.after.text}, nouveau texte — {text}"
        return f"{start} : {self.before.text} → {self.after.text} — {text}"


def changes_between(
    since: date, until: date, parameters: Iterable[Parameter] | None = None
) -> tuple[Change, ...]:
    """Changes from one day to another, both included, in the order of days then of identifiers.

    Looks at every parameter by default, local values included. Empty when ``until`` comes before ``since``.
    """
    items = law.all_parameters() if parameters is None else parameters
    found = [change for item in items for change in _of(item) if since <= change.day <= until]
    return tuple(sorted(found, key=lambda change: (change.day, change.parameter)))


def _of(item: Parameter) -> Iterator[Change]:
    values = {value.valid_from: value for value in item.history()}
    before = None
    for entry in item.entries:
        after = values.get(entry.start)
        yield Change(item.id, item.description, entry.start, before, after)
        before = after
