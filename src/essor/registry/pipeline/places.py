"""Establishments of the ESS units: one scan, the territory, keys and doublets.

The rows of these units go to a numbered table (`found`); closed ones and those that may not be
diffused have only their keys there. Table made: `place` (row, siret, siren, is_head_office, commune,
declared_commune, in_territory, lambert_x, lambert_y): the active, diffusible establishments in the territory, and
the head offices elsewhere of units that have one there; `row` is the row of `found`.
"""

from __future__ import annotations

from collections.abc import Mapping

from essor.formats.identifiers import siren_sql, siret_sql
from essor.formats.sirene import establishments_sql
from essor.formats.tables import Table
from essor.registry.pipeline.engines.contract import ROW_NUMBER
from essor.registry.pipeline.job import Job, quote, reading

KEYS = ("siret", "siren", "state", "diffusion", "is_head_office", "declared_commune", "processed_at")
WIDE = (
    "name",
    "address_complement",
    "address_street",
    "address_distribution",
    "postal_code",
    "town",
    "naf",
    "naf25",
    "size_band",
    "size_year",
    "employer",
    "created_on",
)
LAMBERT = ("lambert_x", "lambert_y")
LOCATED = (
    "row",
    "siret",
    "siren",
    "is_head_office",
    "declared_commune",
    *LAMBERT,
    "active",
    "diffusible",
    "unit_diffusible",
    "commune",
    "in_territory",
    "same_siren",
    "key_right",
)
ANNUAIRE = "Vérifiez ce numéro sur annuaire-entreprises.data.gouv.fr ; la ligne n’est pas reprise."


def find_places(
    job: Job,
    stock: Table,
    units_label: str,
    communes: frozenset[str] | None,
    known_communes: Mapping[str, str],
    with_lambert: bool,
) -> None:
    """Make `place` and drop from `unit` what has no establishment in the territory. Raises InputProblem."""
    _load_communes(job, communes, known_communes)
    source = establishments_sql(stock)
    with reading(job, stock.label):
        if communes is not None:
            _keep_local_units(job, source)
        _copy(job, source, with_lambert)
    job.counts["establishments"] = stock.rows
    _locate(job, with_lambert)
    _reject_unknown_communes(job, stock.label, communes is None)
    _merge_doublets(job, stock.label)
    _check_keys(job, stock.label, units_label)
    _keep(job)


def _load_communes(job: Job, communes: frozenset[str] | None, known_communes: Mapping[str, str]) -> None:
    current = dict(known_communes)
    for code in (*known_communes.values(), *(communes or ())):
        current.setdefault(code, code)
    rows = [(code, now, communes is None or now in communes) for code, now in sorted(current.items())]
    job.table("commune", [("code", "VARCHAR"), ("current", "VARCHAR"), ("inside", "BOOLEAN")], rows)


def _keep_local_units(job: Job, source: str) -> None:
    """For a part of France: look first, in three columns, for the units that have a place there."""
    job.counts["ess_units_of_france"] = job.number("SELECT count(*) FROM unit")
    near = "declared_commune IN (SELECT code FROM commune WHERE inside)"
    job.make(
        "unit",
        f"""
        SELECT * FROM unit WHERE siren IN (
          SELECT siren FROM ({source}) WHERE state = 'A' AND ({near} OR {_unknown_here(job)}))
        """,
    )


def department_of(commune: str) -> str:
    """The département that a commune code announces: two characters, three overseas."""
    return commune[:3] if commune.startswith(("97", "98")) else commune[:2]


def _unknown_here(job: Job) -> str:
    """SQL: a code that nobody knows, of a département of the territory (its rows will be listed)."""
    prefixes = sorted({department_of(code) for (code,) in job.rows("SELECT code FROM commune WHERE inside")})
    near = " OR ".join(f"starts_with(declared_commune, {quote(prefix)})" for prefix in prefixes) or "false"
    return f"(declared_commune NOT IN (SELECT code FROM commune) AND ({near}))"


def _copy(job: Job, source: str, with_lambert: bool) -> None:
    shown = "e.state = 'A' AND e.diffusion = 'O' AND u.diffusible"
    wide = WIDE + LAMBERT if with_lambert else WIDE
    keys = ", ".join(f"e.{name}" for name in KEYS)
    values = ", ".join(f"CASE WHEN {shown} THEN e.{name} END AS {name}" for name in wide)
    job.engine.make_numbered(
        "found",
        f"""
        SELECT {keys}, u.diffusible AS unit_diffusible, {values}
        FROM ({source}) e JOIN unit u ON u.siren = e.siren
        """,
    )


def _locate(job: Job, with_lambert: bool) -> None:
    x, y = LAMBERT if with_lambert else ("NULL::DOUBLE", "NULL::DOUBLE")
    job.make(
        "located",
        f"""
        SELECT f.{ROW_NUMBER} AS row, f.siret, f.siren, f.is_head_office, f.declared_commune,
          {x} AS lambert_x, {y} AS lambert_y,
          coalesce(f.state = 'A', false) AS active,
          coalesce(f.diffusion = 'O', false) AND f.unit_diffusible AS diffusible, f.unit_diffusible,
          c.current AS commune, coalesce(c.inside, false) AS in_territory,
          coalesce(starts_with(f.siret, f.siren), false) AS same_siren,
          {siret_sql("f.siret", "f.number")} AS key_right
        FROM (SELECT *, TRY_CAST(siret AS BIGINT) AS number FROM found) f
        LEFT JOIN commune c ON c.code = f.declared_commune
        """,
    )
    job.counts["establishments_of_ess_units"] = job.number("SELECT count(*) FROM located")
    closed, hidden, places_hidden, nowhere = job.rows(
        """
        SELECT count(*) FILTER (WHERE in_territory AND NOT active),
          count(DISTINCT siren) FILTER (WHERE in_territory AND active AND NOT unit_diffusible),
          count(*) FILTER (WHERE in_territory AND active AND unit_diffusible AND NOT diffusible),
          count(*) FILTER (WHERE active AND declared_commune IS NULL)
        FROM located
        """
    )[0]
    job.counts |= {
        "territory_closed_establishments": closed,
        "territory_units_not_diffusible": hidden,
        "territory_establishments_not_diffusible": places_hidden,
        "establishments_without_commune": nowhere,
    }


