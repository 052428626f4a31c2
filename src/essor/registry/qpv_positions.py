"""Where the rows of a list are: by their own position, by their SIRET in the register, by their address."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from essor.formats.address_columns import WrittenAddress
from essor.formats.position_list import PlaceRow
from essor.registry import address_service, register_addresses
from essor.registry.address_service import NoService, Progress
from essor.registry.models import EstablishmentFacts
from essor.registry.overlay_rows import Laid
from essor.registry.rules_addresses import Placed, Refused, Unanswered

MANY = 500


@dataclass(frozen=True)
class PlacedRow:
    """A row with the position that was found for it, if any; the place in words; how its address was found."""

    row: PlaceRow
    place: str = ""
    found: Placed | None = None
    commune: str = ""
    silent: bool = False  # the address service did not answer for it


def placed_rows(
    rows: Sequence[PlaceRow], *, ask: bool = False, progress: Progress | None = None
) -> list[PlacedRow]:
    """The rows, in order. `ask`: addresses leave for the address service."""
    facts = _establishments([row.siret for row in rows if row.siret and row.lon is None])
    placed = [_by_number(row, facts) for row in rows]
    wanted = [row.address for row in (each.row for each in placed) if is_sought(row) and row.address]
    if not wanted:
        return placed
    found = _addresses(wanted, ask=ask, progress=progress)
    return [_by_address(each, found, ask=ask) for each in placed]


def is_sought(row: PlaceRow) -> bool:
    """Whether its address is the only way to place it."""
    return row.lon is None and row.address is not None and bool(row.address.street)


def _addresses(
    wanted: Sequence[WrittenAddress], *, ask: bool, progress: Progress | None
) -> dict[WrittenAddress, Placed | Refused]:
    """By the service when it is asked, then by the register for those that it did not place."""
    found: dict[WrittenAddress, Placed | Refused] = {}
    if ask:
        try:
            found |= address_service.find(wanted, progress)
        except NoService:
            ask = False  # switched off since: the rows say the remedy
    rest = [each for each in wanted if not isinstance(found.get(each), Placed)]
    return {**found, **register_addresses.find(rest)}


def _by_address(placed: PlacedRow, found: dict[WrittenAddress, Placed | Refused], *, ask: bool) -> PlacedRow:
    row = placed.row
    if not is_sought(row) or row.address is None:
        return placed
    said = found.get(row.address)
    if isinstance(said, Placed):
        known = replace(row, lon=said.lon, lat=said.lat, error=said.error, trouble=None)
        return PlacedRow(known, said.label, said, said.city)
    reason, remedy = (said.reason, said.remedy) if said else _not_asked(ask=ask)
    return replace(
        placed,
        row=replace(row, trouble=(reason, remedy)),
        commune=placed.commune or row.address.city,
        silent=isinstance(said, Unanswered),
    )


def _not_asked(*, ask: bool) -> tuple[str, str]:
    reason = _("non située : le registre n’a pas d’établissement à cette adresse.")
    if ask or address_service.service() is None:
        return reason, _("Donnez sa longitude et sa latitude.")
    return reason, _("Cochez la recherche des adresses, ou donnez sa longitude et sa latitude.")


def _by_number(row: PlaceRow, facts: dict[str, EstablishmentFacts]) -> PlacedRow:
    if not row.siret or row.lon is not None:
        return PlacedRow(row)
    found = facts.get(row.siret)
    remedy = _("Donnez sa position ou son adresse.")
    if found is None:
        if row.address and row.address.street:
            return PlacedRow(row)
        reason = _("le registre public n’a pas l’établissement %(siret)s.") % {"siret": row.siret}
        return PlacedRow(replace(row, trouble=(reason, remedy)))
    commune = found.commune.name if found.commune else ""
    place = f"{found.address} {found.postal_code} {commune}".strip()
    if found.longitude is None or found.latitude is None:
        if row.address and row.address.street:
            return PlacedRow(row, place, commune=commune)
        reason = _("le registre ne montre pas où se trouve cet établissement.")
        return PlacedRow(replace(row, trouble=(reason, remedy)), place, commune=commune)
    error = found.position_error if found.position_error is not None else 500
    known = replace(row, lon=found.longitude, lat=found.latitude, error=error)
    return PlacedRow(known, place, commune=commune)


def _establishments(sirets: Sequence[str]) -> dict[str, EstablishmentFacts]:
    found: dict[str, EstablishmentFacts] = {}
    wanted = list(dict.fromkeys(sirets))
    for start in range(0, len(wanted), MANY):
        rows = EstablishmentFacts.objects.filter(
            establishment__siret__in=wanted[start : start + MANY],
            present=True,
            establishment__organisation__is_public=True,
            establishment__organisation__facts__present=True,
        ).select_related("establishment", "commune")
        shown = list(rows)
        laid = Laid({row.establishment.organisation_id for row in shown})
        for row in shown:
            laid.on_places(row.establishment.organisation_id, [row])
        found |= {row.establishment.siret or "": row for row in shown}
    return found
