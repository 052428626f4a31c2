"""Outlines of communes, départements, EPCI… in GeoJSON: IGN Admin Express, geo.api.gouv.fr, Etalab's files.

GeoJSON is RFC 7946: degrees WGS 84, longitude first. The features are read one by one, so that memory does not
grow with the file. What a feature is comes from the names of its properties, else from the shape of its code.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import shapely
from shapely.geometry import shape as as_shape
from shapely.geometry.base import BaseGeometry

from essor.formats.problems import InputProblem, Rejection, shorten
from essor.formats.projections import ZONES, Zone, from_lambert93, looks_like_lambert93
from essor.formats.readers import Kind, sniff

BLOCK = 1 << 20
MAX_FEATURE = 64 << 20  # the outline of France at full precision is about a third of it
MAX_PREAMBLE = 1 << 20

# Names that the official files give to the code of each level, the most precise level first: a commune also bears
# the codes of its département and région.
CODE_PROPERTIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("commune", ("insee_com", "code_insee_commune", "code_commune", "codgeo", "com")),
    ("", ("code", "code_insee")),
    ("epci", ("code_siren", "siren_epci", "code_epci", "siren")),
    ("departement", ("insee_dep", "code_departement", "code_dept", "dep")),
    ("region", ("insee_reg", "code_region", "reg")),
)
NAME_PROPERTIES = (
    "nom",
    "nom_officiel",
    "nom_com",
    "nom_dep",
    "nom_reg",
    "libgeo",
    "libelle",
    "nom_commune",
    "name",
)
QPV_PROPERTIES = frozenset({"code_qp", "code_qpv", "codeqp", "code_quartier"})

_COMMUNE = re.compile(r"(?:\d{2}|2[AB])\d{3}", re.ASCII)
_COMMUNE_WORD = re.compile(r"\b(?:\d{2}|2[AB])\d{3}\b", re.ASCII)
_GROUP = re.compile(r"\d{9}", re.ASCII)
_AREA = re.compile(r"\d{2}|2[AB]|\d{3}|69[DM]|6AE", re.ASCII)
_FEATURES = re.compile(r'"features"\s*:\s*\[')
_CRS = re.compile(r'"crs"\s*:\s*\{.{0,200}?"name"\s*:\s*"([^"]{1,120})"', re.DOTALL)
_DEGREES = re.compile(r"CRS:?84|EPSG:{1,2}(?:4326|4258|4171)$|WGS_?84", re.IGNORECASE)


# Where nobody has a seat, but which outlines of the whole Republic show.
FAR_AWAY = (
    Zone("Terres australes et antarctiques françaises", 39.0, -90.0, 142.5, -11.0),
    Zone("Île de Clipperton", -109.5, 10.0, -109.0, 10.6),
    Zone("Nouvelle-Calédonie et ses dépendances", 158.0, -23.5, 172.5, -17.0),
)


@dataclass(frozen=True)
class OutlineFeature:
    """One outline: `kind` is commune, epci (or EPT), departement, region, or "area" for a short code of either."""

    number: int
    kind: str
    code: str
    name: str
    geometry: BaseGeometry
    repaired: bool


def _in_zones(lon: float, lat: float, zones: tuple[Zone, ...]) -> bool:
    return any(zone.west <= lon <= zone.east and zone.south <= lat <= zone.north for zone in zones)


def position_trouble(lon: float, lat: float, zones: tuple[Zone, ...] = ZONES) -> tuple[str, str] | None:
    """What is wrong with a position and the remedy, in French; None when it is in degrees and in the zones."""
    remedy = (
        "Donnez des degrés décimaux (WGS 84) : la longitude puis la latitude, par exemple 1.4442 43.6045."
    )
    if not (math.isfinite(lon) and math.isfinite(lat)):
        return "la position n’est pas un nombre.", remedy
    if looks_like_lambert93(np.array([lon]), np.array([lat])).all():
        lons, lats = from_lambert93(np.array([lon]), np.array([lat]))
        return (
            "ces coordonnées sont des mètres (Lambert 93), non des degrés.",
            f"Convertissez-les en WGS 84 (EPSG:4326) : ici, {lons[0]:.5f} {lats[0]:.5f}.",
        )
    if _in_zones(lon, lat, zones):
        return None
    if _in_zones(lat, lon, ZONES):
        return (
            "longitude et latitude semblent inversées.",
            "Donnez la longitude d’abord, puis la latitude : par exemple 1.4442 43.6045.",
        )
    if abs(lon) > 180 or abs(lat) > 90:
        return "ces coordonnées ne sont pas des degrés (des mètres d’une projection ?).", remedy
    return "la position est hors de France.", remedy


def read_properties(path: Path) -> dict[str, Any]:
    """Properties of the first feature, names in lower case: enough to know what the file is. Raises InputProblem."""
    for _number, feature in _features(path):
        return _lower(feature.get("properties"))
    return {}


def commune_codes(path: Path) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Properties of each feature, with the commune codes found in those that name communes (a QPV may have several)."""
    for _number, feature in _features(path):
        properties = _lower(feature.get("properties"))
        texts = " ".join(
            str(value) for name, value in properties.items() if "com" in name and value is not None
        )
        yield properties, [match[0] for match in _COMMUNE_WORD.finditer(texts)]


