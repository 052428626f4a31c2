"""Schematic quartiers prioritaires: invented outlines in the official form, so that the feature shows.

The real outlines are not ours to ship. Codes have the official form but a number that no real quartier of the
département bears (2015: QP031901…, 2024: QN03191Z…), and names say what they are.
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from string import ascii_uppercase

import numpy as np
import shapely

from essor.demo.draws import Draws, Floats, Objects
from essor.demo.places import Atlas

GENERATIONS = (2015, 2024)
# Commune, distance (metres) and bearing (degrees) from its position, radius (metres).
SITES: tuple[tuple[str, int, int, int], ...] = (
    ("31555", 3600, 235, 620), ("31555", 2900, 262, 430), ("31555", 3300, 318, 480), ("31555", 3900, 350, 420),
    ("31555", 2100, 20, 330), ("31555", 3100, 75, 380), ("31555", 2600, 130, 350), ("31555", 4300, 205, 460),
    ("31149", 700, 120, 300), ("31069", 800, 210, 280), ("31395", 500, 300, 260), ("31483", 350, 60, 230),
)  # fmt: skip
CORNERS = 9


@dataclass(frozen=True)
class Quarter:
    """One schematic quartier."""

    generation: int
    code: str
    name: str
    commune: str
    commune_name: str
    outline: shapely.Polygon


def quarters(atlas: Atlas, seed: int) -> list[Quarter]:
    """The quartiers of both generations; those of 2024 are a little larger than those of 2015."""
    draws = Draws(seed, "quarters")
    names = dict(zip(atlas.codes.tolist(), atlas.names.tolist(), strict=True))
    found = []
    for rank, (commune, distance, bearing, radius) in enumerate(SITES):
        lon, lat = _shifted(*atlas.position(commune), distance, bearing)
        shape = radius * (0.75 + 0.5 * draws.unit(CORNERS))
        for generation in GENERATIONS:
            factor = 1.0 if generation == 2024 else 0.92
            found.append(
                Quarter(
                    generation,
                    f"QP031{901 + rank}"
                    if generation == 2015
                    else f"QN031{91 + rank % 9}{'Z' if rank < 9 else 'Y'}",
                    f"Quartier de démonstration {ascii_uppercase[rank]}",
                    commune,
                    names[commune],
                    _outline(lon, lat, shape * factor),
                )
            )
    return found


def _shifted(lon: float, lat: float, metres: float, bearing: float) -> tuple[float, float]:
    angle = math.radians(bearing)
    return (
        round(lon + metres * math.sin(angle) / (111_320 * math.cos(math.radians(lat))), 6),
        round(lat + metres * math.cos(angle) / 111_320, 6),
    )


def _outline(lon: float, lat: float, radii: Floats) -> shapely.Polygon:
    """An uneven polygon around a point."""
    bearings = [360 * rank / len(radii) for rank in range(len(radii))]
    return shapely.Polygon([_shifted(lon, lat, r, b) for r, b in zip(radii.tolist(), bearings, strict=True)])


def codes_at(lon: Floats, lat: Floats, generation: int, found: list[Quarter]) -> Objects:
    """The code of the quartier where each point lies, None outside."""
    codes = np.full(len(lon), None, dtype=object)
    for quarter in found:
        if quarter.generation == generation:
            shapely.prepare(quarter.outline)
            codes[shapely.contains_xy(quarter.outline, lon, lat)] = quarter.code
    return codes


def write_quarters(path: Path, generation: int, found: list[Quarter]) -> None:
    """The quartiers of a generation as GeoJSON, with the attributes of the official file of that generation."""
    features = [
        {
            "type": "Feature",
            "properties": _properties(quarter),
            "geometry": json.loads(shapely.to_geojson(quarter.outline)),
        }
        for quarter in found
        if quarter.generation == generation
    ]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    content = {
        "type": "FeatureCollection",
        "name": "quartiers_de_demonstration",
        "crs": crs,
        "features": features,
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _properties(quarter: Quarter) -> dict[str, str]:
    if quarter.generation == 2015:
        return {
            "code_qp": quarter.code, "nom_qp": quarter.name, "commune_qp": quarter.commune_name,
            "code_commune": quarter.commune, "nom_commune": quarter.commune_name, "code_departement": "31",
        }  # fmt: skip
    return {
        "code_qp": quarter.code, "lib_qp": quarter.name, "insee_reg": "76", "lib_reg": "Occitanie",
        "insee_dep": "31", "lib_dep": "Haute-Garonne", "insee_com": quarter.commune,
        "lib_com": quarter.commune_name,
    }  # fmt: skip
