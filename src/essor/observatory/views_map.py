"""The map of an indicator: the page, the files, and the part that other sites may frame."""

from collections.abc import Iterator
from typing import Any

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from essor.indicators import links as indicator_links
from essor.indicators.access import may_see
from essor.indicators.periods_typed import say_span
from essor.kernel import french
from essor.kernel.access import access
from essor.kernel.cells import csv_response
from essor.kernel.charts import raw
from essor.kernel.limits import limited
from essor.kernel.text import sort_key
from essor.observatory.access import everyone
from essor.observatory.links import address
from essor.observatory.maps import addresses, asked, drawing, points, table
from essor.observatory.maps.asked import Asked
from essor.observatory.maps.choropleth import LEVEL_WORDS, Choropleth, Form, shows_surfaces
from essor.observatory.rules_classes import Method
from essor.registry import links as registry_links
from essor.territories.enums import Kind

OPEN_TABLE = 60  # lines of the table shown unfolded


@access(everyone)
@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    """The map, its finding, its legend, and the equal table."""
    wanted = asked.read(request)
    context = _shared(request, wanted) | {
        "crumbs": [
            {"label": _("Observatoire"), "url": address(request, "observatory")},
            {"label": _("Carte"), "url": ""},
        ],
        "choices": _choices(request, wanted),
        "wrong_place": wanted.wrong_place,
        "above": _above(request, wanted),
    }
    return render(request, "observatory/map.html", context)


def _shared(request: HttpRequest, wanted: Asked) -> dict[str, Any]:
    """What the page and the framed part say alike."""
    shown, query = wanted.map(), wanted.query()
    place = addresses.of_territories(request)
    dots = points.points_of(wanted.territory, shown.drawn) if wanted.points and shown.drawn else None
    embed = request.build_absolute_uri(address(request, "map-embed", **query))
    finding = points.finding(wanted.territory, dots) if dots else shown.finding
    return {
        "page_title": finding,
        "map": shown,
        "points": dots,
        "svg": points.svg_of(wanted.territory, shown.drawn, dots)
        if dots and shown.drawn
        else drawing.svg_of(shown, place),
        "rows": None if dots else table.body(shown, place),
        "columns": _columns(shown),
        "count": len(shown.lines),
        "fold": len(shown.lines) > OPEN_TABLE,
        "undrawn": _undrawn(shown),
        "lacking": _lacking(shown),
        "csv_url": address(request, "map-csv", **query),
        "svg_url": address(request, "map-svg", **query) if shown.drawn and not dots else "",
        "whole_url": address(request, "map", **query),
        "indicator_url": indicator_links.address(
            request, "indicator", wanted.indicator.code, territoire=wanted.territory.ref
        ),
        "register_url": registry_links.address(request, "map") + f"?territoire={wanted.territory.ref}",
        "embed_code": f'<iframe src="{escape(embed)}" title="{escape(finding)}"\n'
        '  width="100%" height="760" loading="lazy" referrerpolicy="no-referrer"></iframe>',
    }


def _undrawn(shown: Choropleth) -> str:
    if not shown.drawn:
        return _(
            "Pas de carte : trop peu de positions sont connues. Chargez les contours officiels pour en avoir une."
        )
    if not shown.undrawn:
        return ""
    outside = shown.territory.kind == Kind.FRANCE
    why = _("hors de la carte ou sans position connue") if outside else _("sans position connue")
    return _("%(count)s sur %(all)s manquent au dessin (%(why)s) : le tableau les a.") % {
        "count": shown.undrawn,
        "all": french.counted(len(shown.lines), LEVEL_WORDS[shown.level]),
        "why": why,
    }


def _lacking(shown: Choropleth) -> str:
    """Why the register says nothing of some territories; "" where it speaks of all, and for other sources."""
    if not shown.indicator.code.startswith("registre.") or all(
        line.value is not None for line in shown.lines
    ):
        return ""
    return _("Sans valeur : le registre ne parle que des territoires qu’il couvre en entier.")


def _columns(shown: Choropleth) -> list[str]:
    unit = shown.indicator.unit
    value = _("Valeur, %(unit)s") % {"unit": unit} if unit else _("Valeur")
    if shown.indicator.is_share:
        terms = (shown.indicator.numerator, shown.indicator.denominator)
        return [value, *(f"{each[:1].upper()}{each[1:]}" for each in terms)]
    return [value]


def _choices(request: HttpRequest, wanted: Asked) -> dict[str, Any]:
    offered = sorted(
        (each for each in wanted.known.values() if may_see(request, each)),
        key=lambda each: (each.room_label, sort_key(each.label)),
    )
    groups: dict[str, list[dict[str, Any]]] = {}
    for each in offered:
        option = {"value": each.code, "label": each.label, "selected": each.code == wanted.indicator.code}
        groups.setdefault(each.room_label, []).append(option)
    surfaces = shows_surfaces(wanted.indicator)
    form = wanted.form or (Form.SURFACES if surfaces else Form.CIRCLES)
    return {
        "indicators": list(groups.items()),
        "levels": [
            {
                "value": level.value,
                "label": LEVEL_WORDS[level].split(",")[1],
                "selected": level == wanted.level,
            }
            for level in wanted.levels
        ],
        "periods": [
            {"value": span.start.isoformat(), "label": say_span(span), "selected": span == wanted.span}
            for span in wanted.spans
        ],
        "forms": [{"value": each.value, "label": each.label, "selected": each is form} for each in Form],
        "methods": [
            {"value": each.value, "label": each.label, "selected": each is wanted.method} for each in Method
        ],
        "surfaces": form is Form.SURFACES,
        "values_url": address(request, "map", **{**wanted.query(), "vue": ""}),
        "points_url": address(request, "map", **{**wanted.query(), "vue": "points"}),
    }


def _above(request: HttpRequest, wanted: Asked) -> list[dict[str, str]]:
    """The territories that contain this one, to look from farther."""
    territory = wanted.territory
    found = [territory.departement, territory.region]
    return [
        {
            "name": each.name,
            "url": address(request, "map", **{**wanted.query(), "territoire": each.ref, "niveau": ""}),
        }
        for each in found
        if each is not None and each.pk != territory.pk
    ]


@access(everyone)
@limited("map-embed-values", "240/m/ip", reading=True, visitors_only=True)
@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
def map_embed(request: HttpRequest) -> HttpResponse:
    """The map alone, that another site may frame."""
    wanted = asked.read(request)
    if not wanted.indicator.is_public:
        raise Http404(_("Cet indicateur n’est pas publié."))
    return render(request, "observatory/map_embedded.html", _shared(request, wanted))


@access(everyone)
@require_safe
def map_svg(request: HttpRequest) -> HttpResponse:
    """The map as a file."""
    shown = asked.read(request).map()
    if shown.drawn is None:
        raise Http404(_("Cette carte ne peut pas être dessinée : trop peu de positions sont connues."))
    answer = HttpResponse(
        '<?xml version="1.0" encoding="UTF-8"?>\n' + drawing.file_of(shown),
        content_type="image/svg+xml; charset=utf-8",
    )
    answer["Content-Disposition"] = f'attachment; filename="{_file_name(shown)}.svg"'
    return answer


@access(everyone)
@require_safe
def map_csv(request: HttpRequest) -> HttpResponse:
    """The values of the map for a spreadsheet."""
    shown = asked.read(request).map()
    head = [
        "territoire", "nom", "indicateur", "debut", "fin_exclue", "valeur", "unite", "numerateur", "denominateur",
        "classe", "masquee", "source", "date_source",
    ]  # fmt: skip
    answer: HttpResponse = csv_response(_file_name(shown), head, _csv_rows(shown))
    return answer


def _csv_rows(shown: Choropleth) -> Iterator[list[str]]:
    span = shown.span
    for line in shown.lines:
        cell = line.cell
        seen = cell.observed if cell else None
        yield [
            line.territory.ref,
            line.territory.name,
            shown.indicator.code,
            span.start.isoformat() if span else "",
            span.end.isoformat() if span else "",
            raw(line.value) if line.value is not None else "",
            shown.indicator.unit,
            raw(seen.numerator) if seen else "",
            raw(seen.denominator) if seen and seen.denominator is not None else "",
            str(line.rank + 1) if line.rank is not None else line.look.value if line.look else "",
            "oui" if cell and cell.hidden else "non",
            cell.source if cell else "",
            cell.day.isoformat() if cell and cell.day else "",
        ]


def _file_name(shown: Choropleth) -> str:
    return f"carte-{shown.indicator.code.replace('.', '-')}-{shown.territory.kind}-{shown.territory.code}"
