"""The portraits of a priority neighbourhood and of a drawn area."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from essor.kernel.access import access
from essor.kernel.periods import today
from essor.observatory import links, place, portrait_words, quarter_figures
from essor.observatory.access import agent_of_authority, everyone, may_read_area
from essor.observatory.models import Area
from essor.observatory.portrait import Portrait
from essor.observatory.views_portrait import doors, panels_of, search_of, shared
from essor.territories.models import Qpv


@access(everyone)
@require_safe
def quarter(request: HttpRequest, code: str) -> HttpResponse:
    """The portrait of a priority neighbourhood, with what INSEE publishes of it."""
    found = get_object_or_404(Qpv, code=code)
    portrait = place.of_quarter(found, today())
    official = quarter_figures.figures_of(found.code)
    missing = []
    if not official:
        missing.append(
            {
                "title": _("Indicateurs officiels du quartier"),
                "text": _(
                    "Aucun tableau de l’Insee sur les quartiers n’est chargé pour celui-ci. L’administration de "
                    "l’installation le charge."
                ),
                "url": links.address(request, "sources"),
            }
        )
    note = _(
        "Sont comptés les établissements dont la position est connue et que le registre dit dans ce quartier "
        "(liste de %(year)s). Un quartier n’a ni rang, ni densité."
    ) % {"year": found.generation}
    context = _context(request, portrait, _("Quartier prioritaire"), note, missing)
    context["actions"] = {
        "csv": links.address(request, "quarter-csv", found.code),
        "json": links.address(request, "quarter-json", found.code),
    }
    return render(request, "observatory/place.html", context | {"official": official})


@access(everyone)
@require_safe
def area(request: HttpRequest, pk: int) -> HttpResponse:
    """The portrait of a drawn area; 404 for who may not read it."""
    found = area_asked(request, pk)
    portrait = place.of_area(found, today())
    note = _(
        "Sont comptés les établissements dont la position est connue et tombe dans le contour dessiné par "
        "%(authority)s. Une zone n’a ni rang, ni densité."
    ) % {"authority": found.authority.name}
    context = _context(request, portrait, _("Zone dessinée"), note, [])
    authority = getattr(request, "authority", None)
    is_own = authority is not None and authority.pk == found.authority_id and agent_of_authority(request)
    actions = {
        "edit": links.address(request, "area-edit", found.pk) if is_own else "",
        "csv": links.address(request, "area-csv", found.pk),
        "json": links.address(request, "area-json", found.pk),
        "geojson": links.address(request, "area-geojson", found.pk),
    }
    crumbs = [
        {"label": _("Observatoire"), "url": links.address(request, "observatory")},
        {"label": _("Zones dessinées"), "url": links.address(request, "areas")},
        {"label": found.name, "url": ""},
    ]
    context |= {"is_private": not found.is_public, "actions": actions, "crumbs": crumbs}
    return render(request, "observatory/place.html", context)


def area_asked(request: HttpRequest, pk: int) -> Area:
    """The drawn area of the address. Http404 for who may not read it."""
    found = get_object_or_404(Area.objects.select_related("authority"), pk=pk)
    if not may_read_area(request, found):
        raise Http404(_("Cette zone n’existe pas, ou n’est pas publiée."))
    return found


def _context(
    request: HttpRequest, portrait: Portrait, kind: str, note: str, missing: list[dict[str, str]]
) -> dict[str, Any]:
    to = links.portrait_of(request)
    around = [each.territory for each in portrait.beside if each.territory] or list(portrait.silent)
    return shared(request, portrait) | {
        "kind": kind,
        "crumbs": [
            {"label": _("Observatoire"), "url": links.address(request, "observatory")},
            *({"label": each.name, "url": to(each)} for each in reversed(around)),
            {"label": portrait.mine.place.name, "url": ""},
        ],
        "groups": portrait_words.groups(portrait.all, portrait.known, links.indicator_of(request)),
        "with_ranks": False,
        "columns_count": len(portrait.all) + 1,
        "heads": [each.place.name for each in portrait.all],
        "panels": panels_of(request, portrait),
        "missing": missing,
        "place_note": note,
        "search": search_of(request),
        "doors": doors(request),
    }
