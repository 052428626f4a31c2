"""How long exports take, and how much memory: each format in a process of its own, on SQLite, with invented rows.

    python bench/bench_exports.py [--rows 250000]

The rows are invented by the database itself, in one of its own; nothing of an installation is read. Times are the
processor's: reading and writing together. Memory is the largest that the process held, before and after.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import bench_list

FORMATS = ("csv", "geojson", "ods", "xlsx")


def _megabytes() -> float:
    """The largest memory that this process held."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def write(folder: str, extension: str) -> str:
    """Write one format and throw it away; a line of figures."""
    os.environ |= {
        "ESSOR_DATA_DIR": folder,
        "ESSOR_SECRET_KEY": "bench",
        "ESSOR_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "essor.config.settings",
    }
    import django

    django.setup()
    from essor.registry.exports.formats import FORMATS as WRITERS
    from essor.registry.exports.formats import Notice
    from essor.registry.exports.rows import ordered_ids, rows_of
    from essor.registry.filters import Filters

    before, began, clock = _megabytes(), time.process_time(), time.perf_counter()
    filters = Filters(day=date(2026, 11, 22))
    ids = ordered_ids(filters)
    rows = rows_of(ids, filters, lambda pk: f"https://essor.example.org/registre/{pk}/")
    size, first = 0, 0.0
    for block in WRITERS[extension].write(rows, lambda: Notice("Essai", [])):
        first = first or time.perf_counter() - clock
        size += len(block)
    return (
        f"| {extension} | {len(ids)} | {time.process_time() - began:.1f} s | {first:.2f} s | {size / 1e6:.0f} MB "
        f"| {before:.0f} → {_megabytes():.0f} MiB |"
    )


def _insert(table: str, rows: int, **columns: str) -> None:
    """`rows` rows numbered by `n`: the SQL of some columns; the others are empty, or zero."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA table_info({table})")
        for _rank, name, kind, required, default, primary in cursor.fetchall():
            if name not in columns and required and default is None and not primary:
                columns[name] = "''" if kind.startswith(("varchar", "text")) else "0"
        numbers = f"WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < {rows})"
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) {numbers} SELECT {', '.join(columns.values())} FROM r"
        )


def fill(rows: int) -> None:
    """`rows` organisations with a number and an establishment each, one tag in five, in 600 communes."""
    from django.utils import timezone

    from essor.registry.models import Edition
    from essor.territories.models import Territory

    Edition.objects.create(
        code="bench", scope="departement:31", day=date(2026, 11, 1), state="in_force",
        perimeter_version="2026-11", built_at=timezone.now(), loaded_at=timezone.now(),
    )  # fmt: skip
    Territory.objects.bulk_create(
        Territory(
            pk=n, kind="commune", code=f"31{n:03}", name=f"Ville{n}", sort_key=f"ville{n}", zone="metro", vintage=2026
        )
        for n in range(1, 601)
    )  # fmt: skip
    name, town, now = "'atelier solidaire des amis ' || n", "1 + n % 600", "'2026-11-01 08:00:00'"
    _insert(
        "registry_organisation",
        rows,
        id="n",
        name=name,
        sort_key=name,
        is_public="1",
        state="'active'",
        created_at=now,
    )
    _insert("registry_identifier", rows, organisation_id="n", scheme="'siren'", value="printf('%09d', n)")
    _insert(
        "registry_organisationfacts", rows, organisation_id="n", present="1", origin="'edition'", name=name,
        legal_category="'9220'", naf="'94.99Z'", sector="'community'", family="'association'",
        verdict="'ess_by_status'", size_band="'01'", is_employer="n % 4 = 0", created_on="'2001-05-04'",
        commune_id=town, conditions="'[]'", website="'https://exemple.org/' || n",
    )  # fmt: skip
    _insert("registry_establishment", rows, id="n", organisation_id="n", siret="printf('%014d', n)")
    _insert(
        "registry_establishmentfacts", rows, establishment_id="n", present="1", is_head_office="1", in_territory="1",
        address="n || ' RUE DES LILAS'", postal_code="'31000'", commune_id=town, size_band="'01'",
        longitude="1.4 + n * 1e-6", latitude="43.6 - n * 1e-6", position_quality="'number'",
        qpv="""'[{"generation": 2024, "relation": "in", "code": "QN1"}]'""",
    )  # fmt: skip
    _insert("registry_organisationtag", rows // 5, organisation_id="5 * n", code="'aci'", source="'siae'")


def main() -> None:
    """Fill a database, then write each format."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=250_000)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    parser.add_argument("--format", choices=FORMATS, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.format:
        print(write(asked.folder, asked.format))
        return
    with tempfile.TemporaryDirectory() as folder:
        bench_list._prepare(folder)
        fill(asked.rows)
        print(
            "| format | organisations | processor | first block | size | memory |\n|---|---|---|---|---|---|"
        )
        for extension in FORMATS:
            command = [sys.executable, __file__, "--folder", folder, "--format", extension]
            print(
                subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip(), flush=True
            )


if __name__ == "__main__":
    main()
