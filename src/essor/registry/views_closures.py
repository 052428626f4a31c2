"""The closures of a year on a territory: what the figure `registre.fermetures` counts, one by one."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from essor.kernel.access import access, everyone
from essor.kernel.cells import csv_response
from essor.kernel.limits import limited
from essor.registry import closures, links, queries
from essor.registry.access import reads_history
from essor.registry.closures import Closure
from essor.registry.filters import Place
from essor.registry.map.page import home_of
from essor.registry.models import Edition
from essor.registry.places import find_place, place_of
from essor.territories.models import Territory
from essor.territories.queries import UnknownTerritoryError, communes

PAGE = 50
HEAD = ("organisation", "jour", "commune", "source")


@dataclass(frozen=True)
class Asked:
    """The year and the place of the address, with the closures there, and the years that have any."""

    year: int
    years: list[int]
    place: Place | None
    found: list[Closure]

    @property
    def query(self) -> str:
        """The address without its page."""
        pairs = [("territoire", self.place.ref)] if self.place else []
        return urlencode([*pairs, ("annee", str(self.year))])


@access(everyone)
@require_safe
def closed(request: HttpRequest) -> HttpResponse:
    """The closures of a year: name, day, who said it, last seat."""
    asked = _read(request)
    page = Paginator(asked.found, PAGE).get_page(request.GET.get("page"))
    agent = reads_history(request)
    context: dict[str, Any] = {
        "page_title": _("Fermetures constatées en %(year)s") % {"year": asked.year},
        "crumbs": [
            {"label": _("Registre de l’ESS"), "url": links.address(request, "list")},
            {"label": _("Fermetures"), "url": ""},
        ],
        "lead": asked.place.name if asked.place else "",
        "page_obj": page,
        "count": len(asked.found),
        "rows": [(row, _page_of(request, row)) for row in closures.rows_of(page.object_list, names=agent)],
        "agent": agent,
        "years": [
            {
                "year": year,
                "url": "?" + urlencode({**_place_pair(asked), "annee": year}),
                "now": year == asked.year,
            }
            for year in asked.years
        ],
        "csv_url": f"{links.address(request, 'closures-csv')}?{asked.query}",
        "canonical_url": links.canonical(request, "closures"),
    }
    return render(request, "registry/closures.html", context)


@access(everyone)
@limited("export", "60/m/ip,600/h/ip", reading=True, visitors_only=True)
@require_safe
def closed_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same as a table."""
    asked = _read(request)
    rows = closures.rows_of(asked.found, names=reads_history(request))
    lines = [(row.name, row.closure.day.isoformat(), row.commune, row.source_words) for row in rows]
    return csv_response(f"fermetures-{asked.year}", HEAD, lines)


def _page_of(request: HttpRequest, row: closures.ClosureRow) -> str:
    """The page of the organisation, for those who may read one."""
    return links.address(request, "organisation", row.closure.organisation_id) if row.name else ""


def _place_pair(asked: Asked) -> dict[str, str]:
    return {"territoire": asked.place.ref} if asked.place else {}


def _read(request: HttpRequest) -> Asked:
    edition = queries.edition_in_force()
    if edition is None:
        raise Http404(_("Aucune édition du registre n’est en vigueur : aucune fermeture n’est connue."))
    words = request.GET.get("territoire", "").replace("\x00", "").strip()[:100]
    home = home_of(request)
    place = find_place(words) if words else place_of(home) if home else None
    if words and place is None:
        raise Http404(_("Ce territoire n’est pas connu : choisissez-le sur la page du registre."))
    known = _inside(edition, closures.closures(edition))
    if place is not None and place.commune_ids is not None:
        known = [each for each in known if (each.commune_id or 0) in place.commune_ids]
    years = sorted({each.day.year for each in known} | {edition.day.year}, reverse=True)
    text = request.GET.get("annee", "")
    year = int(text) if len(text) == 4 and text.isascii() and text.isdigit() else edition.day.year
    return Asked(year, years, place, closures.of_year(known, year))


def _inside(edition: Edition, known: list[Closure]) -> list[Closure]:
    """Those whose last seat is in a commune that the edition covers, as the indicators count them."""
    try:
        codes = communes(edition.scope)
    except UnknownTerritoryError:
        return []
    rows = Territory.objects.active().filter(pk__in={each.commune_id for each in known if each.commune_id})
    inside = {pk for pk, code in rows.values_list("pk", "code") if code in codes}
    return [each for each in known if each.commune_id in inside]
