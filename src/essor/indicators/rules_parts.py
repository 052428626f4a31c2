"""How a formula is cut by dimensions: along those that all it reads have in common. Pure.

An indicator that lacks a dimension (a population) stops the cut, unless the definition names it among its constants:
then its whole is read for every part. Own dimensions agree when they have the same code and the same values; standard
ones always do.
"""

from collections.abc import Mapping
from dataclasses import replace

from essor.indicators import formula
from essor.indicators.definition import Dimension, Indicator
from essor.indicators.enums import Origin


def common_dimensions(
    indicator: Indicator, known: Mapping[str, Indicator], depth: int = 0
) -> tuple[Dimension, ...]:
    """The dimensions along which a formula is computed, in the order of the first indicator that is cut.

    Those of the indicator itself when it is not a formula. The parts of a formula are not said to make its whole.
    """
    if indicator.origin is not Origin.FORMULA:
        return indicator.dimensions
    if depth > formula.MAX_DEPTH:
        return ()
    read = [
        code for code in formula.codes(formula.parse(indicator.formula)) if code not in indicator.constants
    ]
    if not read or any(code not in known for code in read):
        return ()
    first, *others = (common_dimensions(known[code], known, depth + 1) for code in read)
    return tuple(
        replace(axis, partition=False)
        for axis in first
        if all(any(_agree(axis, other) for other in axes) for axes in others)
    )


def _agree(one: Dimension, other: Dimension) -> bool:
    if one.code != other.code:
        return False
    return (one.shared and other.shared) or {code for code, _label in one.values} == {
        code for code, _label in other.values
    }
