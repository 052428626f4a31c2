"""The edition's files: one wide scan of each stock, joined with what was found, straight to Parquet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from essor.formats.rna import open_rna, rna_sql
from essor.formats.sirene import legal_units_sql
from essor.formats.tables import Table
from essor.registry.enums import Tag
from essor.registry.pipeline.edition import ESTABLISHMENTS, ORGANISATIONS, REJECTED, TAGS
from essor.registry.pipeline.job import Job, quote, reading
from essor.registry.pipeline.lists import ESUS, OWN_LIST, SIAE, SIRENE
from essor.registry.pipeline.places import found_sql
from essor.registry.pipeline.units import Doubled

PARQUET = "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"


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
    target = job.room / "establishments.parquet"
    job.run(
        f"""
        COPY (SELECT {_columns(select, ESTABLISHMENTS)}
              FROM {found_sql(job)} e JOIN place p ON p.row = e.file_row_number
              LEFT JOIN position s ON s.row = e.file_row_number ORDER BY e.siret)
        TO {quote(str(target))} {PARQUET}
        """
    )
    # The commune of an organisation: its head office's, else that of its biggest place in the territory.
    size = "coalesce(TRY_CAST(size_band AS BIGINT), -1)"
    order = f"CASE WHEN is_head_office THEN 0 ELSE 100 - {size} END * 100000000000000 + siret::BIGINT"
    job.run(
        f"""
        CREATE OR REPLACE TABLE member AS
        SELECT siren, count(*)::INTEGER AS establishments, NOT bool_or(is_head_office) AS head_office_outside,
          arg_min(commune, {order}) AS commune
        FROM read_parquet({quote(str(target))}) WHERE in_territory GROUP BY siren
        """
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
        _reject_doubled(job, stock.label)
        source = f"""(SELECT * EXCLUDE (rank) FROM (SELECT *, row_number() OVER (PARTITION BY siren ORDER BY
            processed_at DESC NULLS LAST, state, legal_category, naf) AS rank
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
    target = job.room / "organisations.parquet"
    association = "LEFT JOIN association r ON r.rna = u.rna" if rna else ""
    # The conditions are few long texts: as an enumeration they weigh nothing in the sort.
    job.run(
        "CREATE TYPE condition_text AS ENUM (SELECT DISTINCT conditions FROM verdict ORDER BY conditions)"
    )
    job.run(
        """
        CREATE OR REPLACE TABLE kept AS
        WITH v AS MATERIALIZED (
          SELECT case_id, verdict, family, conditions::condition_text AS conditions FROM verdict)
        SELECT * FROM unit JOIN member USING (siren) JOIN v USING (case_id)
        """
    )
    sorted_types = {**ORGANISATIONS, "conditions": "condition_text"}
    with reading(stock.label, job.work):
        job.run(
            f"""
            COPY (SELECT * REPLACE (CAST(conditions AS VARCHAR) AS conditions) FROM (
                    SELECT {_columns(select, sorted_types)}
                    FROM {source} u JOIN kept m ON m.siren = u.siren {association} ORDER BY u.siren))
            TO {quote(str(target))} {PARQUET}
            """
        )
    written = job.number(f"SELECT count(*) FROM read_parquet({quote(str(target))})")
    if written != job.number("SELECT count(*) FROM unit"):
        raise Doubled
    _count_organisations(job, target)
    return rna_rows


def _reject_doubled(job: Job, label: str) -> None:
    job.counts["doubled_units"] = job.reject_all(
        f"""
        SELECT {quote(label)}, NULL::BIGINT, d.siren, NULL, 'siren', d.siren,
          'cette unité légale est écrite plusieurs fois dans le fichier.',
          'La ligne traitée le plus récemment par l’Insee est gardée.'
        FROM doubled d JOIN unit USING (siren), unnest(range(d.times - 1))
        """
    )


def _load_rna(job: Job, rna: Path | None) -> int:
    """`association` (rna, purpose, website): of the organisations kept, by their RNA number."""
    if rna is None:
        return 0
    with reading(rna.name, job.work):
        table = open_rna(job.connection, rna, job.work, job.reject)
        job.run(
            f"""
            CREATE OR REPLACE TABLE association AS
            SELECT rna, arg_min(purpose, (dissolved, purpose)) AS purpose,
              arg_min(website, (dissolved, website)) AS website
            FROM ({rna_sql(table)}) WHERE rna IN (SELECT rna FROM unit) GROUP BY rna
            """
        )
        job.counts["organisations_in_rna"] = job.number("SELECT count(*) FROM association")
        job.counts["organisations_dissolved_in_rna"] = job.number(
            f"SELECT count(DISTINCT rna) FROM ({rna_sql(table)}) WHERE dissolved AND rna IN (SELECT rna FROM unit)"
        )
    return table.rows


def _count_organisations(job: Job, target: Path) -> None:
    source = f"read_parquet({quote(str(target))})"
    job.counts["organisations"], job.counts["employers"] = job.rows(
        f"SELECT count(*), count(*) FILTER (is_employer) FROM {source}"
    )[0]
    for column in ("verdict", "family"):
        for value, count in job.rows(f"SELECT {column}, count(*) FROM {source} GROUP BY 1 ORDER BY 1"):
            job.counts[f"{column}:{value or 'none'}"] = count


def write_tags(job: Job, own_label: str) -> None:
    """tags.parquet: from legal category, SIRENE's mission mark, directories, agreements and the authority's list."""
    organisations = f"read_parquet({quote(str(job.room / 'organisations.parquet'))})"
    establishments = f"read_parquet({quote(str(job.room / 'establishments.parquet'))})"
    today = f"DATE {quote(job.on.isoformat())}"
    rows = f"""
        SELECT u.siren, NULL AS siret, c.code, c.source, NULL::DATE AS since, NULL::DATE AS until
        FROM unit u JOIN case_tag c USING (case_id)
        UNION ALL SELECT siren, NULL, {quote(str(Tag.MISSION_COMPANY.value))}, {quote(SIRENE)}, NULL, NULL
        FROM {organisations} WHERE mission_flag = 'O'
        UNION ALL SELECT siren, siret, code, {quote(SIAE)}, since, until FROM mark
        WHERE siren IN (SELECT siren FROM unit)
        UNION ALL SELECT siren, siret, {quote(str(Tag.ESUS.value))}, {quote(ESUS)}, since, until FROM esus_row
        WHERE siren IN (SELECT siren FROM unit) AND (until IS NULL OR until > {today})
        UNION ALL SELECT siret[1:9], siret, {quote(str(Tag.LOCAL.value))}, {quote(OWN_LIST)}, NULL, NULL
        FROM own_row WHERE siret IN (SELECT siret FROM {establishments})
    """
    job.run(
        f"""
        COPY (SELECT {_columns({}, TAGS)} FROM ({rows}) ORDER BY ALL)
        TO {quote(str(job.room / "tags.parquet"))} {PARQUET}
        """
    )
    job.reject_all(
        f"""
        SELECT {quote(own_label)}, line, siret[1:9], siret, 'siret', siret,
          'cet établissement n’est pas dans le registre construit.',
          'Il est hors du périmètre de l’ESS, hors du territoire, fermé ou non diffusible : vérifiez-le.'
        FROM own_row WHERE siret NOT IN (SELECT siret FROM {establishments})
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
    job.run(
        f"""
        COPY (SELECT {_columns({name: f'"{name}"' for name in REJECTED}, REJECTED)}
              FROM (SELECT * FROM rejected UNION ALL SELECT * FROM rejected_row) ORDER BY ALL)
        TO {quote(str(job.room / "rejected.parquet"))} {PARQUET}
        """
    )
    counted = job.rows(
        'SELECT "file", count(*) FROM (SELECT "file" FROM rejected UNION ALL SELECT "file" FROM rejected_row) '
        "GROUP BY 1 ORDER BY 1"
    )
    return dict(counted)
