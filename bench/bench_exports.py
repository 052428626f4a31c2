"""How long exports take, and how much memory: each format in a process of its own, on SQLite, with invented rows.

    python bench/bench_exports.py [--rows 250000]

The rows are those of `bench_list.py`, in a database of its own; nothing of an installation is read. Times are the
processor's: reading and writing together. Memory is the largest that the process held, before and after.
"""

import argparse
import os
import resource
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
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


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
    for block in WRITERS[extension].write(rows, Notice("Essai", [])):
        first = first or time.perf_counter() - clock
        size += len(block)
    return (
        f"| {extension} | {len(ids)} | {time.process_time() - began:.1f} s | {first:.2f} s | {size / 1e6:.0f} MB "
        f"| {before:.0f} → {_megabytes():.0f} MiB |"
    )


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
        bench_list._fill(asked.rows)
        print(
            "| format | organisations | processor | first block | size | memory |\n|---|---|---|---|---|---|"
        )
        for extension in FORMATS:
            command = [sys.executable, __file__, "--folder", folder, "--format", extension]
            print(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip())


if __name__ == "__main__":
    main()
