"""Installation screens of the editions: the list, one edition, its rejected rows, putting it in force."""

from typing import Any

import duckdb
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from essor.accounts.access import installation_admin
from essor.formats.problems import InputProblem
from essor.kernel import audit
from essor.kernel.access import access
from essor.kernel.cells import csv_response
from essor.kernel.models import Job, JobState
from essor.registry import comparison, editions, going_back
from essor.registry.edition_words import (
    STATE_TONES,
    funnel,
    funnel_chart,
    other_counts,
    scope_name,
    source_rows,
)
from essor.registry.forms import PutInForceForm
from essor.registry.loading.load import LoadPreview, LoadRefused
from essor.registry.models import Edition
from essor.registry.views_list import CountedPaginator

REJECTED_PAGE = 50
EDITIONS_PAGE = 25
REJECTED_COLUMNS = ("file", "line", "siren", "siret", "column", "value", "reason", "remedy")
JOBS = ("registry.build", "registry.load", "registry.rollback", "registry.compare")


@access(installation_admin)
@require_safe
def edition_list(request: HttpRequest) -> HttpResponse:
    """All the editions, latest first, and the work in progress."""
    page = Paginator(Edition.objects.order_by("-built_at", "-id"), EDITIONS_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page_title": _("Éditions du registre"),
        "page_obj": page,
        "editions": [_line(edition) for edition in page.object_list],
        "running": Job.objects.filter(kind__in=JOBS, state__in=[JobState.QUEUED, JobState.RUNNING]).order_by(
            "-pk"
        ),
    }
    return render(request, "registry/editions.html", context)


def _line(edition: Edition) -> dict[str, Any]:
    return {
        "edition": edition,
        "scope": scope_name(edition.scope),
        "tone": STATE_TONES[edition.state],
        "organisations": (edition.manifest.get("counts") or {}).get("organisations"),
        "rejected": sum((edition.manifest.get("rejected") or {}).values()),
    }


@access(installation_admin)
@require_safe
def edition_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One edition: where it comes from, what was counted, what was set aside, what putting it in force would change."""
    edition = get_object_or_404(Edition, pk=pk)
    preview, problem = preview_of(edition)
    steps = funnel(edition.manifest)
    shown = comparison.view_of(edition)
    changes = comparison.count_by_kind(comparison.changes_of(edition, shown))
    context = {
        "page_title": _("Édition du registre : %(scope)s") % {"scope": scope_name(edition.scope)},
        "edition": edition,
        "scope": scope_name(edition.scope),
        "state": edition.get_state_display(),
        "state_tone": STATE_TONES[edition.state],
        "sources": source_rows(edition.manifest),
        "other_counts": other_counts(edition.manifest),
        "funnel_chart": funnel_chart(steps),
        "rejected": rejected_counts(edition),
        "preview": preview,
        "preview_problem": problem,
        "report": {} if edition.state == Edition.State.BUILT else edition.loading_report,
        "form": PutInForceForm(alarming=preview.is_alarming) if preview else None,
        "changes_view": shown.value,
        "changes": comparison.said_counts(changes),
        "can_go_back": edition.state == Edition.State.IN_FORCE
        and going_back.previous_of(edition) is not None,
        "timeline": audit.entries_for(edition),
    }
    return render(request, "registry/edition.html", context)


def preview_of(edition: Edition) -> tuple[LoadPreview | None, str]:
    """What putting the edition in force would do, or why it cannot be told; nothing for the one in force."""
    if edition.state in (Edition.State.IN_FORCE, Edition.State.LOADING):
        return None, ""
    try:
        return editions.preview(edition), ""
    except (LoadRefused, InputProblem) as error:
        return None, str(error)
    except (duckdb.Error, OSError):
        return None, _(
            "Les fichiers de cette édition ne sont plus lisibles sur le serveur : reconstruisez-la."
        )


def rejected_counts(edition: Edition) -> list[tuple[str, str, int]]:
    """Rows set aside by file and reason; none when the edition's files are gone."""
    try:
        return editions.rejected_summary(edition)
    except (duckdb.Error, OSError):
        return []


