"""Addresses of the room's pages, in the frame of the request: common, or under an authority's slug."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from essor.indicators import links as indicator_links
from essor.territories.models import Territory


def address(request: HttpRequest, name: str, *args: Any, **query: str) -> str:
    """Address of a page (`observatory`, `portrait`…) that keeps the frame of the request."""
    authority = getattr(request, "authority", None)
    if authority is None:
        path = reverse(f"observatory:{name}", args=args)
    else:
        path = reverse(f"authority-observatory:{name}", args=(authority.slug, *args))
    said = urlencode([(key, value) for key, value in query.items() if value])
    return f"{path}?{said}" if said else path


def indicator_of(request: HttpRequest) -> Callable[[str, str], str]:
    """What gives the address of an indicator's page on a territory: « D’où vient ce chiffre ? »."""
    return lambda code, ref: indicator_links.address(request, "indicator", code, territoire=ref)


def portrait_of(request: HttpRequest) -> Callable[[Territory], str]:
    """What gives the address of a territory's portrait."""
    return lambda territory: address(request, "portrait", territory.kind, territory.code)
