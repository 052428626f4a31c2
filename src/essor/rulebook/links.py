"""Addresses of the pages of the law, in the frame of the request: common, or under an authority's slug."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse


def address(request: HttpRequest, name: str, *args: Any) -> str:
    """Address of a page of the law (`values`, `value`, `rules`, `rule`…) that keeps the frame of the request."""
    authority = getattr(request, "authority", None)
    if authority is None:
        return reverse(f"rulebook:{name}", args=args)
    return reverse(f"authority-rulebook:{name}", args=(authority.slug, *args))


def pages_of(request: HttpRequest, query: str = "") -> Callable[[str], str]:
    """What gives the page of each parameter: one address resolved, not two hundred."""
    start, end = address(request, "value", "IDENTIFIANT").split("IDENTIFIANT")
    return lambda identifier: f"{start}{identifier}{end}{query}"


def canonical(request: HttpRequest, name: str, *args: Any) -> str:
    """The one absolute address of a page, whatever the frame it is read in."""
    return request.build_absolute_uri(reverse(f"rulebook:{name}", args=args))
