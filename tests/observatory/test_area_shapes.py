"""Shapes that people give: what is read, what is mended, what is refused and how it is said."""

import json
from contextlib import suppress
from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from essor.observatory.rules_shapes import (
    MENDED,
    ShapeProblem,
    circle,
    of_geojson,
    of_points,
    square_km,
    to_geojson,
)

SQUARE = [[1.4, 43.5], [1.5, 43.5], [1.5, 43.6], [1.4, 43.6], [1.4, 43.5]]


def geojson(ring: list[Any], kind: str = "Polygon") -> str:
    return json.dumps({"type": kind, "coordinates": [ring]})


def test_points_make_a_surface_in_the_forms_that_people_write() -> None:
    written = "1,4 ; 43,5\n1.5;43.5\n1.5\t43.6\n1.4, 43.6\n"
    assert of_points(written).geometry.equals(shapely.Polygon(SQUARE))
    closed = written + "1,4 ; 43,5"
    assert of_points(closed).geometry.equals(shapely.Polygon(SQUARE))


def test_a_crossing_drawing_is_mended_and_said_so() -> None:
    found = of_points("1.4;43.5\n1.5;43.6\n1.5;43.5\n1.4;43.6")
    assert found.notes == (MENDED,)
    assert found.geometry.is_valid
    bow = [[1.4, 43.5], [1.5, 43.6], [1.5, 43.5], [1.4, 43.6], [1.4, 43.5]]
    assert of_geojson(geojson(bow)).notes == (MENDED,)


def test_geojson_in_its_three_forms_and_in_lambert_93() -> None:
    whole = shapely.Polygon(SQUARE)
    feature = {"type": "Feature", "properties": None, "geometry": json.loads(geojson(SQUARE))}
    collection = {"type": "FeatureCollection", "features": [feature, feature]}
    for data in (json.loads(geojson(SQUARE)), feature, collection):
        assert of_geojson(json.dumps(data)).geometry.equals(whole)
    metres = [[570000, 6270000], [580000, 6270000], [580000, 6280000], [570000, 6280000], [570000, 6270000]]
    assert square_km(of_geojson(geojson(metres)).geometry) == pytest.approx(100, rel=0.01)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "tronqué ou mal formé"),
        ("[1]", "un objet « Feature » ou « Polygon » est attendu"),
        ("[" * 100_000, "tronqué ou mal formé"),
        (b"\xff\xfe", "pas en UTF-8"),
        ('{"type": "FeatureCollection"}', "pas de liste « features »"),
        ('{"type": "FeatureCollection", "features": []}', "aucune surface"),
        ('{"type": "Point", "coordinates": [1, 43]}', "n’est pas un polygone (Point)"),
        ('{"type": "Polygon", "coordinates": [[["a", 1]]]}', "Entité n° 1"),
        ('{"type": "Polygon", "coordinates": [[[NaN, 43], [1, 43], [1, 44], [NaN, 43]]]}', "Entité n° 1"),
        (geojson([[43.5, 1.4], [43.6, 1.4], [43.6, 1.5], [43.5, 1.4]]), "inversées"),
        (geojson([[-74, 40], [-73, 40], [-73, 41], [-74, 40]]), "hors de France"),
        (geojson([[1.4, 43.5], [1.5, 43.5], [1.4, 43.5]]), "une ligne"),
        (geojson([[1.4, 43.5], [1.5, 43.5], [1.45, 43.5], [1.4, 43.5]]), "une ligne"),
        (geojson([[1.4, 43.5], [1.4001, 43.5], [1.4001, 43.5001], [1.4, 43.5]]), "presque nulle"),
        (geojson([[-4, 43], [9, 43], [9, 50], [-4, 50], [-4, 43]]), "120 000 km²"),
        (geojson([[1.4 + i / 1e6, 43.5 + (i % 7) / 1e3] for i in range(20_002)] + [[1.4, 43.5]]), "20000"),
        ("x" * (6 << 20), "5 Mo"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_its_reason(content: str | bytes, said: str) -> None:
    with pytest.raises(ShapeProblem, match=said.replace("(", r"\(").replace(")", r"\)")):
        of_geojson(content)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "au moins trois points"),
        ("1;43\n1;43\n1;43", "au moins trois points"),
        ("bonjour", "Ligne 1, « bonjour »"),
        ("1.4;43.5\n1.5;abc\n1;43", "Ligne 2"),
        ("43.5;1.4\n43.6;1.4\n43.6;1.5", "inversées"),
        ("inf;43\n1;43\n1;44", "Ligne 1"),
        ("1;43\n" * 501, "501 points"),
    ],
)
def test_points_that_cannot_be_used_say_their_line(text: str, said: str) -> None:
    with pytest.raises(ShapeProblem, match=said):
        of_points(text)


@settings(max_examples=40)
@given(st.binary(max_size=60) | st.text(max_size=60))
def test_anything_else_is_refused_without_failing(content: bytes | str) -> None:
    for read in (of_geojson, lambda each: of_points(str(each))):
        with suppress(ShapeProblem):
            read(content)


@pytest.mark.parametrize("km", [0.1, 1, 7.5, 100])
def test_a_circle_has_the_surface_of_its_radius(km: float) -> None:
    assert square_km(circle(1.44, 43.6, km).geometry) == pytest.approx(3.14159 * km * km, rel=0.005)


@pytest.mark.parametrize("km", [0, -1, 101, float("nan"), float("inf")])
def test_a_radius_out_of_bounds_is_refused(km: float) -> None:
    with pytest.raises(ShapeProblem, match="rayon"):
        circle(1.44, 43.6, km)


def test_what_is_written_is_read_again_the_same() -> None:
    shape = circle(1.44, 43.6, 5).geometry
    again = of_geojson(to_geojson(shape)).geometry
    assert again.symmetric_difference(shape).area < 1e-7
