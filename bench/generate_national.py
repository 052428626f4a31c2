"""Invented national SIRENE stocks, in the official columns and about the official proportions.

    python bench/generate_national.py --out /tmp/bench [--units 29000000] [--establishments 40000000] [--seed 1]

Writes StockUniteLegale_utf8.parquet, StockEtablissement_utf8.parquet, geolocalisation.parquet (with --geolocation) and
communes.csv. The same arguments give the same bytes. Nobody real stands in these files.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import duckdb

# Legal category and its share of the stock, in hundred-thousandths (orders of magnitude of the real one).
CATEGORIES = (
    ("1000", 62_000), ("5499", 8_800), ("6540", 8_200), ("5710", 7_200), ("9220", 5_400), ("9110", 2_600),
    ("5485", 2_300), ("6599", 700), ("9150", 500), ("7210", 130), ("8450", 90), ("9900", 90), ("9210", 60),
    ("5599", 320), ("6317", 14), ("6316", 45), ("5458", 10), ("9230", 8), ("9300", 12), ("8210", 6), ("9260", 40),
    ("9221", 5), ("9222", 3), ("9223", 12), ("5558", 2), ("6540", 1_000), ("5202", 200), ("9240", 15), ("8250", 3),
    ("7389", 60), ("9970", 30), ("6521", 100), ("2110", 45),
)  # fmt: skip
NAF = (
    "01.11Z", "43.21A", "47.91B", "49.41A", "56.10A", "62.01Z", "62.02A", "68.20A", "68.20B", "69.10Z", "70.22Z",
    "81.21Z", "82.99Z", "85.51Z", "85.59A", "86.21Z", "87.10A", "88.10A", "88.91A", "88.99B", "90.01Z", "93.12Z",
    "93.13Z", "94.11Z", "94.91Z", "94.99Z", "96.02A", "96.09Z", "84.11Z", "97.00Z",
)  # fmt: skip
WORDS = (
    "AMICALE", "ATELIER", "AVENIR", "BOIS", "CANTON", "CERCLE", "COLLINE", "COMITE", "ECOLE", "ENTRAIDE", "FETES",
    "FORET", "GYMNASTIQUE", "HORIZON", "JARDIN", "LOISIRS", "MAISON", "MOULIN", "MUSIQUE", "PAYS", "PLAINE", "PONT",
    "RIVIERE", "SOLEIL", "SOURCE", "SPORTIVE", "THEATRE", "TERRE", "VALLEE", "VILLAGE", "VERGER", "VOISINS",
)  # fmt: skip
STREETS = ("RUE", "AVENUE", "BOULEVARD", "CHEMIN", "PLACE", "IMPASSE", "ROUTE", "ALLEE")
BANDS = ("01", "02", "03", "11", "12", "21", "22", "31")
CHECK = "((10 - ({sum}) % 10) % 10)"


def pick(values: tuple[str, ...], expression: str) -> str:
    """SQL: one of the values, by a hash."""
    return f"list_extract([{', '.join(repr(value) for value in values)}], 1 + ({expression} % {len(values)})::INT)"


def luhn(number: str, length: int) -> str:
    """SQL: the check digit to append to a number of `length` digits."""
    terms = []
    for rank in range(length):
        digit = f"(({number} // {10**rank}) % 10)"
        terms.append(digit if rank % 2 else f"({digit} * 2 - CASE WHEN {digit} > 4 THEN 9 ELSE 0 END)")
    return CHECK.format(sum=" + ".join(terms))


def category_sql(draw: str) -> str:
    """SQL: the legal category of a draw in [0, 100000)."""
    cases, total = [], 0
    for code, share in CATEGORIES:
        total += share
        cases.append(f"WHEN {draw} < {total} THEN '{code}'")
    return f"CASE {' '.join(cases)} ELSE '1000' END"


def departments() -> list[str]:
    """The départements of mainland France and Corsica."""
    return [f"{number:02d}" for number in range(1, 96) if number != 20] + ["2A", "2B"]


def write_units(connection: duckdb.DuckDBPyConnection, target: Path, units: int, seed: int) -> None:
    """The stock of legal units, sorted by SIREN; the table `units` (number, siren, state, count) is kept."""
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP VIEW drawn AS
        SELECT i, 10000000 + (i * 89999999) // {units} AS base, hash(i, {seed}) AS h, hash(i, {seed} + 1) AS h2
        FROM range({units}) AS r(i);
        CREATE OR REPLACE TEMP VIEW identified AS
        SELECT *, base * 10 + {luhn("base", 8)} AS siren, h % 100 < 55 AS active,
               {category_sql("(h2 % 100000)")} AS category FROM drawn;
        """
    )
    word = [pick(WORDS, f"(h >> {shift})") for shift in (8, 14, 20)]
    legal = "category <> '1000'"
    association = "category LIKE '92%'"
    connection.execute(
        f"""
        COPY (
          SELECT siren::VARCHAR AS siren,
            CASE WHEN h % 1000 < 60 THEN 'P' ELSE 'O' END AS "statutDiffusionUniteLegale",
            CASE WHEN NOT active AND h2 % 3 = 0 THEN true END AS "unitePurgeeUniteLegale",
            DATE '1970-01-01' + (h2 % 20000)::INT AS "dateCreationUniteLegale",
            CASE WHEN {legal} AND h % 7 = 0 THEN left({word[0]}, 4) END AS "sigleUniteLegale",
            CASE WHEN NOT {legal} THEN CASE WHEN h % 2 = 0 THEN 'M' ELSE 'F' END END AS "sexeUniteLegale",
            CASE WHEN NOT {legal} THEN 'PRENOM' || (h % 3000) END AS "prenom1UniteLegale",
            NULL::VARCHAR AS "prenom2UniteLegale", NULL::VARCHAR AS "prenom3UniteLegale",
            NULL::VARCHAR AS "prenom4UniteLegale",
            CASE WHEN NOT {legal} THEN 'PRENOM' || (h % 3000) END AS "prenomUsuelUniteLegale",
            NULL::VARCHAR AS "pseudonymeUniteLegale",
            CASE WHEN {association} AND h % 5 < 3
              THEN 'W' || lpad((h % 950)::VARCHAR, 3, '0') || lpad((h2 % 1000000)::VARCHAR, 6, '0')
              END AS "identifiantAssociationUniteLegale",
            CASE WHEN active AND h2 % 100 < 12 THEN {pick(BANDS, "(h2 >> 9)")} ELSE 'NN' END
              AS "trancheEffectifsUniteLegale",
            CASE WHEN active AND h2 % 100 < 12 THEN 2023 END::INT AS "anneeEffectifsUniteLegale",
            TIMESTAMP '2026-01-01' + to_seconds((h2 % 20000000)::INT) AS "dateDernierTraitementUniteLegale",
            (1 + h % 6)::INT AS "nombrePeriodesUniteLegale",
            CASE WHEN active THEN 'PME' END AS "categorieEntreprise",
            CASE WHEN active THEN 2023 END::INT AS "anneeCategorieEntreprise",
            DATE '2000-01-01' + (h % 9500)::INT AS "dateDebut",
            CASE WHEN active THEN 'A' ELSE 'C' END AS "etatAdministratifUniteLegale",
            CASE WHEN NOT {legal} THEN 'NOM' || (h % 200000) END AS "nomUniteLegale",
            NULL::VARCHAR AS "nomUsageUniteLegale",
            CASE WHEN {legal} THEN {word[0]} || ' ' || {word[1]} || ' DE ' || {word[2]} || ' ' || (h % 40000)
              END AS "denominationUniteLegale",
            CASE WHEN {legal} AND h2 % 9 = 0 THEN {word[2]} || ' ' || {word[0]} END
              AS "denominationUsuelle1UniteLegale",
            NULL::VARCHAR AS "denominationUsuelle2UniteLegale", NULL::VARCHAR AS "denominationUsuelle3UniteLegale",
            category AS "categorieJuridiqueUniteLegale",
            CASE WHEN {association} AND h2 % 3 < 2 THEN '94.99Z' ELSE {pick(NAF, "(h2 >> 3)")} END
              AS "activitePrincipaleUniteLegale",
            CASE WHEN active OR h % 4 > 0 THEN 'NAFRev2' ELSE 'NAP' END
              AS "nomenclatureActivitePrincipaleUniteLegale",
            '00001' AS "nicSiegeUniteLegale",
            CASE WHEN {association} AND h % 3 > 0 THEN 'O' WHEN {legal} AND h % 900 = 0 THEN 'O'
              WHEN {legal} AND h % 4 = 0 THEN 'N' END AS "economieSocialeSolidaireUniteLegale",
            CASE WHEN category = '5710' AND h % 500 = 0 THEN 'O' WHEN category = '5710' THEN 'N' END
              AS "societeMissionUniteLegale",
            CASE WHEN active AND h2 % 100 < 12 THEN 'O' ELSE 'N' END AS "caractereEmployeurUniteLegale",
            CASE WHEN active THEN {pick(NAF, "(h2 >> 3)")} END AS "activitePrincipaleNAF25UniteLegale"
          FROM identified
        ) TO '{target}' (FORMAT parquet)
        """
    )