@access(installation_admin)
@require_http_methods(["POST"])
def edition_put_in_force(request: HttpRequest, pk: int) -> HttpResponse:
    """Start putting the edition in force, once confirmed."""
    edition = get_object_or_404(Edition, pk=pk)
    preview, problem = preview_of(edition)
    if preview is None:
        return _not_now(request, edition, problem)
    form = PutInForceForm(request.POST, alarming=preview.is_alarming)
    if not form.is_valid():
        context = {
            "page_title": _("Mettre l’édition en vigueur"),
            "edition": edition,
            "preview": preview,
            "form": form,
        }
        return render(request, "registry/edition_confirm.html", context, status=422)
    job = editions.start_load(
        actor_id=person(request), edition=edition, force=bool(form.cleaned_data.get("force", False))
    )
    return redirect("registry-admin:work", job_id=job.pk)


def _not_now(request: HttpRequest, edition: Edition, problem: str) -> HttpResponse:
    """Why the edition cannot be put in force now."""
    said = {
        Edition.State.IN_FORCE: _("Cette édition est déjà en vigueur."),
        Edition.State.LOADING: _(
            "Cette édition est en cours de mise en vigueur : attendez la fin du travail."
        ),
    }
    context = {
        "page_title": _("Mettre l’édition en vigueur"),
        "edition": edition,
        "problem": problem or said.get(Edition.State(edition.state), ""),
    }
    return render(request, "registry/edition_problem.html", context, status=409)


def person(request: HttpRequest) -> int:
    """Id of the person, known to be signed in by the predicate."""
    if request.user.pk is None:
        raise ValidationError(_("Connectez-vous."))
    return int(request.user.pk)


@access(installation_admin)
@require_safe
def edition_rejected(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that the build set aside, a page at a time."""
    edition = get_object_or_404(Edition, pk=pk)
    file, reason = request.GET.get("fichier", "")[:300], request.GET.get("motif", "")[:300]
    number = request.GET.get("page", "1")
    wanted = max(1, int(number)) if number.isascii() and number.isdigit() and len(number) < 8 else 1
    try:
        rows, total = editions.rejected_rows(
            edition, file=file, reason=reason, offset=(wanted - 1) * REJECTED_PAGE, limit=REJECTED_PAGE
        )
    except (duckdb.Error, OSError):
        return _files_gone(request, edition)
    summary = rejected_counts(edition)
    page = CountedPaginator([None] * 0, REJECTED_PAGE, total).get_page(wanted)
    context = {
        "page_title": _("Lignes écartées"),
        "edition": edition,
        "scope": scope_name(edition.scope),
        "rows": rows,
        "total": total,
        "page_obj": page,
        "files": sorted({line[0] for line in summary}),
        "reasons": sorted({line[1] for line in summary}),
        "file": file,
        "reason": reason,
    }
    return render(request, "registry/edition_rejected.html", context)


@access(installation_admin)
@require_safe
def edition_rejected_csv(request: HttpRequest, pk: int) -> HttpResponse | StreamingHttpResponse:
    """All the rows set aside, as a CSV that spreadsheets open."""
    edition = get_object_or_404(Edition, pk=pk)
    if not editions.has_rejected_rows(edition):
        return _files_gone(request, edition)
    head = [_("Fichier"), _("Ligne"), "SIREN", "SIRET", _("Colonne"), _("Valeur"), _("Motif"), _("Remède")]
    rows = ([row.get(name) for name in REJECTED_COLUMNS] for row in editions.iter_rejected(edition))
    return csv_response(f"lignes-ecartees-{edition.code}", head, rows)


def _files_gone(request: HttpRequest, edition: Edition) -> HttpResponse:
    """The edition's files are no longer on the server: what can be done."""
    context = {
        "page_title": _("Lignes écartées"),
        "edition": edition,
        "problem": _(
            "Les fichiers de cette édition ne sont plus lisibles sur le serveur (dossier « %(folder)s »). "
            "Remettez ce dossier depuis une sauvegarde, ou reconstruisez l’édition."
        )
        % {"folder": editions.folder_of(edition)},
    }
    return render(request, "registry/edition_problem.html", context, status=404)
