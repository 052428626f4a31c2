"""States of the register to compare: that of an edition's folder, that of the register in force."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from essor.registry.loading.rows import closed_sirens, edition_rows
from essor.registry.loading.tables import ESTABLISHMENTS, ORGANISATIONS
from essor.registry.models import EstablishmentFacts, Identifier, OrganisationFacts
from essor.registry.rules_history import FOLLOWED, FOLLOWED_ESTABLISHMENT, Snapshot, UnitState

FETCH = 5000


def of_folder(folder: Path) -> Snapshot:
    """What an edition's files say, read as a load reads them."""
    sources = edition_rows(folder)
    names = tuple(ORGANISATIONS.filled)
    units: dict[str, UnitState] = {}
    for row in sources[ORGANISATIONS]():
        values = dict(zip(names, row, strict=True))
        units[values["siren"]] = UnitState(_texts(values, FOLLOWED), {})
    names = tuple(ESTABLISHMENTS.filled)
    for row in sources[ESTABLISHMENTS]():
        values = dict(zip(names, row, strict=True))
        if unit := units.get(values["siren"]):
            unit.places[values["siret"]] = _texts(values, FOLLOWED_ESTABLISHMENT)
    return Snapshot(units, frozenset(closed_sirens(folder)))


def of_register() -> Snapshot:
    """What the register in force says, and which organisations were there once."""
    sirens = dict(
        Identifier.objects.filter(scheme=Identifier.Scheme.SIREN).values_list("organisation_id", "value")
    )
    units: dict[str, UnitState] = {}
    gone: set[str] = set()
    # What agents added is not of an edition: no edition makes it leave.
    facts = OrganisationFacts.objects.filter(origin=OrganisationFacts.Origin.EDITION)
    for row in facts.values("organisation_id", "present", *FOLLOWED).iterator(FETCH):
        siren = sirens.get(row["organisation_id"])
        if siren is None:
            continue
        if row["present"]:
            units[siren] = UnitState(_texts(row, FOLLOWED), {})
        else:
            gone.add(siren)
    places = EstablishmentFacts.objects.filter(present=True, establishment__siret__isnull=False).values(
        "establishment__organisation_id", "establishment__siret", *FOLLOWED_ESTABLISHMENT
    )
    for row in places.iterator(FETCH):
        unit = units.get(sirens.get(row["establishment__organisation_id"], ""))
        if unit is not None:
            unit.places[row["establishment__siret"]] = _texts(row, FOLLOWED_ESTABLISHMENT)
    return Snapshot(units, gone=frozenset(gone))


def _texts(values: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str]:
    """The followed values as the history keeps them."""
    return {name: _text(values[name]) for name in names}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
