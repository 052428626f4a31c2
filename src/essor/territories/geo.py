"""Points against surfaces and places, in degrees, with distances in metres. Pure: numpy and shapely, no database.

Distances to surfaces use a plane tangent at the point (longitudes shrunk by the cosine of the latitude): within
10 km of the point the error is under 0.5 %.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import shapely
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

METRES_PER_DEGREE = 111_195.0  # of latitude, on a sphere of 6 371 km

Key = TypeVar("Key")


def metres_between(lon: float, lat: float, lons: np.ndarray, lats: np.ndarray) -> np.ndarray:
    """Great-circle distances in metres from one point to many."""
    phi, phis = math.radians(lat), np.radians(lats)
    half = (
        np.sin((phis - phi) / 2) ** 2 + math.cos(phi) * np.cos(phis) * np.sin(np.radians(lons - lon) / 2) ** 2
    )
    found: np.ndarray = 2 * 6_371_000.0 * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return found


def _in_metres(geometry: BaseGeometry, lon: float, lat: float) -> BaseGeometry:
    """The geometry in a plane tangent at the point, which becomes the origin."""
    scale = np.array([METRES_PER_DEGREE * max(math.cos(math.radians(lat)), 1e-6), METRES_PER_DEGREE])
    found: BaseGeometry = shapely.transform(geometry, lambda points: (points - np.array([lon, lat])) * scale)
    return found


@dataclass(frozen=True)
class Near(Generic[Key]):
    """Something at a distance in metres (0 inside)."""

    key: Key
    metres: float


class Surfaces(Generic[Key]):
    """Surfaces with keys, indexed."""

    def __init__(self, keys: Sequence[Key], geometries: Sequence[BaseGeometry]) -> None:
        self.keys = list(keys)
        self.geometries = list(geometries)
        self._tree = STRtree(self.geometries)
        shapely.prepare(self.geometries)

    def __len__(self) -> int:
        return len(self.keys)

    def holding(self, lon: float, lat: float) -> list[Key]:
        """Keys of the surfaces that hold the point, their edge included."""
        return [
            self.keys[i] for i in sorted(self._tree.query(shapely.Point(lon, lat), predicate="intersects"))
        ]

    def first_holding(self, lons: np.ndarray, lats: np.ndarray) -> np.ndarray:
        """For each point, the rank of the first surface that holds it, its edge included; -1 where none does."""
        found = np.full(len(lons), -1, dtype=np.int64)
        if self.keys and len(lons):
            points, surfaces = self._tree.query(shapely.points(lons, lats), predicate="intersects")
            order = np.lexsort((surfaces, points))[::-1]  # the first of each point is written last
            found[points[order]] = surfaces[order]
        return found

    def within(self, lon: float, lat: float, metres: float) -> list[Near[Key]]:
        """The surfaces at most so many metres from the point, nearest first."""
        north = metres * 1.01 / METRES_PER_DEGREE
        east = min(north / max(math.cos(math.radians(lat)), 1e-6), 360.0)
        box = shapely.box(lon - east, lat - north, lon + east, lat + north)
        origin = shapely.Point(0, 0)
        found = [
            Near(self.keys[i], float(_in_metres(self.geometries[i], lon, lat).distance(origin)))
            for i in self._tree.query(box, predicate="intersects")
        ]
        return sorted((near for near in found if near.metres <= metres), key=lambda near: near.metres)


class Places(Generic[Key]):
    """Points with keys."""

    def __init__(self, keys: Sequence[Key], lons: Sequence[float], lats: Sequence[float]) -> None:
        self.keys = list(keys)
        self._lons, self._lats = np.asarray(lons, dtype=float), np.asarray(lats, dtype=float)

    def nearest(self, lon: float, lat: float) -> Near[Key] | None:
        """The place nearest to the point; None when there is no place."""
        if not self.keys:
            return None
        metres = metres_between(lon, lat, self._lons, self._lats)
        i = int(np.argmin(metres))
        return Near(self.keys[i], float(metres[i]))

    def nearest_many(self, lons: np.ndarray, lats: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For each point, the rank of the nearest place and its distance in metres (rank -1 when there is no place)."""
        ranks, metres = np.full(len(lons), -1, dtype=np.int64), np.full(len(lons), np.inf)
        if not self.keys:
            return ranks, metres
        places = _on_sphere(self._lons, self._lats)
        for start in range(0, len(lons), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            cosines = _on_sphere(lons[part], lats[part]) @ places.T
            ranks[part] = best = np.argmax(cosines, axis=1)
            metres[part] = 6_371_000.0 * np.arccos(np.clip(cosines[np.arange(len(best)), best], -1, 1))
        return ranks, metres


_AT_ONCE = 500  # points compared at once with all places: some tens of megabytes


def _on_sphere(lons: np.ndarray, lats: np.ndarray) -> np.ndarray:
    """Points of the unit sphere: the nearest is the one of greatest cosine."""
    lon, lat = np.radians(lons), np.radians(lats)
    found: np.ndarray = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    return found


def cells(points: Sequence[tuple[float, float]], around: BaseGeometry) -> list[BaseGeometry]:
    """One schematic cell for each point, in its order: the part of `around` nearer to it than to the others.

    Points within ten centimetres of each other share the same cell.
    """
    rounded = [(round(lon, 6), round(lat, 6)) for lon, lat in points]
    distinct = sorted(set(rounded))
    if len(distinct) < 2:
        return [around for _point in points]
    polygons = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(distinct), extend_to=around))
    tree = STRtree(polygons)
    found = {}
    for point in distinct:
        near = tree.query(shapely.Point(point), predicate="intersects")
        found[point] = shapely.intersection(polygons[near[0]], around) if len(near) else around
    return [found[point] for point in rounded]
