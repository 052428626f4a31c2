"""In or near which quartiers prioritaires a point lies, and how sure that is. Pure.

« Near »: at most 300 m from the outline, as the reduced rate of VAT around QPV counts it (CGI art. 278 sexies; from
memory, to check). Distances are taken in a plane of metres (`formats.projections`: 1 m in 300 m at worst).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from essor.formats.projections import ZONES, Zone
from essor.formats.qpv import Quartier

NEAR = 300.0
# Beyond, a position says nothing of a quartier: it is somewhere in the commune.
MAX_ERROR = 3000.0
PROBABLE_ERROR = 100.0


@dataclass(frozen=True)
class Places:
    """Points in degrees, and the upper bound of their error in metres."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    error: NDArray[np.float64]


@dataclass(frozen=True)
class Relation:
    """A point and a quartier. `relation`: in, near (300 m), out (only where the error of the point allows in).

    `distance`: metres to the quartier, 0 inside. `certainty`: sure (the error changes nothing), probable (it could,
    but is small), uncertain.
    """

    rank: int
    code: str
    generation: int
    relation: str
    certainty: str
    distance: int

    def to_dict(self) -> dict[str, Any]:
        """JSON-able form, as an edition keeps it."""
        return {
            "generation": self.generation,
            "code": self.code,
            "relation": self.relation,
            "certainty": self.certainty,
            "distance": self.distance,
        }


def relations(places: Places, quartiers: Sequence[Quartier]) -> list[Relation]:
    """Every pair worth telling, by point, generation, then distance."""
    found: list[Relation] = []
    for zone in ZONES:
        inside = [each for each in quartiers if _in_zone(zone, each)]
        ranks = np.flatnonzero(zone.holds(places.lon, places.lat))
        if inside and len(ranks):
            found += _relations_in(zone, places, ranks, inside)
    return sorted(found, key=lambda each: (each.rank, each.generation, each.distance, each.code))


def _in_zone(zone: Zone, quartier: Quartier) -> bool:
    point = quartier.outline.representative_point()
    return bool(zone.holds(np.array([point.x]), np.array([point.y]))[0])


def _relations_in(
    zone: Zone, places: Places, ranks: NDArray[np.intp], quartiers: Sequence[Quartier]
) -> list[Relation]:
    outlines = np.array([_to_plane(zone, each) for each in quartiers])
    x, y = zone.plane(places.lon[ranks], places.lat[ranks])
    points = np.atleast_1d(np.asarray(shapely.points(x, y)))
    error = np.minimum(np.nan_to_num(places.error[ranks], nan=MAX_ERROR), MAX_ERROR)
    tree = shapely.STRtree(outlines)
    which, quartier = tree.query(points, predicate="dwithin", distance=np.maximum(NEAR, error))
    distance = shapely.distance(points[which], outlines[quartier])
    edge = shapely.distance(points[which], shapely.boundary(outlines[quartier]))
    found = []
    pairs = zip(which.tolist(), quartier.tolist(), np.atleast_1d(distance), np.atleast_1d(edge), strict=True)
    for rank, code, far, border in pairs:
        each = quartiers[int(code)]
        relation = "in" if far == 0 else "near" if far <= NEAR else "out"
        certainty = _certainty(relation, float(far), float(border), float(error[rank]))
        found.append(
            Relation(int(ranks[rank]), each.code, each.generation, relation, certainty, round(float(far)))
        )
    return found


def _certainty(relation: str, distance: float, border: float, error: float) -> str:
    """Sure when a move by the error would not change the relation."""
    margin = border if relation == "in" else min(distance, abs(NEAR - distance))
    if margin > error:
        return "sure"
    return "probable" if error <= PROBABLE_ERROR else "uncertain"


def _to_plane(zone: Zone, quartier: Quartier) -> shapely.Geometry:
    def project(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(zone.plane(coordinates[:, 0], coordinates[:, 1]))

    outline = shapely.transform(quartier.outline, project)
    shapely.prepare(outline)
    return outline


def locate_json(places: Places, quartiers: Sequence[Quartier]) -> Iterator[tuple[int, str]]:
    """The points that have something to tell, by rank, with the JSON list that an edition keeps."""
    by_rank: dict[int, list[dict[str, Any]]] = {}
    for each in relations(places, quartiers):
        by_rank.setdefault(each.rank, []).append(each.to_dict())
    for rank, told in by_rank.items():
        yield rank, json.dumps(told, separators=(",", ":"))
