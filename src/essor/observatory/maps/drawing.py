"""Maps as SVG: a link and a title on each piece, classes only (map.css); alone, with their own style and legend."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from essor.kernel.svg import element, key_of, safe_text
from essor.observatory.maps.choropleth import Choropleth, Form, Line
from essor.territories.level_maps import Piece
from essor.territories.models import Territory

Address = Callable[[Territory], str]

# The light colours of map.css, which a test keeps equal: what leaves the site as a file has no other style.
SCALE = ("#cfe6e1", "#9accc6", "#5ba7a3", "#24807f", "#074748")
GROUND, LINE, ZERO, INK, SOFT = "#f4f0e5", "#837d70", "#fffefb", "#1e2a2f", "#52605f"
LEGEND_LINE, LEGEND_TOP = 24, 62
STYLE = (
    "text{font-family:'Atkinson Hyperlegible Next','Liberation Sans',sans-serif;font-size:14px;fill:#1e2a2f}"
    ".small{font-size:12px;fill:#52605f}.title{font-size:17px;font-weight:700}"
    f".map-piece{{stroke:{LINE};stroke-width:.7;stroke-linejoin:round;fill:{GROUND}}}"
    + "".join(f".map-piece--c{rank}{{fill:{colour}}}" for rank, colour in enumerate(SCALE, 1))
    + f".map-piece--zero{{fill:{ZERO}}}.map-piece--here{{stroke:{INK};stroke-width:2.5}}"
    f".map-circle{{fill:{SCALE[3]};fill-opacity:.72;stroke:{ZERO};stroke-width:1}}"
    f".map-hidden{{fill:{ZERO};stroke:{INK};stroke-width:1.2}}.map-ring{{fill:none;stroke:{INK}}}"
    f".map-hatch{{stroke:{LINE};stroke-width:1.4;fill:none}}"
    f".map-point{{fill:{SCALE[3]};fill-opacity:.7;stroke:{ZERO};stroke-width:.5}}"
)


def hatch(key: str) -> str:
    """The pattern of what has no value."""
    return element(
        "defs",
        element(
            "pattern",
            element("path", d="M-2 2L2 -2M0 8L8 0M6 10L10 6", class_="map-hatch"),
            id=key,
            width=8,
            height=8,
            patternUnits="userSpaceOnUse",
        ),
    )


def svg_of(shown: Choropleth, address: Address | None = None, here: int = 0, label: str = "") -> SafeString:
    """The map: pieces are links when `address` is given; `here` is outlined. Empty when nothing could be drawn."""
    if shown.drawn is None:
        return SafeString("")
    key = key_of(f"{shown.indicator.code} {shown.territory.pk} {shown.level} {shown.form}")
    return _drawing(shown, _body(shown, key, address, here), key, label)


def _drawing(shown: Choropleth, body: str, key: str, label: str) -> SafeString:
    assert shown.drawn is not None  # noqa: S101  # the caller looked
    frame = shown.drawn.frame
    title = element("title", safe_text(label or shown.finding), id=f"{key}-t")
    return SafeString(
        element(
            "svg",
            title + body,
            xmlns="http://www.w3.org/2000/svg",
            class_="map-drawing",
            viewBox=f"-4 -4 {frame.width + 8} {frame.height + 8}",
            role="group",
            **{"aria-labelledby": f"{key}-t"},
        )
    )


def _body(shown: Choropleth, key: str, address: Address | None, here: int) -> str:
    assert shown.drawn is not None  # noqa: S101  # the caller looked
    lines, parts, over = shown.by_id, [hatch(f"{key}-h")], []
    circles = shown.form is Form.CIRCLES
    for piece in shown.drawn.pieces:
        line = lines[piece.pk]
        mark = _piece(piece, line, here, f"{key}-h", circles)
        parts.append(_linked(mark, line, None if circles and line.rank is not None else address))
        if piece.pk == here:
            over.append((Decimal(-1), element("path", d=piece.path, class_="map-here")))
        if circles and line.rank is not None and line.value is not None:
            circle = element(
                "circle", cx=piece.x, cy=piece.y, r=shown.radius(line.value), class_="map-circle"
            )
            over.append((abs(line.value), _linked(circle, line, address)))
    over.sort(key=lambda each: (each[0] >= 0, -each[0]))
    return "".join(parts) + "".join(mark for _size, mark in over)


def _piece(piece: Piece, line: Line, here: int, hatched: str, circles: bool) -> str:
    look = line.look.value if line.look else "ground" if circles else f"c{(line.rank or 0) + 1}"
    shape = element("path", d=piece.path, class_=f"map-piece map-piece--{look}")
    if look == "sans":
        shape += element("path", d=piece.path, fill=f"url(#{hatched})", class_="map-over")
    if look == "masque":
        shape += element("rect", x=piece.x - 3.5, y=piece.y - 3.5, width=7, height=7, class_="map-hidden")
    return shape


def _linked(mark: str, line: Line, address: Address | None) -> str:
    """The mark with its name and value, and a link to the territory's page."""
    said = f"{line.territory.name} : {line.said}"
    inside = element("title", safe_text(said)) + mark
    if address is None:
        return element("g", inside, **{"data-said": said})
    return element("a", inside, href=address(line.territory), **{"data-said": said})


