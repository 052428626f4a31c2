"""The goals of sustainable development: all of them, one of them, as a table; the goals of an aid."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from essor.kernel.access import access, everyone
from essor.kernel.cells import csv_response
from essor.kernel.goals import GOALS, title
from essor.kernel.goals_form import GoalsField
from essor.kernel.periods import today
from essor.kit.access_aids import imports_aids
from essor.kit.goals import queries
from essor.kit.goals.actions import correct_goals
from essor.kit.links_support import address
from essor.kit.models.aids import Aid
from essor.kit.views_support import authority_of, home_of, person_of
from essor.registry.words import sector_label

SHOWN = 8


@access(everyone)
@require_safe
def goals(request: HttpRequest) -> HttpResponse:
    """The seventeen goals, with how much serves each."""
    rows = [
        {"counts": each, "title": title(each.goal), "url": address(request, "goal", each.goal)}
        for each in queries.counts(authority_of(request), today())
    ]
    context = {
        "page_title": _("Objectifs de développement durable"),
        "rows": rows,
        "framed": authority_of(request) is not None,
        "has_acts": any(row["counts"].acts for row in rows),
        "csv_url": address(request, "goals-csv"),
    }
    return render(request, "kit/goals/list.html", context)


@access(everyone)
@require_safe
def goals_csv(request: HttpRequest) -> HttpResponse:
    """The counts by goal, as a table."""
    head = [
        _("ODD"),
        _("Intitulé"),
        _("Fiches"),
        _("Recettes"),
        _("Aides ouvertes"),
        _("Acteurs"),
        _("Actes"),
    ]
    rows = (
        [each.goal, GOALS[each.goal], each.fiches, each.recipes, each.aids, each.supporters, each.acts]
        for each in queries.counts(authority_of(request), today())
    )
    return csv_response(f"odd-{today().isoformat()}", head, rows)


@access(everyone)
@require_safe
def goal(request: HttpRequest, number: int) -> HttpResponse:
    """One goal: the fiches, recipes, aids, supporters and organisations that serve it, the authority's acts."""
    if number not in GOALS:
        raise Http404(_("Il y a dix-sept objectifs de développement durable."))
    authority = authority_of(request)
    aids, supporters = queries.aids_of(number, today()), queries.supporters_of(number, authority)
    organisations = queries.organisations_of(number, home_of(request))
    done = queries.acts_of(authority)[number]
    context = {
        "page_title": title(number),
        "number": number,
        "crumbs": [
            {"label": _("Objectifs de développement durable"), "url": address(request, "goals")},
            {"label": title(number), "url": ""},
        ],
        "groups": [
            _group(
                _("Fiches"),
                "book-open",
                [(f.title, address(request, "fiche", f.code)) for f in queries.fiches_of(number)],
            ),
            _group(
                _("Recettes"),
                "sparkles",
                [
                    (f"{r.title}, {r.origin}", address(request, "recipe", r.code))
                    for r in queries.recipes_of(number)
                ],
                _("Elles portent les ODD de leur première fiche."),
            ),
            _group(
                _("Aides publiques ouvertes"),
                "hand-coins",
                [(a.name, address(request, "aid", a.pk)) for a in aids.only("name", "sort_key")[:SHOWN]],
                _("Proposées d’après leurs thèmes, corrigées au besoin par une personne."),
                total=aids.count(),
                url=address(request, "aids") + f"?odd={number}",
            ),
            _group(
                _("Qui accompagne ?"),
                "handshake",
                [
                    (s.name, address(request, "supporter", s.pk))
                    for s in supporters.only("name", "sort_key")[:SHOWN]
                ],
                total=supporters.count(),
                url=address(request, "support") + f"?odd={number}",
            ),
        ],
        "organisations": organisations,
        "sectors": [sector_label(code) for code in organisations.sectors] if organisations else [],
        "registry_url": _registry(request),
        "acts": sorted(done, key=lambda act: act.day, reverse=True)[:SHOWN],
        "acts_count": len(done),
        "framed": authority is not None,
    }
    return render(request, "kit/goals/goal.html", context)


def _group(
    label: str,
    icon: str,
    rows: list[tuple[str, str]],
    note: str = "",
    *,
    total: int | None = None,
    url: str = "",
) -> dict[str, Any]:
    count = len(rows) if total is None else total
    return {
        "label": label,
        "icon": icon,
        "rows": rows[:SHOWN],
        "rest": rows[SHOWN:] if total is None else [],
        "note": note,
        "count": count,
        "more_url": url if count > SHOWN else "",
    }


def _registry(request: HttpRequest) -> str:
    authority = authority_of(request)
    if authority is None:
        return reverse("registry:list")
    return reverse("authority-registry:list", args=[authority.slug])


class AidGoalsForm(forms.Form):
    """The goals of an aid."""

    goals = GoalsField(label=gettext_lazy("Objectifs que cette aide sert"))


@access(imports_aids)
@require_http_methods(["GET", "HEAD", "POST"])
def aid_goals(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the goals of an aid."""
    aid = get_object_or_404(Aid, pk=pk)
    form = AidGoalsForm(request.POST or None, initial={"goals": aid.goal_codes})
    if request.method == "POST":
        form = AidGoalsForm(request.POST)
        if form.is_valid():
            correct_goals(person_of(request), aid, form.cleaned_data["goals"])
            messages.success(request, _("Les objectifs sont enregistrés."))
            return HttpResponseRedirect(reverse("kit:aid", args=[pk]))
    context = {
        "page_title": _("Objectifs de développement durable"),
        "lead": aid.name,
        "form": form,
        "submit_label": _("Enregistrer"),
        "cancel_url": reverse("kit:aid", args=[pk]),
    }
    return render(request, "kernel/form_page.html", context)
