"""How fast the rows of a directory are matched by name and place with a large register, all invented.

    python bench/bench_matching.py [--rows 50000] [--register 250000]

Half of the rows are organisations of the register whose name is written otherwise (form dropped, word missing, letter
wrong, words in another order); the others are nobody's. Rows follow the people: large communes have
many. Times are of the processor.
"""

import argparse
import json
import os
import random
import resource
import sys
import time

SEED = 20261122
COMMUNES, DEPARTEMENTS = 20_000, 96
FIRST = [
    "atelier",
    "club",
    "amicale",
    "comité",
    "épicerie",
    "recyclerie",
    "centre",
    "maison",
    "jardin",
    "crèche",
]
FIRST += ["compagnie", "chorale", "union", "régie"]
SECOND = [
    "solidaire",
    "populaire",
    "culturel",
    "social",
    "rural",
    "sportif",
    "musical",
    "familial",
    "partagé",
]
ENDS = ["ette", "ière", "eau", "ac", "on", "ille", "et", "y", "ange", "ourt", "eil", "ombe"]
FORMS = ("Association ", "ASSOC ", "", "", "SCIC ", "Scop ")


def _word(draw: random.Random) -> str:
    return "".join(draw.choice("bcdflmnprstv") + draw.choice("aeiou") for _ in range(2)) + draw.choice(ENDS)


def _name(draw: random.Random) -> str:
    parts = [draw.choice(FIRST), draw.choice(SECOND) if draw.random() < 0.5 else "", "de", _word(draw)]
    if draw.random() < 0.6:
        parts.append(_word(draw))
    return draw.choice(FORMS) + " ".join(part for part in parts if part)


def _commune(draw: random.Random) -> int:
    return int(COMMUNES * draw.random() ** 4)


def _otherwise(draw: random.Random, name: str) -> str:
    words = name.split()
    kind = draw.randrange(4)
    if kind == 0 and len(words) > 3:
        words.pop(draw.randrange(1, len(words) - 1))
    elif kind == 1:
        place = draw.randrange(len(words))
        word = words[place]
        cut = draw.randrange(len(word))
        words[place] = word[:cut] + draw.choice("aeiourst") + word[cut + 1 :]
    elif kind == 2:
        words = words[1:] + words[:1]
    return " ".join(words).upper() if draw.random() < 0.5 else " ".join(words)


def main() -> None:
    """Match, and print what it took as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--register", type=int, default=250_000)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "essor.config.settings_test")
    import django

    django.setup()
    from essor.registry.directories.blocks import Index
    from essor.registry.directories.rules import Known, Outcome, Wanted, parts_of

    draw = random.Random(SEED)
    places = [_commune(draw) for _ in range(options.register)]
    names = [_name(draw) for _ in range(options.register)]
    known = [
        Known(n, (names[n],), frozenset({places[n]}), frozenset({places[n] % DEPARTEMENTS}))
        for n in range(options.register)
    ]
    asked = []
    for _ in range(options.rows):
        truth = draw.randrange(options.register) if draw.random() < 0.5 else None
        place = places[truth] if truth is not None else _commune(draw)
        name = _otherwise(draw, names[truth]) if truth is not None else _name(draw)
        asked.append((truth, Wanted(parts_of(name), frozenset({place}), frozenset({place % DEPARTEMENTS}))))

    start = time.process_time()
    index = Index(known)
    indexed = time.process_time() - start
    sure = right = found = present = 0
    for number, (truth, wanted) in enumerate(asked):
        if number % 5000 == 0:
            print(f"{number} {time.process_time() - start:.0f} s", file=sys.stderr)
        match = index.match(wanted)
        present += truth is not None
        found += truth in [each.organisation for each in match.candidates]
        if match.outcome is Outcome.SURE:
            sure += 1
            right += match.candidates[0].organisation == truth
    total = time.process_time() - start
    answer = {
        "register": options.register,
        "rows": options.rows,
        "index_cpu_seconds": round(indexed, 1),
        "cpu_seconds": round(total, 1),
        "rows_per_cpu_second": round(options.rows / (total - indexed)),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "precision": round(right / max(1, sure), 3),
        "recall": round(right / max(1, present), 3),
        "recall_with_choice": round(found / max(1, present), 3),
    }
    print(json.dumps(answer, ensure_ascii=False))


if __name__ == "__main__":
    main()
