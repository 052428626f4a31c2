"""Shapes that people give: points typed or placed, a circle, GeoJSON. Pure: no database. Degrees, longitude first.

What comes in is hostile: sizes are limited, numbers are looked at, a shape that crosses itself is mended and said so.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from essor.formats.outlines import polygons_of, position_trouble, read_geometry
from essor.formats.problems import shorten
from essor.formats.projections import from_lambert93, looks_like_lambert93

MAX_BYTES = 5 << 20
MAX_POINTS = 20_000  # of an outline
MAX_TYPED = 500  # points typed or placed one by one
MAX_PARTS = 500
LEAST_KM2, MOST_KM2 = 0.001, 120_000.0
LEAST_RADIUS, MOST_RADIUS = 0.1, 100.0
EARTH_KM = 6371.0088
_SEPARATOR = re.compile(r"[;\t]|\s+")
_COMMA_PAIR = re.compile(r"-?\d+(?:\.\d+)?\s*,\s*-?\d+(?:\.\d+)?", re.ASCII)


class ShapeProblem(ValueError):
    """A shape that cannot be used; `str()` says in French what, where, and the remedy."""


class RadiusProblem(ShapeProblem):
    """The radius of a circle cannot be."""


@dataclass(frozen=True)
class Shape:
    """A shape that can be used, and what was done to it in French (nothing when it came as it should)."""

    geometry: BaseGeometry
    notes: tuple[str, ...] = ()


def of_points(text: str) -> Shape:
    """The surface inside points, one a line: « longitude ; latitude ». Raises ShapeProblem."""
    lines = [(rank, line.strip()) for rank, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MAX_TYPED:
        raise ShapeProblem(
            f"{len(lines)} points : le dessin en accepte {MAX_TYPED}. Donnez plutôt un fichier GeoJSON."
        )
    points = [_point(rank, line) for rank, line in lines]
    if len(points) > 1 and points[0] == points[-1]:
        points = points[:-1]
    if len(set(points)) < 3:
        raise ShapeProblem("Il faut au moins trois points différents pour faire une surface.")
    return checked(shapely.Polygon(points))


def _point(rank: int, line: str) -> tuple[float, float]:
    if _COMMA_PAIR.fullmatch(line):
        parts = [part.strip() for part in line.split(",")]
    else:
        parts = [part for part in _SEPARATOR.split(line) if part]
    try:
        lon, lat = (float(part.strip().rstrip(",").replace(",", ".")) for part in parts)
    except ValueError as error:
        raise ShapeProblem(
            f"Ligne {rank}, « {shorten(line, 40)} » : écrivez la longitude, un point-virgule, puis la latitude, "
            "par exemple « 1,4442 ; 43,6045 »."
        ) from error
    return position(lon, lat, f"Ligne {rank}")


def position(lon: float, lat: float, where: str) -> tuple[float, float]:
    """A position in degrees, in France; metres of Lambert 93 are converted. Raises ShapeProblem."""
    if (
        math.isfinite(lon)
        and math.isfinite(lat)
        and looks_like_lambert93(np.array([lon]), np.array([lat])).all()
    ):
        lons, lats = from_lambert93(np.array([lon]), np.array([lat]))
        lon, lat = float(lons[0]), float(lats[0])
    if trouble := position_trouble(lon, lat):
        raise ShapeProblem(f"{where} : {' '.join(trouble)}")
    return round(lon, 7), round(lat, 7)


def circle(lon: float, lat: float, km: float) -> Shape:
    """The disc of so many kilometres around a position. Raises ShapeProblem."""
    if not (math.isfinite(km) and LEAST_RADIUS <= km <= MOST_RADIUS):
        raise RadiusProblem("Le rayon va de 0,1 à 100 kilomètres.")
    lon, lat = position(lon, lat, "Centre")
    angles = np.linspace(0, 2 * np.pi, 96, endpoint=False)
    turn = km / EARTH_KM
    phi = math.radians(lat)
    lats = np.arcsin(math.sin(phi) * math.cos(turn) + math.cos(phi) * math.sin(turn) * np.cos(angles))
    east = np.arctan2(
        np.sin(angles) * math.sin(turn) * math.cos(phi), math.cos(turn) - math.sin(phi) * np.sin(lats)
    )
    ring = np.column_stack([lon + np.degrees(east), np.degrees(lats)])
    return checked(shapely.Polygon(ring))


def of_geojson(content: bytes | str) -> Shape:
    """The surfaces of a GeoJSON put together: a geometry, a Feature or a FeatureCollection. Raises ShapeProblem."""
    raw = content.encode() if isinstance(content, str) else content
    if len(raw) > MAX_BYTES:
        raise ShapeProblem(f"Le fichier dépasse {MAX_BYTES >> 20} Mo : simplifiez le contour.")
    try:
        data = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ShapeProblem("Le fichier n’est pas en UTF-8 : exportez-le de nouveau en GeoJSON.") from error
    except (ValueError, RecursionError) as error:
        raise ShapeProblem(
            "Le fichier n’est pas un GeoJSON lisible : il est tronqué ou mal formé. Exportez-le de nouveau."
        ) from error
    found = []
    for rank, geometry in enumerate(_geometries(data), 1):
        if rank > MAX_PARTS:
            raise ShapeProblem(f"Le fichier contient plus de {MAX_PARTS} entités : gardez celles de la zone.")
        read = read_geometry(geometry)
        if isinstance(read, str):
            raise ShapeProblem(f"Entité n° {rank} : {read} Donnez des polygones.")
        found.append(_in_degrees(read, rank))
    if not found:
        raise ShapeProblem("Le fichier ne contient aucune surface : il faut un Polygon ou un MultiPolygon.")
    mended = any(not shapely.is_valid(each) for each in found)
    together = found[0] if len(found) == 1 else shapely.union_all([_valid(each) for each in found])
    shape = checked(together)
    return Shape(shape.geometry, (MENDED,) if mended else shape.notes)


def _geometries(data: Any) -> Sequence[Any]:
    if not isinstance(data, dict):
        raise ShapeProblem(
            "Le fichier n’est pas un GeoJSON : un objet « Feature » ou « Polygon » est attendu."
        )
    kind = data.get("type")
    if kind == "FeatureCollection":
        features = data.get("features")
        if not isinstance(features, list):
            raise ShapeProblem("Le GeoJSON n’a pas de liste « features ».")
        return [each.get("geometry") if isinstance(each, dict) else None for each in features]
    return [data.get("geometry")] if kind == "Feature" else [data]


def _in_degrees(geometry: BaseGeometry, rank: int) -> BaseGeometry:
    coordinates = shapely.get_coordinates(geometry)
    if len(coordinates) > MAX_POINTS:
        raise ShapeProblem(
            f"Entité n° {rank} : {len(coordinates)} points, au plus {MAX_POINTS}. Simplifiez le contour."
        )
    if not np.isfinite(coordinates).all():
        raise ShapeProblem(f"Entité n° {rank} : une coordonnée n’est pas un nombre.")
    lon, lat = coordinates[:, 0], coordinates[:, 1]
    if looks_like_lambert93(lon, lat).all():
        return shapely.set_coordinates(geometry, np.column_stack(from_lambert93(lon, lat)))
    return geometry


MENDED = "Le contour se croisait lui-même : il a été réparé. Vérifiez-le sur l’aperçu."


def _valid(geometry: BaseGeometry) -> BaseGeometry:
    found = geometry if shapely.is_valid(geometry) else polygons_of(shapely.make_valid(geometry))
    if found is None:
        raise ShapeProblem("Le contour se réduit à une ligne : il n’entoure aucune surface.")
    return found


def checked(geometry: BaseGeometry) -> Shape:
    """The shape mended where it crosses itself, its size and its place looked at. Raises ShapeProblem."""
    notes = () if shapely.is_valid(geometry) else (MENDED,)
    sound = _valid(geometry)
    if shapely.get_num_coordinates(sound) > MAX_POINTS:
        raise ShapeProblem(f"Le contour a plus de {MAX_POINTS} points : simplifiez-le.")
    west, south, east, north = sound.bounds
    for lon, lat in ((west, south), (east, north)):
        if trouble := position_trouble(lon, lat):
            raise ShapeProblem(f"Contour : {' '.join(trouble)}")
    size = square_km(sound)
    if size < LEAST_KM2:
        raise ShapeProblem("La surface est presque nulle : moins de 1 000 m². Élargissez le contour.")
    if size > MOST_KM2:
        raise ShapeProblem("La surface dépasse 120 000 km² : une zone dessinée tient dans une région.")
    return Shape(sound, notes)


def square_km(geometry: BaseGeometry) -> float:
    """The surface of a geometry in degrees, on a sphere: in the sinusoidal projection, which keeps surfaces."""

    def flat(points: Any) -> Any:
        phi = np.radians(points[:, 1])
        return np.column_stack([np.radians(points[:, 0]) * np.cos(phi), phi]) * EARTH_KM

    return float(shapely.transform(geometry, flat).area)


def to_geojson(geometry: BaseGeometry) -> str:
    """The geometry as compact GeoJSON, degrees to seven decimals (a centimetre)."""
    light = shapely.set_precision(geometry, 1e-7)
    return shapely.to_geojson(light)
