"""Vector tiles: what is written is read back by a small reader of this test's own."""

import struct
from collections.abc import Iterator
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from essor.formats import mvt


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def fields(data: bytes) -> Iterator[tuple[int, Any]]:
    """(number, value) of each field of a message: integers, or bytes for the others."""
    at = 0
    while at < len(data):
        key, at = read_varint(data, at)
        if key & 7 == 0:
            value, at = read_varint(data, at)
        elif key & 7 == 1:
            value, at = data[at : at + 8], at + 8
        else:
            size, at = read_varint(data, at)
            value, at = data[at : at + size], at + size
        yield key >> 3, value


def numbers(data: bytes) -> list[int]:
    found, at = [], 0
    while at < len(data):
        value, at = read_varint(data, at)
        found.append(value)
    return found


def signed(value: int) -> int:
    return (value >> 1) ^ -(value & 1)


def read_value(data: bytes) -> Any:
    ((number, value),) = fields(data)
    if number == 1:
        return value.decode()
    if number == 3:
        return struct.unpack("<d", value)[0]
    return {5: value, 6: signed(value) if isinstance(value, int) else None, 7: bool(value)}[number]


def read_geometry(commands: list[int]) -> list[list[tuple[int, int]]]:
    """Paths, in points; a closed one ends where it begins."""
    paths: list[list[tuple[int, int]]] = []
    at, x, y = 0, 0, 0
    while at < len(commands):
        command, count = commands[at] & 7, commands[at] >> 3
        at += 1
        if command == 7:
            paths[-1].append(paths[-1][0])
            continue
        for _turn in range(count):
            x, y, at = x + signed(commands[at]), y + signed(commands[at + 1]), at + 2
            if command == 1:
                paths.append([])
            paths[-1].append((x, y))
    return paths


def decode(data: bytes) -> dict[str, list[dict[str, Any]]]:
    """Layers by name: features with kind, id, attributes and paths."""
    found = {}
    for number, layer in fields(data):
        assert number == 3
        parts = list(fields(layer))
        keys = [value.decode() for field, value in parts if field == 3]
        values = [read_value(value) for field, value in parts if field == 4]
        assert [value for field, value in parts if field == 15] == [2]
        features = []
        for feature in (dict(fields(value)) for field, value in parts if field == 2):
            tags = numbers(feature.get(2, b""))
            features.append({
                "id": feature.get(1, 0), "kind": feature[3], "paths": read_geometry(numbers(feature[4])),
                "attributes": {keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2], strict=True)},
            })  # fmt: skip
        (name,) = (value.decode() for field, value in parts if field == 1)
        found[name] = features
    return found


def area(path: list[tuple[int, int]]) -> int:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(path, path[1:], strict=False))


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
