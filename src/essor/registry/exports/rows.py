"""The rows of an export, read a few hundred at a time in the order of the names."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from heapq import merge
from typing import Any

import numpy as np
from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils.translation import get_language

from essor.registry import merged, overlay_rows
from essor.registry.filters import Filters
from essor.registry.models import (
    EstablishmentFacts,
    Identifier,
    Organisation,
    OrganisationFacts,
    OrganisationTag,
)
from essor.registry.queries import matching_ids, public_facts, tags_of
from essor.registry.tag_words import LABEL, labels_among
from essor.territories.models import Territory

CHUNK = 1000
PLACE_FIELDS = (
    "pk",
    "establishment__organisation_id",
    "establishment__siret",
    "is_head_office",
    "commune_id",
    "address",
    "postal_code",
    "longitude",
    "latitude",
    "position_quality",
    "position_source",
    "qpv",
)


@dataclass(slots=True)
class Place:
    """An establishment as exports need it, in the order of `PLACE_FIELDS`: a model's row takes three times as long.

    It has the attributes of `EstablishmentFacts` that corrections and hidden things write on (`overlay`).
    """

    pk: int
    organisation_id: int
    siret: str | None
    is_head_office: bool
    commune_id: int | None
    address: str
    postal_code: str
    longitude: float | None
    latitude: float | None
    position_quality: str
    position_source: str
    qpv: list[dict[str, Any]]
    position_error: int | None = None
    name: str = ""
    commune: Territory | None = None


@dataclass(frozen=True)
class Row:
    """An organisation with what goes beside it."""

    facts: OrganisationFacts
    commune: Territory | None  # with its EPCI and its département
    siren: str
    rna: str
    tags: list[OrganisationTag]
    places: list[Place]  # in the territory, the head office first
    address: str  # of the organisation's page
    language: str = ""  # of the words beside the codes
    labels: Mapping[str, str] = field(
        default_factory=dict
    )  # names of the authorities' labels, by code of tag

    @property
    def seat(self) -> Place | None:
        """The head office when it is in the territory, else the first establishment there."""
        return self.places[0] if self.places else None

    @property
    def position(self) -> tuple[float, float] | None:
        """Longitude and latitude of the seat, else of the first establishment that has them."""
        for place in self.places:
            if place.longitude is not None and place.latitude is not None:
                return place.longitude, place.latitude
        return None


def ordered_ids(filters: Filters) -> np.ndarray:
    """Ids of the set shown, by name. All the names are read in order from their index: 250 000 ids take 2 MB."""
    wanted = matching_ids(filters)
    order = np.fromiter(_by_name(), dtype=np.int64)
    return order[np.isin(order, wanted)]


def _by_name() -> Iterator[int]:
    """Every organisation by name, each corrected one where its corrected name puts it."""
    every = Organisation.objects.order_by("sort_key", "pk")
    corrected = overlay_rows.corrected_sort_keys()
    if not corrected:
        return every.values_list("pk", flat=True).iterator(chunk_size=10_000)
    others = every.values_list("sort_key", "pk").iterator(chunk_size=10_000)
    moved = sorted((key, pk) for pk, key in corrected.items())
    ordered = merge((each for each in others if each[1] not in corrected), moved)
    return (pk for _key, pk in ordered)


def rows_of(ids: np.ndarray, filters: Filters, address: Callable[[int], str]) -> Iterator[Row]:
    """The rows of these ids in their order; an organisation that left the register meanwhile is left out."""
    communes: dict[int, Territory] = {}
    labels: dict[str, str] = {}
    language = get_language() or ""
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK].tolist()
        facts = public_facts().filter(pk__in=_among(chunk))
        found = {each.pk: each for each in facts.defer("conditions", "search_text", "purpose", "row_hash")}
        laid = overlay_rows.Laid(chunk)
        for each in found.values():
            laid.on_facts(each)
        _read_communes(communes, found.values())
        numbers, places = _numbers(chunk), _places(chunk)
        tags = tags_of(chunk, filters)
        _read_labels(labels, tags.values())
        for pk in chunk:
            if pk in found:
                laid.on_places(pk, places.get(pk, ()))  # type: ignore[arg-type]
                own = numbers.get(pk, {})
                yield Row(
                    found[pk],
                    communes.get(found[pk].commune_id or 0),
                    own.get(Identifier.Scheme.SIREN, ""),
                    own.get(Identifier.Scheme.RNA, ""),
                    tags.get(pk, []),
                    places.get(pk, []),
                    address(pk),
                    language,
                    labels,
                )


def _read_communes(known: dict[int, Territory], rows: Iterable[OrganisationFacts]) -> None:
    """Add the communes that no row before had: a few hundred serve thousands of rows."""
    lacking = {row.commune_id for row in rows if row.commune_id} - known.keys()
    if lacking:
        found = Territory.objects.filter(pk__in=lacking).select_related("epci", "departement")
        known.update((each.pk, each) for each in found)


def _read_labels(known: dict[str, str], tags: Iterable[list[OrganisationTag]]) -> None:
    """Add the names of the authorities' labels that no row before bore: one query at most for thousands of rows."""
    codes = {tag.code for mine in tags for tag in mine if tag.code.startswith(LABEL)} - known.keys()
    if codes:
        known.update({code: code for code in codes} | dict(labels_among(codes)))


def _numbers(chunk: list[int]) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    rows = Identifier.objects.filter(organisation__in=_among(chunk)).order_by("pk")
    for organisation, scheme, value in rows.values_list("organisation_id", "scheme", "value"):
        found.setdefault(organisation, {}).setdefault(scheme, value)
    return found


def _places(chunk: list[int]) -> dict[int, list[Place]]:
    found: dict[int, list[Place]] = {}
    rows = EstablishmentFacts.objects.filter(
        present=True, in_territory=True, establishment__organisation__in=_among(chunk)
    )
    for row in rows.order_by("pk").values_list(*PLACE_FIELDS):
        place = Place(*row)
        found.setdefault(place.organisation_id, []).append(place)
    seats = {pk: [place.pk for place in mine if place.is_head_office] for pk, mine in found.items()}
    several = [place for mine in seats.values() if len(mine) > 1 for place in mine]
    brought = merged.received(several) if several else set()  # one query for the chunk, not one a merge
    return {
        organisation: merged.in_order(mine, brought) if len(mine) > 1 else mine  # type: ignore[arg-type, misc]
        for organisation, mine in found.items()
    }


def _among(ids: list[int]) -> RawSQL:
    """These ids as a subquery of one parameter: a thousand parameters take longer to prepare than rows to read."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [ids])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(ids)])
