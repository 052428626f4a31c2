"""Line charts: series over time or steps, each named at the end of its line, with its own mark."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from essor.kernel import french, svg
from essor.kernel.charts import Chart, ChartError, Series, Write, as_decimal, check_number, raw, said

TOP, PLOT, FOOT = 22, 220, 34
LEFT, RIGHT = Decimal(14), Decimal(72)
NAME_LENGTH, NAME_GAP, POINT_LENGTH = 22, 18, 12


def line_chart(
    title: str,
    points: Sequence[str],
    series: Sequence[Series],
    *,
    write: Write = french.number,
    note: str = "",
) -> Chart:
    """Lines over `points` (years, months…), the scale starting at zero unless a value is negative.

    An unknown value breaks the line. ChartError when a series has not one value for each point, or one is not finite.
    """
    _check(points, series)
    known = [as_decimal(value) for line in series for value in line.values if value is not None]
    ticks = _ticks(min([Decimal(0), *known]), max([Decimal(0), *known]))
    body = (
        _grid(ticks, write) + _abscissa(points) + _lines(series, ticks, len(points)) + _names(series, ticks)
    )
    return Chart(
        title=title,
        svg=svg.drawing(title, _description(points, series, write), body, TOP + PLOT + FOOT),
        columns=(_("Période"), *(line.label for line in series)),
        rows=[(point, *(said(line.values[i], write) for line in series)) for i, point in enumerate(points)],
        raw=[(point, *(raw(line.values[i]) for line in series)) for i, point in enumerate(points)],
        note=note,
    )


def _check(points: Sequence[str], series: Sequence[Series]) -> None:
    for line in series:
        if len(line.values) != len(points):
            raise ChartError(
                _("La série « %(label)s » a %(found)s valeurs pour %(wanted)s points.")
                % {"label": line.label, "found": len(line.values), "wanted": len(points)}
            )
        for value in line.values:
            check_number(line.label, value)


def _ticks(low: Decimal, high: Decimal) -> list[Decimal]:
    """Three to six round graduations that hold all the values."""
    if low == high:
        return [Decimal(0), Decimal(1)]
    rough = (high - low) / 4
    power = Decimal(1).scaleb(rough.adjusted())
    step = next(power * factor for factor in (1, 2, Decimal("2.5"), 5, 10) if power * factor >= rough)
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = (high / step).to_integral_value(ROUND_CEILING)
    return [step * (first + i) for i in range(int(last - first) + 1)]


def _y(value: Decimal, ticks: list[Decimal]) -> float:
    share = (value - ticks[0]) / (ticks[-1] - ticks[0])
    return round(TOP + PLOT * (1 - float(share)), 1)


def _x(rank: int, count: int) -> str:
    share = Decimal(rank) / (count - 1) if count > 1 else Decimal("0.5")
    return svg.length(LEFT + (RIGHT - LEFT) * share)


def _grid(ticks: list[Decimal], write: Write) -> str:
    parts = []
    for tick in ticks:
        y = _y(tick, ticks)
        look = "chart__axis" if tick == 0 else "chart__grid"
        parts.append(svg.element("line", class_=look, x1=0, x2="100%", y1=y, y2=y))
        parts.append(svg.text(write(tick), "chart__tick", 0, y, dy=-5))
    return "".join(parts)


def _abscissa(points: Sequence[str]) -> str:
    """At most five names under the axis, the first and the last always."""
    count = len(points)
    every = max(1, -(-(count - 1) // 4))
    shown = [i for i in range(count) if i == count - 1 or (i % every == 0 and count - 1 - i >= every)]
    look, y = "chart__tick chart__tick--middle", TOP + PLOT + 22
    return "".join(svg.text(points[i][:POINT_LENGTH], look, _x(i, count), y) for i in shown)


def _lines(series: Sequence[Series], ticks: list[Decimal], count: int) -> str:
    parts = []
    for rank, line in enumerate(series):
        place = f"{rank % svg.PARTS + 1}"
        spots = [
            None if v is None else (_x(i, count), _y(as_decimal(v), ticks)) for i, v in enumerate(line.values)
        ]
        for before, after in pairwise(spots):
            if before and after:
                ends = {"x1": before[0], "y1": before[1], "x2": after[0], "y2": after[1]}
                parts.append(svg.element("line", class_=f"chart__line chart-stroke--{place}", **ends))
        parts.extend(svg.mark(str(rank), f"chart-fill--{place}", x, y) for x, y in filter(None, spots))
    return "".join(parts)


def _names(series: Sequence[Series], ticks: list[Decimal]) -> str:
    """The name of each line beside its last known value, pushed apart when lines end close together."""
    ends = []
    for line in series:
        last = next((value for value in reversed(line.values) if value is not None), None)
        if last is not None:
            ends.append((_y(as_decimal(last), ticks), line.label))
    ends.sort()
    parts, floor = [], 0.0
    lowest = TOP + PLOT - NAME_GAP * (len(ends) - 1)
    for rank, (wanted, label) in enumerate(ends):
        place = max(floor, min(wanted, lowest + NAME_GAP * rank))
        floor = place + NAME_GAP
        short = label if len(label) <= NAME_LENGTH else f"{label[: NAME_LENGTH - 1].rstrip()}…"
        parts.append(svg.text(short, "chart__name", svg.length(RIGHT), round(place + 5, 1), dx=14))
    return "".join(parts)


def _description(points: Sequence[str], series: Sequence[Series], write: Write) -> str:
    """First and last known value of each line, in words."""
    sentences = []
    for line in series:
        known = [
            (point, value) for point, value in zip(points, line.values, strict=True) if value is not None
        ]
        if known:
            (start, first), (end, last) = known[0], known[-1]
            sentences.append(f"{line.label} : {write(first)} ({start}), {write(last)} ({end})")
        else:
            sentences.append(f"{line.label} : {_('inconnu')}")
    return " ; ".join(sentences)
