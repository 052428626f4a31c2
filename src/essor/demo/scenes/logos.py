"""Logos drawn by the demonstration: a flat shape on a rounded square. The same arguments give the same bytes."""

import struct
import zlib
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Grid = NDArray[np.float64]
SIZE, FINER = 192, 4  # pixels of a side; each is the mean of FINER × FINER points, so that edges are smooth
CORNER = 0.22


def _ring(x: Grid, y: Grid) -> NDArray[np.bool_]:
    distance = np.hypot(x, y)
    return (distance < 0.62) & (distance > 0.34) | (distance < 0.16)


def _leaf(x: Grid, y: Grid) -> NDArray[np.bool_]:
    inside = (np.hypot(x - 0.42, y + 0.42) < 0.92) & (np.hypot(x + 0.42, y - 0.42) < 0.92)
    return inside & (np.abs(x - y) > 0.05)


def _steps(x: Grid, y: Grid) -> NDArray[np.bool_]:
    column = np.floor((x + 0.66) / 0.44)
    there = (np.abs(x) < 0.66) & ((x + 0.66) % 0.44 < 0.34)
    return there & (y < 0.6) & (y > 0.3 - 0.36 * column)


def _hands(x: Grid, y: Grid) -> NDArray[np.bool_]:
    left, right = np.hypot(x + 0.24, y), np.hypot(x - 0.24, y)
    return (left < 0.46) ^ (right < 0.46)


SHAPES: dict[str, Callable[[Grid, Grid], NDArray[np.bool_]]] = {
    "ring": _ring,
    "leaf": _leaf,
    "steps": _steps,
    "hands": _hands,
}


def draw_logo(shape: str, colour: str) -> bytes:
    """A square PNG: the white shape (a key of `SHAPES`) on a rounded square of this colour (« #0B5D5E »)."""
    points = (np.arange(SIZE * FINER) + 0.5) / (SIZE * FINER) * 2 - 1
    x, y = np.meshgrid(points, points)
    over = np.maximum(np.maximum(np.abs(x), np.abs(y)) - (1 - CORNER), 0)
    beyond = np.hypot(np.maximum(np.abs(x) - (1 - CORNER), 0), np.maximum(np.abs(y) - (1 - CORNER), 0))
    square = (over == 0) | (beyond < CORNER)
    white = _mean(SHAPES[shape](x, y))[..., None]
    paint = np.array([int(colour[start : start + 2], 16) for start in (1, 3, 5)], dtype=np.float64)
    pixels = np.concatenate([paint * (1 - white) + 255 * white, 255 * _mean(square)[..., None]], axis=2)
    return _png(np.round(pixels).astype(np.uint8))


def _mean(mask: NDArray[np.bool_]) -> Grid:
    blocks = mask.reshape(SIZE, FINER, SIZE, FINER).astype(np.float64)
    found: Grid = blocks.mean(axis=(1, 3))
    return found


def _png(pixels: NDArray[np.uint8]) -> bytes:
    """RGBA pixels as a PNG (ISO/IEC 15948), no line filtered."""
    height, width, _channels = pixels.shape
    lines = np.concatenate([np.zeros((height, 1), dtype=np.uint8), pixels.reshape(height, -1)], axis=1)
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)),
        (b"IDAT", zlib.compress(lines.tobytes(), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )
