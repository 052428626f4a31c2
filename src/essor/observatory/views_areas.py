"""Drawn areas: the list, drawing with a preview, changing, removing, GeoJSON."""

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from essor.accounts.models import Authority, User
from essor.kernel import french
from essor.kernel.access import access
from essor.observatory import actions_areas, rules_shapes
from essor.observatory.access import agent_of_authority, everyone
from essor.observatory.areas import ground
from essor.observatory.forms_areas import AreaForm, SaveForm
from essor.observatory.links import address
from essor.observatory.models import Area
from essor.observatory.rules_shapes import ShapeProblem
from essor.registry.map import page as register_map


def seen(request: HttpRequest) -> QuerySet[Area]:
    """The areas that this person may see here: those published, and those of the frame's authority for its agents."""
    authority = getattr(request, "authority", None)
    rows = Area.objects.select_related("authority").defer("geometry")
    visible = Q(is_public=True)
    if authority is None:
        return rows.filter(visible)
    mine = Q(authority=authority)
    return rows.filter(mine if agent_of_authority(request) else mine & visible)


def _seen_or_404(request: HttpRequest, pk: int) -> Area:
    area = seen(request).filter(pk=pk).first()
    if area is None:
        raise Http404(_("Cette zone n’existe pas, ou n’est pas publiée."))
    return area


def _mine_or_404(request: HttpRequest, pk: int) -> Area:
    area = Area.objects.filter(pk=pk, authority=_authority(request)).select_related("authority").first()
    if area is None:
        raise Http404(_("Cette zone n’existe pas dans votre collectivité."))
    return area


def _authority(request: HttpRequest) -> Authority:
    return request.authority  # type: ignore[attr-defined, no-any-return]  # the predicate saw it


def _actor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  # the predicate saw it
    return request.user


@access(everyone)
@require_safe
def areas(request: HttpRequest) -> HttpResponse:
    """The areas that one may see."""
    can_draw = agent_of_authority(request)
    rows = [
        {
            "area": each,
            "url": address(request, "area", each.pk),
            "geojson": address(request, "area-geojson", each.pk),
            "edit": address(request, "area-edit", each.pk) if can_draw else "",
            "remove": address(request, "area-remove", each.pk) if can_draw else "",
        }
        for each in seen(request)
    ]
    context = {
        "page_title": _("Zones dessinées"),
        "crumbs": _crumbs(request, ""),
        "lead": _("Un quartier, un bassin d’emploi, le périmètre d’un projet : chaque zone a son portrait."),
        "rows": rows,
        "count": len(rows),
        "count_words": _("zone,zones"),
        "new_url": address(request, "area-new") if can_draw else "",
        "framed": getattr(request, "authority", None) is not None,
    }
    return render(request, "observatory/areas.html", context)


@access(agent_of_authority)
@require_http_methods(["GET", "HEAD", "POST"])
def area_new(request: HttpRequest) -> HttpResponse:
    """Draw an area: the form, then what it would be, then it is saved."""
    return _drawing(request, None)


@access(agent_of_authority)
@require_http_methods(["GET", "HEAD", "POST"])
def area_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename, publish, redraw an area."""
    return _drawing(request, _mine_or_404(request, pk))


def _drawing(request: HttpRequest, area: Area | None) -> HttpResponse:
    if request.method == "POST" and request.POST.get("step") == "save":
        return _save(request, area)
    initial = {"name": area.name, "is_public": area.is_public} if area else {}
    if request.method == "POST" and request.POST.get("step") == "again":
        return _form_page(request, area, AreaForm(_authority(request), area=area, initial=_typed(request)))
    form = AreaForm(
        _authority(request), request.POST or None, request.FILES or None, area=area, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        return _preview(request, area, form.cleaned_data)
    return _form_page(request, area, form)


def _typed(request: HttpRequest) -> dict[str, Any]:
    """What was typed before the preview, to be corrected; a file has to be chosen again."""
    lists = {"groups", "communes", "quarters"}
    return {
        key: values if key in lists else values[-1]
        for key, values in request.POST.lists()
        if key in AreaForm.base_fields
    }


def _form_page(request: HttpRequest, area: Area | None, form: AreaForm, problem: str = "") -> HttpResponse:
    shown = register_map.map_of_request(request)
    context = {
        "page_title": _("Modifier la zone « %(name)s »") % {"name": area.name}
        if area
        else _("Dessiner une zone"),
        "crumbs": _crumbs(request, area.name if area else _("Dessiner")),
        "form": form,
        "area": area,
        "problem": problem,
        "cancel_url": address(request, "areas"),
        "remove_url": address(request, "area-remove", area.pk) if area else "",
        "drawn": ground.describe(area.shape) if area else None,
        "map_settings": _settings(shown.settings, area) if shown else None,
    }
    return render(request, "observatory/area_form.html", context)


def _settings(settings: dict[str, Any], area: Area | None) -> dict[str, Any]:
    """What the drawing script needs: the register's own settings, its words, the present outline."""
    words = {
        **settings["words"],
        "points": _("points posés"),
        "undone": _("Dernier point retiré."),
        "cleared": _("Points effacés."),
        "closed": _("Contour fermé : voyez l’aperçu."),
        "library": settings["words"]["library"] | {"Map.Title": _("Carte où dessiner la zone")},
    }
    shape = json.loads(rules_shapes.to_geojson(area.shape)) if area else None
    box = [area.west, area.south, area.east, area.north] if area else settings["box"]
    return {**settings, "words": words, "shape": shape, "box": box}


