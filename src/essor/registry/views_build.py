"""Installation screens that build an edition and follow the work."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from essor.accounts.access import installation_admin
from essor.accounts.models import Authority
from essor.kernel.access import access
from essor.kernel.job_views import context_of
from essor.kernel.models import Job, JobState
from essor.registry import editions, perimeter_store
from essor.registry.forms import BuildForm, source_field
from essor.registry.models import Edition
from essor.registry.sources import FoundFile, kinds
from essor.registry.views_editions import JOBS
from essor.registry.words import size_words
from essor.territories.models import Territory
from essor.territories.queries import UnknownTerritoryError, resolve


@access(installation_admin)
@require_http_methods(["GET", "HEAD", "POST"])
def build(request: HttpRequest) -> HttpResponse:
    """Choose territory, date, perimeter and files; then the work begins in the background."""
    found = editions.available_sources()
    form = BuildForm(
        request.POST if request.method == "POST" else None,
        versions=_versions(),
        found=found,
        kinds=kinds(),
        initial=_proposed(),
    )
    if request.method == "POST" and form.is_valid():
        job = _start(request, form)
        if job is not None:
            return redirect("registry-admin:work", job_id=job.pk)
    context = {
        "page_title": _("Construire une édition"),
        "form": form,
        "found": [_file(each) for each in found],
        "folder": str(editions.sources_folder()),
        "missing": [
            kind
            for code, kind in kinds().items()
            if not any(each.kind == code and not each.problem for each in found)
        ],
        "source_fields": [form[source_field(code)] for code in kinds() if source_field(code) in form.fields],
    }
    return render(request, "registry/edition_build.html", context)


def _versions() -> list[tuple[str, str]]:
    """Versions of the perimeter, those in force today said to be."""
    in_force = perimeter_store.in_force(timezone.localdate()).version
    return [
        (
            stored.version,
            _("%(version)s (en vigueur)") % {"version": stored.version}
            if stored.version == in_force
            else stored.version,
        )
        for stored in perimeter_store.versions()
    ]


def _proposed() -> dict[str, Any]:
    """The territory of the last edition, else of the first authority; today; the perimeter in force."""
    today = timezone.localdate()
    return {
        "territory": _last_territory(),
        "day": today,
        "perimeter_version": perimeter_store.in_force(today).version,
        "on_error": "keep",
    }


def _last_territory() -> Territory | None:
    scope = Edition.objects.order_by("-built_at").values_list("scope", flat=True).first()
    if scope is None:
        authority = Authority.objects.filter(territory__isnull=False).select_related("territory").first()
        return authority.territory if authority else None
    try:
        return resolve(scope)
    except UnknownTerritoryError:
        return None


def _file(found: FoundFile) -> dict[str, Any]:
    return {
        "name": found.name,
        "label": found.label,
        "size": size_words(found.size),
        "day": found.day,
        "problem": found.problem,
    }


def _start(request: HttpRequest, form: BuildForm) -> Job | None:
    """Ask for the edition; what the pipeline refuses at once stands in the form."""
    said = form.cleaned_data
    try:
        return editions.start_build(
            actor_id=int(request.user.pk or 0),
            scope=said["territory"].ref,
            day=said["day"],
            perimeter_version=said["perimeter_version"],
            sources=form.sources(),
            on_error=said["on_error"],
            fetch=said["fetch"],
        )
    except ValidationError as error:
        form.add_error(None, error)
        return None


@access(installation_admin)
@require_safe
@never_cache
def work(request: HttpRequest, job_id: int) -> HttpResponse:
    """The progress of a build or of a load, then the way to the edition."""
    job = get_object_or_404(Job, pk=job_id, kind__in=JOBS)
    context = context_of(job, timezone.now())
    context["edition"] = _edition_of(job)
    context["progress"]["label"] = capfirst(context["progress"]["label"])
    partial = request.headers.get("HX-Request") == "true"
    return render(request, "registry/work_progress.html" if partial else "registry/work.html", context)


def _edition_of(job: Job) -> Edition | None:
    """The edition that the work made or put in force, once it is done; for a load, from the beginning."""
    wanted = (
        job.result.get("edition") if job.state == JobState.DONE and job.result else job.params.get("edition")
    )
    return Edition.objects.filter(pk=wanted).first() if wanted else None
