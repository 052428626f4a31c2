"""Radar: a few series over the same axes, on a scale of stages; drawn around a centre that keeps its size in pixels."""

import math
from collections.abc import Sequence

from django.utils.translation import gettext as _

from essor.kernel import french, svg
from essor.kernel.charts import Chart, ChartError, Series, Write, as_decimal, check_number, raw, said

RADIUS, AROUND, LEGEND, LINE = 132, 44, 26, 15
LEAST_AXES, MOST_SERIES = 3, 4
WORD_LENGTH = 30
# Each series has its own dashes besides its colour and its mark.
DASHES = ("", "7 5", "2 5", "10 4 2 4")


def radar_chart(
    title: str,
    axes: Sequence[str],
    series: Sequence[Series],
    *,
    top: int = 5,
    write: Write = french.number,
    first: str = "",
    note: str = "",
) -> Chart:
    """The series over the axes, each value from 0 (centre) to `top` (edge); an unknown value opens the outline.

    The first series is filled. `first` names the first column of the data. ChartError when there are fewer than three
    axes, no series or more than four, when a series has not one value an axis, or a value is out of the scale.
    """
    _check(axes, series, top)
    height = 2 * (RADIUS + AROUND) + LEGEND * len(series)
    centre = RADIUS + AROUND
    named = [f"{rank}. {axis}" for rank, axis in enumerate(axes, 1)]  # small screens draw the numbers alone
    body = svg.element(
        "svg",
        _grid(axes, top) + "".join(_outline(rank, line, top) for rank, line in enumerate(series)),
        x="50%",
        y=centre,
        overflow="visible",
    )
    body += "".join(
        _legend(rank, line, 2 * centre + LEGEND * rank + LINE) for rank, line in enumerate(series)
    )
    return Chart(
        title=title,
        svg=svg.drawing(title, _description(axes, series, write), body, height),
        columns=(first or _("Axe"), *(line.label for line in series)),
        rows=[(name, *(said(line.values[i], write) for line in series)) for i, name in enumerate(named)],
        raw=[(name, *(raw(line.values[i]) for line in series)) for i, name in enumerate(named)],
        note=note,
    )


def _check(axes: Sequence[str], series: Sequence[Series], top: int) -> None:
    if len(axes) < LEAST_AXES:
        raise ChartError(_("Un radar a au moins trois axes."))
    if not 1 <= len(series) <= MOST_SERIES:
        raise ChartError(_("Un radar montre de une à quatre séries."))
    for line in series:
        if len(line.values) != len(axes):
            raise ChartError(
                _("La série « %(label)s » a %(found)s valeurs pour %(wanted)s axes.")
                % {"label": line.label, "found": len(line.values), "wanted": len(axes)}
            )
        for value in line.values:
            check_number(line.label, value)
            if not 0 <= as_decimal(value) <= top:
                raise ChartError(
                    _("La série « %(label)s » sort de l’échelle de 0 à %(top)s.")
                    % {"label": line.label, "top": top}
                )


def _point(rank: int, count: int, distance: float) -> tuple[float, float]:
    """Place of a value around the centre, the first axis upwards, clockwise."""
    angle = 2 * math.pi * rank / count
    return round(distance * math.sin(angle), 1) + 0.0, round(-distance * math.cos(angle), 1) + 0.0


def _grid(axes: Sequence[str], top: int) -> str:
    count, parts = len(axes), []
    for step in range(1, top + 1):
        ring = " ".join(f"{x},{y}" for x, y in (_point(i, count, RADIUS * step / top) for i in range(count)))
        parts.append(svg.element("polygon", class_="chart__grid chart__ring", points=ring, fill="none"))
    for rank in range(count):
        x, y = _point(rank, count, RADIUS)
        parts.append(svg.element("line", class_="chart__grid", x1=0, y1=0, x2=x, y2=y))
    parts.extend(
        svg.text(str(step), "chart__tick", "4", round(-RADIUS * step / top + 4, 1))
        for step in range(1, top + 1)
    )
    parts.extend(_label(rank, axis, count) for rank, axis in enumerate(axes))
    return "".join(parts)


def _label(rank: int, axis: str, count: int) -> str:
    """The number of the axis, then its words where the screen has room for them."""
    x, y = _point(rank, count, RADIUS + 18)
    side = "middle" if abs(x) < 4 else ("start" if x > 0 else "end")
    short = axis if len(axis) <= WORD_LENGTH else f"{axis[: WORD_LENGTH - 1].rstrip()}…"
    number = svg.element("tspan", f"{rank + 1}", class_="chart__name")
    words = svg.element("tspan", svg.safe_text(f" {short}"), class_="chart__radar-word")
    return svg.element(
        "text", number + words, class_="chart__radar-label", x=x, y=round(y + 5, 1), **{"text-anchor": side}
    )


def _outline(rank: int, line: Series, top: int) -> str:
    count, place = len(line.values), f"{rank % svg.PARTS + 1}"
    spots: list[tuple[float, float] | None] = [
        None if value is None else _point(i, count, RADIUS * float(as_decimal(value)) / top)
        for i, value in enumerate(line.values)
    ]
    parts = []
    if rank == 0 and all(spots):
        points = " ".join(f"{x},{y}" for x, y in filter(None, spots))
        fill = {"fill-opacity": "0.14"}
        parts.append(svg.element("polygon", class_=f"chart-fill--{place}", points=points, **fill))
    for i, here in enumerate(spots):
        there = spots[(i + 1) % count]
        if here and there:
            parts.append(_stroke(rank, place, here, there))
    parts.extend(svg.mark(str(rank), f"chart-fill--{place}", f"{x}", y) for x, y in filter(None, spots))
    return "".join(parts)


def _stroke(rank: int, place: str, here: tuple[float, float], there: tuple[float, float]) -> str:
    dashes = {"stroke-dasharray": DASHES[rank % len(DASHES)]} if DASHES[rank % len(DASHES)] else {}
    return svg.element(
        "line",
        class_=f"chart__line chart-stroke--{place}",
        x1=here[0],
        y1=here[1],
        x2=there[0],
        y2=there[1],
        **dashes,
    )


def _legend(rank: int, line: Series, y: int) -> str:
    place = f"{rank % svg.PARTS + 1}"
    return (
        _stroke(rank, place, (0, y), (34, y))
        + svg.mark(str(rank), f"chart-fill--{place}", "17", y)
        + svg.text(line.label, "chart__label", 46, y + 5)
    )


def _description(axes: Sequence[str], series: Sequence[Series], write: Write) -> str:
    """Each axis with what each series says of it, in words."""
    return " ; ".join(
        f"{axis} : " + ", ".join(f"{line.label} {said(line.values[i], write)}" for line in series)
        for i, axis in enumerate(axes)
    )
