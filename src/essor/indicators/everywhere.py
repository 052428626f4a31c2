"""All the values of an indicator, all territories, periods and parts, in the columns that collecting reads back.

Where nothing is hidden nor computed, rows leave as they are read; else the table is decided first, as on the pages.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from essor.indicators import queries
from essor.indicators.collect import DENOMINATOR, HIDDEN, LARGEST, PERIOD, TERRITORY, UNITS, VALUE
from essor.indicators.definition import AUTHORITY, Dimension, Indicator, Observed, Parts, Span
from essor.indicators.enums import Origin
from essor.indicators.formula import PRECISION
from essor.indicators.periods_typed import write_span
from essor.indicators.queries import Cell, Wanted
from essor.territories.models import Territory

NAME, RESULT, UNIT = "nom", "résultat", "unité"
SIX = Decimal("0.000001")
VERSION, SOURCE, DAY = "version", "source", "date de la source"


@dataclass(frozen=True)
class Line:
    """One cell as a file writes it."""

    span: Span
    ref: str
    name: str
    parts: Parts
    cell: Cell


def axes_of(indicator: Indicator) -> tuple[Dimension, ...]:
    """The dimensions that are columns: not the authority in its own frame."""
    return tuple(
        axis
        for axis in indicator.dimensions
        if axis.code != AUTHORITY or not indicator.by_authority or indicator.frame is None
    )


def columns_of(indicator: Indicator, *, full: bool) -> list[str]:
    """The names of the columns; those of collecting first. `full` adds what secrecy weighs, for those who keep it."""
    names = [PERIOD, TERRITORY, *(axis.label.casefold() for axis in axes_of(indicator)), VALUE]
    names += [DENOMINATOR] if indicator.is_share else []
    names += [UNITS, LARGEST] if indicator.protected and full else []
    names += [HIDDEN] if indicator.protected or indicator.origin is Origin.FORMULA else []
    return [*names, NAME, RESULT, UNIT, VERSION, SOURCE, DAY]


def lines(indicator: Indicator, known: Mapping[str, Indicator]) -> Iterator[Line]:
    """The cells in order of period, territory, part. Names of territories in one query."""
    names = _names()
    for (span, territory, parts), cell in _cells(indicator, known):
        ref, name = names[territory]
        yield Line(span, ref, name, parts, cell)


def _cells(indicator: Indicator, known: Mapping[str, Indicator]) -> Iterator[tuple[queries.Key, Cell]]:
    if indicator.protected or indicator.origin is Origin.FORMULA:
        yield from sorted(
            queries.load(indicator, Wanted(with_parts=True), known).items(), key=lambda pair: pair[0]
        )
    else:
        yield from queries.each(indicator)


def _names() -> dict[int, tuple[str, str]]:
    rows = Territory.objects.order_by().values_list("pk", "kind", "code", "name")
    return {pk: ("france" if kind == "france" else f"{kind}:{code}", name) for pk, kind, code, name in rows}


def values_of(indicator: Indicator, line: Line, *, full: bool) -> dict[str, Any]:
    """The columns of one line. What secrecy hides is empty; so is the numerator of what was computed."""
    seen: Observed | None = line.cell.observed
    parts = dict(line.parts)
    found: dict[str, Any] = {
        PERIOD: write_span(line.span, indicator.periodicity),
        TERRITORY: line.ref,
        **{axis.label.casefold(): parts.get(axis.code, "") for axis in axes_of(indicator)},
        VALUE: seen.numerator if seen else _rounded(line.cell.value),
        DENOMINATOR: seen.denominator if seen else None,
        UNITS: seen.units if seen else None,
        LARGEST: seen.largest if seen else None,
        HIDDEN: line.cell.hidden,
        NAME: line.name,
        RESULT: _rounded(line.cell.value),
        UNIT: indicator.unit,
        VERSION: line.cell.version,
        SOURCE: line.cell.source,
        DAY: line.cell.day,
    }
    return {name: found[name] for name in columns_of(indicator, full=full)}


def _rounded(value: Decimal | None) -> Decimal | None:
    """A quotient has no end: six decimals, as what is collected."""
    if value is None:
        return None
    with localcontext() as context:
        context.prec = PRECISION
        rounded = value.quantize(SIX, ROUND_HALF_UP)
        return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded.normalize()


def as_json(indicator: Indicator, known: Mapping[str, Indicator], *, full: bool) -> dict[str, Any]:
    """The values for a machine; decimals are texts, so that none loses a digit."""
    return {**about(indicator), "valeurs": list(json_lines(indicator, known, full=full))}


def about(indicator: Indicator) -> dict[str, Any]:
    """What the JSON says before the values."""
    return {
        "code": indicator.code,
        "nom": indicator.label,
        "unite": indicator.unit,
        "methode": indicator.method,
        "limites": indicator.limits,
        "source": indicator.source,
    }


def json_lines(
    indicator: Indicator, known: Mapping[str, Indicator], *, full: bool
) -> Iterator[dict[str, Any]]:
    """The lines as JSON writes them."""
    for line in lines(indicator, known):
        yield {name: _plain(value) for name, value in values_of(indicator, line, full=full).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def rows(indicator: Indicator, known: Mapping[str, Indicator], *, full: bool) -> Iterator[Sequence[Any]]:
    """The lines as tables write them, under `columns_of`."""
    for line in lines(indicator, known):
        yield list(values_of(indicator, line, full=full).values())
