"""How long the pages of the kit take on the server: p50 and p95 against 60 ms; the kit in PDF against 10 s.

    python bench/bench_kit.py [--repeat 15] [--limit 60]

The database is of its own; nothing of an installation is read. What is timed is the whole page (view and template)
through Django's test client, once warm; the PDF is timed cold, as the first reader waits for it.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time

from scratch import prepare

PAGES = (
    "/kit/",
    "/kit/?q=cantine",
    "/kit/?secteur=habitat&niveau=epci&odd=11",
    "/kit/fiches/K03/",
    "/kit/fiches/K12/",
    "/kit/fiches/K12/?niveau=region",
    "/kit/recettes/",
    "/kit/recettes/?nature=grant&montant=jusqu-a-10k",
    "/kit/recettes/fondation-innovation-sociale-lyon/",
    "/kit/recettes/cit-er-44.json",
    "/kit/se-former/",
    "/kit/se-former/lecons/acheter/",
    "/kit/se-former/lecons/acheter/quiz/",
    "/kit/se-former/jeu/",
    "/kit/odd/",
    "/kit/odd/8/",
    "/kit/accompagnement/",
    "/kit/aides/",
    "/kit/orientation/",
    "/kit/autodiagnostic/grille/",
)
WHOLE = "/kit/boite-a-outils.pdf"
WHOLE_LIMIT = 10.0


def _timed(url: str, repeat: int) -> list[float]:
    from django.test import Client

    client, spent = Client(), []
    for turn in range(repeat + 1):
        start = time.perf_counter()
        status = client.get(url).status_code
        if status != 200:
            raise SystemExit(f"{url} : {status}")
        if turn:
            spent.append((time.perf_counter() - start) * 1000)
    return spent


def main() -> int:
    """Time each page; 1 when a p95 or the PDF is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--limit", type=float, default=60)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="essor-bench-") as folder:
        prepare(folder)
        from django.test import Client

        start = time.perf_counter()
        size = len(Client().get(WHOLE).content)
        whole = time.perf_counter() - start
        rows = []
        for url in PAGES:
            spent = sorted(_timed(url, asked.repeat))
            rows.append(
                {
                    "page": url,
                    "p50_ms": round(statistics.median(spent), 1),
                    "p95_ms": round(spent[max(0, round(len(spent) * 0.95) - 1)], 1),
                }
            )
    over = [row for row in rows if row["p95_ms"] > asked.limit]
    result = {
        "pages": rows,
        "whole_pdf_s": round(whole, 2),
        "whole_pdf_bytes": size,
        "over": [row["page"] for row in over],
    }
    sys.stdout.write(json.dumps(result, indent=2) + "\n")
    return 1 if over or whole > WHOLE_LIMIT else 0


if __name__ == "__main__":
    raise SystemExit(main())
