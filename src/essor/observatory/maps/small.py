"""A small map for another page: `context.update(small_map(…))`, then include `observatory/maps/figure.html`."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from essor.indicators.definition import Indicator, Span
from essor.indicators.queries import Cell
from essor.observatory.maps import addresses, drawing
from essor.observatory.maps.choropleth import choropleth_with
from essor.territories.models import Territory


def small_map(
    request: HttpRequest,
    indicator: Indicator,
    territory: Territory,
    level: str,
    span: Span,
    cells: Mapping[int, Cell],
    *,
    here: Territory | None = None,
) -> dict[str, Any]:
    """The map of values that the page has already read, by territory, `here` outlined: `map` (Choropleth), `svg`.

    Empty when nothing is drawn. The page adds `observatory/map.css`, and `observatory/tip.js` if it wants the tooltip.
    """
    shown = choropleth_with(indicator, territory, level, span, cells)
    if shown.drawn is None:
        return {}
    svg = drawing.svg_of(shown, addresses.of_territories(request), here.pk if here else 0)
    return {"map": shown, "svg": svg}