def is_qpv(properties: dict[str, Any]) -> bool:
    """Whether these are the properties of a priority neighbourhood."""
    return bool(QPV_PROPERTIES & set(properties))


def read_outlines(path: Path, rejected: list[Rejection]) -> Iterator[OutlineFeature]:
    """The outlines of the file in order; those that cannot be used go to `rejected`, with reason and remedy.

    Raises InputProblem when the file is not GeoJSON in degrees.
    """
    for number, feature in _features(path):
        outline = _outline(path.name, number, feature)
        if isinstance(outline, Rejection):
            rejected.append(outline)
        else:
            yield outline


def _outline(label: str, number: int, feature: dict[str, Any]) -> OutlineFeature | Rejection:
    properties = _lower(feature.get("properties"))
    kind, column, code = _identity(properties)
    if not kind:
        return _reject(
            label, number, column, code, "son code n’est celui d’aucun niveau connu.",
            "Attendu : code Insee d’une commune (31555), d’un département (31), d’une région (76), ou SIREN d’un EPCI.",
        )  # fmt: skip
    geometry = read_geometry(feature.get("geometry"))
    if isinstance(geometry, str):
        return _reject(
            label, number, "geometry", code, geometry, "Reprenez le contour dans le fichier officiel."
        )
    centre = geometry.representative_point()
    if trouble := position_trouble(centre.x, centre.y, (*ZONES, *FAR_AWAY)):
        return _reject(label, number, "geometry", code, *trouble)
    name = next((str(properties[key]).strip() for key in NAME_PROPERTIES if properties.get(key)), "")
    repaired = not shapely.is_valid(geometry)
    if repaired:
        mended = polygons_of(shapely.make_valid(geometry))
        if mended is None:
            return _reject(
                label, number, "geometry", code, "son contour se réduit à une ligne.", "Reprenez-le."
            )
        geometry = mended
    return OutlineFeature(number, kind, code, shorten(name, 120), geometry, repaired)


def _reject(label: str, number: int, column: str, value: str, reason: str, remedy: str) -> Rejection:
    return Rejection(
        label, f"entité n° {number} : {reason}", remedy, column=column or None, value=shorten(value) or None
    )


def _identity(properties: dict[str, Any]) -> tuple[str, str, str]:
    """(kind, property, code) of a feature; an empty kind when nothing is recognised."""
    seen = ("", "")
    for kind, names in CODE_PROPERTIES:
        for name in names:
            if properties.get(name) in (None, ""):
                continue
            code = str(properties[name]).strip().upper()
            found = _kind_of(code)
            if found and (
                not kind or found == kind or (found == "area" and kind in ("departement", "region"))
            ):
                return kind or found, name, code
            seen = seen if seen[0] else (name, code)
    return "", *seen


