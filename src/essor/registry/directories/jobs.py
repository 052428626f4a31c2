"""Reading a directory in the background."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.models import User
from essor.kernel.jobs import JobContext, JobError, job_kind
from essor.kernel.periods import today
from essor.registry.directories import importing
from essor.registry.directories.access import must_import
from essor.registry.directories.actions import JOB
from essor.registry.models import DirectoryImport

STEPS = ("Lecture du fichier", "Rapprochement avec le registre", "Enregistrement")


@job_kind(JOB, gettext_lazy("Import d’un annuaire partenaire"), STEPS)
def run_import(job: JobContext) -> dict[str, Any]:
    """Read a file of a directory; the right counts on the day it runs."""
    if job.job.actor_id is not None:
        given = DirectoryImport.objects.select_related("directory__authority").get(pk=job.params["import"])
        try:
            must_import(User.objects.get(pk=job.job.actor_id), given.directory.authority, today())
        except (PermissionDenied, User.DoesNotExist) as error:
            raise JobError(
                _("La personne qui a demandé cet import n’en a plus le droit : demandez-le de nouveau.")
            ) from error
    return importing.run(job)
