"""The values of the law: the page of all, the page of one, its data."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from essor.kernel.access import access
from essor.kernel.periods import today
from essor.law import parameters as law
from essor.law.changes import changes_between
from essor.law.rows import value_row
from essor.law.usage import rules_reading
from essor.law.wording import french_date
from essor.rulebook import values_list
from essor.rulebook.access import everyone, installation_admin
from essor.rulebook.catalogue import catalogue
from essor.rulebook.chapters import OTHER, THEMES, theme_of
from essor.rulebook.days import read_day, year_after
from essor.rulebook.links import address, canonical, pages_of
from essor.rulebook.periods import conflicts_of, periods_of
from essor.rulebook.values_list import Asked, absence_of, title_of

SOON_SHOWN = 4


@access(everyone)
@require_safe
def values(request: HttpRequest) -> HttpResponse:
    """All the values as a day sees them, by chapter; those that people look up most stand first."""
    asked = _asked(request)
    everything = law.all_parameters()
    shown = values_list.found(asked)
    told = values_list.counts(everything, asked.day)
    pages = pages_of(request, "" if asked.day == today() else f"?au={asked.day.isoformat()}")
    context = {
        "page_title": _("Seuils et valeurs du droit"),
        "asked": asked,
        "is_today": asked.day == today(),
        "wrong_day": bool(request.GET.get("au")) and read_day(request.GET["au"]) is None,
        "first": [] if asked.narrow else values_list.first_values(asked.day),
        "sections": values_list.sections(shown, asked.day, pages),
        "count": len(shown),
        "count_words": _("valeur,valeurs"),
        "facets": _facets(asked, told),
        "chips": _chips(request, asked),
        "soon": [] if asked.narrow else _soon(asked.day, pages),
        "changes_url": address(request, "changes"),
        "canonical_url": canonical(request, "values"),
        "adds_values": installation_admin(request),
    }
    return render(request, "rulebook/values/list.html", context)


def _asked(request: HttpRequest) -> Asked:
    known = {theme.code for theme in (*THEMES, OTHER)}
    shown = request.GET.getlist("montrer")
    return Asked(
        day=read_day(request.GET.get("au", "")) or today(),
        query=request.GET.get("q", "").strip()[:80],
        to_verify="a-verifier" in shown,
        local="ici" in shown,
        themes=tuple(code for code in request.GET.getlist("theme") if code in known),
    )


def _facets(asked: Asked, told: dict[str, int]) -> list[dict[str, Any]]:
    marks = (
        ("a-verifier", _("À vérifier"), told["to_verify"], asked.to_verify),
        ("ici", _("Ajoutées ici"), told["local"], asked.local),
    )
    return [
        {
            "name": "montrer",
            "label": _("Ne montrer que"),
            "options": [
                {"value": code, "label": label, "count": count, "selected": selected}
                for code, label, count, selected in marks
            ],
        },
        {
            "name": "theme",
            "label": _("Domaine"),
            "options": [
                {
                    "value": theme.code,
                    "label": theme.label,
                    "count": told[theme.code],
                    "selected": theme.code in asked.themes,
                }
                for theme in (*THEMES, OTHER)
                if told[theme.code]
            ],
        },
    ]


def _chips(request: HttpRequest, asked: Asked) -> list[dict[str, Any]]:
    labels = {theme.code: theme.label for theme in (*THEMES, OTHER)}
    chosen = [
        *([("q", asked.query, asked.query, _("Recherche"))] if asked.query else []),
        *([("montrer", "a-verifier", _("À vérifier"), "")] if asked.to_verify else []),
        *([("montrer", "ici", _("Ajoutées ici"), "")] if asked.local else []),
        *(("theme", code, labels[code], "") for code in asked.themes),
    ]
    return [
        {"label": label, "name": name, "remove_url": _without(request, key, value)}
        for key, value, label, name in chosen
    ]


def _without(request: HttpRequest, key: str, value: str) -> str:
    query = request.GET.copy()
    kept = [] if key == "q" else [other for other in query.getlist(key) if other != value]
    query.setlist(key, kept)
    return f"{request.path}?{query.urlencode()}" if query.urlencode() else request.path


def _soon(day: date, pages: Callable[[str], str]) -> list[values_list.Shown]:
    """The next changes within twelve months of the day."""
    found = changes_between(day, year_after(day))
    return values_list.shown([change for change in found if change.day > day][:SOON_SHOWN], pages)


@access(everyone)
@require_safe
def value(request: HttpRequest, identifier: str) -> HttpResponse:
    """One parameter: its value on a day, its whole history, its texts, the rules that read it."""
    parameter = _parameter(identifier)
    day = read_day(request.GET.get("au", "")) or today()
    in_force = law.in_force(identifier, day)
    theme = theme_of(identifier)
    context = {
        "page_title": parameter.description,
        "kind": title_of(identifier, str(theme.label)),
        "theme": theme,
        "parameter": parameter,
        "unit": law.UNITS[parameter.unit],
        "day": day,
        "is_today": day == today(),
        "value": in_force,
        "items": _items(in_force),
        "absent": "" if in_force else absence_of(parameter, day),
        "periods": periods_of(parameter, day),
        "conflicts": conflicts_of(parameter),
        "rules": [
            {"question": catalogue()[rule.name].question, "url": address(request, "rule", rule.name)}
            for rule in rules_reading(identifier)
        ],
        "is_local": values_list.is_local(parameter),
        "shipped": law.shipped(identifier) is not None,
        "json_url": address(request, "value-json", identifier),
        "json_absolute": canonical(request, "value-json", identifier),
        "values_url": address(request, "values"),
        "canonical_url": canonical(request, "value", identifier),
        "adds_values": installation_admin(request),
        "lead": _sentence(parameter, in_force, day),
    }
    return render(request, "rulebook/values/value.html", context)


def _parameter(identifier: str) -> law.Parameter:
    try:
        return law.parameter(identifier)
    except law.UnknownParameterError as error:
        raise Http404(str(error)) from error


def _items(value: law.LegalValue | None) -> list[str]:
    """The elements of a list, in words."""
    if value is None or value.unit != "list":
        return []
    words = dict(value.labels)
    return [words.get(str(item), str(item)) for item in value.items]


def _sentence(parameter: law.Parameter, value: law.LegalValue | None, day: date) -> str:
    """The value of the day in one sentence."""
    told = french_date(day)
    if value is None:
        return _("Le %(day)s, ce paramètre n’a pas de valeur.") % {"day": told}
    until = (
        _(" ; elle vaut jusqu’au %(day)s inclus") % {"day": french_date(value.last_day)}
        if value.last_day
        else ""
    )
    return _("Valeur du %(day)s, en vigueur depuis le %(start)s%(until)s.") % {
        "day": told,
        "start": french_date(value.valid_from),
        "until": until,
    }


@access(everyone)
@require_safe
def value_json(request: HttpRequest, identifier: str) -> JsonResponse:
    """The whole history of a parameter, as `essor law show --history --json` gives it."""
    rows = [value_row(each) for each in _parameter(identifier).history()]
    return JsonResponse(rows, safe=False, json_dumps_params={"ensure_ascii": False, "indent": 2})
