"""Values as screens and exports read them: with their provenance, small numbers hidden, formulas computed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from essor.indicators import formula, rules, rules_secrecy
from essor.indicators.definition import Indicator, Observed, Parts, Span, parts_of
from essor.indicators.enums import Origin, Periodicity
from essor.indicators.formula import Result
from essor.indicators.models import Observation
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


def _observed(indicator: Indicator, wanted: Wanted) -> dict[Key, Cell]:
    rows = Observation.objects.filter(code=indicator.code)
    if wanted.spans is not None:
        chosen = Q(pk__in=[])
        for span in wanted.spans:
            chosen |= Q(start=span.start, end=span.end)
        rows = rows.filter(chosen)
    # What is hidden depends on the whole table of the period: cells of other territories are read too.
    if not indicator.protected:
        rows = rows if wanted.territories is None else rows.filter(territory__in=list(wanted.territories))
        rows = rows if wanted.with_parts else rows.filter(parts="")
    found = {_key(row): row for row in rows.order_by("start", "territory_id", "parts")}
    away = _hidden(found) if indicator.protected else frozenset()
    return {
        key: _cell(indicator, row, key in away)
        for key, row in found.items()
        if (wanted.territories is None or key[1] in wanted.territories) and (wanted.with_parts or not key[2])
    }


def _key(row: Observation) -> Key:
    return Span(row.start, row.end), row.territory_id, parts_of(row.parts)


def _cell(indicator: Indicator, row: Observation, is_hidden: bool) -> Cell:
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


def _value(indicator: Indicator, known: Known, values: Mapping[str, Result]) -> Result:
    def value_of(code: str) -> Result:
        if code in values:
            return values[code]
        if code in known and known[code].origin is Origin.FORMULA:
            return _value(known[code], known, values)
        return Result(
            None, _("pas de valeur de « %(code)s »") % {"code": known[code].label if code in known else code}
        )

    return formula.evaluate(formula.parse(indicator.formula), value_of)


def _computed(indicator: Indicator, wanted: Wanted, known: Known) -> dict[Key, Cell]:
    """The cells of a formula: where its indicators have values on the same territory and period."""
    whole = Wanted(wanted.territories, wanted.spans)
    read = {code: load(each, whole, known) for code, each in leaves(indicator, known).items()}
    return _computed_of(indicator, read, known)


def _computed_of(
    indicator: Indicator, read: Mapping[str, Mapping[Key, Cell]], known: Known
) -> dict[Key, Cell]:
    keys = dict.fromkeys(key for cells in read.values() for key in cells)
    found: dict[Key, Cell] = {}
    for key in sorted(keys, key=lambda key: (key[0], key[1])):
        cells = {code: cells[key] for code, cells in read.items() if key in cells}
        values = {code: cell.result for code, cell in cells.items()}
        days = [cell.day for cell in cells.values() if cell.day]
        sources = "; ".join(dict.fromkeys(cell.source for cell in cells.values() if cell.source))
        found[key] = Cell(
            _value(indicator, known, values),
            None,
            sources,
            max(days, default=None),
            indicator.version,
            hidden=any(cell.hidden for cell in cells.values()),
        )
    return found


def load_many(
    codes: Collection[str],
    territories: Collection[int] | QuerySet[Any],
    known: Known,
    *,
    day: date | None = None,
    at: Mapping[str, Span] | None = None,
    every: bool = False,
    with_parts: bool | Collection[str] = False,
) -> dict[str, dict[Key, Cell]]:
    """The cells of many indicators on a few territories, by code; each as `load` gives them.

    The last period of each code on each territory, over on `day` when it is given (what an edition of the register
    counts is a state: it has no end to wait for); the period that `at` says for a code, or `every` one. A formula is
    computed where what it reads has values on the same period. `territories` may be a query (`….values("pk")`), which
    then stays in the database. `with_parts`: with the parts of all the codes, or of these ones. Two queries whatever
    their number (one with `at` or `every`), and those of `load` for an indicator whose small numbers are hidden. Codes
    that `known` has not are left out.
    """
    cut = set(codes if with_parts is True else with_parts or ())
    asked = {code: known[code] for code in codes if code in known}
    reads = {code: leaves(each, known) for code, each in asked.items()}
    needed = {code: leaf for found in reads.values() for code, leaf in found.items()}
    spans_of = _spans_of(at, reads)
    read: dict[str, dict[Key, Cell]] = {code: {} for code in needed}
    rows = _rows_of_many(needed, territories, day, spans_of, every)
    for row in rows.filter(Q(parts="") | Q(code__in=cut)):
        read[row.code][_key(row)] = _cell(needed[row.code], row, False)
    for code, leaf in needed.items():
        if leaf.protected:
            ids = set(_ids(territories))
            wanted = Wanted(ids, None if spans_of is None else spans_of.get(code, set()), code in cut)
            cells = load(leaf, wanted, known)
            read[code] = {key: cell for key, cell in cells.items() if _is_over(leaf, key[0], day)}
    keep = _last if at is None and not every else dict
    return {
        code: keep(
            _computed_of(each, {leaf: _wholes(read[leaf]) for leaf in reads[code]}, known)
            if each.origin is Origin.FORMULA
            else read[code]
        )
        for code, each in asked.items()
    }


def _spans_of(
    at: Mapping[str, Span] | None, reads: Mapping[str, Mapping[str, Indicator]]
) -> dict[str, set[Span]] | None:
    """The periods that each indicator with values is wanted at; None when they are not chosen."""
    if at is None:
        return None
    found: dict[str, set[Span]] = {}
    for code, read in reads.items():
        for leaf in read if code in at else ():
            found.setdefault(leaf, set()).add(at[code])
    return found


def _ids(territories: Collection[int] | QuerySet[Any]) -> Iterable[int]:
    return territories.values_list("pk", flat=True) if isinstance(territories, QuerySet) else territories


def _is_over(indicator: Indicator, span: Span, day: date | None) -> bool:
    return day is None or span.end <= day or indicator.periodicity is Periodicity.EDITION


def _rows_of_many(
    needed: Known,
    territories: Collection[int] | QuerySet[Any],
    day: date | None,
    spans_of: Mapping[str, Collection[Span]] | None,
    every: bool,
) -> QuerySet[Observation]:
    """The rows of the indicators without secrecy, of the periods that are wanted."""
    plain = [code for code, each in needed.items() if not each.protected]
    inside = territories if isinstance(territories, QuerySet) else list(territories)
    rows = Observation.objects.filter(code__in=plain, territory__in=inside)
    if day is not None:
        states = [code for code in plain if needed[code].periodicity is Periodicity.EDITION]
        rows = rows.filter(Q(code__in=states) | Q(end__lte=day))
    rows = rows.order_by("code", "start", "territory_id", "parts")
    if every:
        return rows
    periods: dict[str, set[tuple[date, date]]] = {}
    if spans_of is not None:
        periods = {code: {(span.start, span.end) for span in spans_of.get(code, ())} for code in plain}
    else:
        last = rows.order_by().values_list("code", "territory_id").annotate(Max("start"), Max("end"))
        for code, _territory, start, end in last:
            periods.setdefault(code, set()).add((start, end))
    # One condition for the codes of the same periods: those of an edition have all the same.
    alike: dict[frozenset[tuple[date, date]], list[str]] = {}
    for code, found in periods.items():
        alike.setdefault(frozenset(found), []).append(code)
    chosen = Q(pk__in=[])
    for wanted, codes in alike.items():
        starts, ends = {start for start, _end in wanted}, {end for _start, end in wanted}
        chosen |= Q(code__in=codes, start__in=starts, end__in=ends)
    return rows.filter(chosen)


def _last(cells: Mapping[Key, Cell]) -> dict[Key, Cell]:
    """The cells of the last period of each territory."""
    last: dict[int, Span] = {}
    for span, territory, _parts in cells:
        last[territory] = max(span, last.get(territory, span))
    return {key: cell for key, cell in cells.items() if key[0] == last[key[1]]}


def _wholes(cells: Mapping[Key, Cell]) -> dict[Key, Cell]:
    return {key: cell for key, cell in cells.items() if not key[2]}


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
    return values[indicator.code] if indicator.code in values else _value(indicator, known, values)


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
