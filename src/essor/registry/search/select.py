"""Which organisations a search gives, in which order, and how many of each kind: arithmetic on the columns."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property, partial, reduce

import numpy as np

from essor.registry.enums import Family
from essor.registry.filters import (
    CreationBand,
    Facets,
    Filters,
    Near,
    Quarter,
    Section,
    SizeGroup,
    Sort,
    Value,
    Zone,
    sector_choices,
)
from essor.registry.search import columns as codes
from essor.registry.search.columns import Array
from essor.registry.search.cube import SMALL, Cube, Pairs
from essor.registry.search.view import QUARTERS, View
from essor.registry.tag_words import labels_of

EARTH = 6_371_008.8  # mean radius (IUGG), metres
KILOMETRES_A_DEGREE = 110.5  # of latitude, at least: the box is never too small
PLACES = 50  # communes and intercommunalités told, at most
MANY = 2000  # beyond, the best are put apart before being put in order


def metres_to(near: Near, longitudes: Array, latitudes: Array) -> Array:
    """Distance on the sphere (haversine) from the point to others, in metres."""
    a, b = np.radians(near.latitude), np.radians(latitudes)
    half = np.sin((b - a) / 2) ** 2
    half += np.cos(a) * np.cos(b) * np.sin(np.radians(longitudes - near.longitude) / 2) ** 2
    return 2 * EARTH * np.arcsin(np.sqrt(np.minimum(half, 1)))


class Selection:
    """A search on one version of the index. Rows are always in increasing order.

    Text, place, distance, zone, year of creation and the one quartier limit everything; each other choice limits all
    but its own facet.
    """

    def __init__(self, view: View, filters: Filters) -> None:
        self.view, self.filters = view, filters
        self.columns = view.columns
        self.cube: Cube = view.cube
        self.hits = view.hits(filters.text) if filters.text else None
        self._metres: tuple[Array, Array] | None = None
        self._facets: Facets | None = None
        self._wanted = self._wanted_axes()
        self._masks = self._pair_masks()
        self._base = self._base_rows()
        self._loose = self._rows(without="")
        self.shown = self.cube.keep(self._loose, self._wanted)

    @property
    def total(self) -> int:
        """How many organisations it gives."""
        return len(self.shown)

    def ids(self) -> Array:
        """Ids of the organisations, in increasing order."""
        found: Array = self.columns.ids[self.shown]
        return found

    def page(self, start: int, size: int) -> list[int]:
        """Ids of a page in the order asked; ties by name, then id."""
        key = self._own_key()
        if key is None:
            rows = self._first_of(self.view.order(self.filters.sort), start + size)[start:]
        else:
            rows = self._best(key, start + size)[start:]
        return [int(pk) for pk in self.columns.ids[rows]]

    def _first_of(self, order: Array, count: int) -> Array:
        """The first `count` rows shown of an order of all rows: no more of it is read than needed."""
        mask = np.zeros(len(self.columns), dtype=np.bool_)
        mask[self.shown] = True
        read = MANY
        while True:
            found: Array = order[:read][mask[order[:read]]]
            if len(found) >= min(count, len(self.shown)):
                return found[:count]
            read *= 4

    def _own_key(self) -> Array | None:
        """What puts these rows in order, the least first; None for an order that all searches share."""
        if self.filters.sort is Sort.RELEVANCE and self.hits is not None:
            return -_of_rows(self.shown, self.hits.rows, self.hits.scores, len(self.columns))
        if self.filters.sort is Sort.DISTANCE and self._metres is not None:
            rows, metres = self._metres
            return _of_rows(self.shown, rows, metres, len(self.columns))
        return None

    def _best(self, key: Array, count: int) -> Array:
        """The first `count` rows by the key, then by name."""
        rows = self.shown
        if len(rows) > MANY and count < len(rows):
            limit = np.partition(key, count - 1)[count - 1]
            rows, key = rows[key <= limit], key[key <= limit]
        order = np.lexsort((self.view.name_rank[rows], key))[:count]
        found: Array = rows[order]
        return found

    def metres(self, ids: Sequence[int]) -> dict[int, float]:
        """Distance of organisations of the list from the point asked, in metres; empty when none is asked."""
        if self._metres is None:
            return {}
        rows, metres = self._metres
        places = np.searchsorted(self.columns.ids[rows], np.array(ids, dtype=np.int64))
        return {pk: float(metres[place]) for pk, place in zip(ids, places, strict=True)}

    def _base_rows(self) -> Array:
        """Rows of the text, of the place, of the distance, of the zone, of the year and of the one quartier."""
        rows = self.view.all_rows if self.hits is None else self.hits.rows
        place = self.filters.place
        if place is not None and place.commune_ids is not None:
            rows = rows[self.view.in_communes(place.commune_ids)[rows]]
        if self.filters.near is not None:
            rows = self._near_rows(self.filters.near, rows)
        if self.filters.zone is not None:
            rows = rows[self._in_zone(self.filters.zone)[rows]]
        if self.filters.created_in is not None:
            rows = rows[self._created_in(self.filters.created_in)[rows]]
        if self.filters.in_quarter is not None:
            inside = np.array(sorted(self.filters.in_quarter.organisation_ids), dtype=np.int64)
            rows = rows[np.isin(self.columns.ids[rows], inside)]
        return rows

    def _created_in(self, year: int) -> Array:
        """Whether each row was created in the year."""
        first, last = (date(year, *day).toordinal() for day in ((1, 1), (12, 31)))
        found: Array = (self.columns.created >= first) & (self.columns.created <= last)
        return found

    def _in_zone(self, zone: Zone) -> Array:
        """Whether each row has an establishment in the part of the map."""
        columns, found = self.columns, np.zeros(len(self.columns), dtype=np.bool_)
        inside = (columns.longitude >= zone.west) & (columns.longitude <= zone.east)
        inside &= (columns.latitude >= zone.south) & (columns.latitude <= zone.north)
        found[columns.point_row[inside]] = True
        return found

    def _near_rows(self, near: Near, rows: Array) -> Array:
        """Those with an establishment within the distance: points of few rows, or of a box that holds the circle."""
        columns = self.columns
        inside = self._points_of(rows) if len(rows) < SMALL else self._in_box(near)
        metres = metres_to(near, columns.longitude[inside], columns.latitude[inside])
        within = metres <= near.kilometres * 1000
        found = columns.point_row[inside[within]]
        nearest = np.full(len(columns), np.inf)
        np.minimum.at(nearest, found, metres[within])
        having = np.zeros(len(columns), dtype=np.bool_)
        having[found] = True
        rows = np.flatnonzero(having) if rows is self.view.all_rows else rows[having[rows]]
        self._metres = (rows, nearest[rows])
        return rows

    def _points_of(self, rows: Array) -> Array:
        """Ranks of the points of a few rows."""
        starts, ends = (
            np.searchsorted(self.columns.point_row, rows, side=side) for side in ("left", "right")
        )
        counts = ends - starts
        found: Array = np.repeat(ends - np.cumsum(counts), counts) + np.arange(int(counts.sum()))
        return found

    def _in_box(self, near: Near) -> Array:
        """Ranks of the points of the box; they are kept by latitude, so that the others are not looked at."""
        columns, by_latitude = self.columns, self.view.by_latitude
        high = near.kilometres / KILOMETRES_A_DEGREE
        south, north = np.searchsorted(
            columns.latitude, (near.latitude - high, near.latitude + high), side="left", sorter=by_latitude
        )
        inside = by_latitude[south : north + 1]
        cosine = np.cos(np.radians(min(89.9, abs(near.latitude) + high)))
        apart = np.abs(columns.longitude[inside] - near.longitude)
        found: Array = inside[np.minimum(apart, 360 - apart) <= high / cosine]
        return found

    def _wanted_axes(self) -> dict[str, Array]:
        """What each facet of the cube keeps, for those that are used."""
        filters = self.filters
        wanted = {"verdict": _chosen(codes.VERDICTS, filters.section.verdicts)}
        if filters.families:
            wanted["family"] = _chosen(codes.FAMILIES, filters.families)
        if filters.sectors:
            wanted["sector"] = _chosen(codes.SECTORS, filters.sectors)
        if filters.sizes:
            wanted["size"] = _chosen(codes.SIZES, filters.sizes)
        if filters.years:
            wanted["years"] = _chosen([code for code, _label in CreationBand.choices()], filters.years)
        if filters.employer:
            wanted["employer"] = np.array([False, True, False])
        return wanted

    def _pair_masks(self) -> dict[str, Array]:
        """One mask a facet of several values that is used."""
        filters, columns, view = self.filters, self.columns, self.view
        masks = {}
        if filters.tags:
            masks["tag"] = view.tagged(filters.day, filters.tags)
        if filters.epcis:
            inside = [each.pk for each in columns.communes if each.epci_code in filters.epcis]
            masks["epci"] = view.in_communes(frozenset(inside))
        if filters.communes:
            inside = [each.pk for each in columns.communes if each.code in filters.communes]
            masks["commune"] = view.in_communes(frozenset(inside))
        if filters.quarters:
            bits = sum(1 << rank for rank, quarter in enumerate(Quarter) if quarter.value in filters.quarters)
            masks["quarter"] = (columns.quarters & bits) != 0
        return masks

    def _rows(self, without: str) -> Array:
        """Rows of the base with the choices of the facets of several values, but for one."""
        masks = [mask for name, mask in self._masks.items() if name != without]
        return self._base[reduce(np.logical_and, masks)[self._base]] if masks else self._base

    def facets(self) -> Facets:
        """The counts of the list: each facet without its own choices. Counted once."""
        if self._facets is None:
            self._facets = self._count_facets()
        return self._facets

    def _count_facets(self) -> Facets:
        filters = self.filters
        counts = self.cube.count(self._loose, self._wanted)
        by_verdict = dict(zip(codes.VERDICTS, counts["verdict"], strict=False))
        tags = self._count_pairs("tag", self.view.tag_pairs(filters.day))
        words = labels_of(self.columns.tags)
        facets = Facets(
            total=self.total,
            by_section={
                str(section.value): sum(by_verdict[verdict] for verdict in section.verdicts)
                for section in Section
            },
            families=_values(Family.choices(), counts["family"], filters.families),
            sectors=_largest(_values(sector_choices(), counts["sector"], filters.sectors)),
            sizes=_values(SizeGroup.choices(), counts["size"], filters.sizes),
            employers=counts["employer"][1],
            tags=_largest(_values([(code, words[code]) for code in self.columns.tags], tags, filters.tags)),
        )
        years = _values(CreationBand.choices(), counts["years"], filters.years)
        return replace(facets, **self._places(), quarters=self._quarters(), years=years)

    def _without(self, name: str) -> Array:
        """Rows of the list without the choices of a facet of several values."""
        return self.cube.keep(self._rows(name), self._wanted) if name in self._masks else self.shown

    def _count_pairs(self, name: str, pairs: Pairs) -> list[int]:
        return self._counted(name, pairs.total, pairs.count).tolist()  # type: ignore[no-any-return]

    def _counted(self, name: str, total: Array, count: Callable[[Array], Array]) -> Array:
        """What `count` gives for the rows of a facet: through those left out when they are fewer."""
        rows = self._without(name)
        if rows is not self.shown or len(rows) * 2 < len(self.columns):
            return count(rows)
        found: Array = total - count(self._left_out)
        return found

    @cached_property
    def _left_out(self) -> Array:
        """Rows that the list does not show."""
        left = np.ones(len(self.columns), dtype=np.bool_)
        left[self.shown] = False
        return np.flatnonzero(left)

    def _quarters(self) -> list[Value]:
        bits = self.columns.quarters
        count = partial(_count_bits, bits)
        counts = self._counted("quarter", self.view.quarter_totals, count)
        values = np.arange(QUARTERS)
        found = [int(counts[values & (1 << rank) != 0].sum()) for rank, _quarter in enumerate(Quarter)]
        return _values(Quarter.choices(), found, self.filters.quarters)

    def _places(self) -> dict[str, list[Value]]:
        """Communes and intercommunalités of the list, the largest first: no more than anyone reads."""
        view, filters = self.view, self.filters
        communes = self._count_pairs("commune", view.commune_pairs)
        epcis = self._count_pairs("epci", view.epci_pairs)
        return {
            "communes": _first(view.commune_names, communes, filters.communes),
            "epcis": _first(view.epci_names, epcis, filters.epcis),
        }


def _of_rows(wanted: Array, rows: Array, values: Array, length: int) -> Array:
    """Values of the wanted rows, which are among `rows`."""
    if len(wanted) < SMALL:
        found: Array = values[np.searchsorted(rows, wanted)]
        return found
    places = np.empty(length, dtype=values.dtype)
    places[rows] = values
    taken: Array = places[wanted]
    return taken


def _count_bits(bits: Array, rows: Array) -> Array:
    return np.bincount(bits[rows], minlength=QUARTERS)


def _chosen(known: Sequence[str], wanted: Sequence[str]) -> Array:
    """For each code, whether it is wanted; the last place stands for what this version does not know."""
    return np.array([*(code in wanted for code in known), False], dtype=np.bool_)


def _values(choices: Sequence[tuple[str, str]], counts: Sequence[int], chosen: Sequence[str]) -> list[Value]:
    """Values that would give something, and those chosen even when they give nothing."""
    return [
        Value(code, label, count, code in chosen)
        for (code, label), count in zip(choices, counts, strict=False)
        if count or code in chosen
    ]


def _largest(values: list[Value]) -> list[Value]:
    return sorted(values, key=lambda value: -(value.count or 0))


def _first(choices: Sequence[tuple[str, str]], counts: Sequence[int], chosen: Sequence[str]) -> list[Value]:
    """The `PLACES` largest values, and those chosen."""
    least = sorted(counts, reverse=True)[PLACES] if len(counts) > PLACES else 0
    kept = [rank for rank, (code, _name) in enumerate(choices) if counts[rank] > least or code in chosen]
    return _largest(_values([choices[rank] for rank in kept], [counts[rank] for rank in kept], chosen))
