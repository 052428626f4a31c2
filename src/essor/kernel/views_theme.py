"""The stylesheet of an authority's accent: served, never inline, so that the content security policy stays strict."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

from essor.kernel.access import access, everyone
from essor.kernel.colour import ColourError, accent_css, accent_from

AccentOf = Callable[[str], str | None]

# Set by the room that knows the authorities: the accent of the one with this slug, None when it keeps the house's.
_sources: list[AccentOf] = []


def register_accents(source: AccentOf) -> None:
    """Tell where accents come from; the last one registered answers."""
    _sources[:] = [source]


def digest(accent: str) -> str:
    """Short fingerprint of an accent: a new colour has a new address, so that each can be kept for ever by browsers."""
    return hashlib.sha256(accent.lower().encode()).hexdigest()[:10]


def theme_address(authority: Any) -> str:
    """Address of the stylesheet of an authority (it has `slug` and `accent`), or "" when it keeps the house's."""
    accent = getattr(authority, "accent", "")
    if not accent:
        return ""
    try:
        return reverse("theme", kwargs={"slug": authority.slug, "version": digest(accent)})
    except NoReverseMatch:
        return ""


@access(everyone)
def theme_css(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """The custom properties of the authority's accent; 404 when it has none or when the colour fails the contrasts."""
    accent = _sources[0](slug) if _sources else None
    if not accent:
        raise Http404
    try:
        body = accent_css(accent_from(accent))
    except ColourError as error:
        raise Http404 from error
    current = version == digest(accent)
    response = HttpResponse(body, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=31536000, immutable" if current else "no-cache"
    return response
