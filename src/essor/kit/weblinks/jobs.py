"""The look at addresses in the background: asked by a person, or every week when the administration wants it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

from essor.kernel.jobs import JobContext, job_kind
from essor.kernel.models import Job
from essor.kernel.tick import every
from essor.kit.weblinks import checking
from essor.kit.weblinks.actions import JOB, check_links, is_switched_on


@job_kind(JOB, gettext_lazy("Vérification des liens"))
def run_links(job: JobContext) -> dict[str, Any]:
    """Look at addresses."""
    return checking.run(job)


@every("week", "kit.weblinks")
def weekly(now: datetime) -> bool:
    """Start the look of the week, when it is switched on; whether it was started."""
    if not is_switched_on() or Job.objects.open().filter(kind=JOB).exists():
        return False
    check_links(None, None)
    return True
