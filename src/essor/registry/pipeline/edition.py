"""An edition on disk: a folder named by the hash of its content, with Parquet files and `manifest.json`.

An edition is whole or absent: it is written in a folder whose name begins with a dot, flushed, then renamed.
A writer killed half-way leaves only that folder; the next writer removes it (a lock tells a live one apart).
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from essor.formats.problems import InputProblem
from essor.formats.readers import disk_errors

FORMAT_VERSION = 1
MANIFEST = "manifest.json"
PARTIAL = ".en-cours-"
LOCK = "verrou"
PARIS = ZoneInfo("Europe/Paris")

# Columns and DuckDB types of each file, in order. Texts are never empty: absent is NULL.
ORGANISATIONS: Mapping[str, str] = {
    "siren": "VARCHAR",
    "name": "VARCHAR",  # legal name, else usual name
    "acronym": "VARCHAR",
    "usual_name": "VARCHAR",  # up to three, joined by « · »
    "legal_category": "VARCHAR",  # INSEE level III, four digits
    "naf": "VARCHAR",  # NAF rév. 2 with its dot
    "naf25": "VARCHAR",  # NAF 2025
    "created_on": "DATE",
    "state": "VARCHAR",  # A: active
    "closed_on": "DATE",
    "size_band": "VARCHAR",  # trancheEffectifs; NN when the file says nothing
    "size_year": "SMALLINT",
    "is_employer": "BOOLEAN",
    "rna": "VARCHAR",
    "ess_flag": "VARCHAR",  # O, N
    "mission_flag": "VARCHAR",  # O, N
    "on_ess_list": "BOOLEAN",
    "verdict": "VARCHAR",  # registry.enums.Verdict
    "family": "VARCHAR",  # registry.enums.Family
    "conditions": "VARCHAR",  # JSON list of {code, state, value, source, date}: see `qualification`
    "commune": "VARCHAR",  # current code of its main establishment in the territory
    "head_office": "VARCHAR",  # SIRET
    "head_office_outside": "BOOLEAN",
    "establishments": "INTEGER",  # active ones in the territory
    "purpose": "VARCHAR",  # « objet » of the RNA
    "website": "VARCHAR",
    "updated_on": "DATE",  # dateDernierTraitement
}
ESTABLISHMENTS: Mapping[str, str] = {
    "siret": "VARCHAR",
    "siren": "VARCHAR",
    "is_head_office": "BOOLEAN",
    "in_territory": "BOOLEAN",  # false only for a head office kept beside
    "name": "VARCHAR",  # usual name or signs, joined by « · »
    "address_complement": "VARCHAR",
    "address_street": "VARCHAR",
    "address_distribution": "VARCHAR",
    "postal_code": "VARCHAR",
    "town": "VARCHAR",  # libelleCommune, as the file writes it
    "commune": "VARCHAR",  # current code
    "declared_commune": "VARCHAR",  # code in the file (arrondissement, commune déléguée, old code)
    "naf": "VARCHAR",
    "naf25": "VARCHAR",
    "size_band": "VARCHAR",
    "size_year": "SMALLINT",
    "is_employer": "BOOLEAN",
    "state": "VARCHAR",
    "created_on": "DATE",
    "longitude": "DOUBLE",  # WGS 84
    "latitude": "DOUBLE",
    "position_source": "VARCHAR",  # geolocation, sirene
    "position_quality": "VARCHAR",  # number, street, commune, unknown
    "position_error": "INTEGER",  # metres, an upper bound
    "qpv": "VARCHAR",  # JSON list of {generation, code, relation, certainty, distance}: see `quartiers`
}
TAGS: Mapping[str, str] = {
    "siren": "VARCHAR",
    "siret": "VARCHAR",  # NULL: the whole organisation
    "code": "VARCHAR",  # registry.enums.Tag
    "source": "VARCHAR",  # sirene, siae, esus, own_list
    "since": "DATE",
    "until": "DATE",
}
REJECTED: Mapping[str, str] = {
    "file": "VARCHAR",
    "line": "BIGINT",
    "siren": "VARCHAR",
    "siret": "VARCHAR",
    "column": "VARCHAR",
    "value": "VARCHAR",
    "reason": "VARCHAR",
    "remedy": "VARCHAR",
}
# Diffusible legal persons that may have been of the ESS and that Sirene says closed, in the whole stock.
CLOSED: Mapping[str, str] = {"siren": "VARCHAR"}
CLOSED_FILE = "closed.parquet"
FILES: Mapping[str, Mapping[str, str]] = {
    "organisations.parquet": ORGANISATIONS,
    "establishments.parquet": ESTABLISHMENTS,
    "tags.parquet": TAGS,
    "rejected.parquet": REJECTED,
    CLOSED_FILE: CLOSED,
}


@dataclass(frozen=True)
class SourceFile:
    """One file that the edition was made from. `date`: its day of publication, as the file's own date on disk says."""

    role: str
    name: str
    kind: str
    sha256: str
    size: int
    date: str
    rows: int


