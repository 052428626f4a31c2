"""The charts of a portrait: families, sectors, sizes, ages, and what was created and closed each year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from essor.indicators.definition import Dimension, Indicator, year
from essor.indicators.words import say_number
from essor.kernel import french
from essor.kernel.charts import Chart, Datum, Series, bar_chart, share_chart
from essor.kernel.charts_line import line_chart
from essor.observatory import figures
from essor.observatory.columns import Column, Dated
from essor.observatory.portrait import Point, Portrait

BARS = 10


@dataclass(frozen=True)
class Panel:
    """A chart of the parts of a figure, and the shares beside those of the territories around."""

    code: str
    dimension: str
    title: str
    chart: Chart
    heads: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]
    dated: Dated
    source: str


def panels(columns: Sequence[Column], known: Mapping[str, Indicator]) -> list[Panel]:
    """One panel a dimension that the first place has, beside the others; nothing where it has no part."""
    found = (_panel(columns, dimension, known) for dimension in figures.CUT)
    return [panel for panel in found if panel]


def _titles() -> dict[str, str]:
    return {
        "famille": _("Familles"),
        "secteur": _("Secteurs d’activité"),
        "taille": _("Tailles"),
        "anciennete": _("Ancienneté"),
    }


def _panel(columns: Sequence[Column], dimension: str, known: Mapping[str, Indicator]) -> Panel | None:
    mine = columns[0]
    code = next((each for each in figures.CUT[dimension] if mine.parts(each, dimension)), "")
    indicator, whole = known.get(code), mine.whole(code)
    axis = indicator.dimension(dimension) if indicator else None
    if indicator is None or axis is None or whole is None or not whole.value:
        return None
    there = [each for each in columns if each.parts(code, dimension)]
    parts = [
        (value, dated) for value, dated in mine.parts(code, dimension).items() if dated.value is not None
    ]
    if not parts:
        return None
    ordered = _ordered(axis, parts)
    greatest = max(parts, key=lambda each: each[1].value or 0)
    title = _("%(label)s : %(share)s des %(unit)s") % {
        "label": axis.label_of(greatest[0]),
        "share": french.percent((greatest[1].value or 0) / whole.value),
        "unit": indicator.unit,
    }
    data = [
        Datum(axis.label_of(value), dated.value, family=value if dimension == "famille" else "")
        for value, dated in ordered[:BARS]
    ]
    draw = share_chart if dimension == "famille" else bar_chart
    left_out = _("Les %(shown)s premières lignes sur %(all)s ; l’export les a toutes.")
    return Panel(
        code,
        dimension,
        _titles()[dimension],
        draw(
            title,
            data,
            write=lambda value: say_number(indicator, Decimal(str(value))),
            value_label=indicator.unit,
            note=left_out % {"shown": BARS, "all": len(ordered)} if len(ordered) > BARS else "",
        ),
        [each.place.name for each in there],
        [
            (
                axis.label_of(value),
                [_share(each, code, dimension, value) for each in there],
            )
            for value, _dated in ordered[:BARS]
        ],
        whole,
        whole.cell.source or indicator.source,
    )


def _ordered(axis: Dimension, parts: Sequence[tuple[str, Dated]]) -> list[tuple[str, Dated]]:
    """Sizes and ages in their own order, families and sectors the greatest first."""
    if axis.code in ("taille", "anciennete"):
        places = {code: place for place, (code, _label) in enumerate(axis.values)}
        return sorted(parts, key=lambda each: places.get(each[0], len(places)))
    return sorted(parts, key=lambda each: (-(each[1].value or 0), axis.label_of(each[0])))


def _share(column: Column, code: str, dimension: str, value: str) -> str:
    """The share of a part in its own whole; « 0 % » where the whole is known and the part has nobody."""
    whole, part = column.value(code), column.parts(code, dimension).get(value)
    if not whole or (part is not None and part.value is None):
        return french.UNKNOWN
    return french.percent((part.value if part and part.value else Decimal(0)) / whole)


def life_chart(portrait: Portrait, day: date) -> Chart | None:
    """Creations and closures of each year that is over; the running year is said in the note."""
    created = _by_year(portrait.series.get(figures.CREATIONS, ()))
    closed = _by_year(portrait.series.get(figures.CLOSURES, ()))
    years = [number for number in sorted(created) if year(number).end <= day]
    if len(years) < 2:
        return None
    last = years[-1]
    lines = [Series(_("Créations"), [created.get(number) for number in years])]
    if any(number in closed for number in years):
        lines.append(Series(_("Fermetures"), [closed.get(number) for number in years]))
    title = french.counted(created[last], _("organisation créée en,organisations créées en"))
    return line_chart(
        f"{title} {last}",
        [str(number) for number in years],
        lines,
        note=_running(created, closed, day.year),
    )


def _by_year(points: Sequence[Point]) -> dict[int, Decimal]:
    return {point.span.start.year: point.value for point in points if point.value is not None}


def _running(created: Mapping[int, Decimal], closed: Mapping[int, Decimal], number: int) -> str:
    said = []
    if number in created:
        said.append(french.counted(created[number], _("création,créations")))
    if number in closed:
        said.append(french.counted(closed[number], _("fermeture constatée,fermetures constatées")))
    if not said:
        return ""
    return _("Année %(year)s, en cours : %(said)s.") % {"year": number, "said": ", ".join(said)}
