"""Mapbox Vector Tiles, version 2.1, written by us: points, lines and polygons with attributes.

Source: « Vector Tile Specification », version 2.1 (https://github.com/mapbox/vector-tile-spec, CC BY 3.0). A tile is a
protocol buffer; coordinates are integers from 0 to the extent, y downwards, and may leave the tile by a margin.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

EXTENT = 4096
CONTENT_TYPE = "application/vnd.mapbox-vector-tile"

Value = str | int | float | bool
Points = NDArray[np.int64]

_POINT, _LINE, _POLYGON = 1, 2, 3
_MOVE_TO, _LINE_TO, _CLOSE = 1, 2, 7
_ONE_MOVE = 1 << 3 | _MOVE_TO
_CLOSE_ONCE = 1 << 3 | _CLOSE


def varint(value: int, out: bytearray) -> None:
    """Add an unsigned integer: seven bits a byte, lowest first."""
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)


def zigzag(value: int) -> int:
    """A signed integer as an unsigned one, small when its size is small."""
    return value << 1 if value >= 0 else (-value << 1) - 1


def _sized(field: int, content: bytes | bytearray, out: bytearray) -> None:
    """Add a field of bytes (a text, a message, packed numbers)."""
    varint(field << 3 | 2, out)
    varint(len(content), out)
    out += content


def _packed(numbers: Iterable[int]) -> bytearray:
    out = bytearray()
    for number in numbers:
        while number > 127:
            out.append(number & 127 | 128)
            number >>= 7
        out.append(number)
    return out


def _value(value: Value) -> bytearray:
    """The message of a value; a float is a double."""
    out = bytearray()
    if isinstance(value, str):
        _sized(1, value.encode("utf-8", "replace"), out)
    elif isinstance(value, bool):
        out += bytes((7 << 3, int(value)))
    elif isinstance(value, int):
        if value >= 0:
            out.append(5 << 3)
            varint(value, out)
        else:
            out.append(6 << 3)
            varint(zigzag(value), out)
    else:
        out.append(3 << 3 | 1)
        out += np.float64(value).tobytes()
    return out


class Layer:
    """A layer under construction; features keep the order in which they were added."""

    def __init__(self, name: str, extent: int = EXTENT) -> None:
        self.name, self.extent = name, extent
        self._features: list[bytearray] = []
        self._keys: dict[str, int] = {}
        self._values: dict[tuple[type, Value], int] = {}

    def __len__(self) -> int:
        return len(self._features)

    def point(self, x: int, y: int, attributes: Mapping[str, Value], feature_id: int = 0) -> None:
        """Add a point."""
        self._add(_POINT, [_ONE_MOVE, zigzag(x), zigzag(y)], attributes, feature_id)

    def line(self, points: Points, attributes: Mapping[str, Value], feature_id: int = 0) -> None:
        """Add a line of two distinct points or more; a shorter one is left out."""
        kept = _distinct(points)
        if len(kept) >= 2:
            commands, _end = _path(kept, (0, 0), close=False)
            self._add(_LINE, commands, attributes, feature_id)

    def polygon(
        self, parts: Sequence[Sequence[Points]], attributes: Mapping[str, Value], feature_id: int = 0
    ) -> None:
        """Add a polygon of one part or several; in each part the outer ring comes first, then its holes.

        Rings may turn either way and repeat their first point or not. A ring without area is left out, and with an
        outer ring its holes.
        """
        commands: list[int] = []
        cursor = (0, 0)
        for rings in parts:
            for rank, ring in enumerate(rings):
                turned = _ring(ring, outer=rank == 0)
                if turned is None:
                    if rank == 0:
                        break
                    continue
                more, cursor = _path(turned, cursor, close=True)
                commands += more
        if commands:
            self._add(_POLYGON, commands, attributes, feature_id)

    def _add(self, kind: int, geometry: list[int], attributes: Mapping[str, Value], feature_id: int) -> None:
        out = bytearray()
        if feature_id:
            out.append(1 << 3)
            varint(feature_id, out)
        if attributes:
            _sized(2, _packed(self._tags(attributes)), out)
        out += bytes((3 << 3, kind))
        _sized(4, _packed(geometry), out)
        self._features.append(out)

    def _tags(self, attributes: Mapping[str, Value]) -> list[int]:
        """Ranks of the keys and values, each written once a layer."""
        tags = []
        for key, value in attributes.items():
            tags.append(self._keys.setdefault(key, len(self._keys)))
            tags.append(self._values.setdefault((type(value), value), len(self._values)))
        return tags

    def encode(self) -> bytearray:
        """The message of the layer."""
        out = bytearray()
        _sized(1, self.name.encode(), out)
        for feature in self._features:
            _sized(2, feature, out)
        for key in self._keys:
            _sized(3, key.encode(), out)
        for _type, value in self._values:
            _sized(4, _value(value), out)
        out.append(5 << 3)
        varint(self.extent, out)
        out += bytes((15 << 3, 2))
        return out


def encode(layers: Iterable[Layer]) -> bytes:
    """The tile of the layers that have features; empty when none has."""
    out = bytearray()
    for layer in layers:
        if len(layer):
            _sized(3, layer.encode(), out)
    return bytes(out)


def _distinct(points: Points) -> Points:
    """The points without those that repeat the one before."""
    if len(points) < 2:
        return points
    moved = np.any(points[1:] != points[:-1], axis=1)
    return points[np.concatenate(([True], moved))]


def _ring(points: Points, *, outer: bool) -> Points | None:
    """The ring without repetition, turned as the format wants (outer rings have a positive area); None without area."""
    kept = _distinct(points)
    if len(kept) > 1 and (kept[0] == kept[-1]).all():
        kept = kept[:-1]
    if len(kept) < 3:
        return None
    x, y = kept[:, 0], kept[:, 1]
    area = int(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))
    if area == 0:
        return None
    return kept if (area > 0) == outer else kept[::-1]


def _path(points: Points, cursor: tuple[int, int], *, close: bool) -> tuple[list[int], tuple[int, int]]:
    """Commands that draw the points from the cursor, and where the cursor then is."""
    steps = np.diff(points, axis=0, prepend=np.array([cursor], dtype=np.int64))
    numbers = ((steps << 1) ^ (steps >> 63)).ravel().tolist()
    commands = [_ONE_MOVE, *numbers[:2], (len(points) - 1) << 3 | _LINE_TO, *numbers[2:]]
    if close:
        commands.append(_CLOSE_ONCE)
    return commands, (int(points[-1][0]), int(points[-1][1]))
