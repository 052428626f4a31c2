"""Points sorted along a curve so that any tile, and any cell of a tile, is a range of them. Pure: numpy alone.

A point is placed on a grid of 2²⁸ × 2²⁸ over the Web Mercator square, and its two numbers are interleaved (Morton,
« A computer oriented geodetic data base », IBM 1966). Sums are kept from the first point on: the number of points of a
cell, their mean position and their families are differences of two sums, whatever the number of points.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BITS = 28
EXTENT_BITS = 12  # 4 096 units a tile
MAX_LATITUDE = 85.0511287798066

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_SPREAD = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)


def to_square(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Degrees to the Web Mercator square (0 to 1, y downwards)."""
    phi = np.radians(np.clip(lat, -MAX_LATITUDE, MAX_LATITUDE))
    return (lon + 180.0) / 360.0, (1.0 - np.arcsinh(np.tan(phi)) / np.pi) / 2.0


def to_grid(lon: Floats, lat: Floats) -> tuple[Ints, Ints]:
    """Degrees to the numbers of the grid."""
    last = (1 << BITS) - 1
    x, y = ((axis * (1 << BITS)).astype(np.int64).clip(0, last) for axis in to_square(lon, lat))
    return x, y


def interleave(x: Ints, y: Ints) -> Ints:
    """One number for two: the bits of x and y in turn, y first."""
    return _spread(x) | (_spread(y) << 1)


def _spread(values: Ints) -> Ints:
    for shift, mask in _SPREAD:
        values = (values | (values << shift)) & mask
    return values


def _gather(values: Ints) -> Ints:
    values = values & _SPREAD[-1][1]
    for (shift, _mask), (_next, mask) in zip(
        reversed(_SPREAD), [*reversed(_SPREAD[:-1]), (32, 0xFFFFFFFF)], strict=True
    ):
        values = (values | (values >> shift)) & mask
    return values


@dataclass(frozen=True)
class Groups:
    """Points of a tile put together: range of each group among the points, mean position in the tile, families."""

    starts: Ints
    ends: Ints
    x: Ints
    y: Ints
    families: Ints  # one line a group, one column a family

    def __len__(self) -> int:
        return len(self.starts)


class Grid:
    """Points in the order of the curve: `codes`, `rows` (what the caller knows them by), sums of x, y and families."""

    def __init__(self, codes: Ints, rows: NDArray[np.int32], families: NDArray[np.uint8], kinds: int) -> None:
        """`codes` are sorted; `families` are below `kinds`."""
        self.codes, self.rows = codes, rows
        count = len(codes)
        self._x, self._y = (np.zeros(count + 1, dtype=np.int64) for _axis in "xy")
        np.cumsum(_gather(codes), out=self._x[1:])
        np.cumsum(_gather(codes >> 1), out=self._y[1:])
        self._families = np.zeros((kinds, count + 1), dtype=np.int32)
        for kind in range(kinds):
            np.cumsum(families == kind, out=self._families[kind, 1:])

    def __len__(self) -> int:
        return len(self.codes)

    def box(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north of the points in degrees; None without points."""
        if not len(self):
            return None
        x, y = _gather(self.codes), _gather(self.codes >> 1)
        west, east = ((int(value) / (1 << BITS)) * 360.0 - 180.0 for value in (x.min(), x.max()))
        north, south = (
            float(np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * int(value) / (1 << BITS))))))
            for value in (y.min(), y.max())
        )
        return west, south, east, north

    def at(self, code: int) -> NDArray[np.int32]:
        """Rows of the points at exactly this place."""
        first, last = np.searchsorted(self.codes, [code, code + 1])
        return self.rows[first:last]

    def cells(self, z: int, x: int, y: int, division: int) -> Groups:
        """The points of a tile by square cell: 2^division cells a side."""
        base, step = _first(z, x, y), 2 * (BITS - z - division)
        edges = base + (np.arange((1 << 2 * division) + 1, dtype=np.int64) << step)
        bounds = np.searchsorted(self.codes, edges)
        kept = np.flatnonzero(bounds[1:] > bounds[:-1])
        return self._groups(bounds[kept], bounds[kept + 1], z, x, y)

    def places(self, z: int, x: int, y: int) -> Groups:
        """The points of a tile by exact place."""
        base = _first(z, x, y)
        first, last = np.searchsorted(self.codes, [base, base + (1 << 2 * (BITS - z))])
        inside = self.codes[first:last]
        if not len(inside):
            none = np.zeros(0, dtype=np.int64)
            return self._groups(none, none, z, x, y)
        starts = first + np.concatenate(([0], np.flatnonzero(np.diff(inside)) + 1))
        return self._groups(starts, np.append(starts[1:], last), z, x, y)

    def _groups(self, starts: Ints, ends: Ints, z: int, x: int, y: int) -> Groups:
        shift, counts = BITS - z, ends - starts
        scale = shift - EXTENT_BITS
        mean_x = (self._x[ends] - self._x[starts]) // np.maximum(counts, 1) - (x << shift)
        mean_y = (self._y[ends] - self._y[starts]) // np.maximum(counts, 1) - (y << shift)
        families = (self._families[:, ends] - self._families[:, starts]).T
        return Groups(starts, ends, mean_x >> scale, mean_y >> scale, families)


def _first(z: int, x: int, y: int) -> int:
    """Least code of a tile."""
    corner = interleave(np.array([x], dtype=np.int64), np.array([y], dtype=np.int64))
    return int(corner[0]) << 2 * (BITS - z)
