"""The small map of an organisation's page: its establishments on the outlines around them, without script."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, pi

import numpy as np
import shapely

from essor.registry.map.grid import to_square
from essor.registry.map.index import APPROXIMATE
from essor.registry.models import EstablishmentFacts
from essor.territories.backdrop import Backdrop, Level
from essor.territories.shapes import svg_path

WIDTH, HEIGHT = 640, 400
EARTH_METRES = 40_075_016.7
LEAST_METRES = 6000  # width of the smallest picture
AROUND = 1.35
NAMES = 8
EDGE = 40  # pixels without names: they would be cut
SIMPLE = 0.5
LETTER, LINE = 8, 18  # pixels that a name takes


@dataclass(frozen=True)
class Mark:
    """An establishment as drawn, in pixels."""

    x: float
    y: float
    approximate: bool


@dataclass(frozen=True)
class Name:
    """The name of a commune, centred on a place in pixels."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Picture:
    """What the page draws."""

    width: int
    height: int
    communes: tuple[str, ...]
    quarters: tuple[str, ...]
    names: tuple[Name, ...]
    marks: tuple[Mark, ...]
    schematic: bool
    hidden: int  # establishments without position

    @property
    def approximate(self) -> bool:
        """True when a mark stands at the centre of a commune."""
        return any(mark.approximate for mark in self.marks)


def picture_of(places: Sequence[EstablishmentFacts], backdrop: Backdrop | None) -> Picture | None:
    """The picture of these establishments; None when none has a position in the territory."""
    placed = [
        each
        for each in places
        if each.longitude is not None and each.latitude is not None and each.in_territory
    ]
    if not placed:
        return None
    x, y = to_square(
        np.array([each.longitude for each in placed], dtype=np.float64),
        np.array([each.latitude for each in placed], dtype=np.float64),
    )
    frame = _Frame.around(x, y)
    levels = backdrop.levels if backdrop else {}
    marks = [
        Mark(*frame.pixels(east, south), each.position_quality in APPROXIMATE)
        for east, south, each in zip(x.tolist(), y.tolist(), placed, strict=True)
    ]
    return Picture(
        WIDTH,
        HEIGHT,
        tuple(frame.paths(levels.get("communes"))),
        tuple(frame.paths(levels.get("qpv"))),
        tuple(_names(frame, backdrop)),
        tuple(dict.fromkeys(marks)),
        bool(backdrop and backdrop.schematic),
        len(places) - len(placed),
    )


@dataclass(frozen=True)
class _Frame:
    """The part of the Web Mercator square that is drawn."""

    west: float
    north: float
    scale: float  # pixels a unit of the square

    @classmethod
    def around(cls, x: np.ndarray, y: np.ndarray) -> "_Frame":
        """The points with some room, never nearer than a few kilometres."""
        middle_x, middle_y = float(x.min() + x.max()) / 2, float(y.min() + y.max()) / 2
        latitude = float(np.arctan(np.sinh(pi * (1 - 2 * middle_y))))
        least = LEAST_METRES / (EARTH_METRES * cos(latitude))
        wide = max(least, float(np.ptp(x)) * AROUND, float(np.ptp(y)) * AROUND * WIDTH / HEIGHT)
        scale = WIDTH / wide
        return cls(middle_x - wide / 2, middle_y - HEIGHT / scale / 2, scale)

    def pixels(self, x: float, y: float) -> tuple[float, float]:
        """A place of the square in pixels."""
        return round((x - self.west) * self.scale, 1), round((y - self.north) * self.scale, 1)

    def paths(self, level: Level | None) -> Iterable[str]:
        """What of a level is in the frame, as paths."""
        if level is None:
            return
        room = 4 / self.scale  # so that a cut edge is not drawn
        box = (self.west - room, self.north - room, self.west + WIDTH / self.scale + room,
               self.north + HEIGHT / self.scale + room)  # fmt: skip
        corner = np.array([self.west, self.north])
        for rank in sorted(level.tree.query(shapely.box(*box)).tolist()):
            cut = shapely.clip_by_rect(level.surfaces[rank], *box)
            flat = shapely.transform(cut, lambda points: (points - corner) * self.scale)
            if path := svg_path(shapely.simplify(flat, SIMPLE)):
                yield path


def _names(frame: _Frame, backdrop: Backdrop | None) -> Iterable[Name]:
    """Names of the most populated communes of the frame, those that would lie over another left out."""
    kept: list[Name] = []
    for east, south, text, _population in backdrop.names if backdrop else ():
        x, y = frame.pixels(east, south)
        inside = EDGE < x < WIDTH - EDGE and EDGE / 2 < y < HEIGHT - EDGE / 2
        room = LETTER * len(text) / 2
        if inside and all(
            abs(y - other.y) > LINE or abs(x - other.x) > room + LETTER * len(other.text) / 2
            for other in kept
        ):
            kept.append(Name(x, y, text))
            if len(kept) == NAMES:
                break
    return kept
