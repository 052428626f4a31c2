"""Accepted corrections and hidden things, laid over the open data: what pages and exports show."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from essor.kernel.text import fold
from essor.registry import words
from essor.registry.enums import SizeBand, Verdict
from essor.registry.models import (
    CorrectedField,
    Correction,
    EstablishmentFacts,
    HidingRequest,
    Organisation,
    OrganisationFacts,
)
from essor.registry.nomenclatures import sector_of
from essor.territories.enums import Kind
from essor.territories.models import Territory

YES = "oui"
FORMER_ADDRESS = "former"  # quality of a position: that of the address before its correction
UNCERTAIN = "uncertain"
_POSTAL = re.compile(r"(.*?)(?:,?\s*(\d{5}))?", re.DOTALL)
# Facts of a place: corrected on one establishment.
OF_A_PLACE = frozenset({CorrectedField.ADDRESS, CorrectedField.COMMUNE})


@dataclass(frozen=True)
class Hidden:
    """What is not shown of an organisation, at somebody's request."""

    address: bool = False
    contact: bool = False


NOTHING_HIDDEN = Hidden()


def hidden_of(ids: Iterable[int]) -> dict[int, Hidden]:
    """What is hidden of these organisations, one query; those of which nothing is hidden are absent.

    Organisations hidden as a whole are not public at all (`Organisation.is_public`) and need not be looked for.
    """
    rows = HidingRequest.objects.filter(
        organisation__in=list(ids), state=HidingRequest.State.ACCEPTED
    ).values_list("organisation_id", "scope")
    found: dict[int, set[str]] = {}
    for organisation_id, scope in rows:
        found.setdefault(organisation_id, set()).add(scope)
    scopes = HidingRequest.Scope
    return {
        key: Hidden(bool(each & {scopes.ADDRESS, scopes.WHOLE}), bool(each & {scopes.CONTACT, scopes.WHOLE}))
        for key, each in found.items()
    }


def standing_of(organisation_id: int) -> list[Correction]:
    """The corrections that pages show, oldest first."""
    rows = Correction.objects.standing().filter(organisation=organisation_id)
    return list(
        rows.select_related("author", "decided_by", "decided_for", "establishment__facts").order_by("pk")
    )


def fact(field: str, facts: OrganisationFacts | None, place: EstablishmentFacts | None) -> str:
    """What the open data say of a field, as corrections compare it: codes for commune, activity and size."""
    if facts is None:
        return ""
    if field == CorrectedField.ADDRESS:
        return f"{place.address}, {place.postal_code}".strip(", ") if place else ""
    if field == CorrectedField.COMMUNE:
        commune = place.commune if place else facts.commune
        return commune.code if commune else ""
    if field == CorrectedField.CLOSED:
        gone = not facts.present or facts.organisation.state == Organisation.State.CLOSED
        return YES if gone else ""
    if field == CorrectedField.NOT_ESS:
        return YES if not facts.present or facts.verdict == Verdict.OUTSIDE.value else ""
    return str(getattr(facts, field, ""))  # nothing for a tag: the data never say that it lacks


def same(field: str, one: str, other: str) -> bool:
    """True when two values of a field say the same: accents, case and punctuation of texts do not count."""
    if field in (CorrectedField.NAME, CorrectedField.ADDRESS):
        return fold(one) == fold(other)
    if field == CorrectedField.WEBSITE:
        return words.website_words(one) == words.website_words(other) and bool(one) == bool(other)
    return one == other


def said(field: str, value: str, communes: dict[str, str] | None = None) -> str:
    """A value of a field in words."""
    if field == CorrectedField.COMMUNE:
        return (communes or {}).get(value) or value
    if field == CorrectedField.ACTIVITY:
        return words.activity_label(value)
    if field == CorrectedField.SIZE:
        band = SizeBand.of(value)
        return str(band.label) if band else value
    if field in (CorrectedField.CLOSED, CorrectedField.NOT_ESS):
        return ""
    if field == CorrectedField.TAG:
        return words.tag_label(value)
    return value


def commune_names(corrections: Sequence[Correction]) -> dict[str, str]:
    """Names of the communes that corrections speak of, by code; no query when none does."""
    codes = {
        code
        for row in corrections
        if row.field == CorrectedField.COMMUNE
        for code in (row.before, row.value, row.contradiction)
        if code
    }
    if not codes:
        return {}
    rows = Territory.objects.filter(kind=Kind.COMMUNE, code__in=codes)
    return dict(rows.values_list("code", "name"))


