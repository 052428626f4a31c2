"""Accepted corrections and hidden things for many organisations at once: list, exports, index, map.

The same number of queries for one organisation and for a thousand.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from essor.kernel.text import sort_key
from essor.registry import overlay
from essor.registry.models import (
    CorrectedField,
    Correction,
    EstablishmentFacts,
    HidingRequest,
    OrganisationFacts,
)
from essor.territories.enums import Kind
from essor.territories.models import Territory


def hidden_addresses() -> "QuerySet[HidingRequest, dict[str, Any]]":
    """Ids of the organisations whose address nobody is shown, as a subquery."""
    scopes = HidingRequest.Scope
    rows = HidingRequest.objects.filter(
        state=HidingRequest.State.ACCEPTED,
        scope__in=[scopes.ADDRESS, scopes.WHOLE],
        organisation__isnull=False,
    )
    return rows.values("organisation")


def moved_places() -> "QuerySet[Correction, dict[str, Any]]":
    """Ids of the establishments whose position is that of another commune than theirs, as a subquery."""
    rows = Correction.objects.standing().filter(
        field=CorrectedField.COMMUNE, establishment__facts__isnull=False
    )
    rows = rows.exclude(establishment__facts__position_source__in=EstablishmentFacts.PLACED_HERE)
    return rows.values("establishment")


def readdressed() -> set[int]:
    """Ids of the establishments whose position is that of the address before its correction."""
    rows = Correction.objects.standing().filter(
        field=CorrectedField.ADDRESS, establishment__facts__isnull=False
    )
    rows = rows.exclude(establishment__facts__position_source__in=EstablishmentFacts.PLACED_HERE)
    return set(rows.values_list("establishment", flat=True))


def placed_elsewhere() -> dict[int, int]:
    """Corrected communes of the establishments whose position follows their address, by the establishment's id."""
    rows = Correction.objects.standing().filter(
        field=CorrectedField.COMMUNE,
        establishment__facts__position_source__in=EstablishmentFacts.PLACED_HERE,
    )
    found = dict(rows.values_list("establishment", "value"))
    communes = Territory.objects.filter(kind=Kind.COMMUNE, code__in=found.values())
    by_code = dict(communes.values_list("code", "pk")) if found else {}
    return {pk: by_code[code] for pk, code in found.items() if code in by_code}


def said_not_ess() -> "QuerySet[Correction, dict[str, Any]]":
    """Ids of the organisations that an authority says are not of the ESS, as a subquery."""
    return Correction.objects.standing().filter(field=CorrectedField.NOT_ESS).values("organisation")


def corrected(field: str, ids: Iterable[int] | None = None) -> dict[int, str]:
    """Corrected values of one field, by organisation (`ids`: of these alone): one query."""
    rows = Correction.objects.standing().filter(field=field)
    if ids is not None:
        rows = rows.filter(organisation__in=list(ids))
    return dict(rows.values_list("organisation_id", "value"))


def corrected_names(ids: Iterable[int] | None = None) -> dict[int, str]:
    """Corrected names, by organisation (`ids`: of these alone): one query, those without correction are absent."""
    return corrected(CorrectedField.NAME, ids)


def corrected_sort_keys() -> dict[int, str]:
    """Where the organisations with a corrected name stand in the order of the names."""
    return {pk: sort_key(name)[:300] for pk, name in corrected_names().items()}


class Laid:
    """What lies over the open data of some organisations: two queries, three when a commune is corrected."""

    def __init__(self, ids: Iterable[int]) -> None:
        wanted = list(ids)
        rows = Correction.objects.standing().filter(organisation__in=wanted)
        self._corrections: dict[int, list[Correction]] = {}
        for row in rows.select_related("establishment__facts").order_by("pk"):
            self._corrections.setdefault(row.organisation_id, []).append(row)
        self._ids = wanted
        every = (row for mine in self._corrections.values() for row in mine)
        self._communes = overlay.corrected_communes(every)

    @cached_property
    def _hidden(self) -> dict[int, overlay.Hidden]:
        return overlay.hidden_of(self._ids)

    def hidden(self, pk: int) -> overlay.Hidden:
        """What is hidden of an organisation."""
        return self._hidden.get(pk, overlay.NOTHING_HIDDEN)

    def correct(self, facts: OrganisationFacts) -> None:
        """Write the corrections on facts that were read to be shown."""
        overlay.lay_on_facts(facts, self._corrections.get(facts.pk, ()), self._communes)

    def on_facts(self, facts: OrganisationFacts) -> None:
        """Write the corrections on facts that were read to be shown, and take away what is hidden."""
        self.correct(facts)
        if self.hidden(facts.pk).contact:
            facts.website = ""

    def on_places(self, pk: int, places: Sequence[EstablishmentFacts]) -> None:
        """Write the corrections on the establishments of an organisation, and take away what is hidden."""
        overlay.lay_on_places(places, self._corrections.get(pk, ()), self.hidden(pk), self._communes)

    def changes(self, pk: int) -> dict[str, Any]:
        """Attributes of the facts of an organisation that corrections change."""
        found: dict[str, Any] = {}
        for row in self._corrections.get(pk, ()):
            found |= overlay.changed(row)
            if overlay.moves_seat(row) and row.value in self._communes:
                found["commune"] = self._communes[row.value]
        return found

    def communes_of_places(self, pk: int) -> dict[int, Territory]:
        """Corrected communes of the establishments of an organisation, by the establishment's id."""
        return {
            row.establishment_id: self._communes[row.value]
            for row in self._corrections.get(pk, ())
            if row.field == CorrectedField.COMMUNE and row.establishment_id and row.value in self._communes
        }


def lay_on_rows(rows: Iterable[OrganisationFacts]) -> None:
    """Write the corrections on the rows of a page of the list: one query, two when a commune is corrected."""
    found = list(rows)
    laid = Laid(row.pk for row in found)
    for row in found:
        laid.correct(row)
