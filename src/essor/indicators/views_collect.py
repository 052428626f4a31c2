"""Defining indicators and collecting their values."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from essor.accounts.models import User
from essor.formats.problems import InputProblem, Rejection
from essor.indicators import actions, catalogue
from essor.indicators.access import keeps_indicators, may_change
from essor.indicators.collect import columns_of, read_cells
from essor.indicators.definition import Indicator
from essor.indicators.enums import Origin
from essor.indicators.forms import DefinitionForm, FileForm, ValueForm
from essor.indicators.links import address, crumbs
from essor.indicators.models import StoredIndicator
from essor.indicators.places_typed import Places
from essor.indicators.views_indicator import frame_of
from essor.kernel import french
from essor.kernel.access import access
from essor.kernel.cells import csv_response
from essor.kernel.uploads import on_disk

MAX_BYTES = 10 << 20
MAX_SHOWN = 50


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  # the predicate refused visitors
    return request.user


def _own_or_404(request: HttpRequest, code: str, *, collected: bool = False) -> Indicator:
    """The indicator that this person keeps in this frame."""
    found = catalogue.everything().get(code)
    if (
        found is None
        or not may_change(request, found)
        or (collected and found.origin is not Origin.COLLECTED)
    ):
        raise Http404(_("Cet indicateur n’est pas à vous, ou ses valeurs ne se collectent pas."))
    return found


def add_errors(form: Form, error: ValidationError) -> None:
    """Show the faults of an action on its form, each beside its field."""
    if hasattr(error, "error_dict"):
        for name, errors in error.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
    else:
        form.add_error(None, error)


@access(keeps_indicators)
@require_http_methods(["GET", "HEAD", "POST"])
def define(request: HttpRequest) -> HttpResponse:
    """A new indicator, to collect or by a formula."""
    form = DefinitionForm(request.POST or None, owner=frame_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.define(_person(request), getattr(request, "authority", None), form.values())
            return HttpResponseRedirect(address(request, "indicator", row.code))
        except ValidationError as error:
            add_errors(form, error)
    context = {
        "page_title": _("Définir un indicateur"),
        "crumbs": crumbs(request, _("Définir")),
        "lead": _(
            "Un chiffre que vous collectez, ou une formule d’autres indicateurs. Son code est fait de son nom."
        ),
        "form": form,
        "submit_label": _("Définir l’indicateur"),
        "cancel_url": address(request, "indicators"),
    }
    return render(request, "kernel/form_page.html", context)


@access(keeps_indicators)
@require_http_methods(["GET", "HEAD", "POST"])
def revise(request: HttpRequest, code: str) -> HttpResponse:
    """A new version of a definition."""
    indicator = _own_or_404(request, code)
    row = get_object_or_404(StoredIndicator, code=code, is_current=True)
    form = DefinitionForm(request.POST or None, instance=row, owner=frame_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.revise(_person(request), code, form.values(), form.cleaned_data["change"])
            return HttpResponseRedirect(address(request, "indicator", code))
        except ValidationError as error:
            add_errors(form, error)
    context = {
        "page_title": _("Modifier « %(label)s »") % {"label": indicator.label},
        "crumbs": crumbs(request, _("Modifier"), indicator),
        "lead": _(
            "La version précédente reste lisible, et chaque valeur garde la version sous laquelle elle est venue."
        ),
        "form": form,
        "submit_label": _("Publier la version %(number)s") % {"number": row.version + 1},
        "cancel_url": address(request, "indicator", code),
    }
    return render(request, "kernel/form_page.html", context)


@access(keeps_indicators)
@require_http_methods(["GET", "HEAD", "POST"])
def collect_value(request: HttpRequest, code: str) -> HttpResponse:
    """One value, typed."""
    indicator = _own_or_404(request, code, collected=True)
    form = ValueForm(
        indicator, request.POST or None, initial={"territory": request.GET.get("territoire", "")}
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            counts = actions.collect(_person(request), indicator, [form.cell()], said["source"], said["day"])
            messages.success(request, _told(counts))
            return HttpResponseRedirect(address(request, "indicator", code, territoire=said["territory"].ref))
        except ValidationError as error:
            add_errors(form, error)
    context = {
        "page_title": _("Collecter « %(label)s »") % {"label": indicator.label},
        "crumbs": crumbs(request, _("Collecter"), indicator),
        "form": form,
        "submit_label": _("Enregistrer la valeur"),
        "cancel_url": address(request, "indicator", code),
    }
    return render(request, "kernel/form_page.html", context)


def _told(counts: dict[str, int]) -> str:
    if not counts["new"] + counts["changed"]:
        return _("Rien n’a changé : ces valeurs étaient déjà là.")
    return _("%(new)s, %(changed)s, %(same)s.") % {
        "new": french.counted(counts["new"], _("valeur nouvelle,valeurs nouvelles")),
        "changed": french.counted(counts["changed"], _("changée,changées")),
        "same": french.counted(counts["same"], _("déjà connue,déjà connues")),
    }


@access(keeps_indicators)
@require_http_methods(["GET", "HEAD", "POST"])
def collect_file(request: HttpRequest, code: str) -> HttpResponse:
    """A file of values: all of it, or nothing and the faults."""
    indicator = _own_or_404(request, code, collected=True)
    form = FileForm(request.POST or None, request.FILES or None)
    faults: list[str] = []
    count = 0
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            counts, faults, count = _take(request, indicator, said)
            if counts is not None:
                messages.success(request, _told(counts))
                return HttpResponseRedirect(address(request, "indicator", code))
        except InputProblem as problem:
            form.add_error("file", str(problem))
        except ValidationError as error:
            add_errors(form, error)
    context = {
        "page_title": _("Collecter « %(label)s » par un fichier") % {"label": indicator.label},
        "crumbs": crumbs(request, _("Collecter par un fichier"), indicator),
        "lead": _(
            "Tout le fichier est enregistré, ou rien : s’il y a des fautes, elles sont dites ligne par ligne."
        ),
        "form": form,
        "faults": faults,
        "fault_count": count,
        "columns": columns_of(indicator),
        "model_url": address(request, "collect-model", code),
        "submit_label": _("Lire et enregistrer"),
        "cancel_url": address(request, "indicator", code),
    }
    return render(request, "indicators/collect_file.html", context)


def _take(
    request: HttpRequest, indicator: Indicator, said: dict[str, Any]
) -> tuple[dict[str, int] | None, list[str], int]:
    """Read the file and write its values: (counts, nothing) or (None, the first faults, how many)."""
    upload: UploadedFile = said["file"]
    if (upload.size or 0) > MAX_BYTES:
        raise ValidationError({"file": _("Ce fichier dépasse 10 Mo : coupez-le en plusieurs.")})
    rejected: list[Rejection] = []
    with on_disk(upload) as path:
        cells = read_cells(path, indicator, Places().resolve, rejected.append)
    if rejected:
        return None, [str(each.as_problem()) for each in rejected[:MAX_SHOWN]], len(rejected)
    if not cells:
        raise ValidationError({"file": _("Ce fichier n’a aucune valeur sous son en-tête.")})
    counts = actions.collect(
        _person(request), indicator, cells, said["source"], said["day"], upload.name or ""
    )
    return counts, [], 0


@access(keeps_indicators)
@require_safe
def model_file(request: HttpRequest, code: str) -> HttpResponse:
    """An empty file with the columns of the indicator."""
    indicator = _own_or_404(request, code, collected=True)
    answer: HttpResponse = csv_response(f"modele-{code.replace('.', '-')}", columns_of(indicator), [])
    return answer
