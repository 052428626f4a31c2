"""The register of France against a DuckDB scan of the same needed columns, in one run.

    python bench/bench_registry.py [--data DIR] [--scope departement:31] [--rounds 3] [--json]

Without stocks in DIR (bench/data when not given), invented ones of national size are written there first (3.6 GB).

Each measure runs in a process of its own: wall time, CPU time, peak resident memory. The scan reads every value of
every column that the build needs (a plain `count` would be answered by the footers of the files). Rounds alternate
scan and build, so that what else the machine does weighs on both; the ratio of medians is what counts.
Target: build at most 1.5 times the scan, under 1 GiB.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from generate_national import generate

TARGET_RATIO = 1.5
TARGET_MIB = 1024
DAY = date(2026, 11, 22)
NOT_READ = ("nic",)  # asked for, but only its presence is checked


def scan(data: Path) -> dict[str, int]:
    """Read the needed columns of both stocks, with the settings of the build."""
    from essor.formats import sirene
    from essor.registry.pipeline.engines.duckdb_engine import connect

    with tempfile.TemporaryDirectory(dir=data) as folder:
        work = Path(folder)
        connection = connect(work)
        units = sirene.open_legal_units(connection, data / "StockUniteLegale_utf8.parquet", work, print)
        places = sirene.open_establishments(connection, data / "StockEtablissement_utf8.parquet", work, print)
        for table, columns in (
            (units, sirene.LEGAL_UNIT_REQUIRED + sirene.LEGAL_UNIT_OPTIONAL),
            (places, sirene.ESTABLISHMENT_REQUIRED + sirene.ESTABLISHMENT_OPTIONAL),
        ):
            read = [column for column in columns if column not in NOT_READ]
            sums = [
                f"sum(strlen({table.name_of(column)}))"
                if table.type_of(column) == "VARCHAR"
                else f"sum({table.name_of(column)}::INT)"
                if table.type_of(column) == "BOOLEAN"
                else f"bit_xor(hash({table.name_of(column)}))"
                for column in read
            ]
            connection.execute(f"SELECT {', '.join(sums)} FROM {table.sql}").fetchall()
        connection.close()
    return {}


def build(data: Path, scope: str) -> dict[str, int]:
    """Build the edition, as the command does; gives the counts."""
    from essor.registry.perimeter import default_perimeter
    from essor.registry.pipeline.build import Sources, TerritoryScope
    from essor.registry.pipeline.build import build as build_edition

    with (data / "communes.csv").open(encoding="utf-8", newline="") as stream:
        codes = [row["code"] for row in csv.DictReader(stream)]
    prefix = scope.removeprefix("departement:")
    communes = None if scope == "france" else frozenset(code for code in codes if code.startswith(prefix))
    sources = Sources(data / "StockUniteLegale_utf8.parquet", data / "StockEtablissement_utf8.parquet")
    out = Path(tempfile.mkdtemp(dir=data))
    last = [time.monotonic()]

    def progress(step: object) -> None:
        print(f"    {time.monotonic() - last[0]:6.2f} s  puis {getattr(step, 'label', '')}", file=sys.stderr)
        last[0] = time.monotonic()

    try:
        territory = TerritoryScope(scope, communes, {code: code for code in codes})
        _, manifest = build_edition(sources, territory, default_perimeter(), out, DAY, progress)
    finally:
        shutil.rmtree(out)
    return dict(manifest.counts)


def child(what: str, data: Path, scope: str) -> None:
    """One measure, printed as JSON."""
    start = time.monotonic()
    counts = scan(data) if what == "scan" else build(data, scope)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {
                "wall": time.monotonic() - start,
                "cpu": usage.ru_utime + usage.ru_stime,
                "mib": usage.ru_maxrss / 1024,
                "counts": counts,
            }
        )
    )


def measure(what: str, data: Path, scope: str) -> dict[str, object]:
    """Run one measure in its own process."""
    command = [sys.executable, __file__, "--data", str(data), "--scope", scope, "--child", what]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent / "src")}
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=environment)
    found: dict[str, object] = json.loads(done.stdout)
    print(
        f"  {what}: {found['wall']:.1f} s, {found['cpu']:.1f} s of CPU, {found['mib']:.0f} MiB",
        file=sys.stderr,
    )
    return found


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path(__file__).resolve().parent / "data")
    parser.add_argument("--units", type=int, default=29_000_000)
    parser.add_argument("--establishments", type=int, default=40_000_000)
    parser.add_argument("--scope", default="france")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--child", choices=["scan", "build"], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        child(arguments.child, arguments.data, arguments.scope)
        return
    if not (arguments.data / "communes.csv").is_file():
        print("writing the invented stocks…", file=sys.stderr)
        generate(arguments.data, arguments.units, arguments.establishments, seed=1)
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores", file=sys.stderr)
    rounds = []
    measure("scan", arguments.data, arguments.scope)  # brings the files into the page cache
    for _ in range(arguments.rounds):
        rounds.append({what: measure(what, arguments.data, arguments.scope) for what in ("scan", "build")})
    result = summary(rounds)
    result["load_average"] = os.getloadavg()[0]
    print(json.dumps(result, indent=1) if arguments.json else describe(result))


def summary(rounds: list[dict[str, dict[str, object]]]) -> dict[str, object]:
    """Medians and ratios."""

    def median(what: str, key: str) -> float:
        return statistics.median(float(str(each[what][key])) for each in rounds)

    return {
        "scan_s": median("scan", "wall"),
        "build_s": median("build", "wall"),
        "ratio": median("build", "wall") / median("scan", "wall"),
        "ratios": [float(str(each["build"]["wall"])) / float(str(each["scan"]["wall"])) for each in rounds],
        "scan_cpu_s": median("scan", "cpu"),
        "build_cpu_s": median("build", "cpu"),
        "cpu_ratio": median("build", "cpu") / median("scan", "cpu"),
        "build_mib": max(float(str(each["build"]["mib"])) for each in rounds),
        "counts": rounds[-1]["build"]["counts"],
    }


def describe(result: dict[str, object]) -> str:
    """The result in words."""
    ratio, mib = float(str(result["ratio"])), float(str(result["build_mib"]))
    return (
        f"scan {float(str(result['scan_s'])):.1f} s, build {float(str(result['build_s'])):.1f} s: "
        f"{ratio:.2f} times ({'target met' if ratio <= TARGET_RATIO else 'over the target'} of {TARGET_RATIO}); "
        f"CPU {float(str(result['cpu_ratio'])):.2f} times; "
        f"peak {mib:.0f} MiB ({'under' if mib < TARGET_MIB else 'over'} {TARGET_MIB})"
    )


if __name__ == "__main__":
    main()
