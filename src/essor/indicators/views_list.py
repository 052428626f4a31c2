"""The catalogue of indicators."""

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from essor.indicators import catalogue
from essor.indicators.access import keeps_indicators, may_see
from essor.indicators.definition import Indicator
from essor.indicators.links import address
from essor.kernel.access import access, everyone
from essor.kernel.text import fold, sort_key

FILTERS = (("salle", "Domaine"), ("unite", "Unité"), ("dimension", "Dimension"))


@access(everyone)
@require_safe
def indicators(request: HttpRequest) -> HttpResponse:
    """The indicators that the person may see, by room then by name."""
    text = request.GET.get("q", "").strip()[:100]
    asked = {name: request.GET.getlist(name)[:20] for name, _label in FILTERS}
    seen = [each for each in catalogue.everything().values() if may_see(request, each)]
    found = [each for each in seen if _matches(each, text, asked)]
    found.sort(key=lambda each: (each.room == "indicators", each.room_label, sort_key(each.label)))
    context = {
        "page_title": _("Indicateurs"),
        "asked_text": text,
        "facets": [_facet(name, label, seen, text, asked) for name, label in FILTERS],
        "facets_hold_query": False,
        "chips": _chips(request.path, text, asked, seen),
        "count": len(found),
        "count_words": _("indicateur,indicateurs"),
        "rows": [{"indicator": each, "url": address(request, "indicator", each.code)} for each in found],
        "define_url": address(request, "define") if keeps_indicators(request) else "",
        "board_url": address(request, "board") if _has_board(request) else "",
        "tokens_url": address(request, "tokens") if _has_board(request) else "",
    }
    return render(request, "indicators/list.html", context)


def _has_board(request: HttpRequest) -> bool:
    return getattr(request, "authority", None) is not None and keeps_indicators(request)


def _values(indicator: Indicator, name: str) -> list[tuple[str, str]]:
    match name:
        case "salle":
            return [(indicator.room, indicator.room_label)]
        case "unite":
            return [(indicator.unit, indicator.unit)]
        case _:
            return [(each.code, each.label) for each in indicator.dimensions]


def _matches(indicator: Indicator, text: str, asked: dict[str, list[str]], but: str = "") -> bool:
    words = fold(f"{indicator.label} {indicator.code} {indicator.unit} {indicator.method} {indicator.source}")
    if not all(word in words for word in fold(text).split()):
        return False
    return all(
        name == but or not chosen or any(code in chosen for code, _label in _values(indicator, name))
        for name, chosen in asked.items()
    )


def _facet(
    name: str, label: str, seen: list[Indicator], text: str, asked: dict[str, list[str]]
) -> dict[str, Any]:
    labels = dict(pair for each in seen for pair in _values(each, name))
    counts = Counter(
        code for each in seen if _matches(each, text, asked, but=name) for code, _label in _values(each, name)
    )
    options = [
        {"value": code, "label": said, "count": counts[code], "selected": code in asked[name]}
        for code, said in sorted(labels.items(), key=lambda pair: sort_key(pair[1]))
    ]
    return {"name": name, "label": _(label), "options": options}


def _chips(path: str, text: str, asked: dict[str, list[str]], seen: list[Indicator]) -> list[dict[str, str]]:
    labels = {name: dict(pair for each in seen for pair in _values(each, name)) for name in asked}
    pairs = ([("q", text)] if text else []) + [
        (name, value) for name, values in asked.items() for value in values
    ]
    return [
        {
            "label": labels.get(name, {}).get(value, value),
            "remove_url": f"{path}?{urlencode([pair for pair in pairs if pair != (name, value)])}",
        }
        for name, value in pairs
    ]
