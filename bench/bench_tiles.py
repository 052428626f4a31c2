"""How long a tile of the map takes, and how large the largest is: the grid and the encoder alone, and the whole answer.

    python bench/bench_tiles.py [--points 250000] [--tiles 2000]

Points are made up (clusters around towns of very different sizes, as people live) in memory; no database is read except
the version, once a request, in the last part.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from types import SimpleNamespace

import numpy as np

SEED = 20261122
ZOOMS = range(5, 17)


def _index(count: int, chance: np.random.Generator):
    """An index as `MapIndex` reads it from the database, made without it."""
    from essor.registry.map.grid import interleave, to_grid
    from essor.registry.map.index import MapIndex

    towns = 600
    weights = 1 / np.arange(1, towns + 1) ** 0.9
    centres = np.column_stack((chance.uniform(-4, 8, towns), chance.uniform(42.5, 50.5, towns)))
    town = chance.choice(towns, count, p=weights / weights.sum())
    spread = 0.003 + 0.04 * weights[town] ** 0.5
    lon, lat = (centres[town, axis] + chance.normal(0, 1, count) * spread for axis in (0, 1))
    shared = chance.random(count) < 0.15  # at an address that others have too
    lon[shared], lat[shared] = np.round(lon[shared], 2), np.round(lat[shared], 2)
    rows = [
        (number, lon[number], lat[number], 1, "number", f"Association des habitants {number}", family, "88.99B")
        for number, family in enumerate(
            chance.choice(["association", "cooperative", "mutual", "ess_company"], count, p=[0.9, 0.06, 0.01, 0.03])
        )
    ]  # fmt: skip
    started = time.thread_time()
    index = MapIndex(rows)
    took = time.thread_time() - started
    codes = interleave(*to_grid(lon, lat))
    return index, codes, took


def _asked(codes: np.ndarray, tiles: int, chance: np.random.Generator) -> list[tuple[int, int, int]]:
    """Tiles where people look: around points drawn at random, at every zoom."""
    from essor.registry.map.grid import BITS, _gather

    chosen = chance.choice(codes, tiles)
    x, y = _gather(chosen), _gather(chosen >> 1)
    zooms = chance.choice(np.array(ZOOMS), tiles)
    places = zip(zooms.tolist(), x.tolist(), y.tolist(), strict=True)
    return [(z, east >> (BITS - z), south >> (BITS - z)) for z, east, south in places]


def _measured(call, asked) -> dict[str, object]:
    """Clock and processor time of each tile (on a busy machine only the second one tells), largest in bytes."""
    clock, processor, largest = [], [], 0
    for place in asked:
        started, worked = time.perf_counter(), time.thread_time()
        found = call(*place)
        processor.append((time.thread_time() - worked) * 1000)
        clock.append((time.perf_counter() - started) * 1000)
        largest = max(largest, len(found))
    return {"clock_ms": _quantile(clock), "processor_ms": _quantile(processor), "largest_bytes": largest}


def _quantile(times: list[float]) -> dict[str, float]:
    cut = statistics.quantiles(times, n=100)
    return {"p50": round(cut[49], 2), "p95": round(cut[94], 2), "max": round(max(times), 2)}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--points", type=int, default=250_000)
    parser.add_argument("--tiles", type=int, default=2000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "ESSOR_DATA_DIR": folder,
            "ESSOR_SECRET_KEY": "bench",
            "ESSOR_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "essor.config.settings",
            "ESSOR_HOSTS": "testserver",
        }
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        print(json.dumps(_run(options), indent=2))


def _run(options: argparse.Namespace) -> dict[str, object]:
    from essor.registry.map import tiles

    chance = np.random.default_rng(SEED)
    index, codes, took = _index(options.points, chance)
    started = time.thread_time()
    every = index.subset(index.organisation_ids, None)
    subset = time.thread_time() - started
    third = index.subset(index.organisation_ids[::3], None)
    asked = _asked(codes, options.tiles, chance)
    found: dict[str, object] = {
        "points": options.points,
        "index_processor_s": round(took, 2),
        "set_processor_ms": round(subset * 1000, 1),
    }
    for name, chosen in (("everything", every), ("one in three", third)):
        found[name] = _measured(lambda z, x, y, chosen=chosen: tiles.tile(index, chosen, z, x, y), asked)
    found["whole answer"] = _answers(index, every, asked)
    return found


def _answers(index, every, asked) -> dict[str, object]:
    """Through Django's test client, with the middlewares and one read of the version."""
    from django.core.management import call_command
    from django.test import Client
    from django.utils import timezone

    from essor.registry.map import index as memory
    from essor.registry.map import version
    from essor.registry.models import Edition

    call_command("migrate", verbosity=0)
    Edition.objects.create(
        code="bench", scope="france", day=timezone.localdate(), state=Edition.State.IN_FORCE,
        perimeter_version="bench", built_at=timezone.now(), loaded_at=timezone.now(),
    )  # fmt: skip
    token = version.current(timezone.localdate())
    memory._memory = SimpleNamespace(get=lambda *_asked: (index, every))  # type: ignore[assignment]
    client = Client(headers={"accept-encoding": "gzip"})

    def ask(z: int, x: int, y: int) -> bytes:
        return client.get(f"/registre/carte/{token}/{z}/{x}/{y}.mvt").content

    for place in asked[:20]:
        ask(*place)
    return _measured(ask, asked[:600])


if __name__ == "__main__":
    sys.exit(main())
