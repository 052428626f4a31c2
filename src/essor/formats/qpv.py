"""Outlines of the quartiers prioritaires de la politique de la ville, of both generations, in GeoJSON.

Source: ANCT, data.gouv.fr « quartiers-prioritaires-de-la-politique-de-la-ville-qpv » (attributes code_qp, nom_qp or
lib_qp). Codes: QPxxxyyy (2015, décret 2014-1750) and QNxxxyyZ (2024, décret 2023-1314).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from essor.formats.insertion import load_json
from essor.formats.problems import InputProblem, Reject, Rejection, shorten
from essor.formats.projections import from_lambert93, in_france, looks_like_lambert93
from essor.formats.readers import Kind, sniff

MAX_GEOJSON = 100 << 20
MAX_POINTS = 200_000
WHAT = "un fichier de contours de QPV"
_GENERATIONS = (
    (2015, re.compile(r"QP[0-9]{2}[0-9AB][0-9]{3}", re.ASCII)),
    (2024, re.compile(r"QN[0-9]{2}[0-9AB][0-9]{2}[A-Z]", re.ASCII)),
)


@dataclass(frozen=True)
class Quartier:
    """One quartier: code, generation (2015 or 2024), name, and outline in WGS 84 degrees (polygon or multipolygon)."""

    code: str
    generation: int
    name: str
    outline: BaseGeometry


def generation_of(code: str) -> int | None:
    """2015, 2024, or None when the code is neither."""
    return next((year for year, pattern in _GENERATIONS if pattern.fullmatch(code)), None)


def read_qpv(path: Path, reject: Reject) -> list[Quartier]:
    """The quartiers of a GeoJSON in degrees or in Lambert 93 (told apart by the size of the numbers).

    Outlines that cross themselves are repaired; those that cannot be go to `reject`. Raises InputProblem.
    """
    if sniff(path) is not Kind.JSON:
        raise InputProblem(path.name, f"ce n’est pas {WHAT}.", "Format lu : GeoJSON.")
    data = load_json(path, MAX_GEOJSON)
    features = data.get("features") if isinstance(data, Mapping) else None
    if not isinstance(features, list) or not features:
        raise InputProblem(path.name, f"aucun quartier dedans : ce n’est pas {WHAT}.", "Format lu : GeoJSON.")
    found: dict[str, Quartier] = {}
    for rank, feature in enumerate(features, 1):
        quartier = _quartier(path.name, rank, feature, reject)
        if quartier is not None:
            found[quartier.code] = quartier
    return list(found.values())


def _quartier(label: str, rank: int, feature: Any, reject: Reject) -> Quartier | None:
    properties = feature.get("properties") if isinstance(feature, Mapping) else None
    folded = (
        {str(key).casefold(): value for key, value in (properties or {}).items()}
        if (properties is None or isinstance(properties, Mapping))
        else {}
    )
    if "code_qp" not in folded:
        raise InputProblem(
            label,
            f"l’attribut « code_qp » manque au quartier {rank} : ce n’est pas {WHAT}.",
            "Reprenez le fichier officiel de l’ANCT.",
            column="code_qp",
        )
    code = str(folded["code_qp"]).strip().upper()
    generation = generation_of(code)
    if generation is None:
        _refuse(
            reject, label, rank, code, "ce code de quartier n’est pas connu (QPxxxyyy ou QNxxxyyZ attendu)."
        )
        return None
    try:
        outline = _outline(label, feature.get("geometry"))
    except (
        ShapelyError,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        OverflowError,
        RecursionError,
    ):
        outline = None
    if outline is None:
        _refuse(reject, label, rank, code, "le contour de ce quartier est vide ou irréparable.")
        return None
    name = str(folded.get("nom_qp") or folded.get("lib_qp") or code)
    return Quartier(code, generation, shorten(name, 200), outline)


def _refuse(reject: Reject, label: str, rank: int, code: str, reason: str) -> None:
    remedy = "Reprenez le fichier officiel de l’ANCT."
    reject(Rejection(label, reason, remedy, line=rank, column="code_qp", value=shorten(code)))


def _outline(label: str, geometry: Any) -> BaseGeometry | None:
    """The polygons of a geometry, in degrees, valid; None when nothing is left."""
    if not isinstance(geometry, Mapping) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return None
    outline = shapely.force_2d(shape(dict(geometry)))
    coordinates = shapely.get_coordinates(outline)
    if len(coordinates) == 0 or len(coordinates) > MAX_POINTS or not np.isfinite(coordinates).all():
        return None
    lon, lat = coordinates[:, 0], coordinates[:, 1]
    if looks_like_lambert93(lon, lat).all():
        lon, lat = from_lambert93(lon, lat)
        outline = shapely.set_coordinates(outline, np.column_stack([lon, lat]))
    elif not in_france(lon, lat).all():
        raise InputProblem(
            label,
            "les coordonnées ne sont ni des degrés (WGS 84) en France, ni du Lambert 93.",
            "Convertissez le fichier en WGS 84 (EPSG:4326), longitude puis latitude.",
            column="geometry",
            value=f"{coordinates[0, 0]:.6g} ; {coordinates[0, 1]:.6g}",
        )
    if not outline.is_valid:
        outline = shapely.make_valid(outline)
    polygons = [part for part in shapely.get_parts(outline) if part.geom_type in ("Polygon", "MultiPolygon")]
    merged = shapely.union_all(polygons)
    return None if merged.is_empty or merged.area == 0 else merged
