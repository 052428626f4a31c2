"""The répertoire national des associations: `rna_waldec`, a CSV or a zip of one CSV a département.

Source: Ministry of the Interior, columns of `rna_waldec` (id, siret, date_disso, objet, siteweb, position…); position
A active, D dissolved, S deleted. Only what describes the association is read: no person, no address.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from essor.formats.problems import Reject
from essor.formats.tables import Table, open_table

REQUIRED = ("id", "siret", "date_disso", "objet", "siteweb", "position")
PURPOSE_LENGTH = 2000
WEBSITE_LENGTH = 300


def open_rna(connection: duckdb.DuckDBPyConnection, path: Path, workdir: Path, reject: Reject) -> Table:
    """The RNA, checked. Raises InputProblem."""
    return open_table(
        connection,
        path,
        workdir,
        required=REQUIRED,
        what="le répertoire national des associations (rna_waldec)",
        reject=reject,
    )


def rna_sql(table: Table) -> str:
    """A SELECT: rna, siret, purpose, website, dissolved (boolean). A website without scheme is given `https://`."""
    website = f"nullif(left(trim({table.text('siteweb')}), {WEBSITE_LENGTH}), '')"
    return f"""
        SELECT trim({table.text("id")}) AS rna,
          nullif(trim({table.text("siret")}), '') AS siret,
          nullif(left(trim({table.text("objet")}), {PURPOSE_LENGTH}), '') AS purpose,
          CASE WHEN regexp_full_match({website}, '(?i)https?://[^ ]+') THEN {website}
               WHEN regexp_full_match({website}, '[^ :/@]+[.][^ :@]+') THEN 'https://' || {website} END AS website,
          coalesce({table.text("position")} IN ('D', 'S'), false)
            OR coalesce({table.day("date_disso")} > DATE '1901-07-01', false) AS dissolved
        FROM {table.sql}"""
