"""The portrait of a territory: the finding as title, its figures beside those of the territories around."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from essor.kernel.access import access
from essor.kernel.periods import today
from essor.observatory import figures, links, place, portrait_map, portrait_parts, portrait_words
from essor.observatory import portrait as portraits
from essor.observatory.access import everyone
from essor.observatory.atlas.document import PAGE_LEVEL
from essor.observatory.portrait import Portrait
from essor.observatory.views_references import of_territory
from essor.territories.enums import Kind
from essor.territories.models import Territory
from essor.territories.queries import UnknownTerritoryError

QUARTERS_SHOWN = 30


@access(everyone)
@require_safe
def portrait(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """The page."""
    territory = asked(kind, code)
    if (territory.kind, territory.code) != (kind, code):
        return redirect(links.portrait_of(request)(territory))
    found = portraits.read(territory, today())
    context = shared(request, found) | {
        "crumbs": _crumbs(request, found, territory),
        "territory": territory,
        "groups": portrait_words.groups(found.all, found.known, links.indicator_of(request), found.ranks),
        "with_ranks": bool(found.ranks),
        "columns_count": len(found.all) + 2,
        "heads": [each.place.name for each in found.all],
        "panels": panels_of(request, found),
        "life": portrait_parts.life_chart(found, today()),
        "life_source": _source_of_life(found),
        "missing": portrait_words.missing(found, links.address(request, "sources")),
        "actions": _actions(request, territory),
        "search": search_of(request),
        **_quarters(request, territory),
        "published": of_territory(request, territory),
        "doors": doors(request, territory.ref),
    }
    context |= _inside(request, found, territory) | portrait_map.portrait_map(request, found)
    return render(request, "observatory/portrait.html", context)


def asked(kind: str, code: str) -> Territory:
    """The territory of the address, by any of its codes. Http404 with the reason."""
    try:
        return portraits.find(f"{kind}:{code}")
    except UnknownTerritoryError as error:
        raise Http404(str(error)) from error


def shared(request: HttpRequest, found: Portrait) -> dict[str, Any]:
    """What the page and the part framed elsewhere say alike."""
    territory = found.mine.territory
    return {
        "page_title": found.mine.place.name,
        "kind": level_of(territory) if territory else "",
        "finding": found.finding,
        "place": found.mine.place,
        "edition": found.edition,
        "covered": found.covered,
        "coverage": portrait_words.coverage(found),
        "stats": portrait_words.stats(found, links.indicator_of(request)),
        "whole_url": links.portrait_of(request)(territory) if territory else "",
    }


def doors(request: HttpRequest, ref: str = "") -> list[dict[str, str]]:
    """The other pages of the observatory, on this territory where they can be."""
    around = {"territoire": ref} if ref else {}
    named = [
        ("families", _("Familles de l’Insee et de la loi"), _("Ce que chaque source compte ou ne compte pas."), around),
        ("areas", _("Zones dessinées"), _("Un quartier, un bassin d’emploi, le périmètre d’un projet."), {}),
        ("references", _("Repères publiés"), _("Les chiffres que d’autres publient, avec leur source."), {}),
        ("sources", _("Sources"), _("Les tableaux officiels chargés, leur millésime et leur date."), {}),
    ]  # fmt: skip
    return [
        {"title": title, "text": text, "url": links.address(request, name, **query)}
        for name, title, text, query in named
    ]


def level_of(territory: Territory) -> str:
    """« Communauté de communes », « Département »."""
    return str(territory.get_epci_type_display() if territory.epci_type else territory.get_kind_display())


def search_of(request: HttpRequest, written: str = "") -> dict[str, str]:
    """What the search of a territory needs."""
    return {
        "url": links.address(request, "observatory"),
        "suggestions_url": reverse("territories:suggestions"),
        "written": written,
    }


def _crumbs(request: HttpRequest, found: Portrait, territory: Territory) -> list[dict[str, str]]:
    to = links.portrait_of(request)
    parents = [each for each in reversed(found.above) if each.kind != Kind.FRANCE]
    return [
        {"label": _("Observatoire"), "url": links.address(request, "observatory")},
        *({"label": each.name, "url": to(each)} for each in parents),
        {"label": territory.name, "url": ""},
    ]


def panels_of(request: HttpRequest, found: Portrait) -> list[dict[str, Any]]:
    """The charts of the parts, with the address of their indicator."""
    link = links.indicator_of(request)
    return [
        {"panel": each, "url": link(each.code, found.mine.ref)}
        for each in portrait_parts.panels(found.all, found.known)
    ]


def _source_of_life(found: Portrait) -> str:
    indicator = found.known.get(figures.CREATIONS)
    return indicator.source if indicator else ""


def _inside(request: HttpRequest, found: Portrait, territory: Territory) -> dict[str, Any]:
    to = links.portrait_of(request)
    shown = portrait_words.shown_inside(found)
    rest = len(found.inside) - portrait_words.INSIDE_SHOWN
    ranking = ""
    if rest > 0 and territory.kind in (Kind.EPCI, Kind.DEPARTEMENT, Kind.REGION, Kind.FRANCE):
        inside_kind = found.inside[0].place.kind
        ranking = links.address(
            request, "ranking", indicateur=figures.ESTABLISHMENTS, niveau=inside_kind, dans=territory.ref
        )
    return {
        "inside_title": portrait_words.inside_title(territory),
        "inside_heads": [found.known[code].label for code in shown],
        "inside_codes": shown,
        "inside": portrait_words.inside_rows(found, to),
        "inside_rest": max(rest, 0),
        "inside_ranking": ranking,
    }


def _quarters(request: HttpRequest, territory: Territory) -> dict[str, Any]:
    """The doors to the priority neighbourhoods; a région and France have too many."""
    if territory.kind not in (Kind.COMMUNE, Kind.EPCI, Kind.EPT, Kind.DEPARTEMENT, Kind.COLLECTIVITE):
        return {}
    found = place.quarters_of(territory)
    return {
        "quarters": [
            {"name": each.name, "url": links.address(request, "quarter", each.code)}
            for each in found[:QUARTERS_SHOWN]
        ],
        "quarters_rest": max(len(found) - QUARTERS_SHOWN, 0),
    }


def _actions(request: HttpRequest, territory: Territory) -> dict[str, str]:
    kind, code = territory.kind, territory.code
    source = request.build_absolute_uri(links.address(request, "portrait-embed", kind, code))
    mine = getattr(request, "authority", None)
    others = [territory.ref]
    if mine is not None and mine.territory is not None and mine.territory != territory:
        others.append(mine.territory.ref)
    return {
        "compare": links.address(request, "compare") + "?" + "&".join(f"territoire={ref}" for ref in others),
        "ranking": _ranking(request, territory),
        "map": links.address(request, "map", territoire=territory.ref),
        "atlas": links.address(request, "atlas", kind, code) if Kind(kind) in PAGE_LEVEL else "",
        "sheet": reverse("territories:territory", args=(kind, code)),
        "csv": links.address(request, "portrait-csv", kind, code),
        "json": links.address(request, "portrait-json", kind, code),
        "embed_code": (
            f'<iframe src="{escape(source)}" title="{escape(territory.name)}" width="100%" height="560" '
            'loading="lazy" referrerpolicy="no-referrer"></iframe>'
        ),
    }


def _ranking(request: HttpRequest, territory: Territory) -> str:
    """The ranking where the territory stands, in its département or its région."""
    if territory.kind == Kind.FRANCE:
        return ""
    scope = territory.departement or territory.region
    inside = scope.ref if scope is not None and scope.pk != territory.pk else "france"
    return links.address(
        request, "ranking", indicateur=figures.DENSITY, niveau=territory.kind, dans=inside, mien=territory.ref
    )
