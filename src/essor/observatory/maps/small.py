"""A small map for another page: `context.update(small_map(…))`, then include `observatory/maps/figure.html`."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from essor.indicators.definition import Indicator
from essor.observatory.maps import addresses, drawing
from essor.observatory.maps.choropleth import choropleth_of, periods
from essor.territories.models import Territory


def small_map(
    request: HttpRequest,
    indicator: Indicator,
    territory: Territory,
    level: str,
    known: Mapping[str, Indicator],
    *,
    here: Territory | None = None,
) -> dict[str, Any]:
    """The map of the last period known, `here` outlined: `map` (Choropleth), `svg`. Empty when nothing is drawn.

    The page adds `observatory/map.css`, and `observatory/tip.js` if it wants the tooltip.
    """
    spans = periods(indicator, territory, level, known)
    shown = choropleth_of(indicator, territory, level, spans[0] if spans else None, known)
    if shown.drawn is None:
        return {}
    svg = drawing.svg_of(shown, addresses.of_territories(request), here.pk if here else 0)
    return {"map": shown, "svg": svg}
