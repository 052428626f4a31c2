"""A small reader of vector tiles, of the tests alone: written from the specification, not from our writer."""

import struct
from collections.abc import Iterator
from typing import Any


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
