"""The small map of a portrait: the territories inside, or the communes of the intercommunality of a commune."""

from typing import Any

from django.http import HttpRequest

from essor.observatory import figures, links
from essor.observatory.maps.small import small_map
from essor.observatory.portrait import Portrait
from essor.territories.enums import Kind
from essor.territories.models import Territory

# Larger territories have their own page of the map: their first drawing takes too long for a portrait.
DRAWN = (Kind.DEPARTEMENT, Kind.COLLECTIVITE, Kind.EPCI, Kind.EPT)
# Shares and rates alone paint surfaces; the official share where the register has nothing.
PAINTED = (figures.DENSITY, figures.FLORES_SHARE)
LEAST = 3  # territories with a value: a map of two says less than their names


def portrait_map(request: HttpRequest, found: Portrait) -> dict[str, Any]:
    """What `observatory/maps/figure.html` shows, and `map_url`; empty without enough values."""
    mine = found.mine.territory
    ground = _ground(mine) if mine else None
    if mine is None or ground is None:
        return {}
    for code in PAINTED:
        shown = [each for each in found.inside if each.value(code) is not None]
        spans = [dated.span for each in shown if (dated := each.whole(code))]
        last = max(spans, default=None)
        cells = {
            each.territory.pk: dated.cell
            for each in found.inside
            if each.territory and (dated := each.whole(code)) and dated.span == last
        }
        if last is None or len(cells) < LEAST:
            continue
        level = found.inside[0].place.kind
        here = mine if mine.pk != ground.pk else None
        made = small_map(request, found.known[code], ground, level, last, cells, here=here)
        if made:
            asked = {"indicateur": code, "territoire": ground.ref, "niveau": level}
            return made | {"map_url": links.address(request, "map", **asked)}
    return {}


def _ground(territory: Territory) -> Territory | None:
    """What is drawn: the territory, or the intercommunality of a commune."""
    if territory.kind == Kind.COMMUNE:
        return territory.epci
    return territory if territory.kind in DRAWN else None
