"""The register as columns: read once for all its indicators, then counted by arithmetic.

The register's list says that an organisation is on a territory when it is seated there or has an establishment there:
the same is counted here, so that a figure and the list to which it leads agree.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
from django.db.models import Q

from essor.registry.enums import Tag, Verdict
from essor.registry.models import (
    Edition,
    EditionChange,
    EstablishmentFacts,
    Organisation,
    OrganisationFacts,
    OrganisationTag,
)
from essor.registry.overlay_rows import said_not_ess
from essor.registry.queries import edition_in_force, public_facts
from essor.registry.rules_history import ORGANISATION, ChangeKind
from essor.territories.enums import Kind
from essor.territories.models import COMMUNE_PARENT, Territory
from essor.territories.queries import UnknownTerritoryError, communes

Ints = npt.NDArray[np.int64]
LEVELS = (Kind.EPCI, Kind.DEPARTEMENT, Kind.REGION)
ESS = (Verdict.ESS_BY_STATUS.value, Verdict.ESS_DECLARED.value)


@dataclass(frozen=True)
class Ground:
    """The communes of the edition, and the territories that it covers whole: `above[level][rank of the commune]` is
    the territory of that level, 0 where there is none or where the edition has only a part of it.
    """

    communes: Ints
    above: tuple[Ints, ...]
    population: dict[int, int]

    @property
    def territories(self) -> list[int]:
        """All the territories of which the register may speak."""
        found = {int(pk) for level in self.above for pk in np.unique(level) if pk}
        return [*self.communes.tolist(), *sorted(found)]


@dataclass(frozen=True)
class Columns:
    """The organisations of the register (sorted ids and what is counted of them) and where they are."""

    edition: Edition
    ground: Ground
    ids: Ints
    family: list[str]
    sector: list[str]
    employer: npt.NDArray[np.bool_]
    year: Ints
    esus: npt.NDArray[np.bool_]
    # One row an organisation and a commune where it is: ranks in `ids` and in `ground.communes`.
    row: Ints
    place: Ints
    # One row an establishment: rank of the commune; whether it is inside a priority neighbourhood of 2024.
    site: Ints
    in_quarter: npt.NDArray[np.bool_]
    located: npt.NDArray[np.bool_]
    # One row a closure: year, rank of the commune.
    closed_year: Ints
    closed_place: Ints


def ground_of(scope: str) -> Ground:
    """The communes of an edition's territory, and what contains them whole."""
    try:
        inside = communes(scope)
    except UnknownTerritoryError:
        inside = frozenset()
    names = [COMMUNE_PARENT[level] + "_id" for level in LEVELS]
    rows = list(
        Territory.objects.active()
        .of_kind(Kind.COMMUNE)
        .order_by("pk")
        .values_list("pk", "code", "population", *names)
    )
    mine = [row for row in rows if row[1] in inside]
    partial = {pk for row in rows if row[1] not in inside for pk in row[3:] if pk}
    pks = np.array([row[0] for row in mine], dtype=np.int64)
    above = [
        np.array([0 if row[place] in partial else row[place] or 0 for row in mine], dtype=np.int64)
        for place in range(3, 3 + len(names))
    ]
    if scope == Kind.FRANCE and (france := Territory.objects.filter(kind=Kind.FRANCE).first()):
        above.append(np.full(len(mine), france.pk, dtype=np.int64))
    population = _populations(mine, pks, above)
    return Ground(pks, tuple(above), population)


def _populations(rows: Sequence[tuple[int, ...]], pks: Ints, above: Sequence[Ints]) -> dict[int, int]:
    """Inhabitants of each territory: the sum of its communes, so that both terms of a quotient speak of the same place.

    A territory of which one commune's population is not known has none.
    """
    found: dict[int, int] = {}
    unknown: set[int] = set()
    for rank, row in enumerate(rows):
        for territory in (int(pks[rank]), *(int(level[rank]) for level in above)):
            if row[2] is None:
                unknown.add(territory)
            found[territory] = found.get(territory, 0) + (row[2] or 0)
    return {pk: count for pk, count in found.items() if pk and pk not in unknown and count}


def read(day: date) -> Columns | None:
    """The register in force; None before the first edition. Six queries, whatever the size."""
    edition = edition_in_force()
    if edition is None:
        return None
    ground = ground_of(edition.scope)
    rows = list(
        public_facts()
        .filter(verdict__in=ESS)
        .exclude(organisation__in=said_not_ess())
        .order_by("pk")
        .values_list("pk", "commune_id", "family", "sector", "is_employer", "created_on")
    )
    ids = np.array([row[0] for row in rows], dtype=np.int64)
    sites, quarters, located = _sites(ids, ground)
    pairs = np.concatenate([_pairs(ids, ground, ids, [row[1] for row in rows]), sites])
    pairs = np.unique(pairs, axis=0) if len(pairs) else pairs
    closed = _closures(edition, ground)
    return Columns(
        edition,
        ground,
        ids,
        [row[2] for row in rows],
        [row[3] for row in rows],
        np.array([row[4] for row in rows], dtype=np.bool_),
        np.array([row[5].year if row[5] else 0 for row in rows], dtype=np.int64),
        _tagged(ids, day),
        pairs[:, 0],
        pairs[:, 1],
        sites[:, 1],
        quarters,
        located,
        closed[:, 0],
        closed[:, 1],
    )


