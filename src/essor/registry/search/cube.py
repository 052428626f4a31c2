"""Facets of one value, counted together; facets of several values, found by row."""

from collections.abc import Mapping
from datetime import date

import numpy as np

from essor.registry.filters import CreationBand
from essor.registry.search import columns as codes
from essor.registry.search.columns import Array, Columns

# Facets of one value and how many codes they have; one more stands for what this version does not know.
AXES = {
    "family": len(codes.FAMILIES) + 1,
    "sector": len(codes.SECTORS) + 1,
    "size": len(codes.SIZES) + 1,
    "verdict": len(codes.VERDICTS) + 1,
    "employer": 3,
    "years": len(CreationBand) + 1,
}
_SHAPE = tuple(AXES.values())
SMALL = 4000  # rows that are sorted sooner than a place is kept for each number that could be
_FEW = 16  # under one row in so many, values are found row by row


class Cube:
    """The six facets of one value as one number a row: one count gives them all, whatever is chosen in each."""

    def __init__(self, columns: Columns) -> None:
        bands = _year_bands(columns.created)
        values = (columns.family, columns.sector, columns.size, columns.verdict, columns.employer, bands)
        # -1, an unknown code, is the last place of its axis.
        places = [
            np.mod(value.astype(np.int64), length) for value, length in zip(values, _SHAPE, strict=True)
        ]
        self.cell = np.ravel_multi_index(places, _SHAPE).astype(np.int32)
        self._total = np.bincount(self.cell, minlength=int(np.prod(_SHAPE)))

    def keep(self, rows: Array, wanted: Mapping[str, Array]) -> Array:
        """The rows that all the wanted values keep."""
        kept = np.ones(_SHAPE, dtype=np.bool_)
        for name, values in wanted.items():
            kept &= _along(name, values)
        found: Array = rows[kept.ravel()[self.cell[rows]]]
        return found

    def _cells(self, rows: Array) -> tuple[Array, Array]:
        """The numbers that these rows have, and how many have each: few of all those that could be."""
        if len(rows) < SMALL:
            cells, counts = np.unique(self.cell[rows], return_counts=True)
            return cells, counts
        every = self._total if len(rows) == len(self.cell) else self._every(rows)
        cells = np.flatnonzero(every)
        return cells, every[cells]

    def _every(self, rows: Array) -> Array:
        return np.bincount(self.cell[rows], minlength=len(self._total))

    def count(self, rows: Array, wanted: Mapping[str, Array]) -> dict[str, list[int]]:
        """For each facet, how many rows each of its values would give with the other facets' choices."""
        cells, counts = self._cells(rows)
        places = np.unravel_index(cells, _SHAPE)
        kept = {name: values[places[rank]] for rank, (name, values) in _by_axis(wanted)}
        found = {}
        for rank, (name, length) in enumerate(AXES.items()):
            others = [mask for other, mask in kept.items() if other != name]
            weights = counts * np.logical_and.reduce(others) if others else counts
            found[name] = (
                np.bincount(places[rank], weights=weights, minlength=length).astype(np.int64).tolist()
            )
        return found


def _by_axis(wanted: Mapping[str, Array]) -> list[tuple[int, tuple[str, Array]]]:
    """The wanted values with the rank of their axis."""
    ranks = {name: rank for rank, name in enumerate(AXES)}
    return [(ranks[name], (name, values)) for name, values in wanted.items()]


def _along(name: str, values: Array) -> Array:
    """The values of one axis, to be combined with all the others."""
    shape = [1] * len(AXES)
    shape[list(AXES).index(name)] = len(values)
    return values.reshape(shape)


def _year_bands(created: Array) -> Array:
    """Band of creation of each day; -1 when it is unknown."""
    firsts = [date(band.years[0], 1, 1).toordinal() for band in CreationBand]
    bands = np.searchsorted(np.array(firsts), created, side="right") - 1
    return np.where(created == 0, -1, bands)


class Pairs:
    """Several values a row, from (row, value) in the order of rows: most rows have one at most."""

    def __init__(self, rows: Array, values: Array, length: int, codes: int) -> None:
        self.length, self.codes = length, codes
        first = np.ones(len(rows), dtype=np.bool_)
        first[1:] = rows[1:] != rows[:-1]
        self._first = np.full(length, codes, dtype=np.int32)  # the last code stands for « none »
        self._first[rows[first]] = values[first]
        self._rows, self._values = rows[~first], values[~first]
        self._start = np.searchsorted(self._rows, np.arange(length + 1))
        self.total = np.bincount(values, minlength=codes)

    def count(self, rows: Array) -> Array:
        """How many of these rows have each value."""
        found: Array = np.bincount(self._first[rows], minlength=self.codes + 1)[: self.codes]
        return found + np.bincount(self._others(rows), minlength=self.codes)

    def _others(self, rows: Array) -> Array:
        """Values of these rows after their first."""
        if len(rows) * _FEW > self.length:
            mask = np.zeros(self.length, dtype=np.bool_)
            mask[rows] = True
            found: Array = self._values[mask[self._rows]]
            return found
        starts = self._start[rows]
        counts = self._start[rows + 1] - starts
        before = np.cumsum(counts) - counts
        each: Array = self._values[np.repeat(starts - before, counts) + np.arange(int(counts.sum()))]
        return each

    def mask(self, wanted: Array) -> Array:
        """Whether each row has one of the wanted values (a mask by value)."""
        mask: Array = np.append(wanted, False)[self._first]
        mask[self._rows[wanted[self._values]]] = True
        return mask
