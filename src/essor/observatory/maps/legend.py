"""Samples of a map's legend, as SVG: the look of a class, the circles of reference."""

from functools import cache

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from essor.kernel.svg import element, safe_text
from essor.observatory.maps.choropleth import Choropleth

LETTER = 8


@cache
def sample(look: str, class_: str) -> SafeString:
    """What a class looks like: `look` is c1…c5, zero, masque, sans or circle."""
    if look == "circle":
        inside = element("circle", class_="map-circle", cx=16, cy=10, r=8)
    else:
        inside = element("rect", class_=f"map-piece map-piece--{look}", x=1, y=1, width=30, height=18)
        if look == "sans":
            inside += element("path", class_="map-hatch", d="M1 19L19 1M10 19L28 1M19 19L31 7M1 10L10 1")
        if look == "masque":
            inside += element("rect", class_="map-hidden", x=11, y=5, width=10, height=10)
    hidden = {"aria-hidden": "true"}
    return SafeString(element("svg", inside, class_=class_, viewBox="0 0 32 20", **hidden))


def circles(shown: Choropleth) -> SafeString:
    """The circles of reference side by side, each with its value; empty for a map of surfaces."""
    if not shown.circles:
        return SafeString("")
    parts, x, tallest = [], 2.0, max(radius for radius, _words in shown.circles)
    for radius, words in shown.circles:
        width = max(2 * radius, LETTER * len(words))
        middle = round(x + width / 2, 1)
        parts.append(
            element("circle", class_="map-ring", cx=middle, cy=round(2 * tallest - radius + 2, 1), r=radius)
        )
        said = {"text-anchor": "middle"}
        parts.append(element("text", safe_text(words), x=middle, y=round(2 * tallest + 20, 1), **said))
        x += width + 14
    height = round(2 * tallest + 28)
    named = {"aria-label": _("Taille des cercles")}
    return SafeString(
        element(
            "svg",
            "".join(parts),
            class_="map-circles",
            width=round(x),
            height=height,
            viewBox=f"0 0 {round(x)} {height}",
            role="img",
            **named,
        )
    )
