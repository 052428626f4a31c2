"""« Repères »: what others publish, by measure, warnings first; as a table to take away."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from essor.kernel import french
from essor.kernel.access import access
from essor.kernel.cells import csv_response
from essor.kernel.charts import Chart, Datum, bar_chart, raw
from essor.observatory.access import everyone
from essor.observatory.links import address
from essor.observatory.references import (
    CERTAINTIES,
    Contradiction,
    Measure,
    Point,
    about,
    as_data,
    package,
)
from essor.observatory.references_beside import Beside, beside
from essor.territories.models import Territory

SHOWN = 8  # published figures on a portrait, the newest of the measures that we also have first
FILTERS = (("territoire", "Territoire"), ("mesure", "Mesure"), ("document", "Document"))


@access(everyone)
@require_safe
def references(request: HttpRequest) -> HttpResponse:
    """The points by measure and territory, each from its document, with the warnings that name them."""
    names = _names()
    asked = _asked(request)
    points = _filtered(asked)
    shown = {point.id for point in points}
    warnings = [each for each in package().contradictions if shown & {point.id for point in each.points}]
    context = {
        "page_title": _("Repères publiés"),
        "lead": _(
            "Ce que d’autres sources publient de l’ESS. Chaque chiffre garde son document ; "
            "deux documents ne font jamais une série."
        ),
        "count": len(points),
        "count_words": _("repère,repères"),
        "warnings": [_warning(each, names) for each in warnings],
        "groups": _groups(points, names, {point.id for each in warnings for point in each.points}),
        "facets": [_facet(name, label, asked, names) for name, label in FILTERS],
        "chips": _chips(request, asked, names),
        "csv_url": address(request, "references-csv", **_first(asked)),
        "json_url": address(request, "references-json", **_first(asked)),
        "sources_url": address(request, "sources"),
        "crumbs": [
            {"label": _("Observatoire"), "url": address(request, "observatory")},
            {"label": _("Repères publiés"), "url": ""},
        ],
    }
    return render(request, "observatory/official/references.html", context)


def of_territory(request: HttpRequest, territory: Territory) -> dict[str, Any] | None:
    """What a portrait says of the published figures of its territory; None where nothing is published.

    Those of measures that we also have, every warning that concerns the territory, how many points the page of
    references has besides. Two queries at most.
    """
    known = about("", territory.ref)
    if not known.points:
        return None
    names = _names()
    near = [point for point in known.points if point.measure.indicator]
    shown = (near or known.points)[:SHOWN]
    ours = beside(shown)
    warned = {point.id for each in known.warnings for point in each.points}
    return {
        "warnings": [_warning(each, names) for each in known.warnings],
        "points": [
            {**_point(point, names, ours.get(point.id), point.id in warned), "named": point.measure.label}
            for point in shown
        ],
        "rest": len(known.points) - len(shown),
        "url": address(request, "references", territoire=territory.ref),
    }


def _warning(each: Contradiction, names: dict[str, str]) -> dict[str, Any]:
    return {
        "warning": each.warning,
        "points": [_point(point, names) for point in each.points],
        "facts": each.facts,
        "explanation": each.explanation,
    }


def _names() -> dict[str, str]:
    """The names of the territories of the points, by reference. One query."""
    refs = {point.territory for point in package().points.values()}
    codes = [ref.partition(":")[2] for ref in refs if ":" in ref]
    rows = Territory.objects.filter(code__in=codes)
    return {"france": _("France"), **{row.ref: row.name for row in rows if row.ref in refs}}


def _asked(request: HttpRequest) -> dict[str, list[str]]:
    return {name: request.GET.getlist(name)[:20] for name, _label in FILTERS}


def _first(asked: dict[str, list[str]]) -> dict[str, str]:
    return {name: values[0] for name, values in asked.items() if values}


def _value(point: Point, name: str) -> str:
    match name:
        case "territoire":
            return point.territory
        case "mesure":
            return point.measure.code
        case _:
            return point.document.code


def _filtered(asked: dict[str, list[str]], but: str = "") -> list[Point]:
    return [
        point
        for point in package().points.values()
        if all(name == but or not chosen or _value(point, name) in chosen for name, chosen in asked.items())
    ]


def _label(name: str, value: str, names: dict[str, str]) -> str:
    known = package()
    match name:
        case "territoire":
            return names.get(value, value)
        case "mesure":
            return known.measures[value].label if value in known.measures else value
        case _:
            return known.documents[value].title if value in known.documents else value


def _facet(name: str, label: str, asked: dict[str, list[str]], names: dict[str, str]) -> dict[str, Any]:
    counts: dict[str, int] = {}
    for point in package().points.values():
        counts.setdefault(_value(point, name), 0)
    for point in _filtered(asked, but=name):
        counts[_value(point, name)] += 1
    options = [
        {
            "value": value,
            "label": _label(name, value, names),
            "count": count,
            "selected": value in asked[name],
        }
        for value, count in counts.items()
    ]
    return {"name": name, "label": _(label), "options": options}


def _chips(request: HttpRequest, asked: dict[str, list[str]], names: dict[str, str]) -> list[dict[str, str]]:
    chips = []
    for name, values in asked.items():
        for value in values:
            query = request.GET.copy()
            query.setlist(name, [each for each in query.getlist(name) if each != value])
            chips.append(
                {"label": _label(name, value, names), "remove_url": f"{request.path}?{query.urlencode()}"}
            )
    return chips


def _groups(points: Sequence[Point], names: dict[str, str], warned: set[str]) -> list[dict[str, Any]]:
    """Points of the same measure and territory together; our own figure beside."""
    ours = beside(points)
    groups: dict[tuple[str, str], list[Point]] = {}
    for point in points:
        groups.setdefault((point.measure.code, point.territory), []).append(point)
    return [
        {
            "title": found[0].measure.label,
            "place": names.get(found[0].territory, found[0].territory),
            "chart": _chart(found[0].measure, found),
            "points": [_point(point, names, ours.get(point.id), point.id in warned) for point in found],
        }
        for found in groups.values()
    ]


def _point(
    point: Point, names: dict[str, str], ours: Beside | None = None, warned: bool = False
) -> dict[str, Any]:
    return {
        "id": point.id,
        "measure": point.measure.label,
        "place": names.get(point.territory, point.territory),
        "about": point.about,
        "period": point.period,
        "value": point.written,
        "document": point.document,
        "page": point.page,
        "certainty": CERTAINTIES[point.certainty],
        "note": point.note,
        "ours": ours.sentence if ours else "",
        "ours_source": ours.source if ours else "",
        "warned": warned,
    }


def _chart(measure: Measure, points: Sequence[Point]) -> Chart | None:
    """One bar a document: bars are told apart by their label, never joined. None below two points, or below zero."""
    if len(points) < 2 or any(point.value < 0 for point in points):
        return None
    values = [point.value for point in points]
    about = all(point.about for point in points)
    if about:
        title = _("De %(low)s à %(high)s selon le domaine")
    elif min(values) == max(values):
        title = (
            _("%(low)s selon les deux documents")
            if len(points) == 2
            else _("%(low)s selon tous les documents")
        )
    else:
        title = _("De %(low)s à %(high)s selon le document et l’année")
    return bar_chart(
        title % {"low": measure.say(min(values)), "high": measure.say(max(values))},
        [Datum(_bar(point), point.value) for point in points],
        write=(lambda value: french.percent(value)) if measure.unit == "%" else french.number,
        value_label=measure.unit,
    )


def _bar(point: Point) -> str:
    return f"{point.about}, {point.period}" if point.about else f"{point.period} · {point.document.title}"


COLUMNS = (
    "mesure", "libelle", "territoire", "objet", "periode", "valeur", "unite", "document", "editeur", "annee_document",
    "page", "certitude", "note", "mises_en_garde",
)  # fmt: skip


def _cell(name: str, value: Any) -> Any:
    if name == "mises_en_garde":
        return " ".join(value)
    return raw(value) if name == "valeur" else value


@access(everyone)
@require_safe
def references_csv(request: HttpRequest) -> HttpResponse:
    """The points, one line each, with their document and the warnings."""
    lines = [[_cell(name, row[name]) for name in COLUMNS] for row in map(as_data, _filtered(_asked(request)))]
    answer: HttpResponse = csv_response("reperes", COLUMNS, lines)  # type: ignore[assignment]
    return answer


@access(everyone)
@require_safe
def references_json(request: HttpRequest) -> HttpResponse:
    """The same as JSON, with the contradictions in words."""
    warnings = [
        {
            "code": each.code,
            "points": [point.id for point in each.points],
            "avertissement": each.warning,
            "calculs": list(each.facts),
            "explication_probable": each.explanation,
        }
        for each in package().contradictions
    ]
    rows = [{"id": point.id, **as_data(point)} for point in _filtered(_asked(request))]
    return JsonResponse(
        {"reperes": rows, "contradictions": warnings},
        json_dumps_params={"ensure_ascii": False, "default": str},
    )
