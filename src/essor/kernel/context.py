"""What every template knows of the house: demonstration or not, version, places where the person may go."""

from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from essor.kernel.lever import SECTIONS, Entry, levers
from essor.kernel.release import version


@dataclass(frozen=True)
class Place:
    """An entry of the navigation as a template shows it; `below` are those of its family, when one is there."""

    label: str
    icon: str
    url: str
    current: bool
    below: tuple["Place", ...] = ()


Navigation = list[tuple[str, list[Place]]]


def house(request: HttpRequest) -> dict[str, Any]:
    """`demo`, `version`, `navigation` (the rail, for people signed in), `public_navigation` (the header, for
    everyone).
    """
    return {
        "demo": settings.DEMO,
        "version": version(),
        "navigation": SimpleLazyObject(lambda: navigation(request)),
        "public_navigation": SimpleLazyObject(lambda: public_navigation(request)),
    }


def navigation(request: HttpRequest) -> Navigation:
    """Sections of the rail in the order of the guides, with the entries that the person may open; none for a
    visitor.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    places: dict[str, list[Place]] = {section: [] for section in ("", *SECTIONS)}
    for entry, place in _by_family(_places(_open_entries(request), request)):
        places.setdefault(entry.section, []).append(place)
    return [(section, found) for section, found in places.items() if found]


def _by_family(found: list[tuple[Entry, Place]]) -> list[tuple[Entry, Place]]:
    """The entries that stand alone or head a family; a family opens when the person is on one of its places."""
    heads = {entry.url_name for entry, _place in found if not entry.under}
    below: dict[str, list[Place]] = {}
    for entry, place in found:
        if entry.under in heads:
            below.setdefault(entry.under, []).append(place)
    opened = {
        name
        for name, family in below.items()
        if any(place.current for place in family)
        or any(entry.url_name == name and place.current for entry, place in found)
    }
    return [
        (entry, replace(place, below=tuple(below[entry.url_name])) if entry.url_name in opened else place)
        for entry, place in found
        if entry.under not in heads
    ]


def public_navigation(request: HttpRequest) -> list[Place]:
    """Entries of the public site that the person may open."""
    if not hasattr(request, "user"):
        return []
    entries = [entry for entry in _open_entries(request) if entry.public]
    return [place for _entry, place in _places(entries, request)]


def address(entry: Entry, request: HttpRequest) -> str:
    """Address of an entry in the frame of the request, else its common one; empty when it has none there.

    In an authority's frame, « registry:list » is « authority-registry:list » (the second inclusion of the
    same addresses).
    """
    authority = getattr(request, "authority", None)
    if entry.framed and authority is not None:
        frame = {"authority": authority.slug}
        found = _reverse(f"authority-{entry.url_name}", frame) or _reverse(entry.url_name, frame)
        if found:
            return found
    return _reverse(entry.url_name, {})


def _open_entries(request: HttpRequest) -> list[Entry]:
    return [entry for lever in levers() for entry in lever.entries if entry.access(request)]


def _reverse(name: str, kwargs: dict[str, str]) -> str:
    try:
        return reverse(name, kwargs=kwargs)
    except NoReverseMatch:
        return ""


def _places(entries: list[Entry], request: HttpRequest) -> list[tuple[Entry, Place]]:
    """The entries that have an address; the current one is the nearest above the page, and the only one."""
    found = [(entry, url) for entry in entries if (url := address(entry, request))]
    authority = getattr(request, "authority", None)
    homes = {"/", f"/{authority.slug}/"} if authority is not None else {"/"}
    above = [url for _entry, url in found if _is_above(url, request.path, homes)]
    current = max(above, key=len, default="")
    return [(entry, Place(entry.label, entry.icon, url, url == current)) for entry, url in found]


def _is_above(url: str, path: str, homes: set[str]) -> bool:
    """Whether the page is at this address or under it; a home page (« / », « /toulouse/ ») only at it."""
    return path == url or (url not in homes and path.startswith(url))
