"""Loading a large official table in the background; leaving those that nobody confirmed."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from essor.kernel.jobs import JobContext, job_kind
from essor.kernel.tick import every
from essor.observatory import actions_official

JOB = "observatory.official"
LARGE = 5_000  # rows from which the work leaves the page


@job_kind(JOB, gettext_lazy("Chargement d’un tableau officiel"))
def run_load(job: JobContext) -> dict[str, Any]:
    """Put in force the table of the parameters."""
    row = actions_official.load(job.job.actor_id, job.params["load"], job.progress)
    counts = {name: row.counts.get(name, 0) for name in ("new", "changed", "hidden", "same", "older")}
    return {**counts, "page": reverse("observatory:release", args=[row.pk])}


@every("night", "observatory.official")
def forget(now: datetime) -> int:
    """Leave the tables given more than a week ago that nobody confirmed."""
    return actions_official.forget_old(now)