def _ranks(names: Ints, wanted: Ints) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Ranks in sorted names, and which of the wanted ones are there."""
    if not len(names):
        return np.zeros(len(wanted), dtype=np.int64), np.zeros(len(wanted), dtype=np.bool_)
    ranks = np.minimum(np.searchsorted(names, wanted), len(names) - 1)
    return ranks.astype(np.int64), names[ranks] == wanted


def _pairs(ids: Ints, ground: Ground, organisations: Ints, places: Sequence[int | None]) -> Ints:
    """(rank of the organisation, rank of the commune) of those that the register and the ground know."""
    rows, known = _ranks(ids, organisations)
    ranks, placed = _ranks(ground.communes, np.array([place or 0 for place in places], dtype=np.int64))
    kept = known & placed
    return np.column_stack([rows[kept], ranks[kept]])


def _sites(ids: Ints, ground: Ground) -> tuple[Ints, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Establishments of these organisations on the ground; inside a neighbourhood of 2024; with a position."""
    found = list(
        EstablishmentFacts.objects.filter(present=True, commune__isnull=False)
        .order_by("pk")
        .values_list("establishment__organisation_id", "commune_id", "qpv", "longitude")
    )
    owners = np.array([row[0] for row in found], dtype=np.int64)
    rows, known = _ranks(ids, owners)
    ranks, placed = _ranks(ground.communes, np.array([row[1] for row in found], dtype=np.int64))
    kept = known & placed
    inside = np.array([_is_inside(row[2]) for row in found], dtype=np.bool_)
    located = np.array([row[3] is not None for row in found], dtype=np.bool_)
    return np.column_stack([rows[kept], ranks[kept]]), inside[kept], located[kept]


def _is_inside(said: object) -> bool:
    rows = json.loads(said) if isinstance(said, str) else said or []
    return any(row["generation"] == 2024 and row["relation"] == "in" for row in rows)


def _tagged(ids: Ints, day: date) -> npt.NDArray[np.bool_]:
    """The organisations with a running Esus agreement."""
    running = Q(until__isnull=True) | Q(until__gt=day)
    borne = OrganisationTag.objects.filter(running, code=Tag.ESUS.value).values_list(
        "organisation_id", flat=True
    )
    found = np.zeros(len(ids), dtype=np.bool_)
    ranks, known = _ranks(ids, np.array(list(borne), dtype=np.int64))
    found[ranks[known]] = True
    return found


def _closures(edition: Edition, ground: Ground) -> Ints:
    """(year, rank of the commune) of each closure that an agent noted, or that an edition which still holds saw."""
    by_agents = Organisation.objects.filter(state=Organisation.State.CLOSED, closed_on__isnull=False)
    said = {
        pk: (day.year, commune)
        for pk, day, commune in by_agents.values_list("pk", "closed_on", "facts__commune_id")
    }
    gone = OrganisationFacts.objects.filter(present=False).values("pk")
    seen = EditionChange.objects.filter(
        kind=str(ChangeKind.CLOSED.value),
        subject=ORGANISATION,
        organisation__in=gone,
        switch__going_back=False,
        edition__day__lte=edition.day,
    )
    for pk, day, commune in seen.values_list("organisation_id", "edition__day", "commune_id"):
        said.setdefault(pk, (day.year, commune))
    rows = np.array([(year, commune or 0) for year, commune in said.values()], dtype=np.int64).reshape(-1, 2)
    ranks, placed = _ranks(ground.communes, rows[:, 1])
    return np.column_stack([rows[placed, 0], ranks[placed]])


def distinct(columns: Columns, chosen: npt.NDArray[np.bool_]) -> dict[int, int]:
    """How many of the chosen organisations are on each territory, each counted once: 0 where there is none."""
    kept = chosen[columns.row]
    rows, places = columns.row[kept], columns.place[kept]
    found = dict.fromkeys(columns.ground.territories, 0)
    found |= _counted(columns.ground.communes[places])
    for level in columns.ground.above:
        pairs = np.unique(np.column_stack([level[places], rows]), axis=0)
        found |= _counted(pairs[:, 0])
    found.pop(0, None)
    return found


def each(columns: Columns, places: Ints) -> dict[int, int]:
    """How many rows lie in each territory: for what is in one commune alone (an establishment, a closure)."""
    found = dict.fromkeys(columns.ground.territories, 0)
    found |= _counted(columns.ground.communes[places])
    for level in columns.ground.above:
        found |= _counted(level[places])
    found.pop(0, None)
    return found


def _counted(territories: Ints) -> dict[int, int]:
    names, counts = np.unique(territories, return_counts=True)
    return dict(zip(names.tolist(), counts.tolist(), strict=True))
