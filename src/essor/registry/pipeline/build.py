"""Build an edition of the register of a territory from the national open-data files.

Order: small lists, legal units (narrow scan, judged by the rules), their establishments (narrow scan, territory,
keys), positions and quartiers, then one wide scan of each stock straight to the edition's files. Nothing is
published before all is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import duckdb

from essor.formats.problems import InputProblem
from essor.formats.readers import disk_errors, require_file, sniff
from essor.formats.sirene import open_establishments, open_legal_units
from essor.formats.tables import explain
from essor.registry.perimeter import Perimeter
from essor.registry.pipeline.edition import Manifest, SourceFile, day_of, publish, sha256_of, workshop
from essor.registry.pipeline.job import Job, Progress, Report, connect, make_rejected_table
from essor.registry.pipeline.lists import load_lists
from essor.registry.pipeline.places import find_places
from essor.registry.pipeline.positions import find_positions, load_quartiers
from essor.registry.pipeline.units import Doubled, find_units
from essor.registry.pipeline.write import (
    write_establishments,
    write_organisations,
    write_rejected,
    write_tags,
)

__all__ = ["Progress", "Sources", "TerritoryScope", "build"]

STEPS = {
    "check": "Vérification des fichiers",
    "lists": "Lecture des listes",
    "units": "Repérage des organisations de l’ESS",
    "places": "Recherche de leurs établissements",
    "positions": "Positions et quartiers prioritaires",
    "write_places": "Écriture des établissements",
    "write_units": "Écriture des organisations",
    "seal": "Empreintes et mise en place",
}


@dataclass(frozen=True)
class Sources:
    """The files to build from; the two stocks are required."""

    legal_units: Path
    establishments: Path
    geolocation: Path | None = None
    ess_list: Path | None = None
    rna: Path | None = None
    siae: tuple[Path, ...] = ()
    esus: Path | None = None
    own_list: Path | None = None
    qpv: tuple[Path, ...] = ()

    def roles(self) -> list[tuple[str, Path]]:
        """The files given, each with its role, in a stable order."""
        found: list[tuple[str, Path]] = []
        for role in self.__dataclass_fields__:
            value = getattr(self, role)
            paths = value if isinstance(value, tuple) else (value,)
            found += [(role, path) for path in paths if path is not None]
        return found


@dataclass(frozen=True)
class TerritoryScope:
    """The territory: its code (« departement:31 »), its communes by current code (None: all France).

    `known_communes`: any code of a commune (old, déléguée, arrondissement) → its current one.
    """

    code: str
    communes: frozenset[str] | None
    known_communes: Mapping[str, str]


def build(
    sources: Sources,
    scope: TerritoryScope,
    perimeter: Perimeter,
    out_dir: Path,
    on: date,
    progress: Callable[[Progress], None] = lambda _: None,
    on_error: Literal["keep", "refuse"] | str = "keep",
) -> tuple[Path, Manifest]:
    """Build the edition; gives its folder in `out_dir`, named by its id, and its manifest.

    `on`: the day of the rules. `on_error`: « keep » lists bad rows in rejected.parquet, « refuse » stops at the first.
    Identical inputs (content and days of the files) give the same edition, byte for byte. Raises InputProblem
    (OutOfSpace when the disk is full); whatever happens, the editions already in `out_dir` stand.
    """
    if on_error not in ("keep", "refuse"):
        raise ValueError(f"on_error: {on_error}")
    for _, path in sources.roles():
        require_file(path)
    refuse = on_error == "refuse"
    with workshop(out_dir) as folder, disk_errors(out_dir), ThreadPoolExecutor(max_workers=1) as pool:
        report = _reporter(progress)
        report("check")
        kinds = {path: sniff(path).value for _, path in sources.roles()}
        hashes = {path: pool.submit(sha256_of, path) for path in kinds}
        try:
            try:
                job, rows = _run(sources, scope, perimeter, folder, on, report, refuse, careful=False)
            except Doubled:
                job, rows = _run(sources, scope, perimeter, folder, on, report, refuse, careful=True)
        except duckdb.Error as error:
            raise explain(error, out_dir.name, folder) from error
        except BaseException:
            for future in hashes.values():
                future.cancel()
            raise
        report("seal")
        manifest = Manifest(
            scope=scope.code,
            date=on.isoformat(),
            perimeter_version=perimeter.version,
            perimeter_fingerprint=perimeter.fingerprint(),
            sources=_source_files(sources, kinds, hashes, rows),
            counts=dict(sorted(job.counts.items())),
            rejected=write_rejected(job),
        )
        job.connection.close()
        return publish(folder, manifest, out_dir)


def _reporter(progress: Report) -> Callable[[str], None]:
    names = list(STEPS)

    def report(step: str) -> None:
        progress(Progress(step, STEPS[step], names.index(step), len(names)))

    return report


@dataclass
class _Known:
    """Rows of each file, and the day of those that bear one inside."""

    rows: dict[Path, int]
    days: dict[Path, date]


def _run(
    sources: Sources,
    scope: TerritoryScope,
    perimeter: Perimeter,
    folder: Path,
    on: date,
    report: Callable[[str], None],
    refuse: bool,
    *,
    careful: bool,
) -> tuple[Job, _Known]:
    """One pass, up to the written files. Raises Doubled when a careful one is needed."""
    job = Job(connect(folder / "work"), folder / "work", folder / "edition", perimeter, on, refuse, careful)
    make_rejected_table(job)
    units = open_legal_units(job.connection, sources.legal_units, job.work, job.reject)
    places = open_establishments(job.connection, sources.establishments, job.work, job.reject)
    known = _Known({sources.legal_units: units.rows, sources.establishments: places.rows}, {})
    report("lists")
    known.rows |= load_lists(job, sources.ess_list, sources.siae, sources.esus, sources.own_list)
    quartiers, counted = load_quartiers(job, sources.qpv)
    known.rows |= counted
    report("units")
    day = find_units(job, units, sources.ess_list is not None, sources.rna is not None)
    if day is not None:
        known.days |= {sources.legal_units: day, sources.establishments: day}
    report("places")
    lambert = sources.geolocation is None
    find_places(job, places, units.label, scope.communes, scope.known_communes, lambert)
    report("positions")
    known.rows |= find_positions(job, sources.geolocation, quartiers)
    report("write_places")
    write_establishments(job)
    report("write_units")
    rna_rows = write_organisations(job, units, sources.rna)
    if sources.rna is not None:
        known.rows[sources.rna] = rna_rows
    write_tags(job, sources.own_list.name if sources.own_list else "")
    return job, known


def _source_files(
    sources: Sources, kinds: Mapping[Path, str], hashes: Mapping[Path, Future[str]], known: _Known
) -> tuple[SourceFile, ...]:
    files = []
    for role, path in sources.roles():
        try:
            digest = hashes[path].result()
        except OSError as error:
            raise InputProblem(
                path.name, "le fichier a disparu pendant la lecture.", "Recommencez."
            ) from error
        day = known.days.get(path) or day_of(path)
        files.append(
            SourceFile(
                role,
                path.name,
                kinds[path],
                digest,
                path.stat().st_size,
                day.isoformat(),
                known.rows.get(path, 0),
            )
        )
    return tuple(files)
