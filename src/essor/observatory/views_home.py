"""The door of the observatory: find a territory, read its portrait."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from essor.indicators import catalogue
from essor.indicators import links as indicator_links
from essor.indicators.forms import find_territory
from essor.kernel.access import access
from essor.kernel.periods import today
from essor.observatory import columns, figures, links, portrait_words
from essor.observatory import portrait as portraits
from essor.observatory.access import everyone
from essor.observatory.atlas.document import PAGE_LEVEL
from essor.observatory.portrait import Portrait
from essor.observatory.rules_finding import finding
from essor.observatory.views_portrait import doors, level_of, search_of
from essor.registry.queries import edition_in_force
from essor.territories.enums import Kind
from essor.territories.models import Territory
from essor.territories.queries import UnknownTerritoryError, members, resolve, search

FOUND = 20
OFFERED = 12


@access(everyone)
@require_safe
def observatory(request: HttpRequest) -> HttpResponse:
    """The door: a search, the territory of the frame or of the register, what can be read."""
    written = request.GET.get("q", "").replace("\x00", "").strip()[:150]
    found: list[Territory] = []
    if written:
        one = _named(written)
        if one is not None:
            return redirect(links.portrait_of(request)(one))
        found = search(written, limit=FOUND)
        if len(found) == 1:
            return redirect(links.portrait_of(request)(found[0]))
    mine = home_of(request)
    context = {
        "page_title": _("Observatoire de l’ESS"),
        "search": search_of(request, written),
        "written": written,
        "found": [_row(request, each) for each in found],
        "mine": _mine(request, mine) if mine else None,
        "others": [_row(request, each) for each in _others(mine)] if mine else [],
        "doors": _doors(request, mine),
    }
    return render(request, "observatory/home.html", context)


def _named(written: str) -> Territory | None:
    """The territory of an exact reference, « Toulouse (commune:31555) », or of a whole name that one alone bears."""
    try:
        return find_territory(written)
    except LookupError:
        return None


def home_of(request: HttpRequest) -> Territory | None:
    """The territory of the frame, else that of the register in force."""
    authority = getattr(request, "authority", None)
    if authority is not None and authority.territory is not None:
        found: Territory = authority.territory
        return found
    edition = edition_in_force()
    try:
        return resolve(edition.scope) if edition else None
    except UnknownTerritoryError:
        return None


def _row(request: HttpRequest, territory: Territory) -> dict[str, str]:
    place = territory.departement
    level = level_of(territory)
    return {
        "name": territory.name,
        "url": links.portrait_of(request)(territory),
        "level": f"{level} · {place.name} ({place.code})" if place and place.pk != territory.pk else level,
    }


def _mine(request: HttpRequest, territory: Territory) -> dict[str, Any]:
    """The finding and the main figures of the territory of the frame."""
    known = catalogue.everything()
    codes = (*figures.MAIN, figures.ORGANISATIONS, figures.JOBS_LEAST, figures.JOBS_MOST, figures.FLORES_JOBS)
    column, *beside = columns.read(codes, [territory, *portraits.above(territory)], known, today())
    read = Portrait(column, beside, known, finding(portraits.facts_alone(column, beside)), edition_in_force())
    return {
        "name": territory.name,
        "url": links.portrait_of(request)(territory),
        "finding": read.finding,
        "stats": portrait_words.stats(read, links.indicator_of(request)),
    }


def _others(mine: Territory) -> list[Territory]:
    """The territories inside, the most populated first."""
    rows = members(mine).order_by("-population", "code")
    return [each for each in rows[: OFFERED + 1] if each.pk != mine.pk][:OFFERED]


def _doors(request: HttpRequest, mine: Territory | None) -> list[dict[str, str]]:
    """The other pages."""
    named = [
        ("ranking", _("Classer"), _("Les territoires d’un niveau dans l’ordre d’un indicateur, avec leur moyenne.")),
        ("compare", _("Comparer"), _("De deux à cinq territoires côte à côte, chiffres et répartitions.")),
        ("map", _("Carte"), _("Un indicateur territoire par territoire, et les établissements un à un.")),
    ]  # fmt: skip
    found = [
        {"title": title, "text": text, "url": links.address(request, name)} for name, title, text in named
    ]
    if mine is not None and Kind(mine.kind) in PAGE_LEVEL:
        text = _("Un PDF à imprimer, une page par territoire.")
        url = links.address(request, "atlas", mine.kind, mine.code)
        found.append({"title": _("Atlas"), "text": text, "url": url})
    text = _("Chaque chiffre : sa définition, sa méthode, ses limites, sa série.")
    every = {"title": _("Indicateurs"), "text": text, "url": indicator_links.address(request, "indicators")}
    return [*found, *doors(request), every]
