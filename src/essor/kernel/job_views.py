"""Screens of a job: its page, its progress for HTMX and as JSON, its cancellation, its new start."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from essor.kernel import jobs
from essor.kernel.access import access
from essor.kernel.models import Job, JobState, StoredFile


def sees_job(request: HttpRequest) -> bool:
    """La personne qui a lancé le travail, et les administrateurs de l’installation."""
    user = request.user
    if not user.is_authenticated:
        return False
    if getattr(user, "is_installation_admin", False):
        return True
    match = request.resolver_match
    return match is not None and Job.objects.filter(pk=match.kwargs["job_id"], actor_id=user.pk).exists()


@access(sees_job)
@require_GET
@never_cache
def job_page(request: HttpRequest, job_id: int) -> HttpResponse:
    """The page of a job; HTMX asks it again and again for its progress alone."""
    job = get_object_or_404(Job, pk=job_id)
    partial = request.headers.get("HX-Request") == "true"
    return render(
        request, "kernel/job_progress.html" if partial else "kernel/job.html", context_of(job, timezone.now())
    )


@access(sees_job)
@require_GET
@never_cache
def job_state(request: HttpRequest, job_id: int) -> JsonResponse:
    """The job as JSON."""
    return JsonResponse(as_json(get_object_or_404(Job, pk=job_id), timezone.now()))


@access(sees_job)
@require_POST
def job_cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    """Ask the job to end."""
    jobs.cancel(get_object_or_404(Job, pk=job_id), actor_id=_person(request))
    return redirect("job", job_id=job_id)


@access(sees_job)
@require_POST
def job_retry(request: HttpRequest, job_id: int) -> HttpResponse:
    """Start the job again."""
    job = get_object_or_404(Job, pk=job_id)
    if job.state in {JobState.FAILED, JobState.CANCELLED}:
        job = jobs.retry(job, actor_id=_person(request))
    return redirect("job", job_id=job.pk)


def context_of(job: Job, now: datetime) -> dict[str, Any]:
    """What the templates of a job show; a room may include `kernel/job_progress.html` with it."""
    over = {JobState.DONE: "done", JobState.FAILED: "failed", JobState.CANCELLED: "cancelled"}
    return {
        "job": job,
        "page_title": jobs.label_of(job),
        "over": over.get(JobState(job.state), ""),
        "file_id": _file_of(job),
        "result_url": _page_of(job),
        "can_retry": job.state in {JobState.FAILED, JobState.CANCELLED},
        "progress": {
            "label": job.step or job.get_state_display(),
            "done": job.done,
            "total": job.total,
            "steps": _steps(job),
            "left": time_left(seconds_left(job, now)),
            "note": _("L’arrêt est demandé : il se fera à la fin de l’opération en cours.")
            if job.cancel_asked
            else "",
        },
    }


def _file_of(job: Job) -> str | None:
    """The file that the work made (`file` of its result), as long as it is kept."""
    made = job.result.get("file") if isinstance(job.result, dict) else None
    return made if made and StoredFile.objects.filter(pk=made).exists() else None


def _page_of(job: Job) -> str:
    """The page where the room shows what the work made (`page` of its result), empty without."""
    page = job.result.get("page") if isinstance(job.result, dict) else None
    return page if isinstance(page, str) and page.startswith("/") and not page.startswith("//") else ""


def as_json(job: Job, now: datetime) -> dict[str, Any]:
    """The job for programs: state, progress, seconds left, error, result."""
    return {
        "id": job.pk,
        "kind": job.kind,
        "label": jobs.label_of(job),
        "state": job.state,
        "step": job.step,
        "done": job.done,
        "total": job.total,
        "seconds_left": seconds_left(job, now),
        "error": job.error,
        "result": job.result,
    }


def seconds_left(job: Job, now: datetime) -> int | None:
    """Seconds until the end of the running step at its pace so far; None when there is nothing to tell it
    from.
    """
    if job.state != JobState.RUNNING or not job.total or job.done <= 0 or job.step_started_at is None:
        return None
    elapsed = (now - job.step_started_at).total_seconds()
    if elapsed < 2:
        return None
    return max(0, round(elapsed * (job.total - job.done) / job.done))


def time_left(seconds: int | None) -> str:
    """« Encore 2 minutes environ »; empty when it is not known."""
    if seconds is None:
        return ""
    if seconds < 60:
        return _("Encore moins d’une minute pour cette étape")
    minutes = round(seconds / 60)
    if minutes < 90:
        text = ngettext(
            "Encore %(count)s minute environ pour cette étape",
            "Encore %(count)s minutes environ pour cette étape",
            minutes,
        )
        return text % {"count": minutes}
    return _("Encore %(count)s heures environ pour cette étape") % {"count": round(minutes / 60)}


def _steps(job: Job) -> list[dict[str, str]]:
    """The steps that the kind announced, with their state; empty when the running one is not among them."""
    kind = jobs.kind_of(job)
    labels = list(kind.steps) if kind else []
    if job.state == JobState.DONE:
        return [{"label": label, "state": "done"} for label in labels]
    if job.step and job.step not in labels:
        return []
    current = labels.index(job.step) if job.step else len(labels)
    states = [
        ("done" if place < current else "current" if place == current else "todo")
        for place in range(len(labels))
    ]
    if not job.step:
        states = ["todo"] * len(labels)
    return [{"label": label, "state": state} for label, state in zip(labels, states, strict=True)]


def _person(request: HttpRequest) -> int:
    """Id of the person, known to be signed in by the predicate."""
    assert request.user.pk is not None  # noqa: S101
    return int(request.user.pk)