def changed(row: Correction) -> dict[str, Any]:
    """Attributes of the facts that a correction gives, and what follows from them; empty for those of a place."""
    if row.field in (CorrectedField.NAME, CorrectedField.WEBSITE):
        return {row.field: row.value}
    if row.field == CorrectedField.ACTIVITY:
        sector = sector_of(row.value)
        return {"naf": row.value, "sector": sector.code if sector else ""}
    if row.field == CorrectedField.SIZE:
        band = SizeBand.of(row.value)
        return {
            "size_band": row.value,
            "size_year": None,
            "is_employer": band is not None and band.is_employer,
        }
    if row.field == CorrectedField.NOT_ESS:
        # What an authority says against the sources, somebody must check: it leaves the register's part of the list.
        return {"verdict": Verdict.TO_CHECK.value}
    return {}


def corrected_communes(corrections: Iterable[Correction]) -> dict[str, Territory]:
    """Communes that corrections give, by code, with intercommunalité and département; no query when none does."""
    codes = {row.value for row in corrections if row.field == CorrectedField.COMMUNE}
    if not codes:
        return {}
    rows = Territory.objects.filter(kind=Kind.COMMUNE, code__in=codes).select_related("epci", "departement")
    return {each.code: each for each in rows}


def moves_seat(row: Correction) -> bool:
    """True for a correction of the commune where the organisation itself is said to be: that of its head office."""
    if row.field != CorrectedField.COMMUNE:
        return False
    place = getattr(row.establishment, "facts", None)
    return place is None or place.is_head_office


def lay_on_facts(
    facts: OrganisationFacts, corrections: Sequence[Correction], communes: Mapping[str, Territory]
) -> None:
    """Write the corrections on facts that were read to be shown; they must not be saved."""
    for row in corrections:
        for name, value in changed(row).items():
            setattr(facts, name, value)
        if moves_seat(row):
            facts.commune = communes.get(row.value) or facts.commune


def lay_on_places(
    places: Sequence[EstablishmentFacts],
    corrections: Sequence[Correction],
    hidden: Hidden,
    communes: Mapping[str, Territory],
) -> None:
    """Write corrections of addresses on establishments that were read to be shown, and take away what is hidden."""
    by_place = {
        (row.establishment_id, row.field): row.value for row in corrections if row.field in OF_A_PLACE
    }
    for place in places:
        if address := by_place.get((place.pk, CorrectedField.ADDRESS)):
            street, postal_code = _POSTAL.fullmatch(address).groups()  # type: ignore[union-attr]
            place.address, place.postal_code = street, postal_code or ""
            if place.position_source not in EstablishmentFacts.PLACED_HERE:
                _doubt_position(place)  # that of the open data stands at the former address
        commune = communes.get(by_place.get((place.pk, CorrectedField.COMMUNE), ""))
        if commune is not None and commune.pk != place.commune_id:
            place.commune = commune
            if place.position_source not in EstablishmentFacts.PLACED_HERE:
                _forget_position(place)  # that of the open data stands in the other commune
        if hidden.address:
            hide_address(place)


def hide_address(place: EstablishmentFacts) -> None:
    """Take street and point away from an establishment that was read to be shown: the commune stays."""
    place.address = place.postal_code = place.name = ""
    _forget_position(place)


def _doubt_position(place: EstablishmentFacts) -> None:
    """Say that the point is that of another address: how far from the right one, nobody knows."""
    if place.longitude is not None:
        place.position_quality, place.position_error = FORMER_ADDRESS, None
        place.qpv = [{**each, "certainty": UNCERTAIN} for each in place.qpv]


def _forget_position(place: EstablishmentFacts) -> None:
    place.longitude = place.latitude = place.position_error = None
    place.position_quality = place.position_source = ""
    place.qpv = []


def told(corrections: Sequence[Correction], hidden: Hidden) -> list[Correction]:
    """The corrections that the page may tell: those of an address or a contact that is hidden would show it."""
    silent = set()
    if hidden.address:
        silent.add(CorrectedField.ADDRESS)
    if hidden.contact:
        silent.add(CorrectedField.WEBSITE)
    return [row for row in corrections if row.field not in silent]


def notes(corrections: Sequence[Correction]) -> list[dict[str, Any]]:
    """The corrections as the page tells them: what, by whom, when, on what ground, what open data say."""
    communes = commune_names(corrections)
    return [
        {
            "row": row,
            "label": row.get_field_display(),
            "value": said(row.field, row.value, communes),
            "before": said(row.field, row.before, communes),
            "contradiction": said(row.field, row.contradiction, communes),
            "disputed": row.state == Correction.State.DISPUTED,
            "by": row.decided_for.name if row.decided_for else "",
            "day": row.decided_at,
        }
        for row in corrections
    ]
