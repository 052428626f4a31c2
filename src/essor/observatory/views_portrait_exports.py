"""What leaves a portrait: CSV, JSON, and the part that other sites may frame."""

from decimal import Decimal
from typing import Any

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from essor.indicators.definition import canonical
from essor.kernel.access import access
from essor.kernel.cells import csv_response
from essor.kernel.limits import limited
from essor.kernel.periods import today
from essor.observatory import place
from essor.observatory import portrait as portraits
from essor.observatory.access import everyone
from essor.observatory.portrait import Portrait
from essor.observatory.views_place import area_asked
from essor.observatory.views_portrait import asked, shared
from essor.territories.models import Qpv

DECIMALS = ("valeur", "numerateur", "denominateur")
HEAD = (
    "territoire",
    "nom",
    "indicateur",
    "libelle",
    "debut",
    "fin_exclue",
    "dimensions",
    "valeur",
    "unite",
    "numerateur",
    "denominateur",
    "masquee",
    "source",
    "date_source",
)


@access(everyone)
@limited("portrait-embed", "240/m/ip", reading=True, visitors_only=True)
@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
def embedded(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """The finding and the key figures alone: what another site may frame."""
    found = portraits.read(asked(kind, code), today())
    return render(request, "observatory/embedded.html", shared(request, found))


def rows_of(found: Portrait, ref: str = "") -> list[dict[str, Any]]:
    """The figures of the place and of those around it, as exports write them; a hidden one says so and nothing else.

    `ref` names the place when it is no territory.
    """
    rows = []
    for column in found.all:
        for code, parts in column.figures.items():
            indicator = found.known[code]
            for cut, dated in sorted(parts.items()):
                cell, seen = dated.cell, dated.cell.observed
                values = (
                    column.ref or ref,
                    column.place.name,
                    code,
                    indicator.label,
                    dated.span.start.isoformat(),
                    dated.span.end.isoformat(),
                    dict(cut),
                    cell.value,
                    indicator.unit,
                    seen.numerator if seen else None,
                    seen.denominator if seen else None,
                    cell.hidden,
                    cell.source or indicator.source,
                    cell.day.isoformat() if cell.day else None,
                )
                rows.append(dict(zip(HEAD, values, strict=True)))
    return rows


def plain(value: Decimal) -> str:
    """The number without useless zeros: « 15 », « 10.01 »."""
    return f"{value.normalize():f}"


def flat(name: str, value: Any) -> str:
    """A value of an export as a French spreadsheet reads it."""
    if name == "dimensions":
        return canonical(value)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if name in DECIMALS:
        return "" if value is None else plain(value).replace(".", ",")
    return "" if value is None else str(value)


def exact(row: dict[str, Any]) -> dict[str, Any]:
    """A row for a machine: decimals are texts, so that none loses a digit."""
    return {
        name: plain(value) if name in DECIMALS and value is not None else value for name, value in row.items()
    }


@access(everyone)
@require_safe
def portrait_csv(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """The whole portrait for a spreadsheet."""
    return csv_of(portraits.read(asked(kind, code), today()), f"{kind}-{code}")


@access(everyone)
@require_safe
def portrait_json(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """The whole portrait for a machine."""
    return json_of(portraits.read(asked(kind, code), today()))


@access(everyone)
@require_safe
def quarter_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The portrait of a priority neighbourhood for a spreadsheet."""
    return csv_of(place.of_quarter(get_object_or_404(Qpv, code=code), today()), f"qpv-{code}", f"qpv:{code}")


@access(everyone)
@require_safe
def quarter_json(request: HttpRequest, code: str) -> HttpResponse:
    """The portrait of a priority neighbourhood for a machine."""
    return json_of(place.of_quarter(get_object_or_404(Qpv, code=code), today()), f"qpv:{code}")


@access(everyone)
@require_safe
def area_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The portrait of a drawn area for a spreadsheet; 404 for who may not read it."""
    return csv_of(place.of_area(area_asked(request, pk), today()), f"zone-{pk}", f"zone:{pk}")


@access(everyone)
@require_safe
def area_json(request: HttpRequest, pk: int) -> HttpResponse:
    """The portrait of a drawn area for a machine; 404 for who may not read it."""
    return json_of(place.of_area(area_asked(request, pk), today()), f"zone:{pk}")


def csv_of(found: Portrait, name: str, ref: str = "") -> HttpResponse:
    """The figures of a portrait, a line each; `ref` names a place that is no territory."""
    lines = [[flat(head, row[head]) for head in HEAD] for row in rows_of(found, ref)]
    answer: HttpResponse = csv_response(f"portrait-{name}", HEAD, lines)
    return answer


def json_of(found: Portrait, ref: str = "") -> JsonResponse:
    """A portrait with its finding, its ranks, its series and its figures."""
    body = {
        "territoire": found.mine.ref or ref,
        "nom": found.mine.place.name,
        "constat": found.finding.title,
        "edition": found.edition.day.isoformat() if found.edition else None,
        "couverture": found.covered.value,
        "rangs": {
            each: [
                {
                    "rang": rank.place,
                    "sur": rank.among,
                    "sans_valeur": rank.missing,
                    "niveau": rank.kind,
                    "dans": rank.scope.ref,
                }
                for rank in ranks
            ]
            for each, ranks in found.ranks.items()
        },
        "series": {
            each: [
                {
                    "debut": point.span.start.isoformat(),
                    "fin_exclue": point.span.end.isoformat(),
                    "valeur": None if point.value is None else plain(point.value),
                }
                for point in points
            ]
            for each, points in found.series.items()
        },
        "valeurs": [exact(row) for row in rows_of(found, ref)],
    }
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})
