"""How long a search takes: words, facets, distance and order, on invented organisations, in one run with its rivals.

    python bench/bench_search.py [--rows 250000] [--queries 300] [--postgres URL]

Three engines answer the same words: the index of the register (Tantivy and columns), SQLite FTS5, and PostgreSQL full
text when its address is given (`scripts/postgres.sh start DIR` prints one). Each gives the total, counts by family,
sector, size and verdict, and the first 25 organisations; ours also counts tags, communes, intercommunalités, quarters
and years, which the rivals are spared. Typos are only asked of ours: the rivals find nothing.
"""

import argparse
import json
import os
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

SEED = 20261122
DAY = date(2026, 11, 22)
KINDS = (
    ["association"] * 30 + ["club"] * 12 + ["comité"] * 8 + ["amicale"] * 6 + ["les amis"] * 5 + ["foyer rural"] * 4
    + ["coopérative", "ressourcerie", "atelier", "école", "union sportive", "compagnie", "centre social", "crèche"] * 2
    + ["mutuelle", "fondation", "régie de quartier", "épicerie solidaire", "jardin partagé", "résidence", "chorale"]
)  # fmt: skip
_THEMES = (
    "sportive pétanque football rugby judo théâtre musique lecture parents élèves chasse pêche patrimoine danse vélo "
    "formation insertion domicile handicap santé environnement réemploi solidaire culture jeunesse anciens combattants "
    "randonnée gymnastique tennis basket natation équitation cinéma peinture couture jardinage cuisine informatique"
)
THEMES = _THEMES.split()
_SYLLABLES = "ba bel bri can cas dou fon gar lau mas mon nau pech per ro ru sal tour val ver vi za"
SYLLABLES = _SYLLABLES.split()


def organisations(count: int) -> Iterator[tuple[Any, list[str]]]:
    """`count` invented organisations, with the words of their names."""
    from essor.kernel.text import fold
    from essor.registry.nomenclatures import naf_labels, sector_of
    from essor.registry.search.source import Entry

    chance = random.Random(SEED)
    proper = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _each in range(4000)]
    nafs = [code for code in naf_labels() if sector_of(code)]
    families = (
        ["association"] * 83 + ["cooperative"] * 8 + ["mutual"] * 3 + ["foundation"] * 2 + ["ess_company"] * 4
    )
    bands = ["NN"] * 70 + ["01"] * 10 + ["02"] * 7 + ["03"] * 5 + ["11"] * 4 + ["12"] * 2 + ["21", "32"]
    verdicts = ["ess_by_status"] * 18 + ["ess_declared", "to_check"]
    for pk in range(1, count + 1):
        naf, band = chance.choice(nafs), chance.choice(bands)
        commune = int(chance.random() ** 2 * 600)
        words = [chance.choice(KINDS), chance.choice(THEMES), chance.choice(proper), chance.choice(proper)]
        name = f"{words[0]} de {words[1]} {words[2]} de {words[3]}"
        sector = sector_of(naf)
        entry = Entry(
            pk=pk, sort_key=fold(name), names=(name,), naf=naf, sector=sector.code if sector else "",
            family=chance.choice(families), verdict=chance.choice(verdicts), size_band=band,
            is_employer=band not in ("NN", "00"), created_on=date(1950 + pk % 75, 1 + pk % 12, 1 + pk % 28),
            purpose="", communes={commune + 1}, quarters=chance.choice([0] * 20 + [1, 2, 4, 8]),
            points=[(1.2 + chance.random(), 43.2 + chance.random())] * chance.choice([1, 1, 1, 2]),
            tags=[(chance.choice(["aci", "scop", "esus", "rup"]), None)] if pk % 5 == 0 else [],
            numbers=[f"{pk:09}"], place_words={f"31{commune:03}"},
        )  # fmt: skip
        yield entry, words


@cache
def communes() -> list[Any]:
    """600 communes in 30 intercommunalités."""
    from essor.registry.search.source import Commune

    chance = random.Random(SEED + 3)
    names = ["".join(chance.choices(SYLLABLES, k=3)) for _each in range(600)]
    return [
        Commune(n + 1, f"31{n:03}", name.title(), 1000 + n % 30, f"2000000{n % 30:02}", f"Pays {n % 30}")
        for n, name in enumerate(names)
    ]


def build(count: int, folder: Path) -> tuple[Any, list[list[str]], list[Any], float]:
    """The index on disk, open; words of names to ask; the organisations for the rivals; seconds."""
    from essor.registry.search import columns, schema, source, synonyms
    from essor.registry.search.view import View

    rows, words = [], []
    for entry, each in organisations(count):
        rows.append(entry)
        words.append(each)
    start = time.perf_counter()
    builder = columns.Builder(communes())
    places = dict(source.names_of_places(communes()))
    (folder / "text").mkdir()
    writer = schema.opened(folder / "text", create=True).writer(64_000_000, 1)
    for entry in rows:
        document, its_words = schema.document(entry, places)
        writer.add_document(document)
        builder.add(entry, its_words)
    writer.commit()
    writer.wait_merging_threads()
    columns.save(builder.build(), folder / "columns.npz")
    seconds = time.perf_counter() - start
    lines = synonyms.by_stems(line for line in synonyms.packaged() if line.naf or line.equivalents)
    view = View((1, "", "", 1), columns.load(folder / "columns.npz"), schema.opened(folder / "text"), lines)
    return view, words, rows, seconds


