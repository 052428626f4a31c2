"""Kinds of jobs of the tests, which a worker in another process reads too."""

import time
from pathlib import Path

from django.db import transaction

from essor.kernel.jobs import JobContext, JobError, job_kind


@job_kind("tests.count", "Compter", steps=("Préparer", "Compter"))
def count(job: JobContext) -> dict[str, object]:
    """Count to `to`, from the checkpoint; wait `pause` seconds at each number, for ever at `stuck_at` on the
    first attempt.
    """
    job.progress("Préparer")
    start = int(job.saved.get("counted", 0))
    to = int(job.params["to"])
    for number in range(start, to):
        job.progress("Compter", number, to)
        job.checkpoint({"counted": number + 1})
        if number == job.params.get("stuck_at") and job.job.attempts == 1:
            Path(str(job.params["flag"])).write_text("stuck")
            while True:
                time.sleep(0.05)
                job.progress("Compter", number, to)
        time.sleep(float(job.params.get("pause", 0)))
    return {"counted": to, "from": start}


@job_kind("tests.refuse", "Refuser")
def refuse(job: JobContext) -> dict[str, object]:
    """Fail with a message for the person."""
    raise JobError("Colonne « siren » absente, ligne 1 : ajoutez-la.")


@job_kind("tests.crash", "Tomber")
def crash(job: JobContext) -> dict[str, object]:
    """Fail without a word."""
    job.progress("Avant", 1, 2)
    raise RuntimeError("camille@exemple.fr")


@job_kind("tests.lock", "Verrouiller")
def lock(job: JobContext) -> dict[str, object]:
    """Hold the write lock of the database for longer than a beat, telling progress meanwhile."""
    with transaction.atomic():
        job.checkpoint({"locked": True})
        for number in range(8):
            job.progress("Écrire", number, 8)
            time.sleep(0.2)
    return {}
