"""Indicators: writing all those of the register, and serving a page, on the installation of ESSOR_DATA_DIR.

    ESSOR_DATA_DIR=… python bench/bench_indicators.py

The region's size comes from its register: load one first (`essor registry build region:76`, then `load`). Values are
taken away and written again, in one transaction that is undone: the installation stays as it was.
"""

import os
import statistics
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "essor.config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from essor.indicators import materialise, of_place  # noqa: E402
from essor.indicators.models import Observation  # noqa: E402
from essor.kernel.periods import today  # noqa: E402
from essor.registry.models import OrganisationFacts  # noqa: E402
from essor.territories.models import Qpv  # noqa: E402

PAGES = (
    "/indicateurs/",
    "/indicateurs/registre.organisations/",
    "/indicateurs/registre.creations/",
    "/indicateurs/registre.part_employeurs/",
    "/indicateurs/registre.part_qpv/",
    "/indicateurs/registre.densite/csv/",
    "/indicateurs/registre.emplois/",
    "/observatoire/familles/",
)
ROUNDS = 15


def writing() -> None:
    """First writing, then a night where nothing changed."""
    with transaction.atomic():
        Observation.objects.filter(code__startswith="registre.").delete()
        for name in ("first writing", "nothing changed"):
            start, used = time.perf_counter(), time.process_time()
            counts = materialise.materialise(today(), timezone.now())
            print(
                f"{name:20} {time.perf_counter() - start:6.1f} s  ({time.process_time() - used:.1f} s of processor)  "
                f"{counts.new + counts.same} cells"
            )
        transaction.set_rollback(True)


def places() -> None:
    """Figures of each priority neighbourhood, by the edition's answer and by its outline: median and worst."""
    for name, read in (("neighbourhood", lambda each: of_place.figures_of_quarter(each.code, today())),
                       ("drawn area", lambda each: of_place.figures_inside(each.shape, today()))):  # fmt: skip
        times = []
        for each in Qpv.objects.all():
            start = time.perf_counter()
            read(each)
            times.append((time.perf_counter() - start) * 1000)
        if times:
            print(f"{name:45} median {statistics.median(times):6.1f} ms   worst {max(times):6.1f} ms")


def pages() -> None:
    """Median and worst time of each page."""
    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    for address in PAGES:
        times = []
        for _round in range(ROUNDS):
            start = time.perf_counter()
            response = client.get(address)
            b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
            times.append((time.perf_counter() - start) * 1000)
            assert response.status_code == 200, address
        print(f"{address:45} median {statistics.median(times):6.1f} ms   worst {max(times[1:]):6.1f} ms")


if __name__ == "__main__":
    print(f"{OrganisationFacts.objects.filter(present=True).count()} organisations")
    writing()
    places()
    pages()
