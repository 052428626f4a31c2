"""Addresses of the room's pages, in the frame of the request: common, or under an authority's slug."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from essor.indicators.definition import Indicator
from essor.registry import links as registry_links


def address(request: HttpRequest, name: str, *args: Any, **query: str) -> str:
    """Address of a page (`indicators`, `indicator`…) that keeps the frame of the request."""
    authority = getattr(request, "authority", None)
    if authority is None:
        path = reverse(f"indicators:{name}", args=args)
    else:
        path = reverse(f"authority-indicators:{name}", args=(authority.slug, *args))
    said = urlencode([(key, value) for key, value in query.items() if value])
    return f"{path}?{said}" if said else path


def crumbs(request: HttpRequest, last: str, indicator: Indicator | None = None) -> list[dict[str, str]]:
    """The way to a page about the indicators, or about one of them."""
    own = (
        [{"label": indicator.label, "url": address(request, "indicator", indicator.code)}]
        if indicator
        else []
    )
    return [
        {"label": _("Indicateurs"), "url": address(request, "indicators")},
        *own,
        {"label": last, "url": ""},
    ]


def list_of(request: HttpRequest, page: str, query: tuple[tuple[str, str], ...]) -> str:
    """Address of the list that an explanation names (« registry:list », « indicators:acts:code » of an indicator), ""
    for a page that this version has not.
    """
    room, _colon, name = page.partition(":")
    if room == "indicators":
        name, _colon, code = name.partition(":")
        return f"{address(request, name, code)}?{urlencode(query)}"
    return f"{registry_links.address(request, name)}?{urlencode(query)}" if room == "registry" else ""


def official_sources(request: HttpRequest) -> str:
    """Address of the official tables that are loaded, in the frame of the request."""
    authority = getattr(request, "authority", None)
    if authority is None:
        return reverse("observatory:sources")
    return reverse("authority-observatory:sources", args=(authority.slug,))
