"""The register's work in the background."""

from dataclasses import asdict
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.actions.checks import must_administer
from essor.accounts.models import User
from essor.formats.problems import InputProblem
from essor.kernel.jobs import JobContext, JobError, job_kind
from essor.kernel.locks import Busy
from essor.kernel.periods import today
from essor.registry import alerts, qpv_job
from essor.registry.directories import jobs as directories
from essor.registry.editions import BuildRequest, LoadRefused, build_and_compare, put_in_force
from essor.registry.exports import workbook
from essor.registry.going_back import compare, go_back
from essor.registry.models import Edition, Switch
from essor.registry.search import writer

__all__ = ["directories", "qpv_job", "run_build", "run_load", "workbook"]


def _must_still_administer(job: JobContext) -> None:
    """A job may be started again long after: the right counts on the day it runs."""
    if job.job.actor_id is None:  # asked for by the command line
        return
    try:
        must_administer(User.objects.get(pk=job.job.actor_id), today())
    except (PermissionDenied, User.DoesNotExist) as error:
        raise JobError(
            _(
                "La personne qui a demandé ce travail n’administre plus l’installation : demandez-le de nouveau."
            )
        ) from error


@job_kind("registry.build", gettext_lazy("Construction d’une édition du registre"))
def run_build(job: JobContext) -> dict[str, Any]:
    """Build an edition, and look at what it would change."""
    _must_still_administer(job)
    try:
        edition = build_and_compare(
            BuildRequest.from_params(job.params), job.progress, actor_id=job.job.actor_id
        )
    except InputProblem as problem:
        raise JobError(str(problem)) from problem
    return {"edition": edition.pk, "code": edition.code}


@job_kind("registry.load", gettext_lazy("Mise en vigueur d’une édition du registre"))
def run_load(job: JobContext) -> dict[str, Any]:
    """Put an edition in force."""
    _must_still_administer(job)
    edition = Edition.objects.get(pk=job.params["edition"])
    try:
        counts = put_in_force(edition, job.progress, actor_id=job.job.actor_id, force=job.params["force"])
    except (LoadRefused, InputProblem) as problem:
        raise JobError(str(problem)) from problem
    return {"edition": edition.pk, **asdict(counts)}


@job_kind("registry.rollback", gettext_lazy("Retour à une édition précédente du registre"))
def run_rollback(job: JobContext) -> dict[str, Any]:
    """Go back to an edition that was in force."""
    _must_still_administer(job)
    to = Edition.objects.get(pk=job.params["edition"])
    undoing = Edition.objects.get(pk=job.params["undoing"])
    try:
        counts = go_back(
            to, job.progress, undoing=undoing, actor_id=job.job.actor_id, reason=job.params["reason"]
        )
    except (LoadRefused, InputProblem) as problem:
        raise JobError(str(problem)) from problem
    return {"edition": to.pk, **asdict(counts)}


@job_kind("registry.compare", gettext_lazy("Comparaison d’une édition avec le registre"))
def run_comparison(job: JobContext) -> dict[str, Any]:
    """Look at what an edition would change."""
    edition = Edition.objects.get(pk=job.params["edition"])
    job.progress(str(gettext_lazy("Comparaison avec le registre en vigueur")))
    try:
        counts = compare(edition)
    except (LoadRefused, InputProblem) as problem:
        raise JobError(str(problem)) from problem
    return {"edition": edition.pk, "changes": sum(counts.values())}


@job_kind("registry.alerts", gettext_lazy("Alertes après une mise en vigueur"))
def run_alerts(job: JobContext) -> dict[str, Any]:
    """Raise the alerts of a switch, or withdraw those of the editions taken back."""
    switch = Switch.objects.select_related("edition").get(pk=job.params["switch"])
    return {"alerts": alerts.after_switch(switch)}


@job_kind("registry.index", gettext_lazy("Reconstruction de l’index de recherche"))
def run_index(job: JobContext) -> dict[str, Any]:
    """Make the index of the search again."""
    _must_still_administer(job)
    try:
        return asdict(writer.rebuild(job.progress))
    except Busy as error:
        raise JobError(_("L’index est déjà en cours d’écriture : réessayez dans une minute.")) from error
