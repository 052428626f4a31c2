"""Vector tiles: what is written is read back by a small reader of this test's own."""

from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from essor.formats import mvt
from tests.formats.mvt_reader import decode


def area(path: list[tuple[int, int]]) -> int:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(path))


values = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.integers(-(2**53), 2**53),
    st.booleans(),
    st.floats(allow_nan=False),
)
coordinates = st.integers(-5000, 9000)


@given(
    st.lists(
        st.tuples(
            coordinates,
            coordinates,
            st.integers(0, 2**40),
            st.dictionaries(st.text("abc", min_size=1), values, max_size=4),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_points_are_read_back_with_their_attributes(rows: list[Any]) -> None:
    layer = mvt.Layer("points")
    for x, y, number, attributes in rows:
        layer.point(x, y, attributes, number)
    assert decode(mvt.encode([layer])) == {
        "points": [
            {"id": number, "kind": 1, "paths": [[(x, y)]], "attributes": attributes}
            for x, y, number, attributes in rows
        ]
    }


@given(st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=20))
def test_lines_are_read_back_without_repeated_points(points: list[tuple[int, int]]) -> None:
    layer = mvt.Layer("lignes")
    layer.line(np.array(points), {"n": "a"})
    kept = [point for before, point in zip([None, *points], points, strict=False) if point != before]
    found = decode(mvt.encode([layer]))
    assert [feature["paths"] for feature in found.get("lignes", [])] == ([[kept]] if len(kept) > 1 else [])


@given(st.lists(st.tuples(coordinates, coordinates), min_size=3, max_size=9), st.booleans())
def test_outer_rings_turn_one_way_and_holes_the_other(ring: list[tuple[int, int]], closed: bool) -> None:
    layer = mvt.Layer("surfaces")
    hole = [(0, 0), (10, 0), (10, 10), (0, 10)]
    drawn = [*ring, ring[0]] if closed else ring
    layer.polygon([[np.array(drawn), np.array(hole)]], {})
    found = decode(mvt.encode([layer])).get("surfaces", [])
    if area([*ring, ring[0]]) == 0:
        assert found == []
        return
    outer, inner = found[0]["paths"]
    assert (area(outer) > 0, area(inner) < 0) == (True, True)
    assert set(outer) == set(ring)


def test_a_polygon_of_several_parts_leaves_out_those_without_area() -> None:
    square = np.array([(0, 0), (0, 8), (8, 8), (8, 0), (0, 0)])
    flat = np.array([(0, 0), (5, 0), (9, 0)])
    layer = mvt.Layer("surfaces")
    layer.polygon([[square + 20], [flat, square], [square]], {"nom": "Muret"}, 7)
    (feature,) = decode(mvt.encode([layer]))["surfaces"]
    assert [len(path) for path in feature["paths"]] == [5, 5]
    assert [path[0] in {(20, 20), (20, 28), (28, 20), (28, 28)} for path in feature["paths"]] == [True, False]
    assert (feature["id"], feature["kind"], feature["attributes"]) == (7, 3, {"nom": "Muret"})


def test_one_and_true_stay_two_values() -> None:
    layer = mvt.Layer("points")
    layer.point(1, 2, {"a": 1, "b": True, "c": 1.0})
    found = decode(mvt.encode([layer]))["points"][0]["attributes"]
    assert [(key, type(value)) for key, value in found.items()] == [("a", int), ("b", bool), ("c", float)]


def test_a_tile_without_features_is_empty() -> None:
    assert mvt.encode([mvt.Layer("points")]) == b""
