"""A large atlas, made in the background and kept some days for everyone: its figures are public."""

import io
from datetime import datetime, timedelta
from typing import Any

from django.core.files import File
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.kernel import files
from essor.kernel.jobs import JobContext, JobError, job_kind
from essor.kernel.models import StoredFile
from essor.kernel.periods import today
from essor.kernel.tick import every
from essor.observatory.atlas import document
from essor.territories.models import Territory
from essor.territories.queries import UnknownTerritoryError, resolve

ATLAS_JOB = "observatory.atlas"
ATLAS = "observatory.atlas"
DIRECT_PAGES = 60  # made while one waits: a second of processor
MOST_BYTES = 200 << 20
KEPT = timedelta(days=2)


def sees_atlas(request: HttpRequest, stored: StoredFile) -> bool:
    """Tout le monde : les chiffres d’un atlas sont publiés."""
    return True


files.register_purpose(ATLAS, sees_atlas)


@job_kind(ATLAS_JOB, gettext_lazy("Préparation d’un atlas"))
def run_atlas(job: JobContext) -> dict[str, Any]:
    """Make the atlas of a territory; `params`: its reference."""
    try:
        territory = resolve(job.params["territory"])
        made = document.make(territory, today(), job.progress)
    except (UnknownTerritoryError, document.NoAtlas) as error:
        raise JobError(str(error)) from error
    stored = files.store(
        File(io.BytesIO(made), name=f"{file_name(territory)}.pdf"),
        purpose=ATLAS,
        allowed=("pdf",),
        max_bytes=MOST_BYTES,
        uploaded_by=job.job.actor_id,
    )
    return {"file": str(stored.pk), "bytes": len(made)}


def file_name(territory: Territory) -> str:
    """« atlas-ess-departement-31 »."""
    return f"atlas-ess-{territory.kind}-{territory.code}"


def kept(territory: Territory) -> StoredFile | None:
    """The last atlas of a territory that is still kept."""
    named = StoredFile.objects.filter(purpose=ATLAS, name=f"{file_name(territory)}.pdf")
    return named.order_by("-created_at").first()


@every("night", "observatory.atlas")
def forget_atlases(now: datetime) -> str:
    """Erase the atlases that were made some days ago."""
    old = list(StoredFile.objects.filter(purpose=ATLAS, created_at__lt=now - KEPT))
    for stored in old:
        files.delete(stored)
    return str(len(old))


def pages_said(count: int) -> str:
    """« 18 pages de territoires, une couverture et une page de sources »."""
    return _("%(count)s pages de territoires, une couverture, et les sources à la fin") % {"count": count}
