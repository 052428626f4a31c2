"""The national list of ESS organisations kept by ESS France and the regional chambers.

Source: data.gouv.fr, dataset 646c8d45de96cc3428092c6b; CSV whose column SIREN may have lost its leading zeros.
Its other columns are not read.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from essor.formats.problems import Reject
from essor.formats.tables import Table, open_table

REQUIRED = ("SIREN",)


def open_ess_list(connection: duckdb.DuckDBPyConnection, path: Path, workdir: Path, reject: Reject) -> Table:
    """The list, checked. Raises InputProblem."""
    return open_table(
        connection,
        path,
        workdir,
        required=REQUIRED,
        what="la liste des entreprises de l’ESS (ESS France)",
        reject=reject,
    )


def ess_list_sql(table: Table) -> str:
    """A SELECT of one text column, `siren`: digits only where the cell holds a number, padded to nine."""
    cell = f"regexp_replace(trim({table.text('SIREN')}), '[ .\u00a0-]', '', 'g')"
    return f"""
        SELECT CASE WHEN regexp_full_match({cell}, '[0-9]{{1,9}}') THEN lpad({cell}, 9, '0') ELSE {cell} END AS siren
        FROM {table.sql} WHERE trim({table.text("SIREN")}) <> ''"""
