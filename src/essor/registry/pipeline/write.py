"""The edition's files: one wide scan of each stock, joined with what was found, straight to Parquet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from essor.formats.rna import open_rna, rna_sql
from essor.formats.sirene import LEGAL_UNIT_NAMES, legal_units_sql
from essor.formats.tables import Table
from essor.registry.enums import Tag
from essor.registry.pipeline.edition import ESTABLISHMENTS, ORGANISATIONS, REJECTED, TAGS
from essor.registry.pipeline.engines.contract import ROW_NUMBER
from essor.registry.pipeline.job import COLUMNS, SET_ASIDE, Job, quote, reading
from essor.registry.pipeline.lists import ESUS, OWN_LIST, SIAE, SIRENE
from essor.registry.pipeline.units import LATEST_FIRST, Doubled

# Conditions are few long texts: a type of their own lets the sort carry numbers.
CONDITION_TEXT = "condition_text"


def _columns(select: Mapping[str, str], types: Mapping[str, str]) -> str:
    """The SELECT list of a file: its columns in order, cast to their types."""
    return ", ".join(f'CAST({select.get(name, name)} AS {kind}) AS "{name}"' for name, kind in types.items())


def write_establishments(job: Job) -> None:
    """establishments.parquet, from `place` and `position`.

    Then `member`: what organisations need of it.
    """
    select = {name: f"e.{name}" for name in ESTABLISHMENTS}
    select |= {
        name: f"p.{name}" for name in ("is_head_office", "in_territory", "commune", "declared_commune")
    }
    select |= {
        name: f"s.{name}"
        for name in ("longitude", "latitude", "position_source", "position_quality", "position_error", "qpv")
    }
    select["size_band"] = "coalesce(e.size_band, 'NN')"
    select["is_employer"] = "e.employer = 'O'"
    job.write(
        "establishments",
        ESTABLISHMENTS,
        f"""
        SELECT {_columns(select, ESTABLISHMENTS)}
        FROM found e JOIN place p ON p.row = e.{ROW_NUMBER}
        LEFT JOIN position s ON s.row = e.{ROW_NUMBER} ORDER BY e.siret
        """,
        ["siret"],
    )
    # The commune of an organisation: its head office's, else that of its biggest place in the territory.
    size = "coalesce(TRY_CAST(size_band AS BIGINT), -1)"
    order = f"CASE WHEN is_head_office THEN 0 ELSE 100 - {size} END * 100000000000000 + siret::BIGINT"
    job.make(
        "member",
        f"""
        SELECT siren, count(*)::INTEGER AS establishments, NOT bool_or(is_head_office) AS head_office_outside,
          arg_min(commune, {order}) AS commune
        FROM establishments WHERE in_territory GROUP BY siren
        """,
    )


def write_organisations(job: Job, stock: Table, rna: Path | None) -> int:
    """organisations.parquet; gives the number of rows of the RNA. Raises Doubled when a SIREN stands twice."""
    rna_rows = _load_rna(job, rna)
    doubled = (
        job.number("SELECT count(*) FROM unit WHERE siren IN (SELECT siren FROM doubled)")
        if job.careful
        else 0
    )
    source = f"({legal_units_sql(stock)})"
    if doubled:
        _reject_doubled(job, stock)
        source = f"""(SELECT {", ".join(LEGAL_UNIT_NAMES)} FROM (
            SELECT *, row_number() OVER (PARTITION BY siren ORDER BY {LATEST_FIRST}) AS rank
            FROM {source} WHERE siren IN (SELECT siren FROM unit)) WHERE rank = 1)"""
    select = {name: f"u.{name}" for name in ORGANISATIONS} | {
        name: f"m.{name}"
        for name in ("commune", "head_office_outside", "establishments", "verdict", "family", "conditions")
    }
    select |= {
        "name": "coalesce(u.legal_name, u.usual_name, u.acronym, 'Organisation ' || u.siren)",
        "closed_on": "CASE WHEN u.state <> 'A' THEN u.period_start END",
        "size_band": "coalesce(u.size_band, 'NN')",
        "is_employer": "u.employer = 'O'",
        "on_ess_list": "m.on_list",
        "purpose": "r.purpose" if rna else "NULL",
        "website": "r.website" if rna else "NULL",
        "updated_on": "u.processed_at",
    }
    association = "LEFT JOIN association r ON r.rna = u.rna" if rna else ""
    job.engine.make_enum(CONDITION_TEXT, "SELECT DISTINCT conditions FROM verdict ORDER BY conditions")
    job.make(
        "kept",
        f"""
        WITH v AS MATERIALIZED (
          SELECT case_id, verdict, family, conditions::{CONDITION_TEXT} AS conditions FROM verdict)
        SELECT u.siren, u.on_list, m.commune, m.head_office_outside, m.establishments, v.verdict, v.family, v.conditions
        FROM unit u JOIN member m ON m.siren = u.siren JOIN v ON v.case_id = u.case_id
        """,
    )
    sorted_types = {**ORGANISATIONS, "conditions": CONDITION_TEXT}
    shown = {name: f'"{name}"' for name in ORGANISATIONS} | {
        "conditions": "CAST(conditions AS VARCHAR) AS conditions"
    }
    with reading(job, stock.label):
        job.write(
            "organisations",
            ORGANISATIONS,
            f"""
            SELECT {", ".join(shown.values())} FROM (
              SELECT {_columns(select, sorted_types)}
              FROM {source} u JOIN kept m ON m.siren = u.siren {association} ORDER BY u.siren)
            """,
            ["siren"],
        )
    written = job.number("SELECT count(*) FROM organisations")
    if written != job.number("SELECT count(*) FROM unit"):
        raise Doubled
    _count_organisations(job)
    return rna_rows


def _reject_doubled(job: Job, stock: Table) -> None:
    job.counts["doubled_units"] = job.reject_all(
        f"""
        SELECT {quote(stock.label)}, NULL::BIGINT, d.siren, NULL, 'siren', d.siren,
          'cette unité légale est écrite plusieurs fois dans le fichier.',
          'La ligne traitée le plus récemment par l’Insee est gardée.'
        FROM (SELECT siren, row_number() OVER (PARTITION BY siren ORDER BY siren) AS rank
              FROM ({legal_units_sql(stock)}) WHERE siren IN (SELECT siren FROM doubled)) d
        JOIN unit u ON u.siren = d.siren WHERE d.rank > 1
        """
    )


def _load_rna(job: Job, rna: Path | None) -> int:
    """`association` (rna, purpose, website): of the organisations kept, by their RNA number."""
    if rna is None:
        return 0
    with reading(job, rna.name):
        table = job.open(open_rna, rna)
        job.make(
            "association",
            f"""
            SELECT rna, arg_min(purpose, (dissolved, purpose)) AS purpose,
              arg_min(website, (dissolved, website)) AS website
            FROM ({rna_sql(table)}) WHERE rna IN (SELECT rna FROM unit) GROUP BY rna
            """,
        )
        job.counts["organisations_in_rna"] = job.number("SELECT count(*) FROM association")
        job.counts["organisations_dissolved_in_rna"] = job.number(
            f"SELECT count(DISTINCT rna) FROM ({rna_sql(table)}) WHERE dissolved AND rna IN (SELECT rna FROM unit)"
        )
    return table.rows


def _count_organisations(job: Job) -> None:
    job.counts["organisations"], job.counts["employers"] = job.rows(
        "SELECT count(*), count(*) FILTER (WHERE is_employer) FROM organisations"
    )[0]
    for column in ("verdict", "family"):
        for value, count in job.rows(f"SELECT {column}, count(*) FROM organisations GROUP BY 1 ORDER BY 1"):
            job.counts[f"{column}:{value or 'none'}"] = count


def write_tags(job: Job, own_label: str) -> None:
    """tags.parquet: from legal category, SIRENE's mission mark, directories, agreements and the authority's list."""
    today = f"DATE {quote(job.on.isoformat())}"
    rows = f"""
        SELECT u.siren, NULL AS siret, c.code, c.source, NULL::DATE AS since, NULL::DATE AS until
        FROM unit u JOIN case_tag c USING (case_id)
        UNION ALL SELECT siren, NULL, {quote(str(Tag.MISSION_COMPANY.value))}, {quote(SIRENE)}, NULL, NULL
        FROM organisations WHERE mission_flag = 'O'
        UNION ALL SELECT siren, siret, code, {quote(SIAE)}, since, until FROM mark
        WHERE siren IN (SELECT siren FROM unit)
        UNION ALL SELECT siren, siret, {quote(str(Tag.ESUS.value))}, {quote(ESUS)}, since, until FROM esus_row
        WHERE siren IN (SELECT siren FROM unit) AND (until IS NULL OR until > {today})
        UNION ALL SELECT left(siret, 9), siret, {quote(str(Tag.LOCAL.value))}, {quote(OWN_LIST)}, NULL, NULL
        FROM own_row WHERE siret IN (SELECT siret FROM establishments)
    """
    order = ", ".join(TAGS)
    job.write("tags", TAGS, f"SELECT {_columns({}, TAGS)} FROM ({rows}) ORDER BY {order}", list(TAGS))
    job.reject_all(
        f"""
        SELECT {quote(own_label)}, line, left(siret, 9), siret, 'siret', siret,
          'cet établissement n’est pas dans le registre construit.',
          'Il est hors du périmètre de l’ESS, hors du territoire, fermé ou non diffusible : vérifiez-le.'
        FROM own_row WHERE siret NOT IN (SELECT siret FROM establishments)
        """
    )


def write_rejected(job: Job) -> dict[str, int]:
    """rejected.parquet; gives the number of rows set aside of each file."""
    job.table(
        "rejected_row",
        list(REJECTED.items()),
        [
            (each.file, each.line, each.siren, each.siret, each.column, each.value, each.reason, each.remedy)
            for each in job.rejections
        ],
    )
    job.engine.append(SET_ASIDE, f"SELECT {COLUMNS} FROM rejected_row")
    job.write("rejected", REJECTED, f"SELECT {COLUMNS} FROM {SET_ASIDE} ORDER BY {COLUMNS}", list(REJECTED))
    return dict(job.rows('SELECT "file", count(*) FROM rejected GROUP BY 1 ORDER BY 1'))
