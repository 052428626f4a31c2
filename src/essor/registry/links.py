"""Addresses of the register's pages, in the frame of the request: common, or under an authority's slug."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse


def address(request: HttpRequest, name: str, *args: Any) -> str:
    """Address of a page of the register (`list`, `organisation`…) that keeps the frame of the request."""
    authority = getattr(request, "authority", None)
    if authority is None:
        return reverse(f"registry:{name}", args=args)
    return reverse(f"authority-registry:{name}", args=(authority.slug, *args))


def canonical(request: HttpRequest, name: str, *args: Any) -> str:
    """The one absolute address of a common page, whatever the frame it is read in."""
    return request.build_absolute_uri(reverse(f"registry:{name}", args=args))
