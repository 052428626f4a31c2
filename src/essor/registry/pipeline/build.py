"""Build an edition of the register of a territory from the national open-data files.

Order: small lists, legal units (narrow scan, judged by the rules), their establishments (narrow scan, territory,
keys), positions and quartiers, then one wide scan of each stock straight to the edition's files. Nothing is
published before all is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from essor.formats.problems import InputProblem
from essor.formats.readers import disk_errors, require_file, sniff
from essor.formats.sirene import open_establishments, open_legal_units
from essor.registry.perimeter import Perimeter
from essor.registry.pipeline.edition import Manifest, SourceFile, day_of, publish, sha256_of, workshop
from essor.registry.pipeline.engines import Engine, OpenEngine
from essor.registry.pipeline.engines.duckdb_engine import DuckDBEngine
from essor.registry.pipeline.job import Job, Progress, Report, make_rejected_table
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
    open_engine: OpenEngine = DuckDBEngine,
) -> tuple[Path, Manifest]:
    """Build the edition; gives its folder in `out_dir`, named by its id, and its manifest.

    `on`: the day of the rules. `on_error`: « keep » lists bad rows in rejected.parquet, « refuse » stops at the first.
    `open_engine`: what runs the SQL (`engines`); the rows are the same whatever it is. Identical inputs (content and
    days of the files) give the same edition, byte for byte. Raises InputProblem (OutOfSpace when the disk is full);
    whatever happens, the editions already in `out_dir` stand.
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
            request = _Request(sources, scope, perimeter, folder, on, refuse)
            try:
                found = _attempt(request, open_engine, report, careful=False)
            except Doubled:
                found = _attempt(request, open_engine, report, careful=True)
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
            engine=found.engine,
            sources=_source_files(sources, kinds, hashes, found),
            counts=found.counts,
            rejected=found.rejected,
        )
        return publish(folder, manifest, out_dir)


def _reporter(progress: Report) -> Callable[[str], None]:
    names = list(STEPS)

    def report(step: str) -> None:
        progress(Progress(step, STEPS[step], names.index(step), len(names)))

    return report


@dataclass(frozen=True)
class _Request:
    """What is asked for, and the folder where it is made."""

    sources: Sources
    scope: TerritoryScope
    perimeter: Perimeter
    folder: Path
    on: date
    refuse: bool


@dataclass
class _Found:
    """Of a pass: the engine's name, rows of each file, the day of those that bear one inside, what was counted."""

    engine: str
    rows: dict[Path, int]
    days: dict[Path, date]
    counts: dict[str, int] = field(default_factory=dict)
    rejected: dict[str, int] = field(default_factory=dict)


def _attempt(
    request: _Request, open_engine: OpenEngine, report: Callable[[str], None], *, careful: bool
) -> _Found:
    """One pass with an engine of its own. Raises Doubled, or InputProblem for what the engine says."""
    with closing(open_engine(request.folder / "work")) as engine:
        try:
            return _run(request, engine, report, careful)
        except Exception as error:
            problem = engine.explain(error, request.folder.parent.name, request.folder)
            if problem is None:
                raise
            raise problem from error


def _run(request: _Request, engine: Engine, report: Callable[[str], None], careful: bool) -> _Found:
    """One pass, up to the written files. Raises Doubled when a careful one is needed."""
    sources, scope, folder = request.sources, request.scope, request.folder
    job = Job(
        engine, folder / "work", folder / "edition", request.perimeter, request.on, request.refuse, careful
    )
    make_rejected_table(job)
    units = job.open(open_legal_units, sources.legal_units)
    places = job.open(open_establishments, sources.establishments)
    known = _Found(engine.name, {sources.legal_units: units.rows, sources.establishments: places.rows}, {})
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
    known.rejected = write_rejected(job)
    known.counts = dict(sorted(job.counts.items()))
    return known


def _source_files(
    sources: Sources, kinds: Mapping[Path, str], hashes: Mapping[Path, Future[str]], known: _Found
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
