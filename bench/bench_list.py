"""How long the register's list takes on the server: p50 and p95 of a mix of searches, at several sizes, on SQLite.

    python bench/bench_list.py [--rows 20000 250000] [--repeat 5]

Rows are made in bulk in a database of its own; nothing of an installation is read. What is timed is the whole page
(view and template) through Django's test client.
"""

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from datetime import date

from scratch import prepare

SEED = 20261122
QUERIES = (
    "",
    "?q=atelier",
    "?q=maison+solidaire",
    "?q=ville1",
    "?q=coop+ville12",
    "?famille=cooperative",
    "?famille=association&famille=mutual&employeur=oui",
    "?secteur=culture&secteur=sport",
    "?etiquette=aci",
    "?etiquette=scop&taille=10-49",
    "?territoire=epci:200000001",
    "?territoire=commune:31001",
    "?verdict=a-verifier",
    "?tri=taille",
    "?tri=recentes&page=40",
    "?page=100",
    "?q=zzzz",
)


def _fill(rows: int) -> None:
    """`rows` organisations, 1.3 establishments each, one tag in five, 600 communes in 30 EPCI."""
    from django.db import connection, transaction
    from django.utils import timezone

    from essor.registry.models import (
        Edition,
        Establishment,
        EstablishmentFacts,
        Identifier,
        Organisation,
        OrganisationFacts,
        OrganisationTag,
    )
    from essor.registry.nomenclatures import naf_labels, sector_of
    from essor.territories.models import Territory

    chance = random.Random(SEED)
    nafs = [code for code in naf_labels() if sector_of(code)]
    families = (
        ["association"] * 83 + ["cooperative"] * 8 + ["mutual"] * 3 + ["foundation"] * 2 + ["ess_company"] * 4
    )
    bands = ["NN"] * 70 + ["01"] * 10 + ["02"] * 7 + ["03"] * 5 + ["11"] * 4 + ["12"] * 2 + ["21", "32"]
    words = [
        "atelier",
        "maison",
        "solidaire",
        "club",
        "amis",
        "theatre",
        "coop",
        "jardin",
        "familles",
        "sport",
        "foyer",
    ]
    tags = ["aci", "scop", "scic", "ei", "esus", "insertion", "rup"]
    conditions = [
        {
            "code": "legal_form",
            "state": "met",
            "source": "sirene",
            "day": "2026-11-01",
            "value": "Association déclarée",
        }
    ] * 6
    with transaction.atomic():
        for model in (
            OrganisationTag,
            EstablishmentFacts,
            Establishment,
            OrganisationFacts,
            Identifier,
            Organisation,
        ):
            model.objects.all()._raw_delete("default")  # a database of our own
        Edition.objects.all().delete()
        Territory.objects.all()._raw_delete("default")
        epcis = Territory.objects.bulk_create(
            Territory(
                kind="epci",
                code=f"2000000{n:02}",
                name=f"Pays {n}",
                sort_key=f"pays {n}",
                zone="metro",
                epci_type="CC",
                vintage=2026,
            )
            for n in range(30)
        )
        communes = Territory.objects.bulk_create(
            Territory(
                kind="commune",
                code=f"31{n:03}",
                name=f"Ville{n}",
                sort_key=f"ville{n}",
                zone="metro",
                vintage=2026,
                epci=epcis[n % 30],
            )
            for n in range(600)
        )
        Edition.objects.create(
            code="bench",
            scope="departement:31",
            day=date(2026, 11, 1),
            state="in_force",
            perimeter_version="2026-11",
            built_at=timezone.now(),
            loaded_at=timezone.now(),
        )
        Organisation.objects.bulk_create(
            (
                Organisation(pk=n, name=name, sort_key=name)
                for n in range(1, rows + 1)
                for name in [" ".join(chance.sample(words, 3)) + f" {n}"]
            ),
            batch_size=5000,
        )
        names = dict(Organisation.objects.values_list("pk", "name"))
        Identifier.objects.bulk_create(
            (Identifier(organisation_id=n, scheme="siren", value=f"{n:09}") for n in names), batch_size=5000
        )
        facts = []
        for n, name in names.items():
            naf, band = chance.choice(nafs), chance.choice(bands)
            sector = sector_of(naf)
            facts.append(
                OrganisationFacts(
                    organisation_id=n,
                    name=name,
                    search_text=name,
                    legal_category="9220",
                    naf=naf,
                    sector=sector.code if sector else "",
                    family=chance.choice(families),
                    verdict=chance.choice(["ess_by_status"] * 18 + ["ess_declared", "to_check"]),
                    size_band=band,
                    is_employer=band not in ("NN", "00"),
                    commune=communes[int(chance.random() ** 2 * 600)],
                    created_on=date(1950 + n % 75, 1 + n % 12, 1 + n % 28),
                    conditions=conditions,
                    row_hash="",
                    purpose="Favoriser l’entraide " * 5,
                )
            )
        OrganisationFacts.objects.bulk_create(facts, batch_size=2000)
        places = [*names, *(n for n in names if n % 3 == 0)]
        Establishment.objects.bulk_create(
            (Establishment(pk=k, organisation_id=n, siret=f"{k:014}") for k, n in enumerate(places, 1)),
            batch_size=5000,
        )
        EstablishmentFacts.objects.bulk_create(
            (
                EstablishmentFacts(establishment_id=k, commune=communes[(n * 7) % 600], row_hash="", qpv=[])
                for k, n in enumerate(places, 1)
            ),
            batch_size=2000,
        )
        OrganisationTag.objects.bulk_create(
            (
                OrganisationTag(organisation_id=n, code=chance.choice(tags), source="x")
                for n in names
                if n % 5 == 0
            ),
            batch_size=5000,
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _index() -> None:
    from essor.registry.search import writer

    writer.rebuild()


def _measure(rows: int, repeat: int) -> dict[str, object]:
    """Milliseconds by the clock, and of processor: the latter says the same on a busy machine."""
    from django.test import Client

    client = Client()
    clock: dict[str, list[float]] = {}
    processor: dict[str, list[float]] = {}
    for _turn in range(repeat):
        for query in QUERIES:
            start, used = time.perf_counter(), time.process_time()
            response = client.get("/registre/" + query)
            clock.setdefault(query, []).append((time.perf_counter() - start) * 1000)
            processor.setdefault(query, []).append((time.process_time() - used) * 1000)
            assert response.status_code == 200, (query, response.status_code)
    return {
        "rows": rows,
        **_figures("clock", clock),
        **_figures("processor", processor),
        "by_query": {query: round(statistics.median(times[1:]), 1) for query, times in processor.items()},
    }


def _figures(name: str, times: dict[str, list[float]]) -> dict[str, float]:
    kept = [value for values in times.values() for value in values[1:]]  # the first turn warms the caches
    return {
        f"{name}_p50_ms": round(statistics.median(kept), 1),
        f"{name}_p95_ms": round(statistics.quantiles(kept, n=20)[-1], 1),
    }


def main() -> None:
    """Run at each size and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", nargs="+", type=int, default=[20_000, 250_000])
    parser.add_argument("--repeat", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        results = []
        for rows in arguments.rows:
            _fill(rows)
            _index()
            results.append(_measure(rows, arguments.repeat))
    json.dump(results, sys.stdout, ensure_ascii=False, indent=2)
    print()


if __name__ == "__main__":
    main()
