"""Coordinates of the French territories: where a point may lie, Lambert 93 to and from degrees, planes in metres.

Sources: IGN, « Projection cartographique conique conforme de Lambert, algorithmes » (NTG 71) with the constants of
RGF93 / Lambert-93 (EPSG:2154) on the ellipsoid GRS 80; the round trip is exact to a millimetre. RGF93 and WGS 84
differ by less than a metre. Distances in the Lambert 93 plane are wrong by 0.3 % at most on the mainland (1 m in
300 m); overseas a plane tangent to each territory is used, wrong by 0.3 % at most within it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_N = 0.7256077650532670
_C = 11754255.4260960
_XS = 700000.0
_YS = 12655612.0498760
_LON0 = np.radians(3.0)
_E = 0.08181919112
_EARTH = 6_371_008.8


@dataclass(frozen=True)
class Zone:
    """A territory and the box, in degrees, that holds it."""

    name: str
    west: float
    south: float
    east: float
    north: float

    def holds(self, lon: Floats, lat: Floats) -> NDArray[np.bool_]:
        """Which points lie in the box."""
        return (lon >= self.west) & (lon <= self.east) & (lat >= self.south) & (lat <= self.north)

    def plane(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Points in metres: Lambert 93 on the mainland, a tangent plane elsewhere."""
        if self is MAINLAND:
            return to_lambert93(lon, lat)
        lon0, lat0 = (self.west + self.east) / 2, (self.south + self.north) / 2
        scale = np.radians(1.0) * _EARTH
        return (lon - lon0) * scale * np.cos(np.radians(lat0)), (lat - lat0) * scale


MAINLAND = Zone("Hexagone et Corse", -5.6, 41.2, 9.8, 51.3)
ZONES = (
    MAINLAND,
    Zone("Antilles", -63.3, 14.2, -60.6, 18.3),
    Zone("Guyane", -54.8, 2.0, -51.4, 6.0),
    Zone("La Réunion", 55.0, -21.6, 56.0, -20.7),
    Zone("Mayotte", 44.8, -13.2, 45.4, -12.5),
    Zone("Saint-Pierre-et-Miquelon", -56.6, 46.6, -56.0, 47.3),
    Zone("Wallis-et-Futuna", -178.4, -14.5, -176.0, -13.0),
    Zone("Tahiti et îles proches", -152.0, -18.2, -148.7, -15.8),
    Zone("Polynésie (autres îles)", -155.0, -28.0, -134.0, -7.5),
    Zone("Nouvelle-Calédonie", 163.0, -23.0, 168.5, -19.0),
)


def in_france(lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    """Which points lie in the box of a French territory."""
    found = np.zeros(len(lon), dtype=bool)
    for zone in ZONES:
        found |= zone.holds(lon, lat)
    return found


def to_lambert93(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Degrees to metres."""
    phi = np.radians(lat)
    sine = _E * np.sin(phi)
    isometric = np.log(np.tan(np.pi / 4 + phi / 2) * ((1 - sine) / (1 + sine)) ** (_E / 2))
    radius = _C * np.exp(-_N * isometric)
    angle = _N * (np.radians(lon) - _LON0)
    return _XS + radius * np.sin(angle), _YS - radius * np.cos(angle)


def from_lambert93(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Metres to degrees (lon, lat)."""
    dx, dy = x - _XS, _YS - y
    radius = np.hypot(dx, dy)
    lon = _LON0 + np.arctan2(dx, dy) / _N
    isometric = -np.log(np.maximum(radius, 1.0) / _C) / _N
    phi = 2 * np.arctan(np.exp(isometric)) - np.pi / 2
    for _ in range(6):  # converges to 1e-12 rad
        sine = _E * np.sin(phi)
        phi = 2 * np.arctan(((1 + sine) / (1 - sine)) ** (_E / 2) * np.exp(isometric)) - np.pi / 2
    return np.degrees(lon), np.degrees(phi)


def looks_like_lambert93(x: Floats, y: Floats) -> NDArray[np.bool_]:
    """Which points have the size of Lambert 93 coordinates of the mainland."""
    return (x > 0) & (x < 1_300_000) & (y > 6_000_000) & (y < 7_200_000)
