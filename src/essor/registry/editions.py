"""Editions as an administrator lives them: files found, building and putting in force, previews, rejected rows.

The command line and the screens call the same functions; long work runs as jobs.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.kernel import audit
from essor.kernel.jobs import start
from essor.kernel.models import Job
from essor.law.parameters import NotInForceError
from essor.registry import perimeter_store
from essor.registry.comparison import compare_with_register
from essor.registry.edition_words import scope_name
from essor.registry.facts import UnitFacts
from essor.registry.loading.force import Act, Counts
from essor.registry.loading.load import LoadPreview, LoadRefused, load_edition, preview_edition
from essor.registry.models import Edition, Switch
from essor.registry.perimeter import Perimeter, PerimeterError
from essor.registry.pipeline.build import Progress, Sources, TerritoryScope, build
from essor.registry.pipeline.edition import Manifest, read_manifest, verify
from essor.registry.pipeline.engines import DUCKDB, engine_opener
from essor.registry.rules import qualify
from essor.registry.sources import FoundFile, find_sources, kinds
from essor.territories import queries as territories

# (label, done, total); an unknown total is None
Show = Callable[[str, int, int | None], None]

audit.register(
    "registry.edition.built", gettext_lazy("{actor} a construit une édition du registre ({scope})")
)
audit.register(
    "registry.edition.in_force", gettext_lazy("{actor} a mis en vigueur une édition du registre ({scope})")
)


@dataclass(frozen=True)
class BuildRequest:
    """What to build: territory, day of the rules, perimeter, files by kind, and what to do with bad rows."""

    scope: str
    day: date
    perimeter_version: str
    files: Mapping[str, Sequence[str]]
    on_error: str = "keep"
    fetch: bool = False
    engine: str = DUCKDB  # `pipeline.engines`
    spark_master: str = ""

    def to_params(self) -> dict[str, Any]:
        """As the parameters of a job."""
        return {**asdict(self), "day": self.day.isoformat()}

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> "BuildRequest":
        """From the parameters of a job."""
        return cls(**{**params, "day": date.fromisoformat(params["day"])})


def sources_folder() -> Path:
    """Where an administrator drops the official files."""
    return Path(settings.DATA_DIR) / "sources"


def available_sources() -> list[FoundFile]:
    """The files of the sources folder, each with the kind that its content shows."""
    return find_sources(sources_folder())


def build_and_compare(request: BuildRequest, show: Show, *, actor_id: int | None) -> Edition:
    """Build an edition, log it, and keep with it what putting it in force would change. Raises as `build_edition`."""
    edition = build_edition(request, show)
    audit.record(
        "registry.edition.built",
        actor_id=actor_id,
        subject=edition,
        data={"scope": scope_name(edition.scope)},
    )
    show(_("Comparaison avec le registre en vigueur"), 0, None)
    with suppress(LoadRefused):  # a load is running: the edition's page will compare later
        preview(edition)
        compare_with_register(edition, folder_of(edition))
    return edition


def scope_of(reference: str) -> TerritoryScope:
    """The communes of a territory (« departement:31 », « france »…) and what old codes became.

    Raises the territories' own French error for an unknown one.
    """
    communes = None if reference == "france" else territories.communes(reference)
    return TerritoryScope(reference, communes, territories.code_map())


def build_edition(request: BuildRequest, show: Show) -> Edition:
    """Build the edition asked for and record it.

    Raises `InputProblem` for a file that cannot be used, `ValidationError` for a day without rules or perimeter,
    `EngineMissing` when what runs the SQL is not installed.
    """
    perimeter = _perimeter(request)
    open_engine = engine_opener(request.engine, request.spark_master)
    files = {kind: list(paths) for kind, paths in request.files.items()}
    if request.fetch:
        from essor.registry.pipeline.fetch import OFFICIAL, fetch_official

        # Only what is missing: a file that was given is neither downloaded again nor written over.
        missing = tuple(official for official in OFFICIAL if not files.get(official.kind))
        for kind, path in fetch_official(sources_folder(), show, missing).items():
            files[kind] = [str(path)]
    folder, manifest = build(
        _sources(files),
        scope_of(request.scope),
        perimeter,
        Path(settings.EDITIONS_DIR),
        request.day,
        lambda step: _relay(step, show),
        request.on_error,
        open_engine,
    )
    return record_edition(folder, manifest)


def _perimeter(request: BuildRequest) -> Perimeter:
    """The perimeter asked for, once sure that it and the law hold on the day: nothing is downloaded before."""
    try:
        perimeter = perimeter_store.get(request.perimeter_version)
        qualify(UnitFacts(legal_category="9220"), perimeter, request.day)
    except (PerimeterError, NotInForceError) as error:
        raise ValidationError(str(error)) from error
    return perimeter


def _relay(step: Progress, show: Show) -> None:
    show(step.label, step.done, step.total)


def _sources(files: Mapping[str, Sequence[str]]) -> Sources:
    """The pipeline's sources from lists of paths by kind; the two stocks are required."""
    known = kinds()
    given: dict[str, Any] = {}
    for code, kind in known.items():
        paths = [Path(path) for path in files.get(code, ())]
        if kind.required and not paths:
            raise ValidationError(_("Il manque le fichier « %(label)s ».") % {"label": kind.label})
        if len(paths) > 1 and not kind.many:
            raise ValidationError(_("Choisissez un seul fichier « %(label)s ».") % {"label": kind.label})
        given[code] = tuple(paths) if kind.many else (paths[0] if paths else None)
    return Sources(**given)


