"""Addresses of the room's pages, in the frame of the request: common, or under an authority's slug."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse


def address(request: HttpRequest, name: str, *args: Any, **query: str) -> str:
    """Address of a page (`observatory`, `portrait`…) that keeps the frame of the request."""
    authority = getattr(request, "authority", None)
    if authority is None:
        path = reverse(f"observatory:{name}", args=args)
    else:
        path = reverse(f"authority-observatory:{name}", args=(authority.slug, *args))
    said = urlencode([(key, value) for key, value in query.items() if value])
    return f"{path}?{said}" if said else path
