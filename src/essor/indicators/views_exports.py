"""What leaves an indicator's page: CSV, JSON, and the part that other sites may frame."""

from typing import Any

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from essor.indicators.definition import canonical
from essor.indicators.views_indicator import Read, read, shared
from essor.kernel.access import access, everyone
from essor.kernel.cells import csv_response
from essor.kernel.charts import raw
from essor.kernel.limits import limited


@access(everyone)
@limited("indicator-embed", "240/m/ip", reading=True, visitors_only=True)
@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
def embedded(request: HttpRequest, code: str) -> HttpResponse:
    """The finding, the chart and the source alone: what another site may frame."""
    asked = read(request, code)
    if not asked.figure.indicator.is_public:
        raise Http404(_("Cet indicateur n’est pas publié."))
    return render(request, "indicators/embedded.html", shared(request, asked))


def _rows(asked: Read) -> list[dict[str, Any]]:
    """The cells of the territory, whole and parts, as exports write them; hidden ones say so and nothing else."""
    indicator, territory = asked.figure.indicator, asked.figure.territory
    rows = []
    for (span, _pk, parts), cell in asked.figure.cells.items():
        seen = cell.observed
        rows.append(
            {
                "indicateur": indicator.code,
                "version": cell.version,
                "debut": span.start.isoformat(),
                "fin_exclue": span.end.isoformat(),
                "territoire": territory.ref,
                "nom": territory.name,
                "dimensions": dict(parts),
                "valeur": cell.value,
                "unite": indicator.unit,
                "numerateur": seen.numerator if seen else None,
                "denominateur": seen.denominator if seen else None,
                "masquee": cell.hidden,
                "source": cell.source,
                "date_source": cell.day.isoformat() if cell.day else None,
            }
        )
    return rows


@access(everyone)
@require_safe
def values_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The cells of the territory for a spreadsheet."""
    asked = read(request, code)
    rows = _rows(asked)
    head = list(rows[0]) if rows else ["indicateur"]
    lines = [[_flat(name, row[name]) for name in head] for row in rows]
    answer: HttpResponse = csv_response(
        f"{code.replace('.', '-')}-{asked.figure.territory.code}", head, lines
    )
    return answer


def _flat(name: str, value: Any) -> str:
    if name == "dimensions":
        return canonical(value)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if name in ("valeur", "numerateur", "denominateur"):
        return raw(value)
    return "" if value is None else str(value)


@access(everyone)
@require_safe
def values_json(request: HttpRequest, code: str) -> HttpResponse:
    """The cells of the territory for a machine; decimals are texts, so that none loses a digit."""
    asked = read(request, code)
    indicator = asked.figure.indicator
    body = {
        "code": indicator.code,
        "nom": indicator.label,
        "unite": indicator.unit,
        "formule": indicator.formula or None,
        "methode": indicator.method,
        "limites": indicator.limits,
        "valeurs": [
            {name: str(value) if name in ("valeur", "numerateur", "denominateur") and value is not None else value
             for name, value in row.items()}
            for row in _rows(asked)
        ],
    }  # fmt: skip
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})