def _crumbs(request: HttpRequest, last: str) -> list[dict[str, str]]:
    """The way to a page of the areas; `last` is empty on their list."""
    listed = {"label": _("Zones dessinées"), "url": address(request, "areas") if last else ""}
    own = [{"label": last, "url": ""}] if last else []
    return [{"label": _("Observatoire"), "url": address(request, "observatory")}, listed, *own]


def _preview(request: HttpRequest, area: Area | None, data: dict[str, Any]) -> HttpResponse:
    """What the area would be. Where the drawing is kept, there is nothing to look at again: it is saved."""
    if data["shape"] is None and area is not None:
        return _saved(request, area, data["name"], data["is_public"])
    described = ground.describe(data["shape"])
    context = {
        "page_title": _("Aperçu de la zone « %(name)s »") % {"name": data["name"]},
        "crumbs": _crumbs(request, _("Aperçu")),
        "described": described,
        "km2": french.number(round(described.km2, 2)),
        "notes": data["notes"],
        "name": data["name"],
        "is_public": data["is_public"],
        "source": data["source"][:200],
        "shape": rules_shapes.to_geojson(data["shape"]),
        "typed": [
            (key, value)
            for key, values in request.POST.lists()
            if key in AreaForm.base_fields
            for value in values
        ],
    }
    return render(request, "observatory/area_preview.html", context)


def _save(request: HttpRequest, area: Area | None) -> HttpResponse:
    """Save what the preview showed: the shape comes back from the browser, and is read as any stranger's."""
    sent = SaveForm(request.POST)
    form = AreaForm(_authority(request), area=area, initial=request.POST.dict())
    if not sent.is_valid():
        return _form_page(request, area, form, _("Le nom ou le dessin manque : recommencez l’aperçu."))
    data = sent.cleaned_data
    try:
        shape = rules_shapes.of_geojson(data["shape"]).geometry
        if area is not None:
            return _saved(request, area, data["name"], data["is_public"], shape, data["source"])
        made = actions_areas.make(
            _actor(request),
            _authority(request),
            data["name"],
            shape,
            data["source"],
            is_public=data["is_public"],
        )
    except (ShapeProblem, ValidationError) as problem:
        said = " ".join(problem.messages) if isinstance(problem, ValidationError) else str(problem)
        return _form_page(request, area, form, said)
    messages.success(request, _("La zone « %(name)s » est enregistrée.") % {"name": made.name})
    return redirect(address(request, "area", made.pk) or address(request, "areas"))


def _saved(
    request: HttpRequest, area: Area, name: str, is_public: bool, shape: Any = None, source: str = ""
) -> HttpResponse:
    row = actions_areas.change(
        _actor(request), area, name=name, is_public=is_public, shape=shape, source=source
    )
    messages.success(request, _("La zone « %(name)s » est enregistrée.") % {"name": row.name})
    return redirect(address(request, "area", row.pk) or address(request, "areas"))


@access(agent_of_authority)
@require_http_methods(["GET", "HEAD", "POST"])
def area_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete an area, after a confirmation."""
    area = _mine_or_404(request, pk)
    if request.method == "POST":
        actions_areas.remove(_actor(request), area)
        messages.success(request, _("La zone « %(name)s » est supprimée.") % {"name": area.name})
        return redirect(address(request, "areas"))
    context = {
        "page_title": _("Supprimer la zone « %(name)s » ?") % {"name": area.name},
        "crumbs": _crumbs(request, _("Supprimer")),
        "area": area,
        "cancel_url": address(request, "areas"),
    }
    return render(request, "observatory/area_remove.html", context)


@access(everyone)
@require_safe
def area_geojson(request: HttpRequest, pk: int) -> HttpResponse:
    """The area as a GeoJSON feature."""
    area = _seen_or_404(request, pk)
    body = {
        "type": "Feature",
        "properties": {
            "nom": area.name,
            "collectivite": str(area.authority),
            "source": area.source,
            "date": area.day.isoformat() if area.day else None,
        },
        "geometry": json.loads(rules_shapes.to_geojson(area.shape)),
    }
    answer = HttpResponse(
        json.dumps(body, ensure_ascii=False), content_type="application/geo+json; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="zone-{area.pk}.geojson"'
    return answer