def file_of(shown: Choropleth, site: str = "Essor") -> str:
    """The map as a file: title, drawing, legend, source, with its own style."""
    assert shown.drawn is not None  # noqa: S101  # the caller looked
    frame, key = shown.drawn.frame, "c"
    legend = list(_legend(shown, frame.height + LEGEND_TOP + 24))
    height = frame.height + LEGEND_TOP + 40 + LEGEND_LINE * (len(legend) + 3)
    words = _cut(shown.finding, 66)
    head = "".join(
        element("text", safe_text(text), x=8, y=20 + 20 * rank, class_="title")
        for rank, text in enumerate(words)
    )
    sources = "; ".join(shown.sources) or shown.indicator.source
    foot = [
        *_cut(_("%(label)s, %(period)s. Source : %(source)s") % {"label": shown.indicator.label,
              "period": shown.period, "source": sources}, 96)[:2],
        _outline_words(shown) + f" {site}.",
    ]  # fmt: skip
    foot_text = "".join(
        element("text", safe_text(text), x=8, y=height - 14 - 17 * (len(foot) - 1 - rank), class_="small")
        for rank, text in enumerate(foot)
    )
    body = element("g", _body(shown, key, None, 0), transform=f"translate(8 {LEGEND_TOP - 6})")
    inside = element("style", STYLE) + element("title", safe_text(shown.finding))
    return element(
        "svg",
        inside
        + element("rect", width="100%", height="100%", fill=ZERO)
        + head
        + body
        + "".join(legend)
        + foot_text,
        xmlns="http://www.w3.org/2000/svg",
        width=frame.width + 24,
        height=height,
        viewBox=f"0 0 {frame.width + 24} {height}",
        role="img",
    )


def _outline_words(shown: Choropleth) -> str:
    if shown.drawn and shown.drawn.schematic:
        return _("Carte schématique : ce ne sont pas les limites officielles.")
    return _("Contours : %(sources)s.") % {"sources": ", ".join(shown.drawn.sources if shown.drawn else ())}


def _legend(shown: Choropleth, top: int) -> Iterable[str]:
    rank = 0
    for step in shown.steps:
        y = top + LEGEND_LINE * rank
        box = element("rect", x=8, y=y - 12, width=26, height=16, class_=f"map-piece map-piece--{step.look}")
        if step.look == "sans":
            box += element("rect", x=8, y=y - 12, width=26, height=16, fill="url(#c-h)")
        if step.look == "masque":
            box += element("rect", x=17, y=y - 8, width=7, height=7, class_="map-hidden")
        yield box + element("text", safe_text(f"{step.words} ({step.count})"), x=44, y=y)
        rank += 1
    if not shown.circles:
        return
    tallest = max(radius for radius, _words in shown.circles)
    bottom, x, marks = top + LEGEND_LINE * rank + 2 * tallest - 8, 8.0, []
    for radius, words in shown.circles:
        marks.append(
            element(
                "circle", cx=round(x + radius, 1), cy=round(bottom - radius, 1), r=radius, class_="map-ring"
            )
        )
        marks.append(
            element("text", safe_text(words), x=round(x + 2 * radius + 6, 1), y=round(bottom - 2, 1))
        )
        x += 2 * radius + 30 + 9 * len(words)
    yield "".join(marks)
    # Room for their height, which the caller counts in lines.
    yield from [""] * int(2 * tallest / LEGEND_LINE)


def _cut(text: str, width: int) -> list[str]:
    """Lines of so many letters at most."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) + 1 > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
