"""Is it in a quartier prioritaire? One place, or a whole file that is read and forgotten."""

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from essor.kernel.access import access, everyone, signed_in
from essor.kernel.cells import csv_response
from essor.kernel.limits import limited
from essor.registry import links
from essor.registry.forms_qpv import PlaceForm, PlacesFileForm
from essor.registry.qpv_answers import Answer, completed, situate
from essor.registry.qpv_summary import summary
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
def qpv_file(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """A file of places: what it gives on the screen, or the file completed."""
    form = PlacesFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "registry/qpv.html", _context(request, PlaceForm(), form), status=422)
    answers = situate(form.cleaned_data["file"])
    if "telecharger" in request.POST:
        return csv_response("quartiers-prioritaires", *completed(answers))
    shown = answers[:ROWS_SHOWN]
    return render(
        request,
        "registry/qpv.html",
        _context(
            request,
            PlaceForm(),
            PlacesFileForm(),
            summary=summary(answers),
            total=len(answers),
            rows=[(answer, _first_cells(answer)) for answer in shown],
            more=len(answers) - len(shown),
        ),
    )


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
