"""Large workbooks, made in the background: a request would last minutes. CSV and GeoJSON leave as they are read."""

import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.core.files import File
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.rights import rights_of
from essor.kernel import files
from essor.kernel.jobs import JobContext, JobError, job_kind
from essor.kernel.models import StoredFile
from essor.kernel.tick import every
from essor.registry import list_query, queries
from essor.registry.exports.about import filename, notice
from essor.registry.exports.formats import FORMATS
from essor.registry.exports.rows import Row, ordered_ids, rows_of

EXPORT_JOB = "registry.export"
EXPORT = "registry.export"
WORKBOOKS = ("xlsx", "ods")
MOST_AT_ONCE = 50_000  # organisations in a workbook made while one waits: some 12 s of processor
MOST_BYTES = 1 << 30
KEPT = timedelta(days=2)  # what is hidden since stays no longer in a file that waits
ROWS_A_STEP = 1000


def is_large(extension: str, count: int) -> bool:
    """True for a workbook of so many organisations that it is made in the background."""
    return extension in WORKBOOKS and count > MOST_AT_ONCE


def sees_export(request: HttpRequest, stored: StoredFile) -> bool:
    """La personne qui a demandé le fichier, et l’administration de l’installation."""
    if not request.user.is_authenticated:
        return False
    return stored.uploaded_by == request.user.pk or rights_of(request).is_installation_admin


files.register_purpose(EXPORT, sees_export)


@job_kind(EXPORT_JOB, gettext_lazy("Préparation d’un classeur du registre"))
def run_export(job: JobContext) -> dict[str, Any]:
    """Make the workbook of a set; `params`: extension, the filters as a frameless address, addresses of the pages."""
    edition = queries.edition_in_force()
    if edition is None:
        raise JobError(_("Aucune édition du registre n’est en vigueur : il n’y a rien à exporter."))
    params = job.params
    asked = list_query.read(QueryDict(params["query"]), None, timezone.localdate())
    ids = ordered_ids(asked.filters)
    chosen, first = FORMATS[params["extension"]], params["first"]
    rows = _told(job, rows_of(ids, asked.filters, lambda pk: f"{first}{pk}/"), len(ids))
    with tempfile.TemporaryFile() as file:
        for block in chosen.write(rows, lambda: notice(asked.filters, edition, len(ids), params["page"])):
            file.write(block)
        file.seek(0)
        stored = files.store(
            File(file, name=f"{filename(asked.filters, edition)}.{chosen.extension}"),
            purpose=EXPORT,
            allowed=WORKBOOKS,
            max_bytes=MOST_BYTES,
            uploaded_by=job.job.actor_id,
        )
    return {"rows": len(ids), "file": str(stored.pk)}


def _told(job: JobContext, rows: Iterable[Row], total: int) -> Iterator[Row]:
    for done, row in enumerate(rows):
        if done % ROWS_A_STEP == 0:
            job.progress(_("Écriture des lignes"), done, total)
        yield row
    job.progress(_("Rangement du fichier"), total, total)


@every("night", "registry.exports")
def forget_exports(now: datetime) -> str:
    """Erase the workbooks that were made some days ago."""
    old = list(StoredFile.objects.filter(purpose=EXPORT, created_at__lt=now - KEPT))
    for stored in old:
        files.delete(stored)
    return str(len(old))
