"""Writing a list of supporters, in the background: in one transaction, so that a kill leaves what was there."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.formats.problems import InputProblem
from essor.kernel import audit
from essor.kernel.jobs import JobContext, JobError, job_kind
from essor.kernel.tick import every
from essor.kit.actions_support import write
from essor.kit.models.support import Supporter
from essor.kit.supporter_import.actions import JOB, KEPT_DAYS, forget
from essor.kit.supporter_import.models import SupporterImport
from essor.kit.supporter_import.plan import plan_of

MAX_REJECTED = 1000


@job_kind(JOB, gettext_lazy("Écriture d’une liste d’acteurs"))
def run_supporters(job: JobContext) -> dict[str, Any]:
    """Write a list; gives the counts. Run again after a kill, it changes nothing more."""
    try:
        with transaction.atomic():
            return _run(job)
    except InputProblem as problem:
        raise JobError(str(problem)) from problem


def _run(job: JobContext) -> dict[str, Any]:
    rows = SupporterImport.objects.select_for_update(of=("self",)).select_related("authority__territory")
    given = rows.filter(pk=job.params["import"]).first()
    if given is None:
        raise JobError(_("Cette liste a été laissée : déposez-la de nouveau."))
    if given.written_at is not None:
        return dict(given.counts)
    job.progress(_("Lecture de la liste"))
    plan = plan_of(given)
    if plan.rejected and given.all_or_nothing:
        raise JobError(
            _("%(count)s lignes sont refusées : rien n’a changé. La première : %(first)s")
            % {"count": len(plan.rejected), "first": plan.rejected[0].as_problem()}
        )
    lines = [*plan.new, *plan.changed]
    step = _("Écriture des acteurs")
    for done, line in enumerate(lines):
        if done % 50 == 0:
            job.progress(step, done, len(lines))
        supporter = line.supporter or Supporter(authority=given.authority, origin_key=line.entry.key)
        supporter.closed_on = None
        write(supporter, line.said)
    job.progress(step, len(lines), len(lines))
    given.counts, given.written_at = plan.counts(), timezone.now()
    given.rejected = [str(each.as_problem()) for each in plan.rejected[:MAX_REJECTED]]
    forget(given)
    given.save()
    audit.record(
        "kit.supporters.written",
        actor_id=job.job.actor_id,
        subject=given,
        authority_id=given.authority_id,
        data={"file": given.file_name, "new": given.counts["new"], "changed": given.counts["changed"]},
    )
    return dict(given.counts)


@every("night", "kit.supporter_lists")
def leave_old(now: datetime) -> int:
    """Erase the lists that nobody wrote within a week; gives how many."""
    old = SupporterImport.objects.filter(
        written_at__isnull=True, given_at__lt=now - timedelta(days=KEPT_DAYS)
    )
    count = 0
    for given in old:
        with transaction.atomic():
            forget(given)
            given.delete()
            count += 1
    return count
