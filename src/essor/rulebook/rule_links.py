"""Addresses of the room's pages about rules, in the frame of the request."""

from contextlib import suppress
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse


def address(request: HttpRequest, name: str, *args: Any) -> str:
    """Address of a page of the law that keeps the frame of the request."""
    authority = getattr(request, "authority", None)
    if authority is None:
        return reverse(f"rulebook:{name}", args=args)
    return reverse(f"authority-rulebook:{name}", args=(authority.slug, *args))


def parameter_address(request: HttpRequest, identifier: str) -> str:
    """Address of the page of a value of the law; empty when it has none."""
    if not identifier:
        return ""
    with suppress(NoReverseMatch):
        return address(request, "value", identifier)
    return ""
