"""How values are put together: sums, shares, averages of a kind, ranks, parts that do not make the whole. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from essor.indicators.definition import Indicator, Observed
from essor.indicators.enums import Direction
from essor.indicators.formula import PRECISION, Result

# A gap below a thousandth of the whole comes from rounding, and is not told.
TOLERANCE = Decimal("0.001")


def value_of(indicator: Indicator, observed: Observed | None) -> Result:
    """The value of one cell: its amount, or the quotient times the factor; None with the reason."""
    if observed is None:
        return Result(None, "aucune valeur pour cette période et ce territoire")
    if not indicator.is_share:
        return Result(observed.numerator)
    return _quotient(indicator, observed.numerator, observed.denominator)


def _quotient(indicator: Indicator, numerator: Decimal, denominator: Decimal | None) -> Result:
    if denominator is None:
        return Result(None, "le dénominateur n’est pas connu")
    if denominator == 0:
        return Result(None, "le dénominateur est nul")
    with localcontext() as context:
        context.prec = PRECISION
        return Result(numerator / denominator * indicator.factor)


def together(indicator: Indicator, cells: Iterable[Observed]) -> Result:
    """The value of several cells that do not overlap, taken together.

    A share is never summed: its numerators and its denominators are. An amount is summed only where it is declared
    additive.
    """
    found = list(cells)
    if not found:
        return Result(None, "aucune valeur à réunir")
    numerator = sum((cell.numerator for cell in found), Decimal(0))
    if not indicator.is_share:
        if not indicator.additive and len(found) > 1:
            return Result(None, "cet indicateur ne s’additionne pas")
        return Result(numerator)
    if any(cell.denominator is None for cell in found):
        return Result(None, "un dénominateur n’est pas connu : la part d’ensemble ne peut pas être calculée")
    return _quotient(
        indicator, numerator, sum((cell.denominator or Decimal(0) for cell in found), Decimal(0))
    )


def average(indicator: Indicator, cells: Sequence[Observed]) -> Result:
    """The average of a kind of territories: weighted for a share (sums of both terms), plain for an amount."""
    if not cells:
        return Result(None, "aucun territoire à comparer")
    if indicator.is_share:
        return together(indicator, [cell for cell in cells if cell.denominator is not None])
    with localcontext() as context:
        context.prec = PRECISION
        return Result(sum((cell.numerator for cell in cells), Decimal(0)) / len(cells))


@dataclass(frozen=True)
class Rank:
    """A place among those that have a value; equals share the same place."""

    place: int
    among: int


def rank(values: Mapping[int, Decimal | None], mine: int, direction: Direction) -> Rank | None:
    """The place of one territory: first the highest value, or the lowest where a fall is wished."""
    known = {key: value for key, value in values.items() if value is not None}
    if mine not in known:
        return None
    own = known[mine]
    better = sum(
        1 for value in known.values() if (value < own if direction is Direction.DOWN else value > own)
    )
    return Rank(better + 1, len(known))


@dataclass(frozen=True)
class Gap:
    """Parts that do not make the whole: their sum, the whole, and the parts, in the indicator's own terms."""

    parts: tuple[Decimal, ...]
    total: Decimal
    whole: Decimal

    @property
    def excess(self) -> Decimal:
        """What the parts have too much (or, negative, too little)."""
        return self.total - self.whole


def gap(indicator: Indicator, parts: Sequence[Observed], whole: Observed | None) -> Gap | None:
    """The gap between the parts of a partition and the whole; None when they agree, or when nothing can be said.

    Parts of a share have the same denominator, which is the whole: 66 + 34 + 2 over 100 do not make 1. Amounts are
    compared with the cell of the whole, where it is known.
    """
    if not parts:
        return None
    if indicator.is_share:
        bases = {part.denominator for part in parts}
        if len(bases) != 1 or None in bases or not (base := bases.pop()):
            return None
        shares = tuple(part.numerator / base * indicator.factor for part in parts)
        return _told(Gap(shares, sum(shares, Decimal(0)), indicator.factor))
    if whole is None:
        return None
    amounts = tuple(part.numerator for part in parts)
    return _told(Gap(amounts, sum(amounts, Decimal(0)), whole.numerator))


def _told(found: Gap) -> Gap | None:
    return found if abs(found.excess) > TOLERANCE * max(abs(found.whole), Decimal(0)) else None


def roll_up(cells: Iterable[Observed], parents: Mapping[int, Iterable[int]]) -> list[Observed]:
    """The cells of communes, and those of the territories that contain them: both terms are summed, never a share.

    `parents` gives the territories that contain each commune. A denominator missing in one commune is missing above.
    """
    totals: dict[tuple[object, ...], list[Observed]] = {}
    for cell in cells:
        for territory in (cell.territory_id, *parents.get(cell.territory_id, ())):
            totals.setdefault((cell.span, territory, cell.parts), []).append(cell)
    return [_summed(territory, found) for (_span, territory, _parts), found in totals.items()]  # type: ignore[arg-type]


def _summed(territory_id: int, cells: Sequence[Observed]) -> Observed:
    first = cells[0]
    if len(cells) == 1 and first.territory_id == territory_id:
        return first
    units = [cell.units for cell in cells]
    bases = [cell.denominator for cell in cells]
    return Observed(
        first.span,
        territory_id,
        first.parts,
        sum((cell.numerator for cell in cells), Decimal(0)),
        None if None in bases else sum((base for base in bases if base is not None), Decimal(0)),
        None if None in units else sum(unit for unit in units if unit is not None),
    )
