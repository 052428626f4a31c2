"""Write the table of NAF rév. 2 sub-classes (code, label) from the npm package @socialgouv/codes-naf.

Run after `npm ci` when the package changes: `python scripts/make_naf.py`. The table is committed:
a nomenclature is a fact, and Essor never reads node_modules when it runs.
"""

import csv
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "node_modules" / "@socialgouv" / "codes-naf" / "index.json"
TARGET = ROOT / "src" / "essor" / "registry" / "data" / "naf_rev2.csv"
SUB_CLASS = re.compile(r"\d{2}\.\d{2}[A-Z]")


def rows(nomenclature: list[dict[str, str]]) -> list[tuple[str, str]]:
    """The sub-classes of the nomenclature, sorted, with French typography."""
    found = {
        entry["id"]: " ".join(entry["label"].replace("'", "’").replace("Edition", "Édition").split())
        for entry in nomenclature
        if SUB_CLASS.fullmatch(entry["id"])
    }
    return sorted(found.items())


def main() -> None:
    """Read the package, write the table, say how many lines it has."""
    table = rows(json.loads(SOURCE.read_text(encoding="utf-8")))
    with TARGET.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("code", "label"))
        writer.writerows(table)
    print(f"{TARGET.relative_to(ROOT)} : {len(table)} sous-classes", file=sys.stderr)


if __name__ == "__main__":
    main()
