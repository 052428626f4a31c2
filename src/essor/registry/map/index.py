"""The public establishments with a position, held by each process for the version of the register it shows.

At 250 000 points the arrays take some 35 MB, and each remembered set less than 15 MB.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from essor.registry.filters import Filters, Zone
from essor.registry.map.grid import Grid, Ints, interleave, to_grid
from essor.registry.models import CorrectedField, EstablishmentFacts
from essor.registry.overlay import FORMER_ADDRESS
from essor.registry.overlay_rows import (
    corrected,
    hidden_addresses,
    moved_places,
    placed_elsewhere,
    readdressed,
)
from essor.registry.queries import matching_ids
from essor.registry.words import activity_label

FAMILIES = ("association", "cooperative", "mutual", "foundation", "ess_company", "")
MAX_NAME = 90
MAX_SETS, MAX_POINTS = 64, 1_500_000
APPROXIMATE = ("commune", "unknown", FORMER_ADDRESS, "")
_FIELDS = (
    "establishment__organisation_id",
    "longitude",
    "latitude",
    "commune_id",
    "position_quality",
    "establishment__organisation__facts__name",
    "establishment__organisation__facts__family",
    "establishment__organisation__facts__naf",
    "pk",
)


@dataclass(frozen=True)
class MapSet:
    """The points of one set of organisations."""

    grid: Grid
    organisations: int  # in the set
    placed: int  # of which with at least one point


class MapIndex:
    """Every point, in the order of the curve, and what a tile says of it."""

    def __init__(self, rows: list[tuple[Any, ...]]) -> None:
        """The index of these rows (columns of `_FIELDS`)."""
        lon, lat = (np.array([row[rank] for row in rows], dtype=np.float64) for rank in (1, 2))
        codes = interleave(*to_grid(lon, lat)) if rows else np.zeros(0, dtype=np.int64)
        order = np.argsort(codes, kind="stable")
        self.codes = codes[order]
        self.longitude, self.latitude = lon[order], lat[order]
        ids = np.array([row[0] for row in rows], dtype=np.int64)[order]
        self.organisation_ids, self.organisation = np.unique(ids, return_inverse=True)
        self.commune = np.array([row[3] or 0 for row in rows], dtype=np.int64)[order]
        self.approximate = np.array([row[4] in APPROXIMATE for row in rows], dtype=bool)[order]
        rank = {family: number for number, family in enumerate(FAMILIES)}
        self.family = np.array([rank.get(row[6], rank[""]) for row in rows], dtype=np.uint8)[order]
        self._name_organisations([rows[number] for number in order])

    @classmethod
    def read(cls) -> "MapIndex":
        """The index of what the database holds (five queries, six when an added organisation moved)."""
        rows = list(_points().values_list(*_FIELDS))
        names, nafs = corrected(CorrectedField.NAME), corrected(CorrectedField.ACTIVITY)
        elsewhere, former = placed_elsewhere(), readdressed()
        for rank, row in enumerate(rows):
            if row[0] in names or row[0] in nafs:
                rows[rank] = (
                    *row[:5], names.get(row[0], row[5]), row[6], nafs.get(row[0], row[7]), row[8],
                )  # fmt: skip
            if row[8] in elsewhere:
                rows[rank] = (*rows[rank][:3], elsewhere[row[8]], *rows[rank][4:])
            if row[8] in former:
                rows[rank] = (*rows[rank][:4], FORMER_ADDRESS, *rows[rank][5:])
        return cls(rows)

    def _name_organisations(self, rows: list[tuple[Any, ...]]) -> None:
        """Names in one text of bytes, activities by their code."""
        names, nafs = [b""] * len(self.organisation_ids), [0] * len(self.organisation_ids)
        self._activities: list[str] = [""]
        known = {"": 0}
        for row, organisation in zip(rows, self.organisation.tolist(), strict=True):
            names[organisation] = str(row[5])[:MAX_NAME].encode("utf-8", "replace")
            naf = str(row[7])
            if naf not in known:
                known[naf] = len(self._activities)
                self._activities.append(activity_label(naf))
            nafs[organisation] = known[naf]
        self._offsets = np.cumsum([0, *(len(name) for name in names)])
        self._names = b"".join(names)
        self._nafs = np.array(nafs, dtype=np.int32)

    def words(self, row: int) -> tuple[int, str, str]:
        """Organisation's id, name (cut) and activity of a point."""
        organisation = self.organisation[row]
        first, last = self._offsets[organisation], self._offsets[organisation + 1]
        name = self._names[first:last].decode("utf-8")
        return int(self.organisation_ids[organisation]), name, self._activities[self._nafs[organisation]]

    def subset(self, ids: Ints, communes: frozenset[int] | None, zone: Zone | None = None) -> MapSet:
        """The points of these organisations, in these communes and in this zone (None: anywhere)."""
        wanted = np.zeros(len(self.organisation_ids), dtype=bool)
        if len(wanted):
            at = np.searchsorted(self.organisation_ids, ids).clip(max=len(wanted) - 1)
            wanted[at[self.organisation_ids[at] == ids]] = True
        mask = wanted[self.organisation]
        if communes is not None:
            mask &= np.isin(self.commune, np.fromiter(communes, dtype=np.int64, count=len(communes)))
        if zone is not None:
            mask &= (self.longitude >= zone.west) & (self.longitude <= zone.east)
            mask &= (self.latitude >= zone.south) & (self.latitude <= zone.north)
        rows: NDArray[np.int32] = np.flatnonzero(mask).astype(np.int32)
        grid = Grid(self.codes[rows], rows, self.family[rows], len(FAMILIES))
        placed = np.count_nonzero(np.bincount(self.organisation[rows], minlength=1))
        return MapSet(grid, len(ids), int(placed))


def _points() -> QuerySet[EstablishmentFacts]:
    """Establishments that the map may show: public, in the territory, with a position that is theirs and not hidden."""
    rows = EstablishmentFacts.objects.filter(
        present=True,
        in_territory=True,
        longitude__isnull=False,
        latitude__isnull=False,
        establishment__organisation__is_public=True,
        establishment__organisation__facts__present=True,
    )
    rows = rows.exclude(establishment__organisation__in=hidden_addresses())
    return rows.exclude(pk__in=moved_places()).order_by("pk")


class _Memory:
    """The index of one version and the sets last asked, shared by the threads of a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version = ""
        self._index: MapIndex | None = None
        self._sets: OrderedDict[str, MapSet] = OrderedDict()

    def get(self, version: str, key: str, read: Callable[[], Filters]) -> tuple[MapIndex, MapSet]:
        with self._lock:  # one thread reads; the others wait for what it read
            if self._index is None or self._version != version:
                self._index, self._version = MapIndex.read(), version
                self._sets.clear()
            found = self._sets.pop(key, None)
            if found is None:
                filters = read()
                communes = filters.place.commune_ids if filters.place else None
                found = self._index.subset(matching_ids(filters), communes, filters.zone)
            self._sets[key] = found
            self._forget()
            return self._index, found

    def _forget(self) -> None:
        """Leave out the sets asked longest ago, the last one kept."""
        while len(self._sets) > 1 and (
            len(self._sets) > MAX_SETS or sum(len(each.grid) for each in self._sets.values()) > MAX_POINTS
        ):
            self._sets.popitem(last=False)


_memory = _Memory()


def map_set(version: str, key: str, read: Callable[[], Filters]) -> tuple[MapIndex, MapSet]:
    """The index of the version, and the set that `key` (the written filters) names; `read` gives the filters when it
    is not remembered.
    """
    return _memory.get(version, key, read)
