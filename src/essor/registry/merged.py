"""What merges left on the organisations that were kept: places and names received from duplicates."""

from collections.abc import Collection, Iterable

from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast

from essor.registry.models import EstablishmentFacts, MergedRow, OrganisationFacts

ESTABLISHMENT = "registry.establishment"


def absorbed_names(ids: Iterable[int]) -> dict[int, list[str]]:
    """Names of the duplicates that each organisation absorbed: one query, those that absorbed none are absent."""
    rows = OrganisationFacts.objects.filter(organisation__merged_into__in=list(ids)).order_by("pk")
    found: dict[int, list[str]] = {}
    for kept, *names in rows.values_list("organisation__merged_into", "name", "acronym", "usual_name"):
        found.setdefault(kept, []).extend(name for name in names if name)
    return found


def in_order(
    places: Iterable[EstablishmentFacts], brought: Collection[int] | None = None
) -> list[EstablishmentFacts]:
    """The establishments of one organisation, the head office first; no query when it has one head office at most.

    A duplicate brings its own head office: on what is shown, only that of the organisation kept stays one. `brought`:
    the ids of those that merges brought, when the caller knows them.
    """
    found = list(places)
    seats = [place for place in found if place.is_head_office]
    if len(seats) > 1:
        if brought is None:
            brought = received(place.pk for place in seats)
        own = [place for place in seats if place.pk not in brought] or seats[:1]
        for place in seats:
            place.is_head_office = place in own
    return sorted(found, key=lambda place: (not place.is_head_office, place.postal_code, place.pk))


def received(ids: Iterable[int]) -> set[int]:
    """Those of these establishments that a merge brought: one query."""
    rows = _standing().filter(row__in=[str(pk) for pk in ids])
    return {int(row) for row in rows.values_list("row", flat=True)}


def is_received() -> Exists:
    """The same, told by the query that reads the establishments."""
    return Exists(_standing().filter(row=Cast(OuterRef("pk"), CharField())))


def _standing() -> "QuerySet[MergedRow]":
    return MergedRow.objects.filter(model=ESTABLISHMENT, moved=True, merge__undone_at__isnull=True)
