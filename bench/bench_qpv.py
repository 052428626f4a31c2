"""How long a file of places takes against the quartiers prioritaires, without network.

    python bench/bench_qpv.py OUTLINES.geojson [--places PLACES.csv] [--departements FILE.geojson] [--rows 10000]

`OUTLINES`: the quartiers, as published. `PLACES`: a list with longitude and latitude, repeated up to the rows;
invented around the quartiers without it. Times are of the clock, the first one with what is kept from then on.
"""

import argparse
import json
import random
import resource
import tempfile
import time
from pathlib import Path

from scratch import prepare

SEED = 20261122


def main() -> None:
    """Situate the rows twice, and print what it took as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("outlines", type=Path)
    parser.add_argument("--places", type=Path)
    parser.add_argument("--departements", type=Path)
    parser.add_argument("--rows", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        print(json.dumps(_measured(options), ensure_ascii=False))


def _measured(options: argparse.Namespace) -> dict[str, object]:
    from essor.formats.position_list import PlaceRow, read_position_list
    from essor.registry.qpv_answers import situate
    from essor.registry.qpv_summary import summary
    from essor.registry.qpv_workbook import as_csv
    from essor.territories.actions import load_file, load_reference
    from essor.territories.locating import neighbourhoods

    load_reference()
    for path in (options.departements, options.outlines):
        if path:
            load_file(path)
    if options.places:
        known = [row for row in read_position_list(options.places) if row.lon is not None]
    else:
        draw = random.Random(SEED)
        middles = [each.outline.centroid for each in neighbourhoods()]
        known = [
            PlaceRow(n, {}, lon=m.x + draw.gauss(0, 0.02), lat=m.y + draw.gauss(0, 0.02))
            for n in range(options.rows)
            for m in [draw.choice(middles)]
        ]
    rows = (known * (options.rows // len(known) + 1))[: options.rows]
    seconds = []
    for _turn in range(2):
        start = time.perf_counter()
        answers = situate(rows)
        seconds.append(round(time.perf_counter() - start, 2))
    start = time.perf_counter()
    size = len(as_csv(answers))
    return {
        "rows": len(rows),
        "quartiers": len(neighbourhoods()),
        "first_seconds": seconds[0],
        "seconds": seconds[1],
        "csv_seconds": round(time.perf_counter() - start, 2),
        "csv_bytes": size,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "answers": summary(answers),
    }


if __name__ == "__main__":
    main()
