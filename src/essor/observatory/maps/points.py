"""The establishments of the register as points on the map of a territory, put together where they are many."""

from dataclasses import dataclass

import numpy as np
from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from essor.kernel import french
from essor.kernel.svg import element, key_of, safe_text
from essor.registry.map import page
from essor.territories.level_maps import LevelMap
from essor.territories.models import Territory

MOST = 1500  # drawn one by one; beyond, by squares
SQUARE = 9  # pixels
RADIUS = 2.4
LARGEST = 13.0


@dataclass(frozen=True)
class Point:
    """A place of the map and how many establishments stand there."""

    x: float
    y: float
    count: int
    radius: float


@dataclass(frozen=True)
class Points:
    """What the map draws: its points, how many establishments, and whether they are put together."""

    points: tuple[Point, ...]
    total: int
    together: bool


def points_of(territory: Territory, drawn: LevelMap) -> Points | None:
    """The public establishments of a territory as points; None while no edition is in force."""
    query = QueryDict(mutable=True)
    query["territoire"] = territory.ref
    found = page.set_of(query)
    if found is None:
        return None
    _version, index, chosen = found
    rows = chosen.grid.rows
    degrees = np.column_stack([index.longitude[rows], index.latitude[rows]])
    pixels = drawn.frame.pixels(degrees) if len(rows) else np.zeros((0, 2))
    inside = (
        (pixels[:, 0] >= -8)
        & (pixels[:, 1] >= -8)
        & (pixels[:, 0] <= drawn.frame.width + 8)
        & (pixels[:, 1] <= drawn.frame.height + 8)
    )
    return aggregated(pixels[inside])


def aggregated(pixels: np.ndarray, most: int = MOST) -> Points:
    """Points of a few pixels (array x, y): one by one up to `most`, else one for each square that holds some."""
    total = len(pixels)
    if total <= most:
        alone = tuple(Point(round(x, 1), round(y, 1), 1, RADIUS) for x, y in pixels.tolist())
        return Points(alone, total, together=False)
    squares = np.floor(pixels / SQUARE).astype(np.int64)
    _unique, inverse, counts = np.unique(squares, axis=0, return_inverse=True, return_counts=True)
    flat = inverse.ravel()
    x = np.bincount(flat, weights=pixels[:, 0]) / counts
    y = np.bincount(flat, weights=pixels[:, 1]) / counts
    radius = np.maximum(1.6, LARGEST * np.sqrt(counts / counts.max()))
    order = np.argsort(-counts, kind="stable")
    return Points(
        tuple(
            Point(round(float(x[i]), 1), round(float(y[i]), 1), int(counts[i]), round(float(radius[i]), 1))
            for i in order
        ),
        total,
        together=True,
    )


def finding(territory: Territory, shown: Points) -> str:
    """The title of the points."""
    return _("%(place)s : %(count)s de l’ESS sur la carte") % {
        "place": territory.name,
        "count": french.counted(shown.total, _("établissement,établissements")),
    }


def svg_of(territory: Territory, drawn: LevelMap, shown: Points) -> SafeString:
    """The outlines, and the points over them."""
    key = key_of(f"points {territory.pk} {shown.total}")
    pieces = "".join(
        element(
            "path",
            element("title", safe_text(piece.name)),
            d=piece.path,
            class_="map-piece map-piece--ground",
        )
        for piece in drawn.pieces
    )
    marks = "".join(
        element(
            "circle",
            element("title", french.counted(point.count, _("établissement,établissements")))
            if point.count > 1
            else "",
            cx=point.x,
            cy=point.y,
            r=point.radius,
            class_="map-point",
        )
        for point in shown.points
    )
    title = element("title", safe_text(finding(territory, shown)), id=f"{key}-t")
    return SafeString(
        element(
            "svg",
            title + pieces + marks,
            xmlns="http://www.w3.org/2000/svg",
            class_="map-drawing",
            viewBox=f"-4 -4 {drawn.frame.width + 8} {drawn.frame.height + 8}",
            role="img",
            **{"aria-labelledby": f"{key}-t"},
        )
    )