def asked(words: list[list[str]], count: int) -> dict[str, list[str]]:
    """What people type, by kind of search; each kind as many times."""
    chance = random.Random(SEED + 1)
    picked = [chance.choice(words) for _each in range(count)]
    return {
        "two words": [f"{each[1]} {each[2]}" for each in picked],
        "whole name": [f"{each[0]} de {each[1]} {each[2]} de {each[3]}" for each in picked],
        "beginning": [each[2][:5] for each in picked],
        "theme and place": [
            f"{each[1]} {communes()[int(chance.random() ** 2 * 600)].name}" for each in picked
        ],
        "trade word": [
            chance.choice(["ressourcerie", "aide à domicile", "crèche", "recyclerie"]) for _each in picked
        ],
        "broad word": [
            chance.choice(["club", "association", "comité"]) for _each in picked[: max(1, count // 10)]
        ],
        "no word": [""] * max(1, count // 10),
    }


def typos(words: list[list[str]], count: int) -> list[str]:
    """Two words of a name, a letter of one left out."""
    chance = random.Random(SEED + 2)
    found = []
    for _each in range(count):
        each = chance.choice(words)
        place = chance.randrange(1, len(each[2]) - 1)
        found.append(f"{each[1]} {each[2][:place]}{each[2][place + 1 :]}")
    return found


def timed(searches: list[str], run: Callable[[str], Any]) -> dict[str, float]:
    """Median and 95th centile, in milliseconds: by the clock, and of this process (PostgreSQL works in its own)."""
    clock, processor = [], []
    for text in searches:
        start, used = time.perf_counter(), time.process_time()
        run(text)
        clock.append((time.perf_counter() - start) * 1000)
        processor.append((time.process_time() - used) * 1000)
    return {**figures(clock), **{f"cpu {name}": value for name, value in figures(processor).items()}}


def figures(times: list[float]) -> dict[str, float]:
    """Median and 95th centile."""
    return {"p50": round(statistics.median(times), 2), "p95": round(statistics.quantiles(times, n=20)[-1], 2)}


def ours(view: Any, *, near: bool = False, ids: bool = False) -> Callable[[str], Any]:
    """The register's search, nothing kept from one to the next."""
    from essor.registry.filters import Filters, Near, Sort
    from essor.registry.search.select import Selection

    place = Near(1.7, 43.7, 10, "", "") if near else None

    def run(text: str) -> Any:
        for key in [key for key in view.kept if key[0] == "hits"]:
            del view.kept[key]
        filters = Filters(day=DAY, text=text, near=place)
        selection = Selection(view, replace(filters, sort=filters.usual_sort if text else Sort.NAME))
        if ids:
            return selection.ids()
        return selection.facets(), selection.page(0, 25)

    return run


def ours_filtered(view: Any) -> Callable[[str], Any]:
    """No word, one facet chosen: the whole register is counted."""
    from essor.registry.filters import Filters
    from essor.registry.search.select import Selection

    chosen: dict[str, dict[str, Any]] = {
        "family": {"families": ("cooperative",)},
        "size": {"sizes": ("10-49", "0")},
        "tag": {"tags": ("aci",)},
        "commune": {"communes": ("31001", "31002")},
    }

    def run(name: str) -> Any:
        selection = Selection(view, Filters(day=DAY, **chosen[name]))
        return selection.facets(), selection.page(0, 25)

    return run


COLUMNS = ("family", "sector", "size_band", "verdict", "is_employer")


def sqlite(rows: list[Any], folder: Path) -> Callable[[str], Any]:
    """SQLite FTS5, accents removed."""
    database = sqlite3.connect(folder / "rival.sqlite3")
    database.execute(
        "CREATE VIRTUAL TABLE t USING fts5(name, place, tokenize='unicode61 remove_diacritics 2', prefix='2 3')"
    )
    database.execute(f"CREATE TABLE o (id INTEGER PRIMARY KEY, {', '.join(COLUMNS)})")
    names = {each.pk: each.name for each in communes()}
    database.executemany(
        "INSERT INTO t (rowid, name, place) VALUES (?, ?, ?)",
        ((row.pk, row.names[0], " ".join(names[pk] for pk in row.communes)) for row in rows),
    )
    marks = ", ".join("?" * (len(COLUMNS) + 1))
    database.executemany(
        f"INSERT INTO o VALUES ({marks})",
        ((row.pk, *(getattr(row, name) for name in COLUMNS)) for row in rows),
    )
    database.commit()
    database.execute("ANALYZE")
    groups = f"SELECT {', '.join(COLUMNS)}, COUNT(*) FROM o"

    def run(text: str) -> Any:
        words = [word for word in text.split() if word != "de"]
        if not words:
            counts = database.execute(f"{groups} GROUP BY {', '.join(COLUMNS)}").fetchall()
            return counts, database.execute("SELECT id FROM o LIMIT 25").fetchall()
        match = " ".join(f'"{word}"' for word in words[:-1]) + f' "{words[-1]}"*'
        where = "WHERE id IN (SELECT rowid FROM t WHERE t MATCH ?)"
        counts = database.execute(f"{groups} {where} GROUP BY {', '.join(COLUMNS)}", [match]).fetchall()
        page = database.execute(
            "SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT 25", [match]
        ).fetchall()
        return counts, page

    return run


def postgres(rows: list[Any], url: str) -> Callable[[str], Any]:
    """PostgreSQL full text, French, with a GIN index."""
    import psycopg

    database = psycopg.connect(url, autocommit=True)
    names = {each.pk: each.name for each in communes()}
    columns = ", ".join(f"{name} TEXT" for name in COLUMNS)
    database.execute("DROP TABLE IF EXISTS bench_search")
    database.execute(f"CREATE TABLE bench_search (id INT PRIMARY KEY, {columns}, words TSVECTOR)")
    with database.cursor() as cursor, cursor.copy("COPY bench_search FROM STDIN") as copy:
        for row in rows:
            text = f"{row.sort_key} {' '.join(names[pk] for pk in row.communes)}"
            lexemes = " ".join(sorted(set(text.casefold().split())))
            copy.write_row((row.pk, *(str(getattr(row, name)) for name in COLUMNS), lexemes))
    database.execute(
        "UPDATE bench_search SET words = to_tsvector('french', array_to_string(tsvector_to_array(words), ' '))"
    )
    database.execute("CREATE INDEX ON bench_search USING gin (words)")
    database.execute("VACUUM ANALYZE bench_search")
    groups = f"SELECT {', '.join(COLUMNS)}, COUNT(*) FROM bench_search"

    def run(text: str) -> Any:
        from essor.kernel.text import fold

        words = [word for word in fold(text).split() if word != "de"]
        if not words:
            counts = database.execute(f"{groups} GROUP BY {', '.join(COLUMNS)}").fetchall()
            return counts, database.execute("SELECT id FROM bench_search LIMIT 25").fetchall()
        query = "(" + " && ".join(["to_tsquery('french', %s)"] * len(words)) + ")"
        terms = [*words[:-1], f"{words[-1]}:*"]
        counts = database.execute(
            f"{groups} WHERE words @@ {query} GROUP BY {', '.join(COLUMNS)}", terms
        ).fetchall()
        rank = f"SELECT id FROM bench_search WHERE words @@ {query} ORDER BY ts_rank(words, {query}) DESC LIMIT 25"
        return counts, database.execute(rank, [*terms, *terms]).fetchall()

    return run


def main() -> None:
    """Build, ask, print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=250_000)
    parser.add_argument("--queries", type=int, default=300, help="of each kind")
    parser.add_argument("--postgres", default="")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        os.environ.update(
            ESSOR_DATA_DIR=name, ESSOR_SECRET_KEY="bench", DJANGO_SETTINGS_MODULE="essor.config.settings"
        )
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        folder = Path(name)
        view, words, rows, seconds = build(arguments.rows, folder)
        searches = asked(words, arguments.queries)
        run = ours(view)
        run("")  # what is counted once a version
        result: dict[str, Any] = {
            "rows": arguments.rows,
            "index": {"seconds": round(seconds, 1), "megabytes": _size(folder)},
            "ours": {kind: timed(texts, run) for kind, texts in searches.items()},
            "ours, typos": timed(typos(words, arguments.queries), run),
            "ours, within 10 km": timed(searches["two words"], ours(view, near=True)),
            "ours, no word within 10 km": timed(searches["no word"], ours(view, near=True)),
            "ours, one filter and no word": timed(
                ["family", "size", "tag", "commune"] * 10, ours_filtered(view)
            ),
            "ours, ids of the set": {
                kind: timed(texts, ours(view, ids=True)) for kind, texts in searches.items()
            },
        }
        rivals = {"sqlite": sqlite(rows, folder)}
        if arguments.postgres:
            rivals["postgresql"] = postgres(rows, arguments.postgres)
        everything = [text for kind, texts in searches.items() for text in texts]
        result["all kinds"] = {"ours": timed(everything, run)}
        for engine, rival in rivals.items():
            few = {kind: texts[: max(2, len(texts) // 5)] for kind, texts in searches.items()}
            result[engine] = {kind: timed(texts, rival) for kind, texts in few.items()}
            result["all kinds"][engine] = timed([text for texts in few.values() for text in texts], rival)
    json.dump(result, sys.stdout, ensure_ascii=False, indent=2)
    print()


def _size(folder: Path) -> float:
    return round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6, 1)


if __name__ == "__main__":
    main()
