"""The tiles of the background of maps."""

import hashlib

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from essor.formats import mvt
from essor.kernel.access import access, everyone
from essor.kernel.release import version as release
from essor.kernel.tile_response import check_tile, tile_response
from essor.territories import backdrop, queries
from essor.territories.models import Territory


def _written(version: queries.Version) -> str:
    """Changes with each load of the territories, and with each version of Essor."""
    return hashlib.sha256(f"{version} {release()}".encode()).hexdigest()[:12]


def backdrop_address(territory: Territory) -> str:
    """Address of the tiles of a territory's background, with {z}, {x} and {y} to fill."""
    version = _written(queries.version())
    first = reverse("territories:backdrop", args=[version, territory.kind, territory.code, 0, 0, 0])
    return first.removesuffix("0/0/0.mvt") + "{z}/{x}/{y}.mvt"


@access(everyone)
@require_safe
def backdrop_tile(
    request: HttpRequest, version: str, kind: str, code: str, z: int, x: int, y: int
) -> HttpResponse:
    """Outlines and names behind the points, for one tile."""
    check_tile(z, x, y, backdrop.MAX_ZOOM)
    loaded = queries.version()
    found = backdrop.backdrop_of(loaded, kind, code)
    if found is None:
        raise Http404(_("Aucun territoire n’a ce code."))
    body = backdrop.tile(found, z, x, y)
    return tile_response(request, body, mvt.CONTENT_TYPE, current=version == _written(loaded))
