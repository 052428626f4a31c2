"""What the page of an indicator says: the value and its finding, the series, the parts, the comparison."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Case, Value, When
from django.utils.translation import gettext as _

from essor.indicators import queries, rules
from essor.indicators.definition import AUTHORITY, PERCENT, Indicator, Span
from essor.indicators.enums import Origin, Periodicity
from essor.indicators.models import Observation
from essor.indicators.periods_typed import say_span
from essor.indicators.queries import Cell, Key, Wanted
from essor.indicators.sums import with_sums
from essor.indicators.words import say_number, say_place, say_value
from essor.kernel import french
from essor.kernel.charts import Chart, Datum, Series, bar_chart
from essor.kernel.charts_line import line_chart
from essor.territories.enums import Kind
from essor.territories.models import Territory
from essor.territories.queries import members

COMPARED = 40
OFFERED = 12
PARTS_SHOWN = 10
PARENT = {Kind.COMMUNE: "epci", Kind.EPCI: "departement", Kind.DEPARTEMENT: "region"}


@dataclass(frozen=True)
class Line:
    """One territory of the comparison."""

    territory: Territory
    cell: Cell
    place: int | None
    is_mine: bool


@dataclass(frozen=True)
class Figure:
    """An indicator read on a territory: its cells, the period shown, the others."""

    indicator: Indicator
    territory: Territory
    cells: Mapping[Key, Cell]
    spans: Sequence[Span]
    span: Span | None
    by_edition: bool = False

    @property
    def cell(self) -> Cell | None:
        """The whole of the period shown."""
        return self.cells.get((self.span, self.territory.pk, ())) if self.span else None

    @property
    def value(self) -> Decimal | None:
        """The value shown."""
        return self.cell.value if self.cell else None

    def whole(self, span: Span) -> Cell | None:
        """The whole of another period."""
        return self.cells.get((span, self.territory.pk, ()))


def figure_of(
    indicator: Indicator, territory: Territory, known: Mapping[str, Indicator], day: date, asked: str = ""
) -> Figure:
    """The figure of a territory; `asked` is the first day of the period wanted, else the last one that is over."""
    read = queries.load(indicator, Wanted([territory.pk], with_parts=True), known)
    cells = with_sums(indicator, territory, read, known)
    spans = queries.spans(cells)
    leaves = queries.leaves(indicator, known).values()
    # What an edition counts is a state on its day: its month has no end to wait for.
    by_edition = any(leaf.periodicity is Periodicity.EDITION for leaf in leaves)
    return Figure(
        indicator, territory, cells, spans, _chosen(spans, None if by_edition else day, asked), by_edition
    )


def _chosen(spans: Sequence[Span], day: date | None, asked: str) -> Span | None:
    """The period that starts on the day asked, else the last one that is over on `day` (None: the last one)."""
    wanted = next((span for span in spans if span.start.isoformat() == asked), None)
    if wanted or not spans:
        return wanted
    over = [span for span in spans if day is None or span.end <= day]
    return over[-1] if over else spans[-1]


def somewhere(indicator: Indicator, known: Mapping[str, Indicator]) -> list[Territory]:
    """Territories that have values, the largest level first: what a page offers where the one asked has none."""
    codes = list(queries.leaves(indicator, known))
    there = Observation.objects.filter(code__in=codes).order_by().values("territory_id")
    level = Case(
        *(When(kind=kind.value, then=Value(place)) for place, kind in enumerate(Kind)), default=Value(9)
    )
    return list(Territory.objects.filter(pk__in=there).order_by(level, "-population", "code")[:OFFERED])


def finding(figure: Figure) -> str:
    """The title: the value, and how it moved since the first period known."""
    place, indicator = say_place(figure.territory), figure.indicator
    if figure.span is None:
        return _("%(place)s : aucune valeur connue") % {"place": place}
    if figure.cell is None:
        return _of_parts(figure, place)
    if figure.value is None:
        return _("%(place)s : pas de valeur en %(period)s (%(reason)s)") % {
            "place": place,
            "period": say_span(figure.span),
            "reason": figure.cell.result.reason,
        }
    said = {"place": place, "value": say_value(indicator, figure.value)}
    before = [
        (span, cell)
        for span in figure.spans
        if span < figure.span and (cell := figure.whole(span)) and cell.value is not None
    ]
    if not before:
        return _("%(place)s : %(value)s") % said
    # What Essor computes bears its method in its source: another method is not a rise nor a fall.
    alike = [
        each for each in before if indicator.origin is not Origin.CODE or each[1].source == figure.cell.source
    ]
    if not alike:
        said["since"] = say_span(before[-1][0])
        return _("%(place)s : %(value)s, par une autre méthode qu’en %(since)s") % said
    first, cell = alike[0]
    assert cell.value is not None  # noqa: S101  # filtered above
    said |= {"since": say_span(first), "move": _move(indicator, figure.value - cell.value)}
    return _("%(place)s : %(value)s, %(move)s depuis %(since)s") % said


def _of_parts(figure: Figure, place: str) -> str:
    """The title where only parts are known: the first three of them."""
    shown = [
        (cell.value, next(iter(dict(cut).items())))
        for (span, _pk, cut), cell in figure.cells.items()
        if span == figure.span and len(cut) == 1 and cell.value is not None
    ]
    words = []
    for value, (code, part) in sorted(shown, key=lambda each: (-each[0], each[1]))[:3]:
        dimension = figure.indicator.dimension(code)
        label = dimension.label_of(part) if dimension else part
        told = say_value(figure.indicator, value)
        words.append(f"{told} ({label})" if code == AUTHORITY else f"{told} {_lowered(label)}")
    period = say_span(figure.span) if figure.span else ""
    said = {"place": place, "parts": ", ".join(words) or figure.indicator.label, "period": period}
    return _("%(place)s : %(parts)s (%(period)s)") % said


def _lowered(label: str) -> str:
    """A label inside a sentence; an acronym stays."""
    return label if label.isupper() else f"{label[:1].lower()}{label[1:]}"


def _move(indicator: Indicator, change: Decimal) -> str:
    if indicator.unit == PERCENT:
        size = french.counted(
            (abs(change) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP).normalize(), _("point,points")
        )
    else:
        size = say_number(indicator, abs(change))
    if not any(digit in size for digit in "123456789"):
        return _("stable")  # what moved is less than what is written
    return (_("en hausse de %(size)s") if change > 0 else _("en baisse de %(size)s")) % {"size": size}


def series_chart(figure: Figure, day: date) -> Chart | None:
    """The series of the whole, with a word on a period that is not over; None below two values."""
    points = [(span, figure.whole(span)) for span in figure.spans]
    found = [(span, cell) for span, cell in points if cell is not None]
    valued = [(span, cell.value) for span, cell in found if cell.value is not None]
    if len(valued) < 2:
        return None
    (start, first), (end, last) = valued[0], valued[-1]
    running = not figure.by_edition and end.end > day
    return line_chart(
        _("De %(first)s (%(start)s) à %(last)s (%(end)s)")
        % {
            "first": say_value(figure.indicator, first),
            "start": say_span(start),
            "last": say_value(figure.indicator, last),
            "end": say_span(end),
        },
        [_short(span) for span, _cell in found],
        [Series(_("Valeur"), [cell.value for _span, cell in found])],
        write=lambda value: _written(figure.indicator, value),
        note=_("La période %(period)s n’est pas finie.") % {"period": say_span(end)} if running else "",
    )


def _short(span: Span) -> str:
    """A period in twelve characters."""
    if (span.end - span.start).days > 92:
        return say_span(span)
    if (span.end - span.start).days > 31:
        return f"{span.start.year} T{(span.start.month + 2) // 3}"
    return f"{span.start:%m/%Y}"


def _written(indicator: Indicator, value: object) -> str:
    return say_number(indicator, Decimal(str(value)))


def parts_charts(figure: Figure) -> list[Chart]:
    """One chart a dimension: its parts at the period shown, the greatest first; hidden ones are said in the note."""
    charts: list[Chart] = []
    if figure.span is None:
        return charts
    for dimension in figure.indicator.dimensions:
        parts = queries.parts_of_cell(figure.cells, figure.span, figure.territory.pk, dimension.code)
        if not parts:
            continue
        shown = sorted(
            ((dimension.label_of(code), code, cell) for code, cell in parts if cell.value is not None),
            key=lambda each: (-(each[2].value or 0), each[0]),
        )[:PARTS_SHOWN]
        away = [dimension.label_of(code) for code, cell in parts if cell.hidden]
        note = _("Petits nombres masqués : %(names)s.") % {"names": ", ".join(sorted(away))} if away else ""
        if len(parts) - len(away) > PARTS_SHOWN:
            first = _("Les %(shown)s premières parts sur %(all)s ; le fichier CSV les a toutes.")
            note = f"{first % {'shown': PARTS_SHOWN, 'all': len(parts)}} {note}".strip()
        charts.append(
            bar_chart(
                _("Par %(dimension)s : d’abord %(first)s")
                % {"dimension": _lowered(dimension.label), "first": shown[0][0]}
                if shown
                else _("Par %(dimension)s") % {"dimension": _lowered(dimension.label)},
                [
                    Datum(label, cell.value, family=_family(dimension.code, code))
                    for label, code, cell in shown
                ],
                write=lambda value: _written(figure.indicator, value),
                value_label=figure.indicator.unit,
                note=note,
            )
        )
    return charts


def _family(dimension: str, code: str) -> str:
    return code if dimension == "famille" else ""


def gap_sentences(figure: Figure) -> list[str]:
    """What the page says of parts that do not make the whole."""
    if figure.span is None:
        return []
    said = []
    found = queries.gaps(figure.indicator, figure.cells, figure.span, figure.territory.pk)
    for code, gap in found:
        dimension = figure.indicator.dimension(code)
        words = {
            "dimension": _lowered(dimension.label) if dimension else code,
            "sum": " + ".join(say_value(figure.indicator, part) for part in sorted(gap.parts, reverse=True)),
            "total": say_value(figure.indicator, gap.total),
            "whole": say_value(figure.indicator, gap.whole),
            "gap": _difference(figure.indicator, abs(gap.excess)),
        }
        if gap.excess > 0:
            text = _(
                "Par %(dimension)s, les parts font %(total)s (%(sum)s) pour un ensemble de %(whole)s : %(gap)s de trop."
            )
        else:
            text = _(
                "Par %(dimension)s, les parts font %(total)s (%(sum)s) pour un "
                "ensemble de %(whole)s : il manque %(gap)s."
            )
        said.append(text % words)
    return said


def _difference(indicator: Indicator, size: Decimal) -> str:
    if indicator.unit == PERCENT:
        return french.counted(size * 100, _("point,points"))
    return say_value(indicator, size)


@dataclass(frozen=True)
class Compared:
    """Territories side by side: the lines, the rank of the one shown, their average, and what they are."""

    lines: Sequence[Line] = ()
    rank: rules.Rank | None = None
    average: Decimal | None = None
    title: str = ""


def comparison(figure: Figure, known: Mapping[str, Indicator]) -> Compared:
    """The territories of the same level beside this one; those inside it where none of them has a value."""
    if figure.span is None:
        return Compared()
    beside, title = _siblings(figure)
    found = _compared(figure, known, beside, title)
    if found.lines or figure.territory.kind == Kind.COMMUNE:
        return found
    inside = list(members(figure.territory))
    title = _("Les territoires %(of)s") % {"of": figure.territory.of_name}
    return _compared(figure, known, inside, title)


def _compared(
    figure: Figure, known: Mapping[str, Indicator], rows: Sequence[Territory], title: str
) -> Compared:
    assert figure.span is not None  # noqa: S101  # the caller looked
    by_id = {row.pk: row for row in rows}
    cells = queries.load(figure.indicator, Wanted(list(by_id), [figure.span]), known)
    found = {key[1]: cell for key, cell in cells.items()}
    if sum(1 for cell in found.values() if cell.value is not None) < 2:
        return Compared()
    values = {pk: cell.value for pk, cell in found.items()}
    places = {pk: rules.rank(values, pk, figure.indicator.direction) for pk in found}
    lines = [
        Line(by_id[pk], cell, rank.place if (rank := places[pk]) else None, pk == figure.territory.pk)
        for pk, cell in found.items()
    ]
    lines.sort(key=lambda line: (line.place is None, line.place or 0, line.territory.sort_key))
    kept = lines[:COMPARED] + [line for line in lines[COMPARED:] if line.is_mine]
    average = queries.average(figure.indicator, list(by_id), figure.span, known)
    return Compared(kept, places.get(figure.territory.pk), average.value, title)


def _siblings(figure: Figure) -> tuple[list[Territory], str]:
    """Territories of the same level in the one above; where nothing is above, those that have a value."""
    territory, span = figure.territory, figure.span
    assert span is not None  # noqa: S101  # the caller looked
    parent_name = PARENT.get(Kind(territory.kind))
    parent = getattr(territory, parent_name) if parent_name else None
    if parent is not None:
        rows = list(members(parent) if territory.kind != Kind.COMMUNE else members(territory))
        if any(row.pk == territory.pk for row in rows):
            return rows, _("Les territoires %(of)s") % {"of": parent.of_name}
    there = Observation.objects.filter(
        code=figure.indicator.code,
        start=span.start,
        end=span.end,
        parts=queries.whole_parts(figure.indicator),
    )
    rows = list(Territory.objects.filter(kind=territory.kind, pk__in=there.values("territory"))[:200])
    return rows, _("Les territoires du même niveau")
