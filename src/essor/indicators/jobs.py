"""The indicators' work in the background and of every night."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.indicators import alerts, materialise
from essor.indicators.from_acts import JOB as ACTS_JOB
from essor.kernel import jobs
from essor.kernel.jobs import JobContext, JobError, job_kind
from essor.kernel.locks import Busy
from essor.kernel.models import Job, JobState
from essor.kernel.periods import day_of, today
from essor.kernel.tick import every

JOB = "indicators.materialise"


@job_kind(JOB, gettext_lazy("Calcul des indicateurs"))
def run_materialise(job: JobContext) -> dict[str, Any]:
    """Write the values of the indicators declared in code."""
    try:
        return asdict(materialise.materialise(today(), timezone.now(), job.progress))
    except Busy as error:
        raise JobError(_("Un autre calcul des indicateurs est en cours : attendez sa fin.")) from error


@job_kind(ACTS_JOB, gettext_lazy("Calcul des indicateurs d’après les actes"))
def run_acts(job: JobContext) -> dict[str, Any]:
    """Write the values of the indicators made of acts."""
    try:
        return asdict(materialise.materialise(today(), timezone.now(), job.progress, acts_only=True))
    except Busy as error:
        raise JobError(_("Un autre calcul des indicateurs est en cours : attendez sa fin.")) from error


def start_if_due() -> bool:
    """Start the computation when what it reads changed, once; whether it was started."""
    if not materialise.is_due():
        return False
    waiting = Job.objects.filter(kind=JOB, state__in=[JobState.QUEUED, JobState.RUNNING])
    if waiting.exists():
        return False
    jobs.start(JOB)
    return True


@every("minute", "indicators.after_edition")
def after_edition(now: datetime) -> int:
    """After an edition or a zoning, compute the indicators again."""
    failed = Job.objects.filter(kind=JOB, state=JobState.FAILED, finished_at__gte=now - materialise.PAUSE)
    return 0 if failed.exists() else int(start_if_due())


@every("night", "indicators.materialise")
def nightly(now: datetime) -> str:
    """Compute again what acts and corrections changed, then send the alerts of the thresholds."""
    counts = materialise.materialise(day_of(now), now)
    sent = alerts.send(now)
    return f"{counts.new}+{counts.changed}-{counts.gone}, {sent}"
