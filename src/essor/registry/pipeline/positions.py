"""Where the establishments kept lie, how exactly, and in or near which quartiers.

Table made: `position` (row, longitude, latitude, position_source, position_quality, position_error, qpv), one row an
establishment of `place` that something is known of; `row` is that of `place`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from essor.formats.geolocation import IN_METRES, geolocation_sql, metres_problem, open_geolocation
from essor.formats.projections import from_lambert93, in_france, looks_like_lambert93
from essor.formats.qpv import Quartier, read_qpv
from essor.registry.pipeline.job import Job, quote, reading
from essor.registry.pipeline.quartiers import Places, locate_json

# Positions of the stock are those of the address in INSEE's own register; nothing says how sure each is.
SIRENE_QUALITY, SIRENE_ERROR = "unknown", 500
# A file with more points in metres than this share is another file, not a file with mistakes.
METRES_SHARE = 0.1
REMEDY = "La position n’est pas reprise ; signalez-la à l’Insee ou corrigez le fichier."


def load_quartiers(job: Job, paths: Sequence[Path]) -> tuple[list[Quartier], dict[Path, int]]:
    """The quartiers of all the files, each code once (the last file wins). Raises InputProblem."""
    found: dict[str, Quartier] = {}
    rows = {}
    for path in paths:
        quartiers = read_qpv(path, job.reject)
        rows[path] = len(quartiers)
        found |= {each.code: each for each in quartiers}
    return [found[code] for code in sorted(found)], rows


def find_positions(job: Job, geolocation: Path | None, quartiers: Sequence[Quartier]) -> dict[Path, int]:
    """Make `position`; gives the number of rows of the geolocation file. Raises InputProblem."""
    rows: dict[Path, int] = {}
    if geolocation is not None:
        rows[geolocation] = _from_file(job, geolocation)
    else:
        _from_stock(job)
    job.counts["positioned_establishments"] = job.number("SELECT count(longitude) FROM spot")
    _join_quartiers(job, quartiers)
    return rows


def _from_file(job: Job, path: Path) -> int:
    with reading(job, path.name):
        table = job.open(open_geolocation, path)
        job.make(
            "raw_spot",
            f"""
            SELECT * FROM (
              SELECT p.row, g.*, row_number() OVER (
                PARTITION BY p.row ORDER BY g.error, g.longitude, g.latitude, g.quality, g.qp24, g.qp15) AS rank
              FROM ({geolocation_sql(table)}) g JOIN place p ON p.siret = g.siret
            ) WHERE rank = 1
            """,
        )
    _refuse_metres(job, path.name)
    _refuse_abroad(job, path.name)
    shown = [f"CASE WHEN a.row IS NULL THEN s.{name} END AS {name}" for name in ("longitude", "latitude")]
    job.make(
        "spot",
        f"""
        SELECT s.row, {", ".join(shown)}, s.quality, s.error, s.qp24, s.qp15, 'geolocation' AS source
        FROM raw_spot s LEFT JOIN abroad a ON a.row = s.row
        """,
    )
    job.drop("raw_spot")
    job.drop("abroad")
    return table.rows


def _refuse_metres(job: Job, label: str) -> None:
    in_metres, positioned = job.rows(
        f"SELECT count(*) FILTER (WHERE {IN_METRES}), count(longitude) FROM raw_spot"
    )[0]
    if in_metres and in_metres >= METRES_SHARE * positioned:
        lon, lat = job.rows(
            f"SELECT longitude, latitude FROM raw_spot WHERE {IN_METRES} ORDER BY siret LIMIT 1"
        )[0]
        raise metres_problem(label, lon, lat)


def _refuse_abroad(job: Job, label: str) -> None:
    """Positions outside any French territory (metres, longitude and latitude swapped…) are dropped and listed."""
    arrays = job.engine.arrays(
        "SELECT row, longitude, latitude FROM raw_spot WHERE longitude IS NOT NULL AND latitude IS NOT NULL"
    )
    lon, lat = _floats(arrays["longitude"]), _floats(arrays["latitude"])
    told = [
        (int(arrays["row"][rank]), f"{lon[rank]:.6g} ; {lat[rank]:.6g}")
        for rank in np.flatnonzero(~in_france(lon, lat))
    ]
    job.table("abroad", [("row", "BIGINT"), ("value", "VARCHAR")], told)
    job.counts["wrong_positions"] = job.reject_all(
        f"""
        SELECT {quote(label)}, NULL::BIGINT, left(siret, 9), siret, 'x_longitude', a.value,
          CASE WHEN {IN_METRES} THEN 'ces coordonnées sont des mètres, pas des degrés.'
               ELSE 'ce point n’est pas en France (longitude et latitude inversées ?).' END, {quote(REMEDY)}
        FROM raw_spot s JOIN abroad a ON a.row = s.row
        """
    )


def _from_stock(job: Job) -> None:
    """Without the geolocation file: the Lambert coordinates of the stock, on the mainland only.

    Overseas they are in other projections, that the stock does not name.
    """
    arrays = job.engine.arrays(
        """
        SELECT row, lambert_x, lambert_y FROM place
        WHERE lambert_x IS NOT NULL AND lambert_y IS NOT NULL
          AND NOT starts_with(commune, '97') AND NOT starts_with(commune, '98')
        """
    )
    x, y = _floats(arrays["lambert_x"]), _floats(arrays["lambert_y"])
    sane = looks_like_lambert93(x, y)
    lon, lat = from_lambert93(x[sane], y[sane])
    inside = in_france(lon, lat)
    spots = {
        "row": np.asarray(arrays["row"])[sane][inside],
        "longitude": np.round(lon[inside], 6),
        "latitude": np.round(lat[inside], 6),
    }
    job.engine.load("sirene_spot", spots)
    job.make(
        "spot",
        f"""
        SELECT row, longitude, latitude, '{SIRENE_QUALITY}' AS quality, {SIRENE_ERROR} AS error,
               NULL::VARCHAR AS qp24, NULL::VARCHAR AS qp15, 'sirene' AS source FROM sirene_spot
        """,
    )
    job.drop("sirene_spot")


def _floats(values: np.ndarray) -> np.ndarray:
    return np.ma.filled(np.ma.asarray(values, dtype=np.float64), np.nan)


def _join_quartiers(job: Job, quartiers: Sequence[Quartier]) -> None:
    """Outlines first; for a generation without outlines, the quartier that INSEE's file itself gives."""
    told: list[tuple[int, str]] = []
    if quartiers:
        arrays = job.engine.arrays(
            "SELECT row, longitude, latitude, error FROM spot WHERE longitude IS NOT NULL AND latitude IS NOT NULL"
        )
        places = Places(*(_floats(arrays[name]) for name in ("longitude", "latitude", "error")))
        told = [(int(arrays["row"][rank]), text) for rank, text in locate_json(places, quartiers)]
    job.table("quartier", [("row", "BIGINT"), ("qpv", "VARCHAR")], told)
    generations = {each.generation for each in quartiers}
    given = [
        f"""CASE WHEN s.{column} IS NOT NULL THEN
              '{{"generation":{year},"code":"' || s.{column} || '","relation":"in","certainty":"' ||
              CASE WHEN s.error <= 100 THEN 'sure' WHEN s.quality = 'commune' THEN 'uncertain' ELSE 'probable' END ||
              '","distance":null}}' END"""
        for year, column in ((2015, "qp15"), (2024, "qp24"))
        if year not in generations
    ]
    parts = ["nullif(trim(q.qpv, '[]'), '')", *given]
    job.make(
        "position",
        f"""
        SELECT s.row, s.longitude, s.latitude,
          CASE WHEN s.longitude IS NOT NULL THEN s.source END AS position_source,
          CASE WHEN s.longitude IS NOT NULL THEN s.quality END AS position_quality,
          CASE WHEN s.longitude IS NOT NULL THEN s.error END AS position_error,
          '[' || nullif(concat_ws(',', {", ".join(parts)}), '') || ']' AS qpv
        FROM spot s LEFT JOIN quartier q ON q.row = s.row
        """,
    )
    job.drop("spot")
    job.drop("quartier")
    job.counts["establishments_in_quartier"] = job.number(
        """SELECT count(*) FROM position JOIN place USING (row) WHERE qpv LIKE '%"relation":"in"%' AND in_territory"""
    )
