"""Lists of supporters: give one, look at what it would change, write it or leave it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from essor.formats.problems import InputProblem
from essor.kernel.access import access
from essor.kernel.cells import csv_response
from essor.kit.access_support import keeps_support
from essor.kit.links_support import address
from essor.kit.supporter_import import actions
from essor.kit.supporter_import.forms import InclusionForm, TableForm
from essor.kit.supporter_import.models import SupporterImport
from essor.kit.supporter_import.plan import Plan, plan_of
from essor.kit.supporter_import.table import COLUMNS, sample
from essor.kit.views_support import authority_of, person_of

SHOWN, SHOWN_REJECTED, LAST = 30, 100, 20


@access(keeps_support)
@require_http_methods(["GET", "HEAD", "POST"])
def table_import(request: HttpRequest) -> HttpResponse:
    """Give a table; its columns are told, a sample is there to start from."""
    form = TableForm(request.POST or None, request.FILES or None)
    more = {
        "lead": _("Vous verrez ce que la liste change avant que rien ne soit écrit."),
        "columns": COLUMNS.values(),
        "sample_url": address(request, "supporter-sample"),
        "other_url": address(request, "supporter-inclusion"),
        "imports": _mine(request)[:LAST],
    }
    return _give(request, form, _("Déposer une liste d’acteurs"), more)


@access(keeps_support)
@require_http_methods(["GET", "HEAD", "POST"])
def inclusion_import(request: HttpRequest) -> HttpResponse:
    """Give the files of data·inclusion."""
    form = InclusionForm(request.POST or None, request.FILES or None)
    lead = _(
        "data·inclusion décrit l’offre d’insertion en deux fichiers. Essor garde les structures qui ont un service des "
        "thématiques choisies, sur votre territoire ; ni nom de personne, ni adresse ou mobile personnels."
    )
    return _give(request, form, _("Reprendre data·inclusion"), {"lead": lead})


def _give(request: HttpRequest, form: Any, title: str, more: dict[str, Any]) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            given = actions.give_list(person_of(request), authority_of(request), form.given())
            return HttpResponseRedirect(address(request, "supporter-import", given.pk))
        except ValidationError as error:
            _blame(form, error)
    context = {
        "page_title": title,
        "form": form,
        "submit_label": _("Regarder ce qu’elle change"),
        "cancel_url": address(request, "support"),
        "crumbs": _crumbs(request, title),
    }
    return render(request, "kit/supporter_import/give.html", context | more)


def _crumbs(request: HttpRequest, here: str) -> list[dict[str, str]]:
    return [{"label": _("Qui accompagne ?"), "url": address(request, "support")}, {"label": here, "url": ""}]


def _blame(form: forms.Form, error: ValidationError) -> None:
    told = error.message_dict if hasattr(error, "error_dict") else {"file": error.messages}
    for name, texts in told.items():
        form.add_error(name if name in form.fields else None, texts)


def _mine(request: HttpRequest) -> Any:
    return SupporterImport.objects.filter(authority=authority_of(request)).defer("rejected")


@access(keeps_support)
@require_safe
def sample_csv(request: HttpRequest) -> HttpResponse:
    """A table to start from."""
    head, rows = sample()
    return csv_response("acteurs-exemple", head, rows)


@access(keeps_support)
@require_http_methods(["GET", "HEAD", "POST"])
def supporter_import(request: HttpRequest, pk: int) -> HttpResponse:
    """What a list changes; a button writes it, another leaves it. Once written, what it changed."""
    rows = SupporterImport.objects.filter(authority=authority_of(request))
    given = get_object_or_404(rows.select_related("file", "services", "authority__territory"), pk=pk)
    if request.method == "POST":
        return _decide(request, given)
    title = given.file_name
    context: dict[str, Any] = {
        "page_title": title,
        "given": given,
        "crumbs": _crumbs(request, title),
        "support_url": address(request, "support"),
    }
    if given.written_at is None:
        context |= _preview(given)
    else:
        context |= {"counts": _words(given.counts), "rejected": given.rejected[:SHOWN_REJECTED]}
    return render(request, "kit/supporter_import/list.html", context)


def _preview(given: SupporterImport) -> dict[str, Any]:
    try:
        plan: Plan = plan_of(given)
    except InputProblem as problem:
        return {"problem": str(problem)}
    return {
        "counts": _words(plan.counts()),
        "new": [line.entry.name for line in plan.new[:SHOWN]],
        "changed": [line.entry.name for line in plan.changed[:SHOWN]],
        "rejected": [str(each.as_problem()) for each in plan.rejected[:SHOWN_REJECTED]],
        "can_write": bool(plan.new or plan.changed) and not (plan.rejected and given.all_or_nothing),
        "refused_whole": bool(plan.rejected) and given.all_or_nothing,
    }


def _words(counts: dict[str, int]) -> list[tuple[str, int]]:
    words = {
        "new": _("Ajoutés"),
        "changed": _("Changés"),
        "same": _("Déjà là, pareils"),
        "corrected": _("Corrigés par une personne, laissés"),
        "outside": _("Hors du territoire"),
        "rejected": _("Refusés"),
    }
    return [
        (label, counts.get(name, 0)) for name, label in words.items() if counts.get(name) or name == "new"
    ]


def _decide(request: HttpRequest, given: SupporterImport) -> HttpResponse:
    try:
        if "laisser" in request.POST and given.written_at is None:
            actions.leave_list(person_of(request), given)
            messages.success(request, _("La liste est laissée : rien n’a changé."))
            return HttpResponseRedirect(address(request, "supporter-imports"))
        job = actions.write_list(person_of(request), given)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(address(request, "supporter-import", given.pk))
    return HttpResponseRedirect(reverse("job", args=[job.pk]))
