"""The small lists, put in tables: marks of directories, Esus agreements, the authority's list, ESS France's list.

Tables made: `mark` (siren, siret, code, since, until), `esus_row`, `own_row`, `ess_listed` (siren), and `named`:
the SIREN of all those that a source other than the legal category may bring into the register.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from essor.formats.ess_france import ess_list_sql, open_ess_list
from essor.formats.esus import read_esus
from essor.formats.identifiers import siren_sql
from essor.formats.insertion import read_insertion
from essor.formats.own_list import read_own_list
from essor.registry.pipeline.job import Job, quote, reading

SIAE, ESUS, OWN_LIST, SIRENE, PERIMETER = "siae", "esus", "own_list", "sirene", "perimeter"


def load_lists(
    job: Job, ess_list: Path | None, siae: Sequence[Path], esus: Path | None, own_list: Path | None
) -> dict[Path, int]:
    """Read the lists given; gives the number of rows kept of each. Raises InputProblem."""
    rows: dict[Path, int] = {}
    _load_marks(job, siae, rows)
    agreements = read_esus(esus, job.reject) if esus else []
    job.table(
        "esus_row",
        [("siren", "VARCHAR"), ("siret", "VARCHAR"), ("since", "DATE"), ("until", "DATE")],
        [(row.siren, row.siret, row.since, row.until) for row in agreements],
    )
    own = read_own_list(own_list, job.reject) if own_list else []
    job.table("own_row", [("line", "BIGINT"), ("siret", "VARCHAR")], [(row.line, row.siret) for row in own])
    if esus:
        rows[esus] = len(agreements)
    if own_list:
        rows[own_list] = len(own)
    _load_ess_list(job, ess_list, rows)
    job.make(
        "named", "SELECT siren FROM ess_listed UNION SELECT siren FROM mark UNION SELECT siren FROM esus_row"
    )
    job.counts["named_by_lists"] = job.number("SELECT count(*) FROM named")
    return rows


def _load_marks(job: Job, siae: Sequence[Path], rows: dict[Path, int]) -> None:
    marks = []
    for path in siae:
        structures = read_insertion(path, job.reject)
        rows[path] = len(structures)
        marks += [(each.siret[:9], each.siret, each.kind, each.since, each.until) for each in structures]
    columns = [("siren", "VARCHAR"), ("siret", "VARCHAR"), ("code", "VARCHAR")]
    job.table("mark_row", [*columns, ("since", "DATE"), ("until", "DATE")], marks)
    job.make(
        "mark",
        f"""
        SELECT siren, siret, code, min(since) AS since,
               CASE WHEN count(until) = count(*) THEN max(until) END AS until
        FROM mark_row GROUP BY siren, siret, code
        HAVING count(until) < count(*) OR max(until) > DATE {quote(job.on.isoformat())}
        """,
    )


def _load_ess_list(job: Job, ess_list: Path | None, rows: dict[Path, int]) -> None:
    if ess_list is None:
        job.table("ess_listed", [("siren", "VARCHAR")], [])
        return
    with reading(job, ess_list.name):
        table = job.open(open_ess_list, ess_list)
        job.make("listed_row", ess_list_sql(table))
    rows[ess_list] = table.rows
    job.reject_all(
        f"""
        SELECT DISTINCT {quote(table.label)}, NULL::BIGINT, NULL, NULL, 'SIREN', left(siren, 60),
          'ce n’est pas un SIREN : neuf chiffres avec une clé juste sont attendus.',
          'Vérifiez le SIREN sur annuaire-entreprises.data.gouv.fr.'
        FROM listed_row WHERE NOT {siren_sql("siren")}
        """
    )
    job.make("ess_listed", f"SELECT DISTINCT siren FROM listed_row WHERE {siren_sql('siren')}")
