"""Where the establishments of organisations that agents added stand: no source gives them a position.

That of an establishment of the register at the same address, else the centre of the commune; followed when the
address is corrected. What is not known so is left without a position.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from essor.registry import overlay
from essor.registry.addresses import search_words, street_key
from essor.registry.models import Correction, EstablishmentFacts, OrganisationFacts
from essor.registry.overlay_rows import hidden_addresses, moved_places
from essor.registry.pipeline.quartiers import Places, locate_json
from essor.territories.locating import neighbourhoods

EXACT = ("number", "street", "unknown")
CANDIDATES = 200


@dataclass(frozen=True)
class Position:
    """A point in degrees, what gave it, how exact it is, and an upper bound of its error in metres (None: unknown)."""

    longitude: float
    latitude: float
    source: str
    quality: str
    error: int | None = None

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of the facts, with the quartiers prioritaires around."""
        error = np.array([np.nan if self.error is None else self.error], dtype=np.float64)
        point = Places(np.array([self.longitude]), np.array([self.latitude]), error)
        quarters = dict(locate_json(point, neighbourhoods()))
        return {
            "longitude": self.longitude,
            "latitude": self.latitude,
            "position_source": self.source,
            "position_quality": self.quality,
            "position_error": self.error,
            "qpv": json.loads(quarters.get(0, "[]")),
        }


NOWHERE: dict[str, Any] = {
    "longitude": None, "latitude": None, "position_source": "", "position_quality": "", "position_error": None,
    "qpv": [],
}  # fmt: skip


def place_added(ids: Iterable[int]) -> None:
    """Give its position to each establishment of these organisations that agents added, corrections read."""
    rows = EstablishmentFacts.objects.filter(
        present=True,
        establishment__organisation__in=list(ids),
        establishment__organisation__facts__origin=OrganisationFacts.Origin.AGENT,
        position_source__in=["", *EstablishmentFacts.PLACED_HERE],
    )
    places = list(rows.select_related("commune").order_by("pk"))
    if not places:
        return
    standing = Correction.objects.standing().filter(establishment__in=[place.pk for place in places])
    corrections = list(standing.filter(field__in=overlay.OF_A_PLACE).order_by("pk"))
    before = {place.pk: _columns(place) for place in places}
    overlay.lay_on_places(
        places, corrections, overlay.NOTHING_HIDDEN, overlay.corrected_communes(corrections)
    )
    for place in places:
        found = position_of(place)
        after = found.columns if found else NOWHERE
        if after != before[place.pk]:
            EstablishmentFacts.objects.filter(pk=place.pk).update(**after)


def _columns(place: EstablishmentFacts) -> dict[str, Any]:
    return {name: getattr(place, name) for name in NOWHERE}


def position_of(place: EstablishmentFacts) -> Position | None:
    """The position of an establishment by its address, else by its commune; None when neither is known."""
    commune = place.commune
    if commune is None:
        return None
    if neighbour := _at_address(place):
        return neighbour
    if commune.lon is None or commune.lat is None:
        return None
    return Position(commune.lon, commune.lat, EstablishmentFacts.BY_COMMUNE, "commune")


def _at_address(place: EstablishmentFacts) -> Position | None:
    """The position that a source gives to the same address, the most exact; hidden addresses give none."""
    key = street_key(place.address)
    if not key:
        return None
    number, word = search_words(key)
    rows = EstablishmentFacts.objects.filter(
        present=True,
        commune=place.commune_id,
        longitude__isnull=False,
        latitude__isnull=False,
        position_quality__in=EXACT,
        address__contains=number,
        establishment__organisation__is_public=True,
    ).filter(address__contains=word)
    rows = rows.exclude(position_source__in=EstablishmentFacts.PLACED_HERE)
    rows = rows.exclude(establishment__organisation__in=hidden_addresses()).exclude(pk__in=moved_places())
    same = [row for row in rows.order_by("pk")[:CANDIDATES] if street_key(row.address) == key]
    if not same:
        return None
    best = min(same, key=lambda row: (EXACT.index(row.position_quality), row.pk))
    assert best.longitude is not None  # noqa: S101 - filtered above
    assert best.latitude is not None  # noqa: S101
    return Position(
        best.longitude,
        best.latitude,
        EstablishmentFacts.BY_ADDRESS,
        best.position_quality,
        best.position_error,
    )
