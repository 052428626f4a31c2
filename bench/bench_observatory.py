"""Observatory: the portrait of the largest département with nothing kept in memory, and the ranking of 1 255 EPCI.

    ESSOR_DATA_DIR=… python bench/bench_observatory.py

On an installation with the whole division. Plausible cells are written for every EPCI, département, région and
France, in one transaction that is undone: the installation stays as it was.
"""

import logging
import os
import random
import statistics
import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "essor.config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.db import transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from essor.indicators import definition, queries  # noqa: E402
from essor.indicators.catalogue import declared  # noqa: E402
from essor.indicators.definition import Span, canonical, month, year  # noqa: E402
from essor.indicators.enums import Origin  # noqa: E402
from essor.indicators.models import Observation  # noqa: E402
from essor.observatory import figures  # noqa: E402
from essor.territories import level_maps  # noqa: E402
from essor.territories import queries as territories  # noqa: E402
from essor.territories.enums import Kind  # noqa: E402
from essor.territories.models import Territory  # noqa: E402

EDITIONS = (date(2099, 8, 1), date(2099, 11, 1))
ROUNDS = 15
TARGETS = {"portrait": 150, "ranking": 300}


def cells() -> Iterator[Observation]:
    """Cells of two editions and six years, with the parts that portraits cut."""
    draw, now = random.Random(6), timezone.now()
    places = Territory.objects.active().of_kind(Kind.EPCI, Kind.DEPARTEMENT, Kind.REGION, Kind.FRANCE)
    known = {code: declared()[code] for code in (*figures.READ, *figures.SERIES) if code in declared()}
    for place in places.only("pk", "population", "kind"):
        size = max(10, (place.population or 60_000) // 70)
        for code, each in known.items():
            if each.origin is Origin.FORMULA or (place.kind == Kind.EPCI and code not in figures.RANKED):
                continue
            spans = [month(day) for day in EDITIONS]
            if code in (figures.CREATIONS, figures.CLOSURES):
                spans = [year(number) for number in range(2093, 2099)]
            for span in spans:
                yield _cell(code, place, span, draw.randint(size // 2, size), each.is_share, now)
                # Parts of EPCI are read one EPCI at a time: they would only lengthen the writing.
                cuts = each.dimensions if code in figures.WITH_PARTS and place.kind != Kind.EPCI else ()
                for dimension in cuts:
                    for value, _label in dimension.values:
                        cut = canonical({dimension.code: value})
                        yield _cell(code, place, span, draw.randint(0, size // 9), each.is_share, now, cut)


def _cell(
    code: str, place: Territory, span: Span, value: int, is_share: bool, now: object, cut: str = ""
) -> Observation:
    return Observation(
        code=code,
        version=1,
        start=span.start,
        end=span.end,
        territory_id=place.pk,
        parts=cut,
        numerator=Decimal(value),
        denominator=Decimal(value * 7) if is_share else None,
        source="Essai",
        day=span.start,
        written_at=now,
    )


def forget() -> None:
    """Empty what a process keeps from one page to the next."""
    cache.clear()
    definition.parts_of.cache_clear()
    queries._decided.cache_clear()
    declared.cache_clear()
    territories._cached_codes.cache_clear()
    level_maps._level_map.cache_clear()


def times(client: Client, address: str, *, cold: bool = False) -> tuple[list[float], float]:
    """Milliseconds of each round, sorted, and those of the processor alone in the middle round (a busy machine).

    The first request, which loads templates, is left out.
    """
    found, used = [], []
    for _round in range(ROUNDS + 1):
        if cold:
            forget()
        start, busy = time.perf_counter(), time.process_time()
        response = client.get(address)
        assert response.status_code == 200, address
        found.append((time.perf_counter() - start) * 1000)
        used.append((time.process_time() - busy) * 1000)
    return sorted(found[1:]), statistics.median(used[1:])


def main() -> None:
    """Write, ask, undo."""
    settings.ALLOWED_HOSTS = ["*"]
    logging.disable(logging.INFO)
    client = Client()
    with transaction.atomic():
        written = Observation.objects.bulk_create(cells(), batch_size=5000)
        largest = Territory.objects.active().of_kind(Kind.DEPARTEMENT).order_by("-population").first()
        epcis = Territory.objects.active().of_kind(Kind.EPCI).count()
        assert largest is not None  # the division is loaded
        print(f"{len(written)} cells, {epcis} EPCI, largest département: {largest.name}")
        found, bare = times(client, "/territoires/")
        middle = statistics.median(found)
        print(f"{'bare page (list of territories)':35} p50 {middle:6.1f} ms   processor {bare:6.1f} ms")
        asked = {
            "portrait": f"/observatoire/territoire/departement/{largest.code}/",
            "ranking": "/observatoire/classement/?niveau=epci&dans=france&indicateur=registre.densite",
        }
        for name, address in asked.items():
            found, used = times(client, address, cold=True)
            middle, high = statistics.median(found), found[int(len(found) * 0.95)]
            print(
                f"{name + ', cold caches':35} p50 {middle:6.1f} ms   p95 {high:6.1f} ms   processor {used:6.1f} ms   "
                f"{used / bare:4.1f} × a bare page   target {TARGETS[name]} ms"
            )
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
