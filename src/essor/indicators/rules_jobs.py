"""Employees from bands of size: the bounds of a band, and one figure inside it. Pure, exact.

A band says « 10 à 19 salariés ». The bounds of a place are the sums of the bounds of its establishments. The one figure
is the geometric mean of both bounds: inside a band small sizes are more frequent than great ones, so the middle (14.5)
would be too high; the geometric mean (13.8) leans to the small side: it is the middle on a scale of ratios.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from essor.registry.enums import SizeBand

TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Jobs:
    """Employees of one establishment: at least, at most, and the estimate (one decimal).

    `is_open`: the band has no upper limit, its lower bound stands for it. `is_known`: False when the band says nothing.
    """

    low: int
    high: int
    best: Decimal
    is_known: bool = True
    is_open: bool = False


def jobs_of(band: SizeBand) -> Jobs:
    """Employees of a band. « NN » (no employee, or not known) and « 00 » count none."""
    if band.low is None:
        return Jobs(0, 0, Decimal(0), is_known=False)
    if band.high is None:
        return Jobs(band.low, band.low, Decimal(band.low), is_open=True)
    best = Decimal(band.low * band.high).sqrt().quantize(TENTH, ROUND_HALF_UP)
    return Jobs(band.low, band.high, best)


JOBS: dict[str, Jobs] = {band.value: jobs_of(band) for band in SizeBand}
