"""A large file of places, or one whose addresses are looked for: made in the background, for its author alone.

What was given is erased when the work ends; what was made, some days after. Nothing else is kept: the work itself
bears figures only.
"""

import csv
import io
import json
import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.formats.position_list import PlaceRow, place_row
from essor.kernel import files, jobs
from essor.kernel.jobs import JobContext, JobError, job_kind
from essor.kernel.models import Job, StoredFile
from essor.kernel.tick import every
from essor.registry.access import QPV_JOB
from essor.registry.qpv_answers import Answer, situate
from essor.registry.qpv_positions import is_sought
from essor.registry.qpv_summary import HEAD, Tally
from essor.registry.qpv_workbook import NAME, as_csv, write_workbook

ASKED, MADE = "registry.qpv-asked", "registry.qpv-made"
KEPT_DAYS = 7
KEPT = timedelta(days=KEPT_DAYS)
KEPT_ASKED = timedelta(days=1)  # of a work that never ended
MANY_ROWS = 5_000  # more are not situated while one waits
MOST_BYTES = 200 << 20
RANGES = 20


def is_author(request: HttpRequest, stored: StoredFile) -> bool:
    """La personne qui a donné le fichier, et elle seule."""
    return request.user.is_authenticated and stored.uploaded_by == request.user.pk


files.register_purpose(ASKED, is_author)
files.register_purpose(MADE, is_author)


def is_long(rows: Sequence[PlaceRow], *, ask: bool) -> bool:
    """Whether the file is situated in the background: it is large, or addresses of it leave for the service."""
    return len(rows) > MANY_ROWS or (ask and any(is_sought(row) for row in rows))


def begin(rows: Sequence[PlaceRow], *, ask: bool, actor_id: int, page: str) -> Job:
    """Have the rows situated in the background. `page`: the address of the result, up to the number of the work."""
    content = json.dumps([[row.line, row.cells] for row in rows], ensure_ascii=False).encode(
        "utf-8", "replace"
    )
    stored = files.store(
        ContentFile(content, name="lieux.json"),
        purpose=ASKED,
        allowed=("json",),
        max_bytes=MOST_BYTES,
        uploaded_by=actor_id,
    )
    return jobs.start(QPV_JOB, {"file": str(stored.pk), "ask": ask, "page": page}, actor_id=actor_id)


@job_kind(QPV_JOB, gettext_lazy("Quartiers prioritaires : recherche pour un fichier"))
def run(job: JobContext) -> dict[str, Any]:
    """Situate the rows of a file. Its result: how many rows, the files made, the lines that the service left."""
    asked = StoredFile.objects.filter(pk=job.params["file"], purpose=ASKED).first()
    if asked is None:
        raise JobError(_("Le fichier n’est plus ici : donnez-le de nouveau."))
    with files.open_stored(asked) as file:
        rows = [place_row(line, cells) for line, cells in json.load(file)]
    job.progress(_("Lecture du fichier"), len(rows), len(rows))
    answers = situate(rows, ask=bool(job.params["ask"]), progress=job.progress)
    job.progress(_("Écriture du résultat"), 0, len(rows))
    made = {
        "file": _keep(job, ContentFile(as_csv(answers), name=f"{NAME}.csv"), "csv"),
        "workbook": _workbook(job, answers),
        "figures": _keep(job, ContentFile(_figures(answers), name=f"{NAME}-synthese.csv"), "csv"),
    }
    files.delete(asked)
    return {
        "rows": len(rows),
        "silent": lines_of(answers),
        "page": f"{job.params['page']}{job.job.pk}/",
        **made,
    }


def _keep(job: JobContext, content: "File[bytes]", kind: str) -> str:
    stored = files.store(
        content, purpose=MADE, allowed=(kind,), max_bytes=MOST_BYTES, uploaded_by=job.job.actor_id
    )
    return str(stored.pk)


def _workbook(job: JobContext, answers: Sequence[Answer]) -> str:
    with tempfile.TemporaryFile() as file:
        write_workbook(answers, file)
        file.seek(0)
        return _keep(job, File(file, name=f"{NAME}.xlsx"), "xlsx")


def _figures(answers: Sequence[Answer]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([HEAD, *Tally.of(answers).rows()])
    return text.getvalue().encode("utf-8", "replace")


def figures_of(job: Job) -> Tally | None:
    """The figures of a work that ended; None when its result was erased."""
    stored = _made(job, "figures")
    if stored is None:
        return None
    with files.open_stored(stored) as file:
        rows = list(csv.reader(io.StringIO(file.read().decode()), delimiter=";"))
    return Tally.read(rows[1:])


def _made(job: Job, name: str) -> StoredFile | None:
    pk = job.result.get(name) if isinstance(job.result, dict) else None
    return StoredFile.objects.filter(pk=pk, purpose=MADE).first() if pk else None


def erase(job: Job) -> int:
    """Erase what a work made; gives how many files."""
    made = [stored for name in ("file", "workbook", "figures") if (stored := _made(job, name))]
    for stored in made:
        files.delete(stored)
    return len(made)


def lines_of(answers: Sequence[Answer]) -> list[list[int]]:
    """The lines for which the service did not answer, as the first ranges [first, last] of rows one after the other."""
    ranges: list[list[int]] = []
    before = False
    for answer in answers:
        if answer.silent and before:
            ranges[-1][1] = answer.row.line
        elif answer.silent:
            ranges.append([answer.row.line, answer.row.line])
        before = answer.silent
    return ranges[:RANGES]


@every("night", "registry.qpv")
def forget(now: datetime) -> str:
    """Erase the results that were made some days ago, and the files of works that never ended."""
    old = [
        *StoredFile.objects.filter(purpose=MADE, created_at__lt=now - KEPT),
        *StoredFile.objects.filter(purpose=ASKED, created_at__lt=now - KEPT_ASKED),
    ]
    for stored in old:
        files.delete(stored)
    return str(len(old))
