"""Installation screens: the values of the law added here, adding one, withdrawing one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from essor.accounts.queries import names_of
from essor.kernel.access import access
from essor.kernel.periods import today
from essor.kernel.text import fold
from essor.law import parameters as law
from essor.rulebook import values_list
from essor.rulebook.access import installation_admin
from essor.rulebook.actions_values import add_value, told_value, withdraw_value
from essor.rulebook.forms_values import NewParameterForm, Subject, ValueForm, WithdrawForm, initial_of
from essor.rulebook.links import address
from essor.rulebook.local_law import Shipped, as_local_value, overtaken_by, problem_of
from essor.rulebook.models import LocalLegalValue
from essor.rulebook.models.local_value import TAKEN
from essor.rulebook.preview import preview

FOUND = 20
WITHDRAWN = 50  # the last ones; the log of acts holds all
_BUTTONS = ("csrfmiddlewaretoken", "verifier", "modifier", "enregistrer")


@dataclass(frozen=True)
class Told:
    """A local value as the list shows it."""

    row: LocalLegalValue
    text: str
    author: str
    withdrawn_by: str
    problem: str
    overtaken: list[Shipped]
    url: str


@access(installation_admin)
@require_safe
def local_values(request: HttpRequest) -> HttpResponse:
    """The values added here, those withdrawn, and the search by which one is added."""
    query = request.GET.get("q", "").strip()[:80]
    rows = LocalLegalValue.objects.order_by("-start", "-id")
    running, withdrawn = list(rows.running()), list(rows.exclude(withdrawn_at=None)[:WITHDRAWN])
    told = _told(request, [*running, *withdrawn])
    found = _found(query) if query else []
    context = {
        "page_title": _("Droit local"),
        "query": query,
        "found": found[:FOUND],
        "more": max(0, len(found) - FOUND),
        "running": [each for each in told if each.row.running],
        "withdrawn": [each for each in told if not each.row.running],
        "values_url": address(request, "values"),
    }
    return render(request, "rulebook/local/list.html", context)


def _found(query: str) -> list[values_list.Line]:
    words = fold(query).split()
    start = reverse("rulebook-admin:local-value-new")
    found = [parameter for parameter in law.all_parameters() if values_list.answers(parameter, words)]
    # Those whose own words answer come before those found by a text or a value.
    found.sort(key=lambda parameter: not all(word in fold(parameter.description) for word in words))
    return [
        values_list.line_of(parameter, today(), f"{start}?{urlencode({'parametre': parameter.id})}")
        for parameter in found
    ]


def _told(request: HttpRequest, rows: Sequence[LocalLegalValue]) -> list[Told]:
    names = names_of({pk for row in rows for pk in (row.created_by_id, row.withdrawn_by_id) if pk})
    return [
        Told(
            row=row,
            text=told_value(row),
            author=names.get(row.created_by_id or 0, ""),
            withdrawn_by=names.get(row.withdrawn_by_id or 0, ""),
            problem=problem_of(row) if row.running else "",
            overtaken=overtaken_by(row) if row.running else [],
            url=_page_of(request, row.parameter),
        )
        for row in rows
    ]


def _page_of(request: HttpRequest, identifier: str) -> str:
    """The page of a parameter, "" when nothing bears that name any more."""
    try:
        law.parameter(identifier)
    except law.UnknownParameterError:
        return ""
    return address(request, "value", identifier)


@access(installation_admin)
@require_safe
def parameter_new(request: HttpRequest) -> HttpResponse:
    """A parameter that Essor does not have: named here, it exists once it has a value."""
    form = NewParameterForm(request.GET if "nouveau" in request.GET else None)
    if form.is_bound and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("nouveau", "description", "unite")}
        return redirect(f"{reverse('rulebook-admin:local-value-new')}?{urlencode(said)}")
    context = {
        "page_title": _("Un paramètre nouveau"),
        "form": form,
        "lead": _("Nommez ce qu’Essor n’a pas. Vous direz ensuite sa valeur, sa date et son texte."),
        "submit_label": _("Continuer"),
        "cancel_url": reverse("rulebook-admin:local-values"),
    }
    return render(request, "rulebook/local/parameter.html", context)


@access(installation_admin)
@require_http_methods(["GET", "HEAD", "POST"])
def value_new(request: HttpRequest) -> HttpResponse:
    """A dated value: the form, then what it changes, then the act. The address says of which parameter."""
    subject = _subject(request)
    if subject is None:
        return redirect("rulebook-admin:local-values")
    if request.method != "POST":
        return _form(request, ValueForm(subject, initial=_initial(request, subject)))
    form = ValueForm(subject, request.POST)
    if "modifier" in request.POST or not form.is_valid():
        return _form(request, form)
    if "enregistrer" not in request.POST:
        return _review(request, form)
    try:
        add_value(request.user, form.draft())  # type: ignore[arg-type]
    except ValidationError as error:
        form.add_error(None, error)
        return _form(request, form)
    messages.success(request, _("La valeur est en vigueur dans cette installation."))
    return redirect("rulebook-admin:local-values")


def _subject(request: HttpRequest) -> Subject | None:
    """The parameter that the address names, None when it names none; 404 when it does not exist."""
    if "parametre" in request.GET:
        try:
            return Subject.known(law.parameter(request.GET["parametre"]))
        except law.UnknownParameterError as error:
            raise Http404(str(error)) from error
    form = NewParameterForm(request.GET)
    return form.subject() if form.is_valid() else None


def _initial(request: HttpRequest, subject: Subject) -> dict[str, Any]:
    """Today, and what the parameter is worth today; or what a withdrawn value said, to write it again."""
    again = request.GET.get("depuis", "")
    row = (
        LocalLegalValue.objects.filter(pk=int(again)).first() if again.isascii() and again.isdigit() else None
    )
    if row is not None and row.parameter == subject.identifier:
        value = as_local_value(row).value
        return {
            "value": initial_of(subject, tuple(value) if isinstance(value, list) else value),
            "ends": row.value is None,
            **{name: getattr(row, name) for name in ("start", "reference", "href", "certainty", "note")},
        }
    value = law.in_force(subject.identifier, today()) if subject.parameter else None
    return {"start": today(), "value": initial_of(subject, value.value if value else None)}


def _form(request: HttpRequest, form: ValueForm) -> HttpResponse:
    subject = form.subject
    context = {
        "page_title": _("Ajouter une valeur du droit"),
        "form": form,
        "subject": subject,
        "now": law.in_force(subject.identifier, today()) if subject.parameter else None,
        "history": subject.parameter.history()[::-1] if subject.parameter else (),
        "submit_label": _("Voir ce qui change"),
        "cancel_url": reverse("rulebook-admin:local-values"),
    }
    return render(request, "rulebook/local/value.html", context)


def _review(request: HttpRequest, form: ValueForm) -> HttpResponse:
    """What the value would change, before it is written."""
    draft = form.draft()
    if LocalLegalValue.objects.running().filter(parameter=draft.parameter, start=draft.start).exists():
        form.add_error("start", str(TAKEN))
        return _form(request, form)
    context = {
        "page_title": _("Ce qui change"),
        "subject": form.subject,
        "draft": draft,
        "preview": preview(draft, today()),
        "answers": [
            (name, value) for name, values in request.POST.lists() for value in values if name not in _BUTTONS
        ],
    }
    return render(request, "rulebook/local/review.html", context)


@access(installation_admin)
@require_http_methods(["GET", "HEAD", "POST"])
def value_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a local value out of force, with a reason."""
    row = get_object_or_404(LocalLegalValue.objects, pk=pk)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_value(request.user, row, form.cleaned_data["reason"])  # type: ignore[arg-type]
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("La valeur est retirée : le droit se lit de nouveau sans elle."))
            return redirect("rulebook-admin:local-values")
    context = {
        "page_title": _("Retirer une valeur locale"),
        "form": form,
        "told": _told(request, [row])[0],
        "submit_label": _("Retirer la valeur"),
        "cancel_url": reverse("rulebook-admin:local-values"),
    }
    return render(request, "rulebook/local/withdraw.html", context)