def _reject_unknown_communes(job: Job, label: str, everywhere: bool) -> None:
    """Codes that nobody knows, where they could be of the territory; foreign ones (99…) are left out in silence."""
    near = "declared_commune NOT IN (SELECT code FROM commune)" if everywhere else _unknown_here(job)
    job.counts["unknown_communes"] = job.reject_all(
        f"""
        SELECT {quote(label)}, NULL::BIGINT, siren, siret, 'codeCommuneEtablissement', left(declared_commune, 60),
          'cette commune n’est pas connue.',
          'Chargez un référentiel des communes plus récent (essor territories load) ou corrigez le code.'
        FROM located WHERE active AND diffusible AND {near} AND NOT starts_with(declared_commune, '99')
        """
    )


def _merge_doublets(job: Job, label: str) -> None:
    """Of the rows with the same SIRET keep the one treated last, closed or not; list the others."""
    if not job.number("SELECT count(*) - count(DISTINCT siret) FROM located"):
        job.counts["doubled_establishments"] = 0
        return
    wide = ", ".join(f"f.{name}" for name in WIDE)  # of equals, the words choose: not the order of reading
    job.make(
        "ranked",
        f"""
        SELECT l.*, row_number() OVER (
          PARTITION BY l.siret ORDER BY f.processed_at DESC NULLS LAST, l.active, l.siren, l.declared_commune,
            l.is_head_office, {wide}, l.row) AS rank
        FROM located l JOIN found f ON f.{ROW_NUMBER} = l.row
        """,
    )
    job.counts["doubled_establishments"] = job.reject_all(
        f"""
        SELECT {quote(label)}, NULL::BIGINT, siren, siret, 'siret', siret,
          'cet établissement est écrit plusieurs fois dans le fichier.',
          'La ligne traitée le plus récemment par l’Insee est gardée.'
        FROM ranked WHERE rank > 1 AND unit_diffusible
          AND siret IN (SELECT siret FROM ranked WHERE in_territory)
        """
    )
    job.make("located", f"SELECT {', '.join(LOCATED)} FROM ranked WHERE rank = 1")
    job.drop("ranked")


def _check_keys(job: Job, label: str, units_label: str) -> None:
    """Wrong keys among what would be kept: the establishment, or the whole unit, is set aside."""
    candidate = "active AND diffusible AND (in_territory OR is_head_office)"
    # A right SIRET that begins with the SIREN says that the SIREN is right: only the others are looked at.
    job.make(
        "wrong_unit",
        f"""
        SELECT DISTINCT siren FROM located
        WHERE {candidate} AND in_territory AND NOT (key_right AND same_siren) AND NOT {siren_sql("siren")}
        """,
    )
    job.counts["wrong_sirens"] = job.reject_all(
        f"""
        SELECT {quote(units_label)}, NULL::BIGINT, siren, NULL, 'siren', siren,
          'la clé de ce SIREN est fausse.', {quote(ANNUAIRE)} FROM wrong_unit
        """
    )
    wrong = "NOT (key_right AND same_siren) AND siren NOT IN (SELECT siren FROM wrong_unit)"
    relevant = f"in_territory OR siren IN (SELECT siren FROM located WHERE {candidate} AND in_territory)"
    job.counts["wrong_sirets"] = job.reject_all(
        f"""
        SELECT {quote(label)}, NULL::BIGINT, siren, siret, 'siret', siret,
          CASE WHEN NOT same_siren THEN 'ce SIRET ne commence pas par le SIREN de la ligne.'
               WHEN regexp_full_match(siret, '[0-9]{{14}}') THEN 'la clé de ce SIRET est fausse.'
               ELSE 'un SIRET doit avoir 14 chiffres.' END, {quote(ANNUAIRE)}
        FROM located WHERE {candidate} AND {wrong} AND ({relevant})
        """
    )


def _keep(job: Job) -> None:
    right = "active AND diffusible AND (in_territory OR is_head_office) AND key_right AND same_siren"
    job.make(
        "place",
        f"""
        WITH sound AS (SELECT * FROM located WHERE {right}),
             member AS (SELECT DISTINCT siren FROM sound WHERE in_territory)
        SELECT row, siret, siren, is_head_office, coalesce(commune, declared_commune) AS commune, declared_commune,
               in_territory, lambert_x, lambert_y
        FROM sound WHERE siren IN (SELECT siren FROM member)
        """,
    )
    job.drop("located")
    job.drop("wrong_unit")
    job.make(
        "unit",
        "SELECT * FROM unit WHERE diffusible AND siren IN (SELECT siren FROM place WHERE in_territory)",
    )
    job.counts |= {
        "territory_establishments": job.number("SELECT count(*) FROM place WHERE in_territory"),
        "head_offices_outside": job.number("SELECT count(*) FROM place WHERE NOT in_territory"),
    }
