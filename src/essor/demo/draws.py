"""Deterministic draws: one independent stream a subject, so that adding a subject changes no other.

Only `Generator.random` is used: its stream is promised stable, those of the other distributions are not.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Objects = NDArray[np.object_]
Bools = NDArray[np.bool_]


class Draws:
    """Draws of one subject: `Draws(31, "addresses")` always gives the same."""

    def __init__(self, seed: int, subject: str) -> None:
        self._generator = np.random.Generator(np.random.PCG64([seed, crc32(subject.encode())]))

    def unit(self, size: int) -> Floats:
        """Numbers in [0, 1)."""
        return self._generator.random(size)

    def below(self, bound: int, size: int) -> Ints:
        """Integers in [0, bound)."""
        return (self.unit(size) * bound).astype(np.int64)

    def chance(self, probability: float | Floats, size: int) -> Bools:
        """True with the given probability."""
        return self.unit(size) < probability

    def rank(self, weights: Sequence[float] | Floats, size: int) -> Ints:
        """Ranks drawn in proportion to their weights."""
        limits = np.cumsum(np.asarray(weights, dtype=np.float64))
        found = np.searchsorted(limits, self.unit(size) * limits[-1], side="right")
        ranks: Ints = np.minimum(found, len(limits) - 1).astype(np.int64)
        return ranks

    def choice(self, weights: Mapping[str, float], size: int) -> Objects:
        """Keys drawn in proportion to their weights."""
        return objects(list(weights))[self.rank(list(weights.values()), size)]

    def exponential(self, mean: float | Floats, size: int) -> Floats:
        """Durations of the given mean."""
        return -np.log1p(-self.unit(size)) * mean

    def count(self, mean: float | Floats, size: int) -> Ints:
        """Counts 0, 1, 2… (geometric) of the given mean: most have none, a few have many."""
        mean = np.maximum(mean, 1e-9)
        return np.floor(np.log1p(-self.unit(size)) / np.log(mean / (1 + mean))).astype(np.int64)

    def gaussian(self, size: int) -> tuple[Floats, Floats]:
        """Two independent centred and reduced normal numbers each (Box and Muller)."""
        radius = np.sqrt(-2 * np.log1p(-self.unit(size)))
        angle = 2 * np.pi * self.unit(size)
        return radius * np.cos(angle), radius * np.sin(angle)


def objects(values: Sequence[Any]) -> Objects:
    """An array of Python values, whatever their types."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def derived(numbers: Floats, salt: int) -> Floats:
    """Other numbers in [0, 1), one from each: for what must not change when rows are added or taken away."""
    found: Floats = numbers * (104_729 + 2 * salt * 7_919) % 1
    return found


def either(mask: Any, yes: Any, no: Any) -> Objects:
    """`yes` where the mask is true, `no` elsewhere, as Python values (None is one of them)."""
    found: Objects = np.where(mask, yes, no).astype(object)
    return found
