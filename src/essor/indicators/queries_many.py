"""Many indicators on a few territories, read at once."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Max, Q, QuerySet

from essor.indicators.definition import Indicator, Span
from essor.indicators.enums import Origin, Periodicity
from essor.indicators.models import Observation
from essor.indicators.queries import Cell, Key, Known, Wanted, cell_of, computed_of, key_of, leaves, load


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
    their number (one with `at` or `every`), and those of `load` for an indicator whose small numbers are hidden or
    which is made of acts. Codes that `known` has not are left out.
    """
    asked = {code: known[code] for code in codes if code in known}
    whole = set(codes) - set(codes if with_parts is True else with_parts or ())
    reads = {code: leaves(each, known) for code, each in asked.items()}
    cut = {leaf for code, found in reads.items() if code not in whole for leaf in found}
    needed = {code: leaf for found in reads.values() for code, leaf in found.items()}
    spans_of = _spans_of(at, reads)
    read: dict[str, dict[Key, Cell]] = {code: {} for code in needed}
    rows = _rows_of_many(needed, territories, day, spans_of, every)
    for row in rows.filter(Q(parts="") | Q(code__in=cut)):
        read[row.code][key_of(row)] = cell_of(needed[row.code], row, is_hidden=False)
    for code, leaf in needed.items():
        if _reads_apart(leaf):
            ids = set(_ids(territories))
            wanted = Wanted(ids, None if spans_of is None else spans_of.get(code, set()), code in cut)
            cells = load(leaf, wanted, known)
            read[code] = {key: cell for key, cell in cells.items() if _is_over(leaf, key[0], day)}
    found = {
        code: computed_of(each, known, read, with_parts=code not in whole)
        if each.origin is Origin.FORMULA
        else {key: cell for key, cell in read[code].items() if not key[2] or code not in whole}
        for code, each in asked.items()
    }
    return found if at is not None or every else {code: _last(cells) for code, cells in found.items()}


def _reads_apart(indicator: Indicator) -> bool:
    """True when `load` must decide what is read: small numbers to hide, cells that belong to an authority."""
    return indicator.protected or indicator.by_authority


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
    plain = [code for code, each in needed.items() if not _reads_apart(each)]
    inside = territories if isinstance(territories, QuerySet) else list(territories)
    rows = Observation.objects.filter(code__in=plain, territory__in=inside)
    if day is not None:
        states = [code for code in plain if needed[code].periodicity is Periodicity.EDITION]
        rows = rows.filter(Q(code__in=states) | Q(end__lte=day))
    # In the order of the unique index: SQLite then searches by code and territory, ten times faster than by period.
    rows = rows.order_by("code", "territory_id", "start", "end", "parts")
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
