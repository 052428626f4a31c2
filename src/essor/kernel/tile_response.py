"""How a vector tile is answered: kept for ever under its version, compressed when that is worth it."""

import gzip

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

YEAR = 31_536_000
WORTH_COMPRESSING = 800  # bytes
QUICK = 3


def check_tile(z: int, x: int, y: int, max_zoom: int) -> None:
    """Http404 when no such tile exists."""
    if not (0 <= z <= max_zoom and 0 <= x < 1 << z and 0 <= y < 1 << z):
        raise Http404(_("Cette tuile n’existe pas."))


def tile_response(request: HttpRequest, body: bytes, content_type: str, *, current: bool) -> HttpResponse:
    """The tile, or 204 when nothing is there. `current`: its address is of the version shown, and may be kept."""
    compressed = len(body) >= WORTH_COMPRESSING and "gzip" in request.headers.get("Accept-Encoding", "")
    if compressed:
        body = gzip.compress(body, QUICK, mtime=0)
    response = HttpResponse(body, content_type=content_type) if body else HttpResponse(status=204)
    if compressed:
        response["Content-Encoding"] = "gzip"
    if len(body):
        response["Content-Length"] = str(len(body))
    patch_vary_headers(response, ("Accept-Encoding",))
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable" if current else "no-cache"
    return response
