"""Classes of a map: where the values of a series are cut. Pure: no database, no clock.

Two methods: classes of about the same number of territories (quantiles), or of the same width (equal intervals). Equal
values always stay together. Bounds are then written as the roundest number that leaves each value in its class.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise

from essor.law.labelled import Labelled

WANTED = 5
FINEST = 6  # decimals that a bound may take


class Method(Labelled):
    """How the values are cut."""

    QUANTILES = "quantiles", "Classes de même effectif"
    EQUAL = "egales", "Classes de même étendue"


@dataclass(frozen=True)
class Classes:
    """The cuts of a series. Class `rank` holds the values from `bounds[rank]` up to `bounds[rank + 1]`, that one left
    out but for the last class; zeros of a series without negative value stand apart.
    """

    method: Method
    bounds: tuple[Decimal, ...]
    counts: tuple[int, ...]
    zeros: int
    zero_apart: bool

    def rank_of(self, value: Decimal) -> int | None:
        """The class of a value of the series, 0 the lowest; None for a zero that stands apart."""
        if not self.counts or (self.zero_apart and value == 0):
            return None
        return min(max(bisect_right(self.bounds, value) - 1, 0), len(self.counts) - 1)

    @property
    def sentence(self) -> str:
        """How the classes were made, in French."""
        count = len(self.counts)
        if count == 0:
            return "Aucune classe : aucune valeur à classer."
        if count == 1:
            return "Une seule classe : toutes les valeurs classées sont proches ou égales."
        first = f"{_NUMBERS.get(count, str(count)).capitalize()} classes "
        how = (
            "de même effectif (quantiles), les valeurs égales restant ensemble"
            if self.method is Method.QUANTILES
            else "de même étendue entre la plus petite et la plus grande valeur"
        )
        apart = " Les zéros sont à part." if self.zero_apart and self.zeros else ""
        return f"{first}{how} ; bornes arrondies sans qu’aucune valeur change de classe.{apart}"


_NUMBERS = {2: "deux", 3: "trois", 4: "quatre", 5: "cinq", 6: "six", 7: "sept"}


def classes_of(values: Iterable[Decimal], method: Method = Method.QUANTILES, wanted: int = WANTED) -> Classes:
    """The classes of these values: `wanted` at most, fewer where there are fewer distinct values."""
    found = sorted(values)
    apart = bool(found) and found[0] >= 0
    counted = [value for value in found if value != 0] if apart else found
    zeros = len(found) - len(counted)
    if not counted:
        return Classes(method, (), (), zeros, apart)
    cuts = _quantiles(counted, wanted) if method is Method.QUANTILES else _equal(counted, wanted)
    starts = [0, *cuts, len(counted)]
    inner = [roundest(counted[cut - 1], counted[cut]) for cut in cuts]
    bounds = (counted[0], *inner, counted[-1])
    counts = tuple(end - start for start, end in pairwise(starts))
    return Classes(method, bounds, counts, zeros, apart)


def _changes(values: Sequence[Decimal]) -> list[int]:
    """Where a sorted series may be cut: before each value that differs from the one before."""
    return [rank for rank in range(1, len(values)) if values[rank] != values[rank - 1]]


def _quantiles(values: Sequence[Decimal], wanted: int) -> list[int]:
    """The cuts nearest to those of equal numbers."""
    changes = _changes(values)
    if len(changes) < wanted:
        return changes
    chosen: set[int] = set()
    for rank in range(1, wanted):
        aim = len(values) * rank / wanted
        free = [change for change in changes if change not in chosen]
        chosen.add(min(free, key=lambda change: (abs(change - aim), change)))
    return sorted(chosen)


def _equal(values: Sequence[Decimal], wanted: int) -> list[int]:
    """The cuts at equal steps; a class that would be empty is left out."""
    low, high = values[0], values[-1]
    cuts = set()
    for rank in range(1, wanted):
        bound = low + (high - low) * rank / wanted
        cut = next(place for place, value in enumerate(values) if value >= bound)
        if cut and values[cut] != values[cut - 1]:
            cuts.add(cut)
    return sorted(cuts)


def roundest(below: Decimal, above: Decimal) -> Decimal:
    """The roundest number greater than `below` and at most `above` (below < above): 1 before 5, before 2, of the
    largest power of ten; `above` itself when none of six decimals lies between.
    """
    top = max(abs(below), abs(above), Decimal(1)).adjusted() + 1
    for power in range(top, -FINEST - 1, -1):
        for step in (1, 5, 2):
            unit = Decimal(step).scaleb(power - (0 if step == 1 else 1))
            if unit.adjusted() < -FINEST:
                continue
            found = (below / unit).to_integral_value(ROUND_FLOOR) * unit + unit
            if below < found <= above:
                return _plain(found)
    return above


def outward(low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
    """Both ends as a legend writes them: rounded away from the middle, to hundredths."""
    cent = Decimal("0.01")
    return _plain(low.quantize(cent, ROUND_FLOOR)), _plain(high.quantize(cent, ROUND_CEILING))


def _plain(value: Decimal) -> Decimal:
    whole = value.to_integral_value()
    return whole.quantize(Decimal(1)) if value == whole else value.normalize()
