"""Maps of a territory at the level that one chooses: communes of a département, EPCI of a région, régions of France.

Official outlines when all are loaded (a level may be put together from its communes), else schematic surfaces: each
commune is the part of the ground nearest to its known position, and a larger level is the union of its communes.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians
from typing import Any, NamedTuple

import numpy as np
import shapely
from django.db.models import Q
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from essor.territories.enums import Kind, Zone
from essor.territories.models import COMMUNE_PARENT, Outline, Territory
from essor.territories.queries import Version, version
from essor.territories.shapes import HALF_PIXEL, MAX_HEIGHT, WIDTH, svg_path

MOST_PIECES = 1300  # drawn on one map: the 1 255 EPCI pass, all the communes of a large région do not
LEVELS: dict[str, tuple[Kind, ...]] = {
    Kind.FRANCE: (Kind.REGION, Kind.DEPARTEMENT, Kind.EPCI),
    Kind.REGION: (Kind.EPCI, Kind.DEPARTEMENT, Kind.COMMUNE),
    Kind.DEPARTEMENT: (Kind.COMMUNE, Kind.EPCI, Kind.EPT),
    Kind.COLLECTIVITE: (Kind.COMMUNE, Kind.EPCI),
    Kind.EPCI: (Kind.COMMUNE, Kind.EPT),
    Kind.EPT: (Kind.COMMUNE,),
}


class Spot(NamedTuple):
    """A commune as cells need it: thousands are read, whole rows would take ten times longer."""

    pk: int
    lon: float | None
    lat: float | None


@dataclass(frozen=True)
class Frame:
    """The part of the ground that a map draws, and its scale."""

    west: float
    north: float
    shrink: float
    scale: float
    width: int
    height: int

    @classmethod
    def around(cls, box: Sequence[float]) -> "Frame":
        """The frame that holds a box of degrees."""
        west, south, east, north = box
        shrink = cos(radians((south + north) / 2))
        scale = min(WIDTH / max((east - west) * shrink, 1e-6), MAX_HEIGHT / max(north - south, 1e-6))
        width, height = round((east - west) * shrink * scale) or 1, round((north - south) * scale) or 1
        return cls(west, north, shrink, scale, width, height)

    def pixels(self, points: Any) -> Any:
        """Degrees (array of longitude, latitude) to pixels of the map."""
        return (points - np.array([self.west, self.north])) * np.array(
            [self.shrink * self.scale, -self.scale]
        )


@dataclass(frozen=True)
class Piece:
    """One territory as drawn: SVG path and a point inside it, in the map's pixels."""

    pk: int
    kind: str
    code: str
    name: str
    path: str
    x: float
    y: float


@dataclass(frozen=True)
class LevelMap:
    """A drawn map. `missing` are those that have no shape; `schematic` when cells stand for outlines."""

    frame: Frame
    pieces: tuple[Piece, ...]
    schematic: bool
    missing: tuple[Territory, ...]
    sources: tuple[str, ...]
    territories: tuple[Territory, ...]


def levels_of(territory: Territory) -> list[Kind]:
    """The levels at which a territory may be drawn, the one shown first ahead; those with one piece left out."""
    loaded = version()
    return list(_read_levels(territory.pk) if loaded is None else _levels(loaded, territory.pk))


@lru_cache(maxsize=256)
def _levels(_version: Version, pk: int) -> tuple[Kind, ...]:
    return _read_levels(pk)


def _read_levels(pk: int) -> tuple[Kind, ...]:
    territory = Territory.objects.get(pk=pk)
    found = []
    for level in LEVELS.get(territory.kind, ()):
        count = rows_of(territory, level).count()
        if 2 <= count <= MOST_PIECES:
            found.append(level)
    return tuple(found)


def rows_of(territory: Territory, level: str) -> Any:
    """The territories of a level inside a territory (those that lie partly in it, for an EPCI)."""
    rows = Territory.objects.active().of_kind(level).order_by("pk")
    if territory.kind == Kind.FRANCE:
        return rows
    if level == Kind.COMMUNE:
        return Territory.objects.communes_of(territory).order_by("pk")
    inside = Territory.objects.communes_of(territory).values(f"{COMMUNE_PARENT[level]}_id")
    return rows.filter(pk__in=inside)


def level_map(territory: Territory, level: str) -> LevelMap | None:
    """The map of a territory at that level; None when fewer than two things could be drawn."""
    loaded = version()
    return _draw(territory.pk, level) if loaded is None else _level_map(loaded, territory.pk, level)


@lru_cache(maxsize=128)
def _level_map(_version: Version, pk: int, level: str) -> LevelMap | None:
    return _draw(pk, level)


def _draw(pk: int, level: str) -> LevelMap | None:
    territory = Territory.objects.get(pk=pk)
    rows = list(rows_of(territory, level))
    wanted = [row for row in rows if territory.kind != Kind.FRANCE or row.zone == Zone.METRO]
    shapes, sources, schematic = shapes_of(wanted, level)
    if len(shapes) < 2:
        return None
    frame = Frame.around(shapely.total_bounds(list(shapes.values())))
    return LevelMap(
        frame,
        tuple(_pieces(frame, {row.pk: row for row in rows}, shapes)),
        schematic,
        tuple(row for row in rows if row.pk not in shapes),
        sources,
        tuple(rows),
    )


