"""Charts as accessible SVG: a title that says the finding, direct labels, a data table beside, files to download.

Nothing is told by colour alone: each part has its shape or its pattern. The drawings carry classes only (charts.css).
Widths are percentages and text keeps its size: the same drawing is read on a phone and on a wide screen.
"""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from essor.kernel import french, svg
from essor.kernel.cells import safe_cell
from essor.kernel.charts_style import standalone_style

Number = Decimal | int | float
Write = Callable[[Number], str]

ROW, BAR, LABEL_LENGTH, PART_LENGTH = 52, 18, 52, 36
# The longest bar leaves room for the figure written at its end.
BAR_SHARE = Decimal(76)


class ChartError(ValueError):
    """Values that no chart can show; its text, in French, says which."""


@dataclass(frozen=True)
class Datum:
    """One named value; None means unknown. `family` gives it the fixed colour and shape of a family of the ESS."""

    label: str
    value: Number | None
    family: str = ""
    emphasis: bool = False


@dataclass(frozen=True)
class Series:
    """One line of a line chart: its values at the chart's points, None where unknown."""

    label: str
    values: Sequence[Number | None]


@dataclass(frozen=True)
class Chart:
    """A chart ready to show: the title (the finding), the drawing, the data written and raw, a note."""

    title: str
    svg: SafeString
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    raw: Sequence[Sequence[str]]
    note: str = ""

    def as_csv(self) -> str:
        """The data for a French spreadsheet: semicolons, a decimal comma, no cell that a spreadsheet would execute."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
        writer.writerow([safe_cell(column) for column in self.columns])
        writer.writerows([safe_cell(row[0]), *row[1:]] for row in self.raw)
        return out.getvalue()

    def as_svg_file(self) -> str:
        """The drawing alone, with its own style and a width of 720 px, to put in a report."""
        head, rest = self.svg.split(">", 1)
        head = head.replace('width="100%"', 'width="720"')
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}><style>{standalone_style()}</style>{rest}\n'


def bar_chart(
    title: str, data: Sequence[Datum], *, write: Write = french.number, value_label: str = "", note: str = ""
) -> Chart:
    """Horizontal bars in the order given, each with its label above and its figure at its end.

    When a datum has `emphasis`, the others are muted. ChartError when a value is not a finite number.
    """
    values = _checked(data)
    low, high = min([Decimal(0), *values]), max([Decimal(0), *values])
    span = high - low
    zero = -low / span * BAR_SHARE if span else Decimal(0)
    muted = any(datum.emphasis for datum in data)
    parts = []
    for rank, datum in enumerate(data):
        value = as_decimal(datum.value)
        share = abs(value) / span * BAR_SHARE if span else Decimal(0)
        parts.append(
            _bar(datum, rank * ROW, zero - share if value < 0 else zero, share, _look(datum, muted), write)
        )
    if low < 0:
        x = svg.length(zero)
        parts.append(svg.element("line", class_="chart__axis", x1=x, x2=x, y1=16, y2=len(data) * ROW - 6))
    return _chart(title, "".join(parts), max(1, len(data)) * ROW, data, write, value_label, note)


def _bar(datum: Datum, top: int, start: Decimal, share: Decimal, look: str, write: Write) -> str:
    return (
        svg.text(_short(datum.label, LABEL_LENGTH), "chart__label", 0, top + 15)
        + svg.element(
            "rect",
            class_=f"chart__bar {look}",
            x=svg.length(start),
            y=top + 22,
            width=svg.length(share),
            height=BAR,
            rx=2,
        )
        + svg.text(said(datum.value, write), "chart__value", svg.length(start + share), top + 36, dx=8)
    )


def share_chart(
    title: str, data: Sequence[Datum], *, write: Write = french.number, value_label: str = "", note: str = ""
) -> Chart:
    """One bar cut into shares of the whole, and under it each part with its mark, its figure and its percentage.

    An unknown value counts for nothing and says so; ChartError when a value is negative or not finite.
    """
    values = _checked(data)
    if any(value < 0 for value in values):
        raise ChartError(_("Une part ne peut pas être négative."))
    total = sum(values, Decimal(0))
    key = svg.key_of(title)
    bar, lines, start = [], [], Decimal(0)
    for rank, datum in enumerate(data):
        share = as_decimal(datum.value) / total if total else Decimal(0)
        look = f"chart-fill--{datum.family or rank % svg.PARTS + 1}"
        if share:
            bar.append(_part(start * 100, share * 100, look, "" if datum.family else _pattern_of(key, rank)))
        start += share
        middle = 66 + rank * 30
        figure = said(datum.value, write)
        if datum.value is not None:
            figure = f"{figure} · {french.percent(share)}"
        lines.append(
            svg.mark(datum.family or str(rank), look, "8", middle - 5)
            + svg.text(_short(datum.label, PART_LENGTH), "chart__label", 26, middle)
            + svg.text(figure, "chart__value chart__value--end", "100%", middle)
        )
    body = svg.patterns(key) + "".join(bar + lines)
    return _chart(title, body, 54 + max(1, len(data)) * 30, data, write, value_label, note)


def _part(start: Decimal, share: Decimal, look: str, pattern: str) -> str:
    place: dict[str, object] = {"x": svg.length(start), "y": 0, "width": svg.length(share), "height": 36}
    drawn = svg.element("rect", class_=f"chart__part {look}", **place)
    return drawn + (svg.element("rect", fill=f"url(#{pattern})", **place) if pattern else "")


def _pattern_of(key: str, rank: int) -> str:
    """Id of the pattern of a part; the first of each turn is plain."""
    return f"{key}-{rank % svg.PARTS}" if rank % svg.PARTS else ""


def _chart(
    title: str, body: str, height: int, data: Sequence[Datum], write: Write, value_label: str, note: str
) -> Chart:
    rows = [(datum.label, said(datum.value, write)) for datum in data]
    return Chart(
        title=title,
        svg=svg.drawing(title, " ; ".join(f"{label} : {value}" for label, value in rows), body, height),
        columns=(_("Libellé"), value_label or _("Valeur")),
        rows=rows,
        raw=[(datum.label, raw(datum.value)) for datum in data],
        note=note,
    )


def said(value: Number | None, write: Write) -> str:
    """A value in words, « inconnu » when there is none."""
    return _("inconnu") if value is None else write(value)


def raw(value: Number | None) -> str:
    """A value as a French spreadsheet reads it: no grouping, a decimal comma; "" when unknown."""
    return "" if value is None else f"{as_decimal(value):f}".replace(".", ",")


def as_decimal(value: Number | None) -> Decimal:
    """The value, 0 when unknown."""
    return Decimal(0) if value is None else Decimal(str(value))


def check_number(label: str, value: Number | None) -> None:
    """ChartError when a value is not a finite number."""
    if not as_decimal(value).is_finite():
        raise ChartError(
            _("« %(label)s » n’a pas de valeur finie : elle ne peut pas être tracée.") % {"label": label}
        )


def _checked(data: Sequence[Datum]) -> list[Decimal]:
    for datum in data:
        check_number(datum.label, datum.value)
    return [as_decimal(datum.value) for datum in data if datum.value is not None]


def _short(label: str, length: int) -> str:
    """The label, cut when a phone could not hold it: the table has it whole."""
    return label if len(label) <= length else f"{label[: length - 1].rstrip()}…"


def _look(datum: Datum, muted: bool) -> str:
    if datum.family:
        return f"chart-fill--{datum.family}"
    return "chart-fill--muted" if muted and not datum.emphasis else "chart-fill--1"
