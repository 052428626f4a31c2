"""The one contract of acts: what any lever says of a grant, a contract, a lease… for those who do not know the lever.

A lever gives `acts(scope)`: a queryset with the columns of `COLUMNS` as fields or annotations. The kernel puts them
together; the organisation's timeline, indicators, the state-aid ledger and open data read here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db.models import QuerySet

from essor.kernel import goals


@dataclass(frozen=True)
class Act:
    """One act of an authority's policy, in the columns shared by all levers.

    `odd` carries its goals of sustainable development, none or several, as `goals.written` writes them: « |8|11| ».
    """

    lever: str
    kind: str
    reference: str
    label: str
    authority_id: int
    organisation_id: int | None
    territory_id: int | None
    day: date
    amount_cents: int | None
    sector_policy: str
    service_id: int | None
    odd: str
    plan_action_id: int | None
    provenance: str

    @property
    def goals(self) -> tuple[int, ...]:
        """Numbers of the goals that it serves. ValueError when the lever wrote them otherwise."""
        return goals.read(self.odd)


COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(Act))


@dataclass(frozen=True)
class Scope:
    """What acts are asked for; an empty value means no limit. The period is half-open: [start, end)."""

    authority_ids: frozenset[int] = frozenset()
    organisation_ids: frozenset[int] = frozenset()
    start: date | None = None
    end: date | None = None

    def limit(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        """The rows of a lever's queryset (annotated with the columns of an act) inside the scope."""
        if self.authority_ids:
            rows = rows.filter(authority_id__in=self.authority_ids)
        if self.organisation_ids:
            rows = rows.filter(organisation_id__in=self.organisation_ids)
        if self.start:
            rows = rows.filter(day__gte=self.start)
        if self.end:
            rows = rows.filter(day__lt=self.end)
        return rows


def acts(scope: Scope) -> Iterator[Act]:
    """All acts in the scope, latest first, whatever lever made them."""
    from essor.kernel.lever import levers

    found = [
        Act(*row)
        for lever in levers()
        if lever.acts
        for row in scope.limit(lever.acts(scope)).values_list(*COLUMNS)
    ]
    yield from sorted(found, key=lambda act: (act.day, act.lever, act.reference), reverse=True)


def acts_by_goal(found: Iterable[Act]) -> dict[int, list[Act]]:
    """The acts of each of the seventeen goals, in the order given; an act stands under each goal that it serves."""
    by_goal: dict[int, list[Act]] = {goal: [] for goal in goals.GOALS}
    for act in found:
        for goal in act.goals:
            by_goal[goal].append(act)
    return by_goal
