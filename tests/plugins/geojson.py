"""Small GeoJSON files made by the tests."""

import json
from pathlib import Path
from typing import Any


def square(lon: float, lat: float, side: float = 0.1) -> dict[str, Any]:
    """A square polygon whose south-west corner is the point."""
    ring = [[lon, lat], [lon + side, lat], [lon + side, lat + side], [lon, lat + side], [lon, lat]]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    """One feature."""
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def write_geojson(path: Path, *features: Any, **members: Any) -> Path:
    """A collection in a file."""
    data = {"type": "FeatureCollection", **members, "features": list(features)}
    path.write_text(json.dumps(data), encoding="utf-8")
    return path
