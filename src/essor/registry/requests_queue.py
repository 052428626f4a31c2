"""What waits for an authority's agents: claims, corrections, requests not to be shown, oldest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, Count, F, QuerySet, Value
from django.db.models.functions import Coalesce

from essor.accounts.models import Authority
from essor.kernel.periods import day_of
from essor.registry.holding import held_by
from essor.registry.models import Claim, CorrectedField, Correction, HidingRequest

# Time to answer: a month is the law for the rights of persons (RGPD, article 12.3), and our promise for the rest.
DELAY = timedelta(days=30)
CLAIM, CORRECTION, HIDING = "rattachement", "correction", "masquage"
WAITING = "a-examiner"
DECIDED = "decidees"


@dataclass(frozen=True)
class Line:
    """One request as the queue shows it."""

    kind: str
    pk: int
    name: str
    what: str
    asker: str
    day: date
    age: int
    due: date
    late: bool
    state: str
    state_label: str
    decided_by: str


def _claims(authority: Authority) -> QuerySet[Claim]:
    rows = Claim.objects.filter(held_by(authority), way=Claim.Way.AGENT)
    return rows.select_related("organisation", "user", "decided_for")


def _corrections(authority: Authority) -> QuerySet[Correction]:
    rows = Correction.objects.filter(held_by(authority))
    return rows.select_related("organisation", "author", "decided_for")


def _hidings(authority: Authority) -> QuerySet[HidingRequest]:
    rows = HidingRequest.objects.filter(held_by(authority))
    return rows.select_related("organisation", "user", "decided_for")


_OPEN = {
    CLAIM: [Claim.State.WAITING],
    CORRECTION: [Correction.State.WAITING, Correction.State.DISPUTED],
    HIDING: [HidingRequest.State.WAITING],
}
_OVER = {
    CLAIM: [Claim.State.ACCEPTED, Claim.State.REFUSED],
    CORRECTION: [
        Correction.State.ACCEPTED,
        Correction.State.REFUSED,
        Correction.State.ABSORBED,
        Correction.State.DROPPED,
    ],
    HIDING: [HidingRequest.State.ACCEPTED, HidingRequest.State.REFUSED, HidingRequest.State.LIFTED],
}
_READERS = {CLAIM: _claims, CORRECTION: _corrections, HIDING: _hidings}


def waiting_counts(authority: Authority) -> dict[str, int]:
    """How many requests wait, by kind."""
    return {
        kind: read(authority).filter(state__in=_OPEN[kind]).aggregate(n=Count("pk"))["n"]
        for kind, read in _READERS.items()
    }


class Requests:
    """The requests of a part, read a page at a time: those that wait, oldest first; those decided, latest first.

    `kinds`: those asked; all of them when none is.
    """

    def __init__(self, authority: Authority, kinds: Sequence[str], part: str, day: date) -> None:
        self._day, self._over = day, part == DECIDED
        states = _OVER if self._over else _OPEN
        asked = [kind for kind in _READERS if kind in (kinds or _READERS)]
        self._rows = {kind: _READERS[kind](authority).filter(state__in=states[kind]) for kind in asked}

    def count(self) -> int:
        """How many there are."""
        return sum(rows.count() for rows in self._rows.values())

    def __getitem__(self, wanted: slice) -> list[Line]:
        """Some lines of the whole order: one query for the order, one a kind for what the lines say."""
        if not self._rows:
            return []
        keys = list(self._order()[wanted])
        found = {}
        for kind, rows in self._rows.items():
            ids = [pk for _moment, each, pk in keys if each == kind]
            for row in rows.filter(pk__in=ids) if ids else ():
                found[kind, row.pk] = _line(kind, row, self._day)
        return [found[kind, pk] for _moment, kind, pk in keys if (kind, pk) in found]

    def _order(self) -> QuerySet[Any, Any]:
        """Moment, kind and id of every request, in order."""
        moment = Coalesce("decided_at", "created_at") if self._over else F("created_at")
        first, *others = [
            rows.order_by()
            .annotate(moment=moment, kind=Value(kind, output_field=CharField()))
            .values_list("moment", "kind", "pk")
            for kind, rows in self._rows.items()
        ]
        columns = ("moment", "kind", "pk")
        order = [f"-{name}" for name in columns] if self._over else columns
        return (first.union(*others, all=True) if others else first).order_by(*order)


def _line(kind: str, row: Claim | Correction | HidingRequest, day: date) -> Line:
    made = day_of(row.created_at)
    shown = day_of(row.decided_at) if row.decided_at and row.state not in ("waiting", "disputed") else made
    organisation = row.organisation
    return Line(
        kind=kind,
        pk=row.pk,
        name=organisation.name if organisation else "",
        what=_what(row),
        asker=_asker(row),
        day=shown,
        age=(day - made).days,
        due=made + DELAY,
        late=day > made + DELAY,
        state=row.state,
        state_label=row.get_state_display(),
        decided_by=row.decided_for.name if row.decided_for else "",
    )


def _what(row: Claim | Correction | HidingRequest) -> str:
    if isinstance(row, Claim):
        return row.job_title
    if isinstance(row, HidingRequest):
        return str(row.get_scope_display())
    labels = dict(CorrectedField.choices)
    # A report in words keeps what it is about where a correction keeps what was wrong.
    return str(labels.get(row.before, "") if row.field == CorrectedField.OTHER else row.get_field_display())


def _asker(row: Claim | Correction | HidingRequest) -> str:
    person = row.author if isinstance(row, Correction) else row.user
    return person.full_name if person else ""
