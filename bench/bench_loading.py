"""How long putting an edition in force takes, and how long another writer waits meanwhile.

    python bench/bench_loading.py 20000 250000

Works on a database of its own: SQLite in a temporary folder, or that of DATABASE_URL, which must be empty. The first
edition fills the register; the second renames half of it, closes a twentieth and brings as many.
"""

import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WRITER = """
import sys, time
import django; django.setup()
from django.db import transaction
from essor.registry.models import Organisation
worst = 0.0
print("prêt", flush=True)
while True:
    start = time.monotonic()
    with transaction.atomic():
        Organisation.objects.create(name="Écrite pendant le chargement")
    worst = max(worst, time.monotonic() - start)
    print(worst, flush=True)
    time.sleep(0.05)
"""


def measure(size: int) -> None:
    """Load two editions of `size` organisations in a fresh process and print what it took."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "ESSOR_DATA_DIR": folder, "PYTHONPATH": str(ROOT)}
        environment["DJANGO_SETTINGS_MODULE"] = "essor.config.settings"
        environment["ESSOR_LOG_LEVEL"] = "WARNING"
        subprocess.run([sys.executable, __file__, "--child", str(size)], env=environment, check=True)


def child(size: int) -> None:
    """The loads themselves, Django ready."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from essor.registry.loading.load import load_rows
    from essor.registry.models import Edition
    from tests.registry.loading.rows_made import organisation, sources

    call_command("migrate", verbosity=0)
    shift = size // 20
    first = [organisation(n, tags=[("esus", "esus")] if n % 5 == 0 else ()) for n in range(size)]
    second = [
        organisation(
            n,
            name=f"Renommée {n}" if n % 2 else f"Association {n}",
            tags=[("esus", "esus")] if n % 5 == 0 else (),
        )
        for n in range(shift, size + shift)
    ]
    for code, rows in (("première", first), ("suivante", second)):
        edition = Edition.objects.create(
            code=code,
            scope="departement:31",
            day=date(2026, 1, 1),
            perimeter_version="bench",
            built_at=timezone.now(),
        )
        writer = subprocess.Popen([sys.executable, "-c", WRITER], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        writer.stdout.readline()
        start = time.monotonic()
        counts = load_rows(edition, sources(rows))
        seconds = time.monotonic() - start
        time.sleep(0.5)
        writer.terminate()
        told = [float(line) for line in writer.stdout.read().splitlines() if line]
        wait = f"attente d’un autre écrivain {max(told):.2f} s"
        print(f"{size:>7} organisations, édition {code} : {seconds:.1f} s, {wait}, {counts}")


if __name__ == "__main__":
    if sys.argv[1] == "--child":
        child(int(sys.argv[2]))
    else:
        for word in sys.argv[1:]:
            measure(int(word))
