"""Addresses of the support's pages, in the frame of the request: common, or under an authority's slug."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse


def address(request: HttpRequest, name: str, *args: Any) -> str:
    """Address of a page (`support`, `supporter`…) that keeps the frame of the request."""
    authority = getattr(request, "authority", None)
    if authority is None:
        return reverse(f"kit:{name}", args=args)
    return reverse(f"authority-kit:{name}", args=(authority.slug, *args))
