"""Values as screens and exports read them: with their provenance, small numbers hidden, formulas computed."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.db.models import Q
from django.utils.translation import gettext as _

from essor.indicators import formula, rules, rules_secrecy
from essor.indicators.definition import AUTHORITY, Indicator, Observed, Parts, Span, canonical, parts_of
from essor.indicators.enums import Origin
from essor.indicators.formula import Result
from essor.indicators.models import Observation
from essor.indicators.rules_parts import common_dimensions
from essor.territories.models import COMMUNE_PARENT, Territory

Key = tuple[Span, int, Parts]
Known = Mapping[str, Indicator]


@dataclass(frozen=True)
class Cell:
    """A value or the reason why there is none; what was observed; where it comes from. `hidden`: secrecy keeps it."""

    result: Result
    observed: Observed | None = None
    source: str = ""
    day: date | None = None
    version: int = 1
    hidden: bool = False

    @property
    def value(self) -> Decimal | None:
        """The value, None when there is none or when it is hidden."""
        return self.result.value


@dataclass(frozen=True)
class Wanted:
    """Which cells: of these territories and periods (None: all), of the whole alone or with its parts."""

    territories: Collection[int] | None = None
    spans: Collection[Span] | None = None
    with_parts: bool = False


def load(indicator: Indicator, wanted: Wanted, known: Known) -> dict[Key, Cell]:
    """The cells of an indicator. One query, or one an indicator of the formula."""
    if indicator.origin is Origin.FORMULA:
        return _computed(indicator, wanted, known)
    return _observed(indicator, wanted)


def each(indicator: Indicator) -> Iterator[tuple[Key, Cell]]:
    """All the cells of an indicator that hides and computes nothing, as they are read: in order, one query."""
    mine = _own(indicator)
    rows = Observation.objects.filter(code=indicator.code)
    rows = rows.filter(parts__contains=canonical(mine)[1:-1]) if mine else rows
    for row in rows.order_by("start", "end", "territory_id", "parts").iterator(2000):
        yield key_of(row, mine), cell_of(indicator, row, is_hidden=False)


def _observed(indicator: Indicator, wanted: Wanted) -> dict[Key, Cell]:
    rows = Observation.objects.filter(code=indicator.code)
    if wanted.spans is not None:
        chosen = Q(pk__in=[])
        for span in wanted.spans:
            chosen |= Q(start=span.start, end=span.end)
        rows = rows.filter(chosen)
    mine = _own(indicator)
    rows = rows.filter(parts__contains=canonical(mine)[1:-1]) if mine else rows
    # What is hidden depends on the whole table of the period: cells of other territories are read too.
    if not indicator.protected:
        rows = rows if wanted.territories is None else rows.filter(territory__in=list(wanted.territories))
        rows = rows if wanted.with_parts else rows.filter(parts=canonical(mine))
    found = {key_of(row, mine): row for row in rows.order_by("start", "territory_id", "parts")}
    away = _hidden(found) if indicator.protected else frozenset()
    return {
        key: cell_of(indicator, row, is_hidden=key in away)
        for key, row in found.items()
        if (wanted.territories is None or key[1] in wanted.territories) and (wanted.with_parts or not key[2])
    }


def _own(indicator: Indicator) -> Parts:
    """What marks the cells of the authority in whose frame the indicator is read; nothing when they have no owner."""
    framed = indicator.by_authority and indicator.frame is not None
    return ((AUTHORITY, str(indicator.frame)),) if framed else ()


def whole_parts(indicator: Indicator) -> str:
    """What the table says in `parts` of the whole of an indicator, in its frame."""
    return canonical(_own(indicator))


def key_of(row: Observation, mine: Parts = ()) -> Key:
    """The cell of a row; `mine` are the parts that say whose it is, left out."""
    return (
        Span(row.start, row.end),
        row.territory_id,
        tuple(part for part in parts_of(row.parts) if part not in mine),
    )


def cell_of(indicator: Indicator, row: Observation, *, is_hidden: bool) -> Cell:
    """What a row says, or that it is hidden."""
    if is_hidden:
        why = Result(None, _("petit nombre, masqué"))
        return Cell(why, None, row.source, row.day, row.version, hidden=True)
    observed = Observed(
        Span(row.start, row.end),
        row.territory_id,
        parts_of(row.parts),
        row.numerator,
        row.denominator,
        row.units,
        row.largest,
    )
    return Cell(rules.value_of(indicator, observed), observed, row.source, row.day, row.version)


def _hidden(found: Mapping[Key, Observation]) -> frozenset[Key]:
    """The cells that the rule of small numbers hides, period by period."""
    weights = tuple((key, rules_secrecy.Weight(row.units, row.largest)) for key, row in found.items())
    sums = (*_sums_of_parts(found), *_sums_of_territories(found))
    return _decided(weights, tuple((total, tuple(parts)) for total, parts in sums))


@lru_cache(maxsize=32)
def _decided(
    weights: tuple[tuple[Key, rules_secrecy.Weight], ...], sums: tuple[tuple[Key, tuple[Key, ...]], ...]
) -> frozenset[Key]:
    """The hidden cells of a table, kept as long as the same table is read: some thousands of cells take a second."""
    first, then = rules_secrecy.hidden(dict(weights), sums)
    return first | then


def _sums_of_parts(found: Mapping[Key, Observation]) -> list[tuple[Key, list[Key]]]:
    """Each cell is the sum of those that cut it further along one dimension."""
    sums: dict[tuple[Key, str], list[Key]] = {}
    for key in found:
        span, territory, parts = key
        for code, _value in parts:
            rest = tuple(each for each in parts if each[0] != code)
            sums.setdefault(((span, territory, rest), code), []).append(key)
    return [(total, parts) for (total, _code), parts in sums.items()]


def _sums_of_territories(found: Mapping[Key, Observation]) -> list[tuple[Key, list[Key]]]:
    """Each territory is the sum of those inside it, level after level."""
    ids = {territory for _span, territory, _parts in found}
    names = [f"{name}_id" for name in COMMUNE_PARENT.values()]
    above = {row[0]: row[1:] for row in Territory.objects.filter(pk__in=ids).values_list("pk", *names)}
    sums: dict[tuple[Key, str], list[Key]] = {}
    kinds = dict(Territory.objects.filter(pk__in=ids).values_list("pk", "kind"))
    for key in found:
        span, territory, parts = key
        for parent in above.get(territory, ()):
            if parent and parent in ids and parent != territory:
                sums.setdefault(((span, parent, parts), kinds[territory]), []).append(key)
    return [(total, parts) for (total, _kind), parts in sums.items()]


def leaves(indicator: Indicator, known: Known, depth: int = 0) -> dict[str, Indicator]:
    """The indicators with values that a formula reads, through other formulas too."""
    if indicator.origin is not Origin.FORMULA:
        return {indicator.code: indicator}
    found: dict[str, Indicator] = {}
    if depth > formula.MAX_DEPTH:
        return found
    for code in formula.codes(formula.parse(indicator.formula)):
        if code in known:
            found |= leaves(known[code], known, depth + 1)
    return found


# (code of an indicator, whether its whole is asked) → its result, None where it has none
Leaf = Callable[[str, bool], Result | None]


def _value(indicator: Indicator, known: Known, leaf: Leaf, *, whole: bool = False) -> Result:
    """The value of a formula. A constant, and all that it reads, gives its whole."""

    def value_of(code: str) -> Result:
        as_whole = whole or code in indicator.constants
        if (found := leaf(code, as_whole)) is not None:
            return found
        if code in known and known[code].origin is Origin.FORMULA:
            return _value(known[code], known, leaf, whole=as_whole)
        return Result(
            None, _("pas de valeur de « %(code)s »") % {"code": known[code].label if code in known else code}
        )

    return formula.evaluate(formula.parse(indicator.formula), value_of)


def _computed(indicator: Indicator, wanted: Wanted, known: Known) -> dict[Key, Cell]:
    """The cells of a formula: where its indicators have values on the same territory and period, and the same part.

    A part is computed from the same part of each indicator (the whole of a constant). What is hidden in one of them
    has no value here: a value shown is made of values shown, and gives back nothing more than they do.
    """
    axes = _axes(indicator, known) if wanted.with_parts else frozenset()
    asked = Wanted(wanted.territories, wanted.spans, with_parts=bool(axes))
    read = {code: load(each, asked, known) for code, each in leaves(indicator, known).items()}
    return computed_of(indicator, known, read, with_parts=wanted.with_parts)


def computed_of(
    indicator: Indicator, known: Known, read: Mapping[str, Mapping[Key, Cell]], *, with_parts: bool
) -> dict[Key, Cell]:
    """The cells of a formula from those of the indicators that it reads, by their codes."""
    axes = _axes(indicator, known) if with_parts else frozenset()
    mine = [read[code] for code in leaves(indicator, known) if code in read]
    keys = {key for cells in mine for key in cells if all(code in axes for code, _value in key[2])}
    return {key: _computed_cell(indicator, known, read, key) for key in sorted(keys)}


def _axes(indicator: Indicator, known: Known) -> frozenset[str]:
    """The dimensions along which a formula is cut."""
    return frozenset(axis.code for axis in common_dimensions(indicator, known))


def _computed_cell(
    indicator: Indicator, known: Known, read: Mapping[str, Mapping[Key, Cell]], key: Key
) -> Cell:
    span, territory, parts = key
    cells: dict[tuple[str, bool], Cell] = {}

    def leaf(code: str, whole: bool) -> Result | None:
        cell = read.get(code, {}).get((span, territory, () if whole else parts))
        if cell is None:
            return None
        cells[code, whole] = cell
        return cell.result

    result = _value(indicator, known, leaf)
    days = [cell.day for cell in cells.values() if cell.day]
    sources = "; ".join(dict.fromkeys(cell.source for cell in cells.values() if cell.source))
    return Cell(
        result,
        None,
        sources,
        max(days, default=None),
        indicator.version,
        hidden=any(cell.hidden for cell in cells.values()),
    )


def average(indicator: Indicator, territories: Collection[int], span: Span, known: Known) -> Result:
    """The average of a kind: weighted for a share; for a formula, computed on the averages of what it reads.

    Hidden cells are left out: they would be found back from it.
    """
    wanted = Wanted(territories, [span])
    read = {code: load(leaf, wanted, known).values() for code, leaf in leaves(indicator, known).items()}
    return average_of(indicator, read, known)


def average_of(indicator: Indicator, read: Mapping[str, Iterable[Cell]], known: Known) -> Result:
    """The same average, of cells already read: those of the indicator, or of what its formula reads, by code."""
    values: dict[str, Result] = {}
    for code, leaf in leaves(indicator, known).items():
        shown = [cell.observed for cell in read.get(code, ()) if cell.observed is not None]
        values[code] = rules.average(leaf, shown)
    if indicator.code in values:
        return values[indicator.code]
    return _value(indicator, known, lambda code, _whole: values.get(code))


def spans(cells: Mapping[Key, Cell]) -> list[Span]:
    """The periods of cells, in order."""
    return sorted({span for span, _territory, _parts in cells})


def gaps(
    indicator: Indicator, cells: Mapping[Key, Cell], span: Span, territory: int
) -> list[tuple[str, rules.Gap]]:
    """The partitions whose parts do not make the whole: (code of the dimension, gap). Hidden parts: nothing."""
    found = []
    whole = cells.get((span, territory, ()))
    for dimension in indicator.dimensions:
        if not dimension.partition:
            continue
        parts = [
            cell
            for (when, where, cut), cell in cells.items()
            if when == span and where == territory and len(cut) == 1 and cut[0][0] == dimension.code
        ]
        if any(cell.observed is None for cell in parts):
            continue
        gap = rules.gap(
            indicator, [cell.observed for cell in parts if cell.observed], whole.observed if whole else None
        )
        if gap is not None:
            found.append((dimension.code, gap))
    return found


def parts_of_cell(
    cells: Mapping[Key, Cell], span: Span, territory: int, dimension: str
) -> Sequence[tuple[str, Cell]]:
    """The parts of one cell along a dimension: (value, cell)."""
    return [
        (cut[0][1], cell)
        for (when, where, cut), cell in cells.items()
        if when == span and where == territory and len(cut) == 1 and cut[0][0] == dimension
    ]
