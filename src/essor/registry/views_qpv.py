"""Is it in a quartier prioritaire? One place, or a whole file that is read and forgotten."""

import io
from typing import Any

from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from essor.kernel.access import access, everyone, signed_in
from essor.kernel.cells import csv_response
from essor.kernel.job_views import context_of
from essor.kernel.limits import limited
from essor.kernel.models import Job
from essor.registry import links, qpv_job
from essor.registry.access import asked_qpv
from essor.registry.forms_qpv import PlaceForm, PlacesFileForm
from essor.registry.qpv_answers import Answer, completed, situate
from essor.registry.qpv_summary import Tally
from essor.registry.qpv_workbook import NAME, write_workbook
from essor.territories.enums import QpvGeneration
from essor.territories.locating import neighbourhoods

ROWS_SHOWN = 50


@access(everyone)
@require_safe
def qpv(request: HttpRequest) -> HttpResponse:
    """One place: a SIRET or a position of the address."""
    asked = bool(request.GET.get("siret") or request.GET.get("position"))
    form = PlaceForm(request.GET) if asked else PlaceForm()
    answer = situate([form.row()])[0] if asked and form.is_valid() else None
    return render(request, "registry/qpv.html", _context(request, form, PlacesFileForm(), answer=answer))


@access(signed_in)
@limited("qpv-file", "20/m/user,200/h/user")
@require_POST
def qpv_file(request: HttpRequest) -> HttpResponseBase:
    """A file of places: what it gives on the screen, or the file completed; a long one is made in the background."""
    form = PlacesFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "registry/qpv.html", _context(request, PlaceForm(), form), status=422)
    rows = form.cleaned_data["file"]
    if qpv_job.is_long(rows, ask=form.asks):
        return _begin(request, form)
    answers = situate(rows)
    if request.POST.get("telecharger") == "xlsx":
        file = io.BytesIO()
        write_workbook(answers, file)
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=f"{NAME}.xlsx")
    if "telecharger" in request.POST:
        return csv_response(NAME, *completed(answers))
    shown = answers[:ROWS_SHOWN]
    return render(
        request,
        "registry/qpv.html",
        _context(
            request,
            PlaceForm(),
            PlacesFileForm(),
            **_figures(Tally.of(answers)),
            total=len(answers),
            rows=[(answer, _first_cells(answer)) for answer in shown],
            more=len(answers) - len(shown),
        ),
    )


def _begin(request: HttpRequest, form: PlacesFileForm) -> HttpResponse:
    page = links.address(request, "qpv-result", 0).removesuffix("0/")
    actor = request.user.pk
    if actor is None:
        raise AssertionError
    try:
        job = qpv_job.begin(form.cleaned_data["file"], ask=form.asks, actor_id=actor, page=page)
    except ValidationError as refused:
        form.add_error("file", refused)
        return render(request, "registry/qpv.html", _context(request, PlaceForm(), form), status=422)
    return redirect(links.address(request, "qpv-result", job.pk))


@access(asked_qpv)
@require_safe
@never_cache
def qpv_result(request: HttpRequest, job_id: int) -> HttpResponse:
    """What a file made in the background gives: its progress, then its figures and its files."""
    job = get_object_or_404(Job, pk=job_id)
    tally = qpv_job.figures_of(job)
    context = {
        **context_of(job, timezone.now()),
        **(_figures(tally) if tally else {}),
        "page_title": _("Quartiers prioritaires : le résultat"),
        "crumbs": [
            {"label": _("Est-ce en quartier prioritaire ?"), "url": links.address(request, "qpv")},
            {"label": _("Le résultat"), "url": ""},
        ],
        "total": job.result.get("rows", 0) if job.result else 0,
        "silent": _said_lines(job),
        "until": job.finished_at + qpv_job.KEPT if job.finished_at else None,
    }
    return render(request, "registry/qpv_result.html", context)


@access(asked_qpv)
@require_POST
def qpv_erase(request: HttpRequest, job_id: int) -> HttpResponse:
    """Erase a result before its term."""
    qpv_job.erase(get_object_or_404(Job, pk=job_id))
    return redirect(links.address(request, "qpv-result", job_id))


def _said_lines(job: Job) -> str:
    """« 2 à 1001, 3002 »: the lines for which the service did not answer."""
    ranges = job.result.get("silent", []) if job.result else []
    return ", ".join(
        str(first) if first == last else _("%(first)s à %(last)s") % {"first": first, "last": last}
        for first, last in ranges
    )


def _figures(tally: Tally) -> dict[str, Any]:
    latest = max(QpvGeneration.values)
    return {
        "summary": tally.by_list(),
        "certainties": tally.by_certainty(),
        "communes": tally.by_commune(latest),
        "latest": latest,
    }


def _context(request: HttpRequest, form: PlaceForm, file_form: PlacesFileForm, **more: Any) -> dict[str, Any]:
    loaded = {each.generation for each in neighbourhoods()}
    return {
        "page_title": _("Est-ce en quartier prioritaire ?"),
        "form": form,
        "file_form": file_form,
        "missing": [year for year in sorted(QpvGeneration.values) if year not in loaded],
        "canonical_url": links.canonical(request, "qpv"),
        **more,
    }


def _first_cells(answer: Answer) -> str:
    """What tells a row from another: its first cells that hold something."""
    return " · ".join([text for text in answer.row.cells.values() if text][:3])
