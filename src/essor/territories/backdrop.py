"""The background of a map: outlines of a territory's communes, intercommunalités and départements, priority
neighbourhoods, names of the communes; as vector tiles served by us.

Without official outlines of all the communes, schematic cells stand for them (`shapes`), and the map says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from essor.formats import mvt
from essor.territories.enums import QpvGeneration
from essor.territories.models import Qpv, Territory
from essor.territories.queries import Version
from essor.territories.shapes import official_shapes, schematic_shapes

MAX_ZOOM = 14
MARGIN = 64  # units drawn around the tile, so that its edge is not seen
HALF_PIXEL = 4.0  # units: a tile of 4 096 is drawn on 512 pixels
FINEST = 5e-5  # degrees (5 m) kept of official outlines
COMMUNES_FROM, QPV_FROM, NAMES_FROM = 8, 10, 7
NAMES = 60  # at most, a tile
_MAX_LATITUDE = 85.05


@dataclass(frozen=True)
class Level:
    """Surfaces of one level in the Web Mercator square, indexed, with the attributes of each."""

    surfaces: tuple[BaseGeometry, ...]
    attributes: tuple[dict[str, mvt.Value], ...]
    tree: STRtree

    @classmethod
    def of(cls, rows: Iterable[tuple[BaseGeometry, dict[str, mvt.Value]]]) -> "Level":
        """The level of these surfaces (degrees)."""
        found = [(_to_square(shape), attributes) for shape, attributes in rows]
        surfaces = tuple(shape for shape, _attributes in found)
        return cls(surfaces, tuple(attributes for _shape, attributes in found), STRtree(surfaces))


@dataclass(frozen=True)
class Backdrop:
    """What is drawn behind the points of a territory."""

    levels: dict[str, Level]
    names: tuple[
        tuple[float, float, str, int], ...
    ]  # x, y in the square, name, population; the largest first
    schematic: bool
    sources: tuple[str, ...]
    box: tuple[float, float, float, float] | None  # west, south, east, north in degrees


def _to_square(shape: BaseGeometry) -> BaseGeometry:
    """Degrees to the Web Mercator square (0 to 1, y downwards)."""

    def moved(points: Any) -> Any:
        phi = np.radians(np.clip(points[:, 1], -_MAX_LATITUDE, _MAX_LATITUDE))
        return np.column_stack(((points[:, 0] + 180) / 360, (1 - np.arcsinh(np.tan(phi)) / np.pi) / 2))

    found: BaseGeometry = shapely.transform(shape, moved)
    return found


@lru_cache(maxsize=4)
def backdrop_of(_version: Version, kind: str, code: str) -> Backdrop | None:
    """The background of a territory, made once a load (`queries.version()`); None when it is not in force."""
    territory = Territory.objects.active().filter(kind=kind, code=code).first()
    if territory is None:
        return None
    communes = list(Territory.objects.communes_of(territory).order_by("pk"))
    shapes, sources = official_shapes(communes)
    schematic = len(shapes) < len(communes)
    if schematic:
        shapes, sources = schematic_shapes(territory, communes), ()
    else:
        kept = shapely.coverage_simplify(np.array(list(shapes.values())), FINEST)
        shapes = dict(zip(shapes, kept, strict=True))
    drawn = [row for row in communes if row.pk in shapes]
    by_epci = _together(drawn, shapes, "epci_id")
    levels = {
        "epci": Level.of((shape, {}) for shape in by_epci.values()),
        "departements": Level.of(
            (shape, {}) for shape in _together(drawn, shapes, "departement_id").values()
        ),
        "communes": Level.of((shapes[row.pk], {"nom": row.name}) for row in drawn),
        "qpv": Level.of(_neighbourhoods(communes)),
    }
    everything = list(shapes.values())
    box = tuple(float(value) for value in shapely.total_bounds(everything)) if everything else None
    return Backdrop(levels, _names(drawn, shapes), schematic, sources, box)  # type: ignore[arg-type]


def _together(
    rows: Sequence[Territory], shapes: dict[int, BaseGeometry], parent: str
) -> dict[int, BaseGeometry]:
    """The communes of each parent as one surface."""
    parts: dict[int, list[BaseGeometry]] = {}
    for row in rows:
        parts.setdefault(getattr(row, parent) or 0, []).append(shapes[row.pk])
    return {key: shapely.union_all(found) for key, found in parts.items()}


def _neighbourhoods(communes: Sequence[Territory]) -> list[tuple[BaseGeometry, dict[str, mvt.Value]]]:
    """Priority neighbourhoods of the list in force."""
    rows = Qpv.objects.filter(generation=QpvGeneration.G2024, communes__in=[row.pk for row in communes])
    return [(row.shape, {"code": row.code, "nom": row.name}) for row in rows.distinct()]


def _names(
    rows: Sequence[Territory], shapes: dict[int, BaseGeometry]
) -> tuple[tuple[float, float, str, int], ...]:
    found = []
    for row in sorted(rows, key=lambda row: -(row.population or 0)):
        at = shapely.point_on_surface(shapes[row.pk])
        if row.lon is not None and row.lat is not None:
            at = shapely.Point(row.lon, row.lat)
        ((east, south),) = shapely.get_coordinates(_to_square(at)).tolist()
        found.append((east, south, row.name, row.population or 0))
    return tuple(found)


def tile(backdrop: Backdrop, z: int, x: int, y: int) -> bytes:
    """The background of one tile; empty where nothing is drawn."""
    wanted = ["departements", "epci"]
    wanted += ["communes"] if z >= COMMUNES_FROM else []
    wanted += ["qpv"] if z >= QPV_FROM else []
    layers = [_layer(name, backdrop.levels[name], z, x, y) for name in wanted]
    return mvt.encode([*layers, *([_names_layer(backdrop, z, x, y)] if z >= NAMES_FROM else [])])


def _layer(name: str, level: Level, z: int, x: int, y: int) -> mvt.Layer:
    layer = mvt.Layer(name)
    size, unit = 2.0**-z, mvt.EXTENT * 2.0**z
    margin = MARGIN / unit
    box = (x * size - margin, y * size - margin, (x + 1) * size + margin, (y + 1) * size + margin)
    corner = np.array([x * size, y * size])
    for rank in sorted(level.tree.query(shapely.box(*box)).tolist()):
        cut = shapely.clip_by_rect(level.surfaces[rank], *box)
        flat = shapely.transform(cut, lambda points: (points - corner) * unit)
        parts = _parts(shapely.simplify(flat, HALF_PIXEL, preserve_topology=True))
        if parts:
            layer.polygon(parts, level.attributes[rank])
    return layer


def _parts(shape: BaseGeometry) -> list[list[mvt.Points]]:
    """Outer ring and holes of each polygon, in whole units."""
    return [
        [
            np.rint(shapely.get_coordinates(ring)).astype(np.int64)
            for ring in (polygon.exterior, *polygon.interiors)
        ]
        for polygon in shapely.get_parts(shape)
        if polygon.geom_type == "Polygon" and not polygon.is_empty
    ]


def _names_layer(backdrop: Backdrop, z: int, x: int, y: int) -> mvt.Layer:
    """Names of the communes of the tile, the most populated first."""
    layer = mvt.Layer("noms")
    scale = 2.0**z
    for east, south, name, population in backdrop.names:
        if int(east * scale) == x and int(south * scale) == y:
            at = (round((east * scale - x) * mvt.EXTENT), round((south * scale - y) * mvt.EXTENT))
            layer.point(*at, {"nom": name, "habitants": population})
            if len(layer) == NAMES:
                break
    return layer