def record_edition(folder: Path, manifest: Manifest) -> Edition:
    """The row of an edition that stands on disk; recording twice changes nothing."""
    edition, _created = Edition.objects.get_or_create(
        code=manifest.id,
        defaults={
            "scope": manifest.scope,
            "day": date.fromisoformat(manifest.date),
            "perimeter_version": manifest.perimeter_version,
            "manifest": manifest.to_json(),
            "built_at": timezone.now(),
        },
    )
    return edition


def folder_of(edition: Edition) -> Path:
    """Where the edition's files are."""
    return Path(settings.EDITIONS_DIR) / edition.code


def find_edition(reference: str) -> Edition:
    """The edition named by its code, the beginning of it, or its folder; records one that only stands on disk.

    Raises `LoadRefused` when nothing, or more than one, is so named, or when the folder is not among the editions.
    """
    path = Path(reference)
    if (path / "manifest.json").is_file():
        manifest = read_manifest(path)
        home = Path(settings.EDITIONS_DIR)
        if path.resolve() != (home / manifest.id).resolve():
            raise LoadRefused(
                _("Ce dossier n’est pas parmi les éditions : copiez-le en « %(place)s », puis recommencez.")
                % {"place": home / Path(manifest.id).name}
            )
        return record_edition(path, manifest)
    found = list(Edition.objects.filter(code__startswith=reference)[:2]) if reference else []
    if len(found) != 1:
        reason = _("Plusieurs éditions commencent ainsi") if found else _("Aucune édition ne porte ce code")
        raise LoadRefused(f"{reason} : « {reference} ». La commande « essor registry editions » les liste.")
    return found[0]


def put_in_force(edition: Edition, show: Show, *, actor_id: int | None, force: bool) -> Counts:
    """Check the edition's files, put it in force, and log it. Raises `LoadRefused` or `InputProblem`."""
    folder = folder_of(edition)
    verify(folder)

    def log(switch: Switch) -> None:
        data = {"scope": scope_name(edition.scope)}
        audit.record("registry.edition.in_force", actor_id=actor_id, subject=edition, data=data)
        start("registry.alerts", {"switch": switch.pk})

    return load_edition(edition, folder, show, force=force, act=Act(log=log))


def preview(edition: Edition) -> LoadPreview:
    """What putting the edition in force would do; kept with it until another edition is put in force."""
    current = (
        Edition.objects.filter(state=Edition.State.IN_FORCE).values_list("code", flat=True).first() or ""
    )
    kept = edition.loading_report.get("preview")
    if kept and kept["against"] == current:
        return LoadPreview(**{name: kept[name] for name in LoadPreview.__dataclass_fields__})
    found = preview_edition(folder_of(edition))
    edition.loading_report = {**edition.loading_report, "preview": {**asdict(found), "against": current}}
    edition.save(update_fields=["loading_report"])
    return found


def start_build(
    *,
    actor_id: int,
    scope: str,
    day: date,
    perimeter_version: str,
    sources: Mapping[str, Sequence[str]],
    on_error: str,
    fetch: bool,
) -> Job:
    """Ask for an edition to be built in the background. Raises `ValidationError` for a missing stock or a wrong day."""
    request = BuildRequest(scope, day, perimeter_version, sources, on_error, fetch)
    _perimeter(request)
    if not fetch:
        _sources(sources)
    return start("registry.build", request.to_params(), actor_id=actor_id)


def start_load(*, actor_id: int, edition: Edition, force: bool) -> Job:
    """Ask for an edition to be put in force in the background."""
    return start("registry.load", {"edition": edition.pk, "force": force}, actor_id=actor_id)


def rejected_rows(
    edition: Edition, *, file: str = "", reason: str = "", offset: int = 0, limit: int = 50
) -> tuple[list[dict[str, Any]], int]:
    """A page of the rows that the build set aside, in the order of the files, and how many there are in all."""
    where, values = _rejected_where(file, reason)
    path = str(folder_of(edition) / "rejected.parquet")
    with duckdb.connect() as database:
        total = database.execute(f"SELECT COUNT(*) FROM read_parquet(?) {where}", [path, *values]).fetchone()
        cursor = database.execute(
            f"SELECT * FROM read_parquet(?) {where} ORDER BY ALL LIMIT ? OFFSET ?",  # total: pages never overlap
            [path, *values, limit, offset],
        )
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return rows, int(total[0]) if total else 0


def rejected_summary(edition: Edition) -> list[tuple[str, str, int]]:
    """How many rows were set aside, by file and reason, the most frequent first."""
    path = str(folder_of(edition) / "rejected.parquet")
    with duckdb.connect() as database:
        return database.execute(
            "SELECT file, reason, COUNT(*) AS rows FROM read_parquet(?) GROUP BY ALL ORDER BY rows DESC, file, reason",
            [path],
        ).fetchall()


def iter_rejected(edition: Edition) -> Iterator[dict[str, Any]]:
    """All the rows that the build set aside."""
    path = str(folder_of(edition) / "rejected.parquet")
    with duckdb.connect() as database:
        cursor = database.execute("SELECT * FROM read_parquet(?) ORDER BY ALL", [path])
        names = [column[0] for column in cursor.description]
        while rows := cursor.fetchmany(5000):
            yield from (dict(zip(names, row, strict=True)) for row in rows)


def has_rejected_rows(edition: Edition) -> bool:
    """Whether the rows set aside can still be read on the server."""
    try:
        rejected_summary(edition)
    except (duckdb.Error, OSError):
        return False
    return True


def _rejected_where(file: str, reason: str) -> tuple[str, list[str]]:
    conditions = [("file = ?", file), ("reason = ?", reason)]
    given = [(condition, value) for condition, value in conditions if value]
    where = "WHERE " + " AND ".join(condition for condition, _value in given) if given else ""
    return where, [value for _condition, value in given]