@dataclass(frozen=True)
class Manifest:
    """What an edition is made of. Two builds from identical inputs give equal manifests, `id` included.

    `engine`: what ran the SQL (`pipeline.engines`); another engine gives the same rows under another `id`.
    """

    scope: str
    date: str
    perimeter_version: str
    perimeter_fingerprint: str
    sources: tuple[SourceFile, ...]
    counts: Mapping[str, int]
    rejected: Mapping[str, int]
    files: Mapping[str, str] = field(default_factory=dict)
    format_version: int = FORMAT_VERSION
    engine: str = "duckdb"
    id: str = ""

    def to_json(self) -> dict[str, Any]:
        """The manifest as JSON-able data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Manifest:
        """The manifest read back. Raises KeyError or TypeError on foreign data."""
        sources = tuple(SourceFile(**source) for source in data["sources"])
        return cls(**{**data, "sources": sources})


def read_manifest(edition: Path) -> Manifest:
    """The manifest of an edition's folder. Raises InputProblem when it is not one, or of a later format."""
    label = edition.name
    try:
        data = json.loads((edition / MANIFEST).read_text(encoding="utf-8"))
        manifest = Manifest.from_json(data)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputProblem(
            label,
            "ce dossier n’est pas une édition du registre.",
            "Construisez-en une : essor registry build.",
        ) from error
    if manifest.format_version > FORMAT_VERSION:
        raise InputProblem(
            label, "cette édition vient d’une version plus récente d’Essor.", "Mettez Essor à jour."
        )
    return manifest


def verify(edition: Path) -> Manifest:
    """The manifest, after checking that every file is there and has the announced content. Raises InputProblem."""
    manifest = read_manifest(edition)
    for name, announced in manifest.files.items():
        path = edition / name
        if not path.is_file() or sha256_of(path) != announced:
            raise InputProblem(
                name, "ce fichier de l’édition manque ou a été modifié.", "Reconstruisez l’édition."
            )
    return manifest


def editions(out_dir: Path) -> list[Path]:
    """The folders of whole editions, oldest first by date of reference then by id."""
    found = []
    for path in sorted(out_dir.iterdir()) if out_dir.is_dir() else []:
        if path.name.startswith(".") or not (path / MANIFEST).is_file():
            continue
        found.append((read_manifest(path).date, path.name, path))
    return [path for _, _, path in sorted(found)]


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def workshop(out_dir: Path) -> Iterator[Path]:
    """A hidden folder of `out_dir` to work in, removed at the end; what killed writers left is removed first.

    The folder has two rooms: `edition` (what will be kept) and `work`. Raises OutOfSpace.
    """
    with disk_errors(out_dir):
        out_dir.mkdir(parents=True, exist_ok=True)
        folder = out_dir / f"{PARTIAL}{uuid.uuid4().hex}"
        with ExitStack() as stack:
            with _alone(out_dir):
                _clean(out_dir)
                folder.mkdir()
                lock = stack.enter_context((folder / LOCK).open("w"))
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            (folder / "edition").mkdir()
            (folder / "work").mkdir()
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _alone(out_dir: Path) -> Iterator[None]:
    """Nobody else cleans `out_dir` or begins a folder there meanwhile. A killed holder lets go."""
    handle = os.open(out_dir, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def clean_leftovers(out_dir: Path) -> int:
    """Remove the folders that killed writers left in `out_dir`; those of live writers stay. Gives their number."""
    with _alone(out_dir):
        return _clean(out_dir)


def _clean(out_dir: Path) -> int:
    removed = 0
    for folder in out_dir.glob(f"{PARTIAL}*"):
        try:
            with (folder / LOCK).open("r+") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            pass  # killed before it took its lock
        except OSError:
            continue
        shutil.rmtree(folder, ignore_errors=True)
        removed += 1
    return removed


def publish(folder: Path, manifest: Manifest, out_dir: Path) -> tuple[Path, Manifest]:
    """Seal the edition written in `folder`/edition and rename it into `out_dir`, in one step.

    Its id is the day, then a hash of the manifest, file hashes included: identical inputs give the same edition, which
    is then kept as it stands. Raises OutOfSpace.
    """
    room = folder / "edition"
    with disk_errors(out_dir):
        files = {name: sha256_of(room / name) for name in FILES}
        body = {**manifest.to_json(), "files": files, "id": ""}
        digest = hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
        sealed = Manifest.from_json({**body, "id": f"{manifest.date}-{digest[:16]}"})
        target = out_dir / sealed.id
        if target.is_dir():
            return target, sealed
        text = json.dumps(sealed.to_json(), ensure_ascii=False, indent=1, sort_keys=True)
        (room / MANIFEST).write_text(text + "\n", encoding="utf-8")
        for path in (*room.iterdir(), room):
            _flush(path)
        room.rename(target)
        _flush(out_dir)
    return target, sealed


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def day_of(path: Path) -> date:
    """The day of a source file: that of its last change on disk (what a download that keeps dates preserves)."""
    return datetime.fromtimestamp(path.stat().st_mtime, PARIS).date()
