"""Which organisations a search gives, in which order, and how many of each kind: arithmetic on the columns."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import reduce

import numpy as np

from essor.registry.enums import Family, Tag
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
    sector_choices,
)
from essor.registry.search import columns as codes
from essor.registry.search.columns import Array
from essor.registry.search.reader import View

EARTH = 6_371_008.8  # mean radius (IUGG), metres
KILOMETRES_A_DEGREE = 110.5  # of latitude, at least: the box is never too small


def metres_to(near: Near, longitudes: Array, latitudes: Array) -> Array:
    """Distance on the sphere (haversine) from the point to others, in metres."""
    a, b = np.radians(near.latitude), np.radians(latitudes)
    half = np.sin((b - a) / 2) ** 2
    half += np.cos(a) * np.cos(b) * np.sin(np.radians(longitudes - near.longitude) / 2) ** 2
    return 2 * EARTH * np.arcsin(np.sqrt(np.minimum(half, 1)))


class Selection:
    """A search on one version of the index."""

    def __init__(self, view: View, filters: Filters) -> None:
        self.view, self.filters = view, filters
        self.columns = view.columns
        self.hits = view.hits(filters.text) if filters.text else None
        self._metres: Array | None = None
        self._facets: Facets | None = None
        self._masks = self._facet_masks()
        self._base = self._base_mask()
        self.shown = self._kept(without="")

    @property
    def total(self) -> int:
        """How many organisations it gives."""
        return int(np.count_nonzero(self.shown))

    def ids(self) -> Array:
        """Ids of the organisations, by id."""
        found: Array = self.columns.ids[self.shown]
        return found

    def page(self, start: int, size: int) -> list[int]:
        """Ids of a page, in order."""
        rows = self.ordered()[start : start + size]
        return [int(pk) for pk in self.columns.ids[rows]]

    def ordered(self) -> Array:
        """Rows in the order asked; ties by name, then id."""
        rows = np.flatnonzero(self.shown)
        name = self.view.name_rank[rows]
        key = self._sort_key(rows)
        order = np.argsort(name, kind="stable") if key is None else np.lexsort((name, key))
        found: Array = rows[order]
        return found

    def _sort_key(self, rows: Array) -> Array | None:
        sort, columns = self.filters.sort, self.columns
        if sort is Sort.SIZE:
            return -columns.band[rows].astype(np.int16)
        if sort in (Sort.NEWEST, Sort.OLDEST):
            created = columns.created[rows]
            unknown = np.int32(np.iinfo(np.int32).max)
            return np.where(created == 0, unknown, -created if sort is Sort.NEWEST else created)
        if sort is Sort.RELEVANCE and self.hits is not None:
            scores = np.zeros(len(columns))
            scores[self.hits.rows] = self.hits.scores
            return -scores[rows]
        if sort is Sort.DISTANCE and self._metres is not None:
            return self._metres[rows]
        return None

    def metres(self, ids: Sequence[int]) -> dict[int, float]:
        """Distance of organisations from the point asked, in metres; empty when none is asked."""
        if self._metres is None:
            return {}
        rows = np.searchsorted(self.columns.ids, np.array(ids, dtype=np.int64))
        return {pk: float(self._metres[row]) for pk, row in zip(ids, rows, strict=True)}

    def _base_mask(self) -> Array | None:
        """Text, place and distance, which are no facets; None: they limit nothing."""
        masks: list[Array] = []
        if self.hits is not None:
            masks.append(self._mask_of(self.hits.rows))
        place = self.filters.place
        if place is not None and place.commune_ids is not None:
            masks.append(
                self._in_communes([commune.pk in place.commune_ids for commune in self.columns.communes])
            )
        if self.filters.near is not None:
            masks.append(self._near_mask(self.filters.near))
        return reduce(np.logical_and, masks) if masks else None

    def _mask_of(self, rows: Array) -> Array:
        mask = np.zeros(len(self.columns), dtype=np.bool_)
        mask[rows] = True
        return mask

    def _in_communes(self, wanted: list[bool]) -> Array:
        chosen = np.array(wanted, dtype=np.bool_)
        return self._mask_of(self.columns.commune_row[chosen[self.columns.commune]])

    def _near_mask(self, near: Near) -> Array:
        """Those with an establishment within the distance: a box first, then the exact distance of what it holds."""
        columns = self.columns
        high = near.kilometres / KILOMETRES_A_DEGREE
        inside = np.flatnonzero(np.abs(columns.latitude - near.latitude) <= high)
        cosine = np.cos(np.radians(min(89.9, abs(near.latitude) + high)))
        apart = np.abs(columns.longitude[inside] - near.longitude)
        inside = inside[np.minimum(apart, 360 - apart) <= high / cosine]
        metres = metres_to(near, columns.longitude[inside], columns.latitude[inside])
        within = metres <= near.kilometres * 1000
        nearest = np.full(len(columns), np.inf)
        np.minimum.at(nearest, columns.point_row[inside[within]], metres[within])
        self._metres = nearest
        return np.isfinite(nearest)

    def _facet_masks(self) -> dict[str, Array]:
        """One mask a facet that is used."""
        filters, columns = self.filters, self.columns
        masks = {"section": self._section_mask()}
        if filters.families:
            masks["family"] = _chosen(codes.FAMILIES, filters.families)[columns.family]
        if filters.sectors:
            masks["sector"] = _chosen(codes.SECTORS, filters.sectors)[columns.sector]
        if filters.sizes:
            masks["size"] = _chosen(codes.SIZES, filters.sizes)[columns.size]
        if filters.employer:
            masks["employer"] = columns.employer
        if filters.tags:
            rows, tags = self.view.tags_on(filters.day)
            masks["tag"] = self._mask_of(rows[_chosen(codes.TAGS, filters.tags)[tags]])
        if filters.epcis:
            masks["epci"] = self._in_communes([each.epci_code in filters.epcis for each in columns.communes])
        if filters.communes:
            masks["commune"] = self._in_communes([each.code in filters.communes for each in columns.communes])
        if filters.quarters:
            bits = sum(1 << rank for rank, quarter in enumerate(Quarter) if quarter.value in filters.quarters)
            masks["quarter"] = (columns.quarters & bits) != 0
        if filters.years:
            masks["years"] = reduce(
                np.logical_or,
                [_between(columns.created, band) for band in CreationBand if band.value in filters.years],
            )
        return masks

    def _section_mask(self) -> Array:
        return _chosen(codes.VERDICTS, self.filters.section.verdicts)[self.columns.verdict]

    def _kept(self, without: str) -> Array:
        masks = [mask for name, mask in self._masks.items() if name != without]
        if self._base is not None:
            masks.append(self._base)
        return reduce(np.logical_and, masks) if masks else np.ones(len(self.columns), dtype=np.bool_)

    def facets(self) -> Facets:
        """The counts of the list: each facet without its own choices. Counted once."""
        if self._facets is None:
            self._facets = self._count_facets()
        return self._facets

    def _count_facets(self) -> Facets:
        filters, columns = self.filters, self.columns
        families = self._count("family", columns.family, len(codes.FAMILIES))
        sectors = self._count("sector", columns.sector, len(codes.SECTORS))
        sizes = self._count("size", columns.size, len(codes.SIZES))
        verdicts = self._count("section", columns.verdict, len(codes.VERDICTS))
        tag_rows, tags = self.view.tags_on(filters.day)
        borne = self._count_pairs("tag", tag_rows, tags, len(codes.TAGS))
        by_verdict = dict(zip(codes.VERDICTS, verdicts, strict=True))
        facets = Facets(
            total=self.total,
            by_section={
                str(section.value): sum(by_verdict[verdict] for verdict in section.verdicts)
                for section in Section
            },
            families=_values(Family.choices(), families, filters.families),
            sectors=_largest(_values(sector_choices(), sectors, filters.sectors)),
            sizes=_values(SizeGroup.choices(), sizes, filters.sizes),
            employers=int(np.count_nonzero(self._without("employer") & columns.employer)),
            tags=_largest(_values(Tag.choices(), borne, filters.tags)),
        )
        return replace(
            facets,
            **self._places(),
            quarters=self._quarters(),
            years=_values(CreationBand.choices(), self._years(), filters.years),
        )

    def _without(self, name: str) -> Array:
        return self._kept(name) if name in self._masks else self.shown

    def _count(self, name: str, column: Array, length: int) -> list[int]:
        found = column[self._without(name)]
        return np.bincount(found[found >= 0], minlength=length).tolist()

    def _count_pairs(self, name: str, rows: Array, values: Array, length: int) -> list[int]:
        return np.bincount(values[self._without(name)[rows]], minlength=length).tolist()

    def _quarters(self) -> list[Value]:
        bits = self.columns.quarters[self._without("quarter")]
        counts = [int(np.count_nonzero(bits & (1 << rank))) for rank, _quarter in enumerate(Quarter)]
        return _values(Quarter.choices(), counts, self.filters.quarters)

    def _years(self) -> list[int]:
        created = self.columns.created[self._without("years")]
        return [int(np.count_nonzero(_between(created, band))) for band in CreationBand]

    def _places(self) -> dict[str, list[Value]]:
        """Communes and intercommunalités of the list, the largest first."""
        columns, filters = self.columns, self.filters
        communes = self._count_pairs("commune", columns.commune_row, columns.commune, len(columns.communes))
        values = [(each.code, each.name) for each in columns.communes]
        rows, epcis = self.view.remember("epcis", self._epci_pairs)
        known = sorted({(each.epci_code, each.epci_name) for each in columns.communes if each.epci_code})
        counts = self._count_pairs("epci", rows, epcis, len(known))
        return {
            "communes": _largest(_values(values, communes, filters.communes)),
            "epcis": _largest(_values(known, counts, filters.epcis)),
        }

    def _epci_pairs(self) -> tuple[Array, Array]:
        """Pairs (row, rank of the intercommunalité), each once."""
        columns = self.columns
        known = sorted({(each.epci_code, each.epci_name) for each in columns.communes if each.epci_code})
        rank = {code: rank for rank, (code, _name) in enumerate(known)}
        of_commune = np.array([rank.get(each.epci_code, -1) for each in columns.communes], dtype=np.int64)
        epci = of_commune[columns.commune] if len(of_commune) else np.zeros(0, dtype=np.int64)
        having = epci >= 0
        pairs = np.unique(columns.commune_row[having].astype(np.int64) * max(1, len(known)) + epci[having])
        return (pairs // max(1, len(known))).astype(np.int32), (pairs % max(1, len(known))).astype(np.int32)


def _chosen(known: Sequence[str], wanted: Sequence[str]) -> Array:
    """For each code, whether it is wanted; the last place stands for -1, an unknown code, which never is."""
    return np.array([*(code in wanted for code in known), False], dtype=np.bool_)


def _between(created: Array, band: CreationBand) -> Array:
    first, last = band.years
    low = date(first, 1, 1).toordinal()
    return (created >= low) & (created <= date(last, 12, 31).toordinal())


def _values(choices: Sequence[tuple[str, str]], counts: Sequence[int], chosen: Sequence[str]) -> list[Value]:
    """Values that would give something, and those chosen even when they give nothing."""
    return [
        Value(code, label, count, code in chosen)
        for (code, label), count in zip(choices, counts, strict=False)
        if count or code in chosen
    ]


def _largest(values: list[Value]) -> list[Value]:
    return sorted(values, key=lambda value: -(value.count or 0))
