"""Light maps of a territory's members: official outlines when they are loaded, else schematic cells, said to be so."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians

import shapely
from shapely.geometry.base import BaseGeometry

from essor.territories.enums import Kind, Zone
from essor.territories.geo import cells
from essor.territories.models import COMMUNE_PARENT, Outline, Territory
from essor.territories.queries import Version, members, version

WIDTH, MAX_HEIGHT = 640, 720
HALF_PIXEL = 0.5
MARGIN_DEGREES = 0.04  # around the known positions, where no outline bounds the cells


@dataclass(frozen=True)
class Piece:
    """One member as drawn: SVG path in the map's pixels."""

    pk: int
    name: str
    path: str


@dataclass(frozen=True)
class Map:
    """A drawn map; `schematic` when cells stand for outlines, `missing` members that have neither."""

    width: int
    height: int
    pieces: tuple[Piece, ...]
    schematic: bool
    missing: int
    sources: tuple[str, ...]


def map_of(territory: Territory) -> Map | None:
    """The map of the members of a territory; None when fewer than two things could be drawn."""
    return _map(version(), territory.pk)


@lru_cache(maxsize=256)
def _map(_version: Version, pk: int) -> Map | None:
    territory = Territory.objects.select_related("epci", "collectivite").get(pk=pk)
    rows = [row for row in members(territory) if territory.kind != Kind.FRANCE or row.zone == Zone.METRO]
    shapes, sources = official_shapes(rows)
    schematic = len(shapes) < len(rows)
    if schematic:
        shapes = schematic_shapes(territory, rows)
    if len(shapes) < 2:
        return None
    names = {row.pk: row.name for row in rows}
    width, height, paths = draw(shapes)
    pieces = tuple(Piece(key, names[key], path) for key, path in paths.items())
    return Map(width, height, pieces, schematic, len(rows) - len(shapes), () if schematic else sources)


def official_shapes(rows: list[Territory]) -> tuple[dict[int, BaseGeometry], tuple[str, ...]]:
    """Outlines of the rows, their own or put together from those of all their communes, and their sources."""
    found = {
        o.territory_id: (o.shape, o.source)
        for o in Outline.objects.filter(territory__in=[r.pk for r in rows])
    }
    lacking = [row for row in rows if row.pk not in found]
    if found and not lacking:
        return {pk: shape for pk, (shape, _source) in found.items()}, tuple(
            sorted({s for _shape, s in found.values()})
        )
    if lacking and {row.kind for row in lacking} == {Kind.EPCI}:
        found |= _from_communes(lacking)
    return {pk: shape for pk, (shape, _source) in found.items()}, tuple(
        sorted({s for _shape, s in found.values()})
    )


def _from_communes(rows: Iterable[Territory]) -> dict[int, tuple[BaseGeometry, str]]:
    parent = f"{COMMUNE_PARENT[Kind.EPCI]}_id"
    pks = [row.pk for row in rows]
    communes = Territory.objects.active().of_kind(Kind.COMMUNE).filter(epci__in=pks)
    parts: dict[int, list[tuple[BaseGeometry, str] | None]] = {}
    outlines = {o.territory_id: o for o in Outline.objects.filter(territory__in=communes.values("pk"))}
    for pk, group in communes.values_list("pk", parent):
        outline = outlines.get(pk)
        parts.setdefault(group, []).append((outline.shape, outline.source) if outline else None)
    whole = {group: [part for part in found if part] for group, found in parts.items() if None not in found}
    return {
        group: (shapely.union_all([shape for shape, _source in found]), found[0][1])
        for group, found in whole.items()
    }


def schematic_shapes(territory: Territory, rows: list[Territory]) -> dict[int, BaseGeometry]:
    """Cells around the known positions, inside the territory's own outline when it is loaded."""
    placed = [(row.pk, (row.lon, row.lat)) for row in rows if row.lon is not None and row.lat is not None]
    if len(placed) < 2:
        return {}
    points = [point for _pk, point in placed]
    whole = territory.epci if territory.kind == Kind.COMMUNE else territory
    own = Outline.objects.filter(territory=whole).first()
    around = own.shape if own else shapely.MultiPoint(points).convex_hull.buffer(MARGIN_DEGREES)
    drawn = zip((pk for pk, _point in placed), cells(points, around), strict=True)
    return {pk: cell for pk, cell in drawn if not cell.is_empty}


def draw(shapes: dict[int, BaseGeometry]) -> tuple[int, int, dict[int, str]]:
    """Width and height in pixels, and the SVG path of each shape (degrees), simplified to half a pixel."""
    west, south, east, north = shapely.total_bounds(list(shapes.values()))
    shrink = cos(radians((south + north) / 2))
    scale = min(WIDTH / max((east - west) * shrink, 1e-6), MAX_HEIGHT / max(north - south, 1e-6))
    width, height = round((east - west) * shrink * scale) or 1, round((north - south) * scale) or 1

    def to_pixels(points):  # type: ignore[no-untyped-def]
        return (points - (west, north)) * (shrink * scale, -scale)

    paths = {}
    for key, shape in shapes.items():
        flat = shapely.transform(shape, to_pixels)
        paths[key] = svg_path(shapely.simplify(flat, HALF_PIXEL, preserve_topology=True))
    return width, height, paths


def svg_path(geometry: BaseGeometry) -> str:
    """The polygons of a geometry as the path of an SVG."""
    rings = []
    for polygon in shapely.get_parts(geometry):
        if polygon.geom_type == "Polygon" and not polygon.is_empty:
            for ring in (polygon.exterior, *polygon.interiors):
                rings.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring.coords[:-1]) + "Z")
    return "".join(rings)
