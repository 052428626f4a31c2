"""What the index takes in: the public organisations of the edition in force, read from the database."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from essor.kernel.text import fold, sort_key
from essor.registry import merged
from essor.registry.filters import Quarter
from essor.registry.models import (
    EstablishmentFacts,
    Identifier,
    Organisation,
    OrganisationTag,
)
from essor.registry.overlay_rows import Laid
from essor.registry.profiles import search_text
from essor.registry.queries_edition import public_facts
from essor.territories.models import Territory

CHUNK = 2000
QUARTER_BITS = {quarter.relation: 1 << rank for rank, quarter in enumerate(Quarter)}
_FACTS = (
    "organisation_id",
    "organisation__sort_key",
    "name",
    "acronym",
    "usual_name",
    "naf",
    "sector",
    "family",
    "verdict",
    "size_band",
    "is_employer",
    "created_on",
    "purpose",
    "commune_id",
)
_PLACES = (
    "establishment__organisation_id",
    "establishment_id",
    "establishment__siret",
    "name",
    "postal_code",
    "commune_id",
    "longitude",
    "latitude",
    "qpv",
    "position_source",
)


@dataclass(slots=True)
class Entry:
    """One organisation as the index sees it."""

    pk: int
    sort_key: str
    names: tuple[str, ...]
    naf: str
    sector: str
    family: str
    verdict: str
    size_band: str
    is_employer: bool
    created_on: date | None
    purpose: str
    communes: set[int] = field(default_factory=set)
    points: list[tuple[float, float]] = field(default_factory=list)
    quarters: int = 0
    tags: list[tuple[str, date | None]] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    place_words: set[str] = field(default_factory=set)
    own_words: str = ""  # what its people say of it


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune of the register and its intercommunalité (0 and empty words without)."""

    pk: int
    code: str
    name: str
    epci_pk: int
    epci_code: str
    epci_name: str


def public_ids() -> list[int]:
    """Ids of the organisations that anybody may see, in order."""
    rows = Organisation.objects.visible().order_by("pk")
    return list(rows.values_list("pk", flat=True))


def entries(ids: Iterable[int]) -> Iterator[list[Entry]]:
    """The public organisations among these ids, a chunk at a time; the others are left out."""
    for chunk in batched_ids(ids):
        yield _chunk(chunk)


def batched_ids(ids: Iterable[int]) -> Iterator[Sequence[int]]:
    """The ids by chunks."""
    rest = iter(ids)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def communes(wanted: Iterable[int]) -> list[Commune]:
    """The communes of these ids, with their intercommunalité."""
    found: list[Commune] = []
    for chunk in batched_ids(wanted):
        for row in Territory.objects.filter(pk__in=chunk).select_related("epci"):
            epci = row.epci
            inter = (epci.pk, epci.code, epci.name) if epci else (0, "", "")
            found.append(Commune(row.pk, row.code, row.name, *inter))
    return found


def _chunk(ids: Sequence[int]) -> list[Entry]:
    facts = public_facts().filter(pk__in=ids)
    found = {row[0]: _entry(row) for row in facts.order_by("pk").values_list(*_FACTS)}
    laid = Laid(found)
    for pk, names in merged.absorbed_names(found).items():
        found[pk].names += tuple(name for name in names if name not in found[pk].names)
    for entry in found.values():
        _correct(entry, laid.changes(entry.pk))
    _add_places(found, laid)
    running = OrganisationTag.objects.filter(organisation__in=found)
    for pk, code, until in running.values_list("organisation_id", "code", "until"):
        found[pk].tags.append((code, until))
    for pk, value in Identifier.objects.filter(organisation__in=found).values_list(
        "organisation_id", "value"
    ):
        found[pk].numbers.append(value)
    for pk, text in search_text(found).items():
        found[pk].own_words = text
    return list(found.values())


def _entry(row: tuple[Any, ...]) -> Entry:
    pk, sort_key, name, acronym, usual, *rest, commune = row
    entry = Entry(pk, sort_key, tuple(text for text in (name, acronym, usual) if text), *rest)
    if commune:
        entry.communes.add(commune)
    return entry


def _correct(entry: Entry, changes: dict[str, Any]) -> None:
    """Write accepted corrections; the former name stays among those by which one looks for it."""
    for attribute, value in changes.items():
        if attribute == "name":
            entry.names = (value, *(name for name in entry.names if name != value))
            entry.sort_key = sort_key(value)[:300]
        elif attribute == "commune":
            entry.communes = {value.pk}
        elif hasattr(entry, attribute):  # the rest is shown, not looked for
            setattr(entry, attribute, value)


def _add_places(found: dict[int, Entry], laid: Laid) -> None:
    """Places, numbers and quarters; of an organisation whose address is hidden, its communes and numbers alone."""
    moved = {place: each.pk for pk in found for place, each in laid.communes_of_places(pk).items()}
    rows = EstablishmentFacts.objects.filter(present=True, establishment__organisation__in=found)
    for row in rows.values_list(*_PLACES):
        pk, place, siret, name, postal_code, commune, longitude, latitude, quarters, source = row
        entry = found[pk]
        if siret:
            entry.numbers.append(siret)
        if moved.get(place, commune):
            entry.communes.add(moved.get(place, commune))
        if laid.hidden(pk).address:
            continue
        here = source in EstablishmentFacts.PLACED_HERE  # the point follows the corrected address
        if (
            moved.get(place, commune) != commune and not here
        ):  # the point and its quarters are those of the other commune
            entry.place_words.update(text for text in (fold(name),) if text)
            continue
        entry.place_words.update(text for text in (fold(name), postal_code) if text)
        if longitude is not None and latitude is not None:
            entry.points.append((longitude, latitude))
        for each in quarters:
            entry.quarters |= QUARTER_BITS.get((each["generation"], each["relation"]), 0)


def names_of_places(rows: Iterable[Commune]) -> dict[int, str]:
    """Folded words of each commune and of its intercommunalité, by id of the commune."""
    words: dict[int, str] = defaultdict(str)
    for row in rows:
        words[row.pk] = f"{fold(row.name)} {fold(row.epci_name)}".strip()
    return words
