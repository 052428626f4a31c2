"""The reading of lists of aids, in the background."""

from typing import Any

from django.utils.translation import gettext_lazy

from essor.kernel.jobs import JobContext, job_kind
from essor.kit import aids_import
from essor.kit.actions_aids import JOB


@job_kind(JOB, gettext_lazy("Lecture d’une liste d’aides"))
def run_aids(job: JobContext) -> dict[str, Any]:
    """Read a list of aids."""
    return aids_import.run(job)
