"""The ground under an area: shapes of territories near it, communes that it touches, establishments inside."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from essor.kernel.svg import element, safe_text
from essor.observatory.rules_shapes import square_km
from essor.registry.map import page
from essor.territories.enums import Kind
from essor.territories.level_maps import Frame, around, schematic_cells
from essor.territories.models import Outline, Territory
from essor.territories.shapes import HALF_PIXEL, svg_path

LEAST_SHARE = 0.001  # of the area: less is the thickness of a line
ROOM = 0.25  # around the area, in parts of its size
SHOWN = 60


@dataclass(frozen=True)
class Touched:
    """A commune under an area: which part of the area lies there, and which part of the commune is taken."""

    territory: Territory
    of_area: float
    of_commune: float


@dataclass(frozen=True)
class Described:
    """What an area is: surface, communes touched (the largest part first), establishments, drawing."""

    km2: float
    communes: tuple[Touched, ...]
    establishments: int | None
    schematic: bool
    svg: SafeString

    @property
    def shown(self) -> tuple[Touched, ...]:
        """The communes that a page lists."""
        return self.communes[:SHOWN]

    @property
    def more(self) -> int:
        """How many are left out."""
        return max(0, len(self.communes) - SHOWN)


def communes_in(box: Sequence[float]) -> tuple[dict[int, BaseGeometry], bool]:
    """The shapes of the communes of a box of degrees, and whether they are schematic."""
    west, south, east, north = box
    found = Outline.objects.filter(
        territory__kind=Kind.COMMUNE,
        territory__is_active=True,
        west__lte=east,
        east__gte=west,
        south__lte=north,
        north__gte=south,
    )
    if found.exists():
        return {each.territory_id: each.shape for each in found}, False
    return schematic_cells(around(box)), True


def shapes_of_territories(rows: Sequence[Territory]) -> tuple[list[BaseGeometry], list[Territory], bool]:
    """The shapes of territories, those that have none, and whether some are schematic."""
    found: list[BaseGeometry] = []
    lacking: list[Territory] = []
    schematic = False
    own = {each.territory_id: each.shape for each in Outline.objects.filter(territory__in=rows)}
    for row in rows:
        if row.pk in own:
            found.append(own[row.pk])
            continue
        communes = list(Territory.objects.communes_of(row).order_by("pk"))
        placed = [(each.lon, each.lat) for each in communes if each.lon is not None and each.lat is not None]
        outlines = [each.shape for each in Outline.objects.filter(territory__in=communes)]
        if outlines and len(outlines) == len(communes):
            found.append(shapely.union_all(outlines))
        elif placed:
            cells = schematic_cells(around(shapely.MultiPoint(placed).bounds))
            found.append(shapely.union_all([cells[each.pk] for each in communes if each.pk in cells]))
            schematic = True
        else:
            lacking.append(row)
    return found, lacking, schematic


def describe(shape: BaseGeometry) -> Described:
    """What an area is, before it is saved and on its page of edition."""
    shapes, schematic = communes_in(shape.bounds)
    touched = _touched(shape, shapes)
    return Described(
        square_km(shape), tuple(touched), establishments_inside(shape), schematic, picture(shape, shapes)
    )


def _touched(shape: BaseGeometry, shapes: dict[int, BaseGeometry]) -> list[Touched]:
    keys = [key for key, each in shapes.items() if each.intersects(shape)]
    names = {row.pk: row for row in Territory.objects.filter(pk__in=keys)}
    whole = square_km(shape)
    found = []
    for key in keys:
        part = square_km(shapely.intersection(_sound(shapes[key]), shape))
        if part >= LEAST_SHARE * whole:
            found.append(Touched(names[key], part / whole, min(1.0, part / square_km(shapes[key]))))
    return sorted(found, key=lambda each: (-each.of_area, each.territory.sort_key))


def _sound(shape: BaseGeometry) -> BaseGeometry:
    return shape if shape.is_valid else shapely.make_valid(shape)


def establishments_inside(shape: BaseGeometry) -> int | None:
    """The public establishments whose position is in the shape; None while no edition is in force."""
    found = page.set_of(QueryDict(""))
    if found is None:
        return None
    _version, index, chosen = found
    rows = chosen.grid.rows
    lon, lat = index.longitude[rows], index.latitude[rows]
    west, south, east, north = shape.bounds
    near = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    shapely.prepare(shape)
    return int(np.count_nonzero(shapely.contains_xy(shape, lon[near], lat[near])))


def picture(shape: BaseGeometry, shapes: dict[int, BaseGeometry]) -> SafeString:
    """The area over the communes around it, as SVG."""
    west, south, east, north = shape.bounds
    wide, high = (east - west) * ROOM or 0.01, (north - south) * ROOM or 0.01
    box = (west - wide, south - high, east + wide, north + high)
    frame = Frame.around(box)

    def path(each: BaseGeometry) -> str:
        flat = shapely.transform(each, frame.pixels)
        return svg_path(shapely.simplify(flat, HALF_PIXEL, preserve_topology=True))

    names = dict(Territory.objects.filter(pk__in=list(shapes)).values_list("pk", "name"))
    ground = "".join(
        element(
            "path",
            element("title", safe_text(names.get(key, ""))),
            d=drawn,
            class_="map-piece map-piece--ground",
        )
        for key, each in shapes.items()
        if each.intersects(shapely.box(*box))
        and (drawn := path(shapely.clip_by_rect(_sound(each), *_wider(box))))
    )
    return SafeString(
        element(
            "svg",
            ground + element("path", d=path(shape), class_="map-area"),
            xmlns="http://www.w3.org/2000/svg",
            class_="map-drawing",
            viewBox=f"0 0 {frame.width} {frame.height}",
            role="img",
            **{"aria-label": _("La zone, sur les communes voisines")},
        )
    )


def _wider(box: Sequence[float]) -> tuple[float, float, float, float]:
    """A little more than the picture, so that a cut edge is not drawn."""
    west, south, east, north = box
    wide, high = (east - west) * 0.05, (north - south) * 0.05
    return west - wide, south - high, east + wide, north + high


def united(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    """The shapes put together, the slivers between neighbours of different sources left as they are."""
    return shapely.union_all([_sound(each) for each in shapes])