def _kind_of(code: str) -> str:
    if _COMMUNE.fullmatch(code):
        return "commune"
    if _GROUP.fullmatch(code):
        return "epci"
    return "area" if _AREA.fullmatch(code) else ""


def read_geometry(raw: Any) -> BaseGeometry | str:
    """The polygon of a GeoJSON geometry, or what is wrong with it, in French."""
    if not isinstance(raw, dict) or raw.get("type") not in ("Polygon", "MultiPolygon"):
        found = raw.get("type") if isinstance(raw, dict) else None
        return f"sa géométrie n’est pas un polygone ({shorten(found or 'absente')})."
    try:
        geometry: BaseGeometry = shapely.force_2d(as_shape(raw))
    except (
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        KeyError,
        OverflowError,
        shapely.errors.ShapelyError,
    ):
        return "sa géométrie est illisible : coordonnées manquantes ou mal formées."
    if geometry.is_empty or not all(abs(bound) < float("inf") for bound in geometry.bounds):
        return "sa géométrie est vide ou contient une coordonnée infinie."
    return geometry


def polygons_of(geometry: BaseGeometry) -> BaseGeometry | None:
    """The surfaces of a geometry (a repair may leave lines and points beside them); None when it has none."""
    if geometry.geom_type in ("Polygon", "MultiPolygon"):
        return None if geometry.is_empty else geometry
    parts = [polygons_of(part) for part in getattr(geometry, "geoms", ())]
    kept = [part for part in parts if part is not None]
    return shapely.union_all(kept) if kept else None


def _lower(properties: Any) -> dict[str, Any]:
    return (
        {str(key).lower(): value for key, value in properties.items()} if isinstance(properties, dict) else {}
    )


def _features(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The features with their number (1 = first), decoded one at a time."""
    if sniff(path) is not Kind.JSON:
        raise InputProblem(path.name, "ce n’est pas du GeoJSON.", "Donnez un fichier .geojson en UTF-8.")
    try:
        with path.open(encoding="utf-8-sig") as stream:
            yield from _scan(path.name, stream)
    except UnicodeDecodeError as error:
        raise InputProblem(
            path.name, "le GeoJSON n’est pas en UTF-8.", "Exportez-le de nouveau, en UTF-8."
        ) from error


def _scan(label: str, stream: IO[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    buffer = stream.read(BLOCK)
    start = _FEATURES.search(buffer)
    if start is None or not buffer.lstrip().startswith("{"):
        raise InputProblem(
            label,
            "ce n’est pas une collection GeoJSON : « features » manque.",
            "Attendu : une FeatureCollection.",
        )
    check_crs(label, buffer[: start.start()])
    decoder, place, number = json.JSONDecoder(), start.end(), 0
    while True:
        while place < len(buffer) and buffer[place] in " \t\r\n,":
            place += 1
        if buffer.startswith("]", place):
            return
        try:
            feature, place = decoder.raw_decode(buffer, place)
        except (ValueError, RecursionError) as error:
            rest = len(buffer) - place
            more = stream.read(max(BLOCK, rest)) if rest < MAX_FEATURE else ""
            if more:
                buffer, place = buffer[place:] + more, 0
                continue
            raise InputProblem(
                label,
                f"le GeoJSON est tronqué ou mal formé après l’entité n° {number}.",
                "Le téléchargement s’est sans doute interrompu : recommencez-le.",
            ) from error
        number += 1
        if not isinstance(feature, dict):
            raise InputProblem(
                label, f"l’entité n° {number} n’est pas un objet GeoJSON.", "Reprenez le fichier."
            )
        yield number, feature


def check_crs(label: str, preamble: str) -> None:
    """Refuse a file that declares a projection: GeoJSON is in degrees. Raises InputProblem."""
    declared = _CRS.search(preamble[:MAX_PREAMBLE])
    if declared and not _DEGREES.search(declared[1]):
        raise InputProblem(
            label,
            "le fichier est dans une projection, non en degrés.",
            "Exportez-le en WGS 84 (EPSG:4326), par exemple avec QGIS ou ogr2ogr -t_srs EPSG:4326.",
            column="crs",
            value=declared[1],
        )