def write_establishments(
    connection: duckdb.DuckDBPyConnection, target: Path, units: int, establishments: int, seed: int
) -> None:
    """The stock of establishments, sorted by SIRET: one head office a unit, the rest spread over the units."""
    extra = establishments - units
    codes = departments()
    word = [pick(WORDS, f"(h >> {shift})") for shift in (7, 13, 19)]
    empty = ", ".join(
        f'NULL::VARCHAR AS "{name}"'
        for name in (
            "complementAdresse2Etablissement", "numeroVoie2Etablissement", "indiceRepetition2Etablissement",
            "typeVoie2Etablissement", "libelleVoie2Etablissement", "codePostal2Etablissement",
            "libelleCommune2Etablissement", "libelleCommuneEtranger2Etablissement",
            "distributionSpeciale2Etablissement", "codeCommune2Etablissement", "codeCedex2Etablissement",
            "libelleCedex2Etablissement", "codePaysEtranger2Etablissement", "libellePaysEtranger2Etablissement",
        )
    )  # fmt: skip
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP VIEW places AS
        SELECT i, siren, category, active, rank,
               hash(i, rank, {seed} + 2) AS h, hash(i, rank, {seed} + 3) AS h2, rank = 0 AS head
        FROM identified, unnest(range(1 + CASE WHEN (i * {extra}) // {units} <> ((i + 1) * {extra}) // {units}
             THEN 1 ELSE 0 END)) AS u(rank);
        CREATE OR REPLACE TEMP VIEW located AS
        SELECT *, {pick(tuple(codes), "(h >> 5)")} || lpad((1 + (h2 >> 7) % 360)::VARCHAR, 3, '0') AS commune,
               siren * 10000 + rank AS base FROM places;
        """
    )
    connection.execute(
        f"""
        COPY (
          SELECT siren::VARCHAR AS siren, right(siret, 5) AS nic, siret,
            CASE WHEN h % 1000 < 60 THEN 'P' ELSE 'O' END AS "statutDiffusionEtablissement",
            DATE '1975-01-01' + (h2 % 18500)::INT AS "dateCreationEtablissement",
            CASE WHEN h2 % 100 < 10 THEN {pick(BANDS, "(h2 >> 9)")} ELSE 'NN' END AS "trancheEffectifsEtablissement",
            CASE WHEN h2 % 100 < 10 THEN 2023 END::INT AS "anneeEffectifsEtablissement",
            NULL::VARCHAR AS "activitePrincipaleRegistreMetiersEtablissement",
            TIMESTAMP '2026-01-01' + to_seconds((h2 % 20000000)::INT) AS "dateDernierTraitementEtablissement",
            head AS "etablissementSiege", (1 + h % 5)::INT AS "nombrePeriodesEtablissement",
            CASE WHEN h % 9 = 0 THEN 'BATIMENT ' || (h % 40) END AS "complementAdresseEtablissement",
            CASE WHEN h % 10 < 8 THEN (1 + h % 210)::VARCHAR END AS "numeroVoieEtablissement",
            CASE WHEN h % 40 = 0 THEN 'B' END AS "indiceRepetitionEtablissement",
            NULL::VARCHAR AS "dernierNumeroVoieEtablissement",
            NULL::VARCHAR AS "indiceRepetitionDernierNumeroVoieEtablissement",
            {pick(STREETS, "(h2 >> 4)")} AS "typeVoieEtablissement",
            'DE ' || {word[0]} || ' ' || {word[1]} || CASE WHEN h % 3 = 0 THEN ' ' || (h2 % 900) ELSE '' END
              AS "libelleVoieEtablissement",
            left(commune, 2) || lpad((h % 900)::VARCHAR, 3, '0') AS "codePostalEtablissement",
            'VILLE ' || commune AS "libelleCommuneEtablissement",
            NULL::VARCHAR AS "libelleCommuneEtrangerEtablissement",
            CASE WHEN h % 60 = 0 THEN 'BP ' || (h % 900) END AS "distributionSpecialeEtablissement",
            commune AS "codeCommuneEtablissement",
            NULL::VARCHAR AS "codeCedexEtablissement", NULL::VARCHAR AS "libelleCedexEtablissement",
            NULL::VARCHAR AS "codePaysEtrangerEtablissement", NULL::VARCHAR AS "libellePaysEtrangerEtablissement",
            commune || '_' || (h % 9000) || '_00001' AS "identifiantAdresseEtablissement",
            (100000 + h % 1100000)::VARCHAR AS "coordonneeLambertAbscisseEtablissement",
            (6100000 + h2 % 1000000)::VARCHAR AS "coordonneeLambertOrdonneeEtablissement",
            {empty},
            DATE '2008-01-01' + (h % 6500)::INT AS "dateDebut",
            CASE WHEN active AND (head OR h % 100 < 55) THEN 'A' ELSE 'F' END AS "etatAdministratifEtablissement",
            CASE WHEN h % 12 = 0 THEN {word[2]} || ' ' || {word[0]} END AS "enseigne1Etablissement",
            NULL::VARCHAR AS "enseigne2Etablissement", NULL::VARCHAR AS "enseigne3Etablissement",
            CASE WHEN h % 30 = 1 THEN {word[1]} || ' ' || {word[0]} END AS "denominationUsuelleEtablissement",
            CASE WHEN category LIKE '92%' AND h2 % 3 < 2 THEN '94.99Z' ELSE {pick(NAF, "(h2 >> 3)")} END
              AS "activitePrincipaleEtablissement",
            'NAFRev2' AS "nomenclatureActivitePrincipaleEtablissement",
            CASE WHEN h2 % 100 < 10 THEN 'O' ELSE 'N' END AS "caractereEmployeurEtablissement",
            {pick(NAF, "(h2 >> 3)")} AS "activitePrincipaleNAF25Etablissement"
          FROM (SELECT *, lpad((base * 10 + {luhn("base", 13)})::VARCHAR, 14, '0') AS siret FROM located)
        ) TO '{target}' (FORMAT parquet)
        """
    )


def write_geolocation(connection: duckdb.DuckDBPyConnection, target: Path, establishments: Path) -> None:
    """The geolocation file of the same establishments, in mainland France."""
    quality = pick(("11", "11", "11", "11", "11", "11", "12", "33", "33", "22"), "(h >> 6)")
    connection.execute(
        f"""
        COPY (
          SELECT siret, (100000 + h % 1100000)::FLOAT AS x, (6100000 + (h >> 20) % 1000000)::FLOAT AS y,
            {quality} AS qualite_xy, '2154' AS epsg, 'HZ' AS plg_qp24, '0101' AS plg_iris, NULL::VARCHAR AS plg_zus,
            'HZ' AS plg_qp15, 'HZ' AS plg_qva, "codeCommuneEtablissement" AS plg_code_commune,
            (h % 300)::FLOAT AS distance_precision, '1' AS qualite_qp24, '1' AS qualite_iris, '1' AS qualite_zus,
            '1' AS qualite_qp15, '1' AS qualite_qva,
            (43 + ((h >> 9) % 600000) / 100000)::FLOAT AS y_latitude, (-1 + ((h >> 22) % 700000) / 100000)::FLOAT
              AS x_longitude
          FROM (SELECT *, hash(siret) AS h FROM read_parquet('{establishments}'))
        ) TO '{target}' (FORMAT parquet)
        """
    )


def generate(out: Path, units: int, establishments: int, seed: int, geolocation: bool = False) -> None:
    """Write the files in `out`. `establishments` lies between `units` and twice `units`."""
    if not units <= establishments <= 2 * units:
        raise ValueError("establishments must lie between units and twice units")
    out.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect()
    connection.execute("SET preserve_insertion_order = true")
    stock = out / "StockEtablissement_utf8.parquet"
    write_units(connection, out / "StockUniteLegale_utf8.parquet", units, seed)
    write_establishments(connection, stock, units, establishments, seed)
    if geolocation:
        write_geolocation(connection, out / "geolocalisation.parquet", stock)
    codes = [f"{code}{number:03d}" for code in departments() for number in range(1, 361)]
    (out / "communes.csv").write_text("code\n" + "\n".join(codes) + "\n", encoding="utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--units", type=int, default=29_000_000)
    parser.add_argument("--establishments", type=int, default=40_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--geolocation", action="store_true")
    arguments = parser.parse_args()
    start = time.monotonic()
    generate(arguments.out, arguments.units, arguments.establishments, arguments.seed, arguments.geolocation)
    print(f"written in {time.monotonic() - start:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
