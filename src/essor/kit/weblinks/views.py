"""The addresses to mend: dead, moved or unreadable ones, where each is given, as a table; and the button that looks."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from essor.kernel.access import access
from essor.kernel.cells import csv_response
from essor.kernel.periods import today
from essor.kit.access_support import keeps_support
from essor.kit.enums_aids import LinkState
from essor.kit.links_support import address
from essor.kit.views_support import authority_of, person_of
from essor.kit.weblinks.actions import check_links, is_switched_on
from essor.kit.weblinks.checking import counts
from essor.kit.weblinks.models import WebLink
from essor.kit.weblinks.places import Place, places

MENDED = (LinkState.DEAD, LinkState.UNREADABLE, LinkState.MOVED)
TONES = {LinkState.DEAD: "no", LinkState.UNREADABLE: "no", LinkState.MOVED: "wait"}
SHOWN = 200


def _broken(request: HttpRequest) -> tuple[list[tuple[Place, WebLink]], list[str]]:
    """The places to mend, dead first, and all the addresses of the frame."""
    authority = authority_of(request)
    every = list(places(authority.pk if authority else None))
    known = {row.url: row for row in WebLink.objects.filter(state__in=MENDED)}
    broken = [(place, known[place.url]) for place in every if place.url in known]
    broken.sort(key=lambda each: (MENDED.index(LinkState(each[1].state)), each[0].name))
    return broken, sorted({place.url for place in every})


def _page_of(request: HttpRequest, place: Place) -> str:
    """Where the address is mended: the form of a supporter, else the page of the thing."""
    if place.kind == "supporter":
        return address(request, "supporter-edit", int(place.key))
    return (
        address(request, "aid", int(place.key))
        if place.kind == "aid"
        else address(request, "fiche", place.key)
    )


@access(keeps_support)
@require_http_methods(["GET", "HEAD", "POST"])
def weblinks(request: HttpRequest) -> HttpResponse:
    """The addresses to mend; a button looks at them again."""
    if request.method == "POST":
        job = check_links(person_of(request), authority_of(request), again="tous" in request.POST)
        return HttpResponseRedirect(reverse("job", args=[job.pk]))
    broken, urls = _broken(request)
    states = counts(urls)
    context = {
        "page_title": _("Liens à réparer"),
        "rows": [
            {
                "place": place,
                "link": link,
                "tone": TONES[LinkState(link.state)],
                "url": _page_of(request, place),
                "kind": kind_words(place.kind),
            }
            for place, link in broken[:SHOWN]
        ],
        "hidden": max(0, len(broken) - SHOWN),
        "total": len(urls),
        "unchecked": states[LinkState.UNCHECKED],
        "alive": states[LinkState.ALIVE],
        "is_switched_on": is_switched_on(),
        "csv_url": address(request, "weblinks-csv"),
        "support_url": address(request, "support"),
        "crumbs": [
            {"label": _("Qui accompagne ?"), "url": address(request, "support")},
            {"label": _("Liens à réparer"), "url": ""},
        ],
    }
    return render(request, "kit/weblinks/list.html", context)


def kind_words(kind: str) -> str:
    """What gives the address, in words."""
    return {"supporter": _("Acteur"), "aid": _("Aide"), "fiche": _("Fiche")}[kind]


@access(keeps_support)
@require_safe
def weblinks_csv(request: HttpRequest) -> HttpResponse:
    """The addresses to mend, as a table."""
    head = [
        _("Genre"),
        _("Nom"),
        _("Adresse"),
        _("État"),
        _("Réponse"),
        _("Nouvelle adresse"),
        _("Vérifié le"),
    ]
    return csv_response(f"liens-{today().isoformat()}", head, _cells(_broken(request)[0]))


def _cells(broken: list[tuple[Place, WebLink]]) -> Iterator[list[Any]]:
    for place, link in broken:
        yield [
            kind_words(place.kind), place.name, place.url, link.get_state_display(), link.told, link.moved_to,
            link.checked_on,
        ]  # fmt: skip
