"""INSEE's « géolocalisation des établissements du répertoire Sirene pour les études statistiques ».

Source: INSEE, documentation of the file (columns siret, x, y, qualite_xy, epsg, plg_qp24, plg_iris, plg_zus, plg_qp15,
plg_qva, plg_code_commune, distance_precision, qualite_*, y_latitude, x_longitude). `x_longitude` and `y_latitude` are
WGS 84 degrees for every row; `x`, `y` are metres in the projection that the row's `epsg` names, and are not read.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from essor.formats.problems import InputProblem, Reject
from essor.formats.tables import Table, open_table

REQUIRED = ("siret", "qualite_xy", "y_latitude", "x_longitude")
OPTIONAL = ("distance_precision", "plg_qp24", "plg_qp15")

# qualite_xy: what was found, and our upper bound of the error in metres where `distance_precision` is absent
# (these bounds are ours, from the definition of each code; INSEE gives no figure).
QUALITIES: dict[str, tuple[str, int]] = {
    "11": ("number", 30),
    "21": ("number", 100),
    "12": ("street", 500),
    "22": ("street", 800),
    "33": ("commune", 5000),
}
UNKNOWN_QUALITY = ("unknown", 5000)


def open_geolocation(
    connection: duckdb.DuckDBPyConnection, path: Path, workdir: Path, reject: Reject
) -> Table:
    """The geolocation file, checked. Raises InputProblem."""
    return open_table(
        connection,
        path,
        workdir,
        required=REQUIRED,
        optional=OPTIONAL,
        what="le fichier de géolocalisation des établissements Sirene",
        reject=reject,
    )


def geolocation_sql(table: Table) -> str:
    """A SELECT: siret, longitude, latitude (degrees), quality, error (metres), qp24, qp15 (codes, NULL outside)."""
    quality = table.text("qualite_xy")
    words = " ".join(f"WHEN '{code}' THEN '{word}'" for code, (word, _) in QUALITIES.items())
    metres = " ".join(f"WHEN '{code}' THEN {error}" for code, (_, error) in QUALITIES.items())
    precision = f"TRY_CAST(ceil({table.number('distance_precision')}) AS INTEGER)"
    return f"""
        SELECT {table.digits("siret", 14)} AS siret,
          {table.number("x_longitude")} AS longitude,
          {table.number("y_latitude")} AS latitude,
          CASE {quality} {words} ELSE '{UNKNOWN_QUALITY[0]}' END AS quality,
          coalesce(CASE WHEN {precision} > 0 THEN {precision} END,
                   CASE {quality} {metres} ELSE {UNKNOWN_QUALITY[1]} END) AS error,
          CASE WHEN {table.text("plg_qp24")} LIKE 'QN%' THEN {table.text("plg_qp24")} END AS qp24,
          CASE WHEN {table.text("plg_qp15")} LIKE 'QP%' THEN {table.text("plg_qp15")} END AS qp15
        FROM {table.sql}"""


# SQL conditions over `longitude` and `latitude`.
IN_METRES = "(abs(longitude) > 180 OR abs(latitude) > 90)"


def metres_problem(label: str, longitude: float, latitude: float) -> InputProblem:
    """What is said of a file whose degrees are metres."""
    return InputProblem(
        label,
        "les colonnes x_longitude et y_latitude contiennent des mètres (projection Lambert), pas des degrés.",
        "Reprenez le fichier officiel : x et y portent les mètres, x_longitude et y_latitude les degrés.",
        column="x_longitude",
        value=f"{longitude:.0f} ; {latitude:.0f}",
    )
