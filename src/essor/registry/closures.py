"""The closures that the register knows, one by one: those that agents noted, and those that an edition in force saw.

The indicator `registre.fermetures` counts these.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from essor.kernel.french import day as said_day
from essor.registry.edition_words import scope_name
from essor.registry.models import Edition, EditionChange, Organisation, OrganisationFacts
from essor.registry.rules_history import ORGANISATION, ChangeKind
from essor.territories.models import Territory

BY_AGENT, BY_EDITION = "agent", "edition"


@dataclass(frozen=True)
class Closure:
    """One closure: the organisation, the day (of an edition: the day of its sources), its last seat, who said it."""

    organisation_id: int
    day: date
    commune_id: int | None
    source: str
    edition: str = ""


@dataclass(frozen=True)
class ClosureRow:
    """A closure as a page shows it; `name` is empty for those who may not read it."""

    closure: Closure
    name: str
    commune: str
    is_public: bool

    @property
    def source_words(self) -> str:
        """Who said it, in French."""
        if self.closure.source == BY_AGENT:
            return _("notée par une agente ou un agent")
        return _("constatée par l’édition %(edition)s") % {"edition": self.closure.edition}


def closures(edition: Edition) -> list[Closure]:
    """All the closures known with this edition in force, an organisation once: what an agent noted comes first."""
    by_agents = Organisation.objects.filter(state=Organisation.State.CLOSED, closed_on__isnull=False)
    found = {
        pk: Closure(pk, on, commune, BY_AGENT)
        for pk, on, commune in by_agents.values_list("pk", "closed_on", "facts__commune_id")
        if on is not None
    }
    gone = OrganisationFacts.objects.filter(present=False).values("pk")
    seen = EditionChange.objects.filter(
        kind=str(ChangeKind.CLOSED.value),
        subject=ORGANISATION,
        organisation__in=gone,
        switch__going_back=False,
        edition__day__lte=edition.day,
    ).order_by("pk")
    rows = list(seen.values_list("organisation_id", "edition__day", "commune_id", "edition__scope"))
    named = {scope: scope_name(scope) for scope in {row[3] for row in rows}}
    for pk, on, commune, scope in rows:
        found.setdefault(pk, Closure(pk, on, commune, BY_EDITION, f"{named[scope]}, {said_day(on)}"))
    return list(found.values())


def of_year(known: Iterable[Closure], year: int) -> list[Closure]:
    """Those of a year, the latest first."""
    kept = [each for each in known if each.day.year == year]
    return sorted(kept, key=lambda each: (-each.day.toordinal(), each.organisation_id))


def rows_of(found: Iterable[Closure], *, names: bool) -> list[ClosureRow]:
    """The closures with the names of their organisations. `names`: of all; else of those that have a public page."""
    asked = list(found)
    facts = OrganisationFacts.objects.filter(pk__in=[each.organisation_id for each in asked])
    known = {
        pk: (name, present and public)
        for pk, name, present, public in facts.values_list("pk", "name", "present", "organisation__is_public")
    }
    places = Territory.objects.filter(pk__in={each.commune_id for each in asked if each.commune_id})
    communes = dict(places.values_list("pk", "name"))
    rows = []
    for each in asked:
        name, public = known.get(each.organisation_id, ("", False))
        rows.append(
            ClosureRow(each, name if names or public else "", communes.get(each.commune_id or 0, ""), public)
        )
    return rows
