"""Legal units: a narrow first scan finds those that may be of the ESS, the rules judge them.

Tables made: `facts` (what the rules look at) and `unit` (siren, diffusible, case_id, on_list, rna): the units that are
not outside, active, not natural persons. Wide columns are read later, for the units kept only.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from essor.formats.problems import Rejection, shorten
from essor.formats.sirene import LEGAL_UNIT_NAMES, legal_units_sql
from essor.formats.tables import Table
from essor.registry.enums import CategoryKind
from essor.registry.pipeline.edition import CLOSED
from essor.registry.pipeline.job import Job, quote, reading
from essor.registry.pipeline.qualification import (
    ESUS_KEYS,
    LISTED_KEY,
    MARKS_KEY,
    SIRENE_KEYS,
    activity_sql,
    judge,
    may_be_ess_sql,
)

COLUMNS = "siren, state, diffusion, legal_category, ess_flag, naf"
# Of the rows of a SIREN, the one treated last; of equals, the words choose: not the order of reading.
LATEST_FIRST = "processed_at DESC NULLS LAST, " + ", ".join(
    dict.fromkeys(("state", "legal_category", "naf", *LEGAL_UNIT_NAMES))
)


class Doubled(Exception):
    """A SIREN stands twice in the stock: the build starts again, comparing all the rows of each SIREN."""


def find_units(job: Job, stock: Table, with_ess_list: bool, with_rna: bool) -> date | None:
    """Make `facts`, `verdict`, `case_tag` and `unit`. Gives the day of the stock: that of its last treatment.

    Raises Doubled, or InputProblem for a damaged file.
    """
    columns = COLUMNS + (", rna" if with_rna else ", NULL::VARCHAR AS rna")
    with reading(job, stock.label):
        _scan(job, legal_units_sql(stock), columns)
        day = job.rows(f"SELECT max(processed_at)::DATE FROM ({legal_units_sql(stock)})")[0][0]
    _count(job, stock)
    _tell_unknown_categories(job, stock)
    personal = [code for code, each in job.perimeter.categories.items() if each.kind is CategoryKind.PERSONAL]
    kept = f"state = 'A' AND NOT {_personal_sql(personal)}"
    keys = _make_facts(job, kept, with_ess_list)
    _write_closed(job, personal)
    job.drop("candidate")
    judge(job, keys)
    _keep(job, keys)
    # Otherwise found when the organisations are written; a caller who refuses bad rows must hear of the right one.
    if job.refuse and not job.careful and job.number("SELECT count(*) - count(DISTINCT siren) FROM unit"):
        raise Doubled
    return day if isinstance(day, date) else None


def _write_closed(job: Job, personal: list[str]) -> None:
    """closed.parquet: what tells an organisation that closed from one that only left the files."""
    job.write(
        "closed",
        CLOSED,
        f"""
        SELECT siren FROM candidate
        WHERE state = 'C' AND diffusion = 'O' AND siren IS NOT NULL AND NOT {_personal_sql(personal)} ORDER BY siren
        """,
        ["siren"],
    )


def _make_facts(job: Job, kept: str, with_ess_list: bool) -> tuple[str, ...]:
    """`facts`: what the rules look at, of each candidate kept. Gives the columns that make a case."""
    keys: tuple[str, ...] = SIRENE_KEYS
    select, joins = [], []
    if with_ess_list:
        keys += (LISTED_KEY,)
        select.append("CASE WHEN l.siren IS NULL THEN 'N' ELSE 'O' END AS listed")
        joins.append("LEFT JOIN ess_listed l ON l.siren = c.siren")
    if job.number("SELECT count(*) FROM mark"):
        keys += (MARKS_KEY,)
        select.append("coalesce(m.codes, '') AS marks")
        joins.append(
            "LEFT JOIN (SELECT siren, string_agg(DISTINCT code, ',' ORDER BY code) AS codes FROM mark GROUP BY siren) "
            "m ON m.siren = c.siren"
        )
    if job.number("SELECT count(*) FROM esus_row"):
        keys += ESUS_KEYS
        for side in ("since", "until"):
            select.append(
                f"CASE WHEN e.siren IS NULL THEN '-' ELSE coalesce(e.{side}::VARCHAR, '') END AS esus_{side}"
            )
        joins.append("LEFT JOIN esus_row e ON e.siren = c.siren")
    more = "".join(f", {column}" for column in select)
    job.make(
        "facts",
        f"""
        SELECT c.siren, c.naf, c.rna, coalesce(c.diffusion = 'O', false) AS diffusible,
          coalesce(c.legal_category, '') AS legal_category,
          CASE WHEN c.ess_flag IN ('O', 'N') THEN c.ess_flag ELSE '' END AS ess_flag,
          {activity_sql(job.perimeter)} AS activity{more}
        FROM (SELECT * FROM candidate WHERE {kept}) c {" ".join(joins)}
        """,
    )
    return keys


def _scan(job: Job, source: str, columns: str) -> None:
    condition = may_be_ess_sql(job.perimeter, job.on)
    if job.counts["named_by_lists"]:
        condition = f"({condition} OR siren IN (SELECT siren FROM named))"
    if not job.careful:
        job.make("candidate", f"SELECT {columns} FROM ({source}) WHERE {condition}")
        return
    # The row to keep may be one that the condition drops: all the rows of each SIREN are compared first.
    job.make(
        "doubled",
        f"""
        SELECT siren, count(*) AS times, max(processed_at) AS latest FROM ({source})
        WHERE siren IN (SELECT siren FROM ({source}) WHERE {condition}) GROUP BY siren HAVING count(*) > 1
        """,
    )
    job.make(
        "candidate",
        f"""
        SELECT {columns} FROM (
          SELECT *, row_number() OVER (PARTITION BY siren ORDER BY {LATEST_FIRST}) AS rank
          FROM ({source}) WHERE {condition} OR siren IN (SELECT siren FROM doubled)
        ) WHERE rank = 1 AND {condition}
        """,
    )


def _personal_sql(codes: list[str]) -> str:
    """SQL: natural persons, who are never public; a unit without category may be one."""
    listed = ", ".join(quote(code) for code in codes) or "''"
    return f"(legal_category IS NULL OR legal_category LIKE '1%' OR legal_category IN ({listed}))"


def _count(job: Job, stock: Table) -> None:
    personal = [code for code, each in job.perimeter.categories.items() if each.kind is CategoryKind.PERSONAL]
    candidates, closed, persons = job.rows(
        f"""
        SELECT count(*), count(*) FILTER (WHERE state IS DISTINCT FROM 'A'),
               count(*) FILTER (WHERE state = 'A' AND {_personal_sql(personal)})
        FROM candidate
        """
    )[0]
    job.counts |= {
        "legal_units": stock.rows,
        "candidates": candidates,
        "candidates_closed": closed,
        "candidates_natural_persons": persons,
    }


def _tell_unknown_categories(job: Job, stock: Table) -> None:
    """One row a legal category that the perimeter does not know: its units are left out unless a source names them."""
    known = ", ".join(quote(code) for code in sorted(job.perimeter.categories)) or "''"
    with reading(job, stock.label):
        rows = job.rows(
            f"""
            SELECT * FROM (
              SELECT legal_category, count(*) FILTER (WHERE state = 'A') AS active
              FROM ({legal_units_sql(stock)}) GROUP BY 1
            ) WHERE active > 0 AND legal_category NOT IN ({known}) ORDER BY 1 LIMIT 200
            """
        )
    job.counts["units_of_unknown_category"] = sum(count for _, count in rows)
    for code, count in rows:
        job.rejections.append(  # told, but no fault of the file
            Rejection(
                stock.label,
                f"cette catégorie juridique n’est pas dans le périmètre : {count} unités actives laissées de côté, "
                "sauf celles que Sirene ou une liste disent de l’ESS.",
                "Complétez le périmètre de l’ESS si cette catégorie en relève.",
                column="categorieJuridiqueUniteLegale",
                value=shorten(code),
            )
        )


def _keep(job: Job, keys: Sequence[str]) -> None:
    """`unit`: the units that the rules do not put outside, diffusible or not (the latter are only counted)."""
    on_list = f"f.{LISTED_KEY} = 'O'" if LISTED_KEY in keys else "false"
    same = " AND ".join(f"f.{key} = v.{key}" for key in keys)
    job.make(
        "unit",
        f"""
        SELECT f.siren, f.diffusible, v.case_id, {on_list} AS on_list, f.rna
        FROM facts f JOIN verdict v ON {same} WHERE v.verdict <> 'outside'
        """,
    )
    job.counts["outside_the_perimeter"] = job.number("SELECT count(*) FROM facts") - job.number(
        "SELECT count(*) FROM unit"
    )
    job.counts["ess_units"] = job.number("SELECT count(*) FROM unit")
    job.drop("facts")