def _pieces(frame: Frame, rows: dict[int, Territory], shapes: dict[int, BaseGeometry]) -> Iterable[Piece]:
    keys = list(shapes)
    flat = shapely.transform(np.array([shapes[key] for key in keys], dtype=object), frame.pixels)
    try:  # neighbours keep one common edge
        light = shapely.coverage_simplify(flat, HALF_PIXEL)
    except shapely.errors.GEOSException:
        light = shapely.simplify(flat, HALF_PIXEL, preserve_topology=True)
    inside = shapely.get_coordinates(shapely.point_on_surface(flat))
    for key, shape, (x, y) in zip(keys, light, inside.tolist(), strict=True):
        row = rows[key]
        yield Piece(key, row.kind, row.code, row.name, svg_path(shape), round(x, 1), round(y, 1))


def shapes_of(rows: Sequence[Territory], level: str) -> tuple[dict[int, BaseGeometry], tuple[str, ...], bool]:
    """The shape of each territory (degrees), their sources, and whether they are schematic."""
    if not rows:
        return {}, (), False
    if own := _outlines(rows):
        return own[0], own[1], False
    groups = _groups(rows, level)
    communes = [commune for members in groups.values() for commune in members]
    parts = _outlines(communes) if len(communes) <= 40_000 else None
    if parts:
        return _united(groups, parts[0]), parts[1], False
    return _joined(groups, schematic_cells(communes)), (), True


def _outlines(rows: Sequence[Territory | Spot]) -> tuple[dict[int, BaseGeometry], tuple[str, ...]] | None:
    """The official outlines of the rows; None unless each has its own."""
    found = Outline.objects.filter(territory__in=[row.pk for row in rows])
    if not found.exists() or found.count() < len(rows):
        return None
    drawn = list(found)
    return {each.territory_id: each.shape for each in drawn}, tuple(sorted({each.source for each in drawn}))


def _groups(rows: Sequence[Territory], level: str) -> dict[int, list[Spot]]:
    """The communes of each territory."""
    if level == Kind.COMMUNE:
        return {row.pk: [Spot(row.pk, row.lon, row.lat)] for row in rows}
    name = f"{COMMUNE_PARENT[level]}_id"
    # By the parent alone, which is indexed: told the kind, SQLite reads all the communes of the country.
    rows_inside = Territory.objects.filter(**{f"{name}__in": [row.pk for row in rows]}).order_by()
    found: dict[int, list[Spot]] = defaultdict(list)
    for kind, active, parent, *spot in rows_inside.values_list("kind", "is_active", name, "pk", "lon", "lat"):
        if active and kind == Kind.COMMUNE:
            found[parent].append(Spot(*spot))
    return found


def _united(groups: dict[int, list[Spot]], parts: dict[int, BaseGeometry]) -> dict[int, BaseGeometry]:
    found = {}
    for key, members in groups.items():
        drawn = [parts[each.pk] for each in members if each.pk in parts]
        if len(drawn) == 1:
            found[key] = drawn[0]
        elif drawn:
            found[key] = shapely.union_all(drawn)
    return found


def _joined(groups: dict[int, list[Spot]], cells: dict[int, BaseGeometry]) -> dict[int, BaseGeometry]:
    """Cells put together: as neighbours share their edges exactly, these are dropped: far quicker than a union."""
    found = {}
    for key, members in groups.items():
        # Communes at the same position share one cell, which must stand once.
        drawn = {id(cells[each.pk]): cells[each.pk] for each in members if each.pk in cells}
        if drawn:
            found[key] = shapely.coverage_union_all(list(drawn.values()))
    return found


def schematic_cells(rows: Iterable[Territory | Spot]) -> dict[int, BaseGeometry]:
    """A cell around each known position: the ground nearer to it than to the others, no farther than the usual gap."""
    placed = [row for row in rows if row.lon is not None and row.lat is not None]
    at: dict[tuple[float, float], list[int]] = defaultdict(list)
    for row in placed:
        at[(round(row.lon or 0, 6), round(row.lat or 0, 6))].append(row.pk)
    if len(at) < 2:
        return {}
    points = np.array(sorted(at))
    shrink = cos(radians(float(points[:, 1].mean())))
    flat = points * (shrink, 1)
    ground = _ground(flat)
    polygons = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(flat), extend_to=ground))
    ranks, cells = STRtree(polygons).query(shapely.points(flat), predicate="intersects")
    found: dict[int, BaseGeometry] = {}
    shapely.prepare(ground)
    edge = ~shapely.contains_properly(ground, polygons)
    polygons[edge] = shapely.intersection(polygons[edge], ground)
    kept = shapely.transform(polygons, lambda those: those / (shrink, 1))
    for rank, cell in zip(ranks.tolist(), cells.tolist(), strict=True):
        shape = kept[cell]
        for pk in at[(points[rank, 0].item(), points[rank, 1].item())]:
            if not shape.is_empty:
                found.setdefault(pk, shape)
    return found


def _ground(flat: np.ndarray) -> BaseGeometry:
    """The ground that positions cover: what lies within some wide gaps of them, its hollows filled."""
    cloud = shapely.points(flat)
    near = STRtree(cloud).query_nearest(cloud, exclusive=True, return_distance=True, all_matches=False)[1]
    gap = max(float(np.quantile(near, 0.9)), 1e-4)
    wide = shapely.union_all(shapely.buffer(cloud, 3 * gap, quad_segs=4))
    closed = shapely.polygons([shapely.get_exterior_ring(each) for each in shapely.get_parts(wide)])
    return shapely.union_all(shapely.buffer(closed, -2.1 * gap, quad_segs=4))


def around(box: Sequence[float], margin: float = 0.25) -> list[Territory]:
    """The communes whose position lies in a box of degrees, or near it."""
    west, south, east, north = box
    inside = Q(
        lon__gte=west - margin, lon__lte=east + margin, lat__gte=south - margin, lat__lte=north + margin
    )
    return list(Territory.objects.active().of_kind(Kind.COMMUNE).filter(inside).order_by("pk"))
