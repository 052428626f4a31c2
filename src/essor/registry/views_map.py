"""The tiles of the map, what stands at one place, and the map inside another site."""

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from essor.formats import mvt
from essor.kernel.access import access, everyone
from essor.kernel.limits import limited
from essor.kernel.tile_response import check_tile, tile_response
from essor.registry import links
from essor.registry.map import page, tiles
from essor.registry.map.grid import BITS


@access(everyone)
@require_safe
def map_tile(request: HttpRequest, version: str, z: int, x: int, y: int) -> HttpResponse:
    """The organisations of the filters in one tile."""
    check_tile(z, x, y, tiles.MAX_ZOOM)
    found = page.set_of(request.GET)
    if found is None:
        return tile_response(request, b"", mvt.CONTENT_TYPE, current=False)
    shown, index, chosen = found
    body = tiles.tile(index, chosen, z, x, y)
    return tile_response(request, body, mvt.CONTENT_TYPE, current=version == shown)


@access(everyone)
@require_safe
def map_place(request: HttpRequest, place: str) -> HttpResponse:
    """The organisations at exactly one place of the map: a part of a page."""
    code = _code(place)
    found = page.set_of(request.GET)
    rows = page.organisations_at(found[1], found[2], code) if found else []
    context = {
        "rows": [
            {"name": name, "activity": activity, "url": links.address(request, "organisation", pk)}
            for pk, name, activity in rows[: page.PLACE_SHOWN]
        ],
        "count": len(rows),
        "hidden": max(0, len(rows) - page.PLACE_SHOWN),
        "embedded": request.GET.get("integree") == "oui",
    }
    return render(request, "registry/parts/map_place.html", context)


def _code(place: str) -> int:
    """The place of a tile's attribute (« lieu »): hexadecimal."""
    try:
        code = int(place, 16)
    except ValueError:
        code = -1
    if not 0 <= code < 1 << 2 * BITS:
        raise Http404(_("Ce lieu n’existe pas."))
    return code


@access(everyone)
@limited("map-embed", "240/m/ip", reading=True, visitors_only=True)
@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
def embedded_map(request: HttpRequest) -> HttpResponse:
    """The map alone, with its filters: the only page that another site may frame."""
    context = {
        "page_title": _("Carte des organisations de l’ESS"),
        "map": page.map_of_request(request, embedded=True),
        "list_url": _with_query(links.address(request, "list"), request),
        "whole_url": _with_query(request.path, request, "zone") if "zone" in request.GET else "",
    }
    return render(request, "registry/map_embedded.html", context)


@access(everyone)
@require_safe
def embed_code(request: HttpRequest) -> HttpResponse:
    """The lines that put the map of these filters into another site."""
    embedded = _with_query(links.address(request, "map-embed"), request)
    context = {
        "page_title": _("Intégrer cette carte dans un site"),
        "crumbs": [
            {"label": _("Registre de l’ESS"), "url": links.address(request, "list")},
            {"label": _("Carte"), "url": _with_query(links.address(request, "map"), request)},
            {"label": _("Intégrer"), "url": ""},
        ],
        "address": embedded,
        "code": _iframe(request.build_absolute_uri(embedded)),
        "other_server": bool(settings.MAP_TILES_URL),
        "map_url": _with_query(links.address(request, "map"), request),
        "canonical_url": links.canonical(request, "map-embed-code"),
    }
    return render(request, "registry/map_embed_code.html", context)


def _iframe(address: str) -> str:
    """The lines to copy."""
    return (
        f'<iframe src="{escape(address)}" title="{escape(_("Carte des organisations de l’ESS"))}"\n'
        '  width="100%" height="560" loading="lazy" allow="fullscreen" referrerpolicy="no-referrer"></iframe>'
    )


def _with_query(address: str, request: HttpRequest, without: str = "page") -> str:
    query = request.GET.copy()
    query.pop(without, None)
    return f"{address}?{query.urlencode()}" if query else address
