"""The form of a backup: one zip with the rows of each table as JSON lines, the files, the editions, and a
manifest of checksums.

The rows are neutral: they come back in SQLite or PostgreSQL, whichever they were read from. The key of the
installation (`ESSOR_SECRET_KEY`) and open sessions are not in it.
"""

import base64
import hashlib
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import PurePosixPath
from typing import IO, Any
from uuid import UUID

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.duration import duration_iso_string
from django.utils.translation import gettext as _

FORMAT = 1
MANIFEST = "manifest.json"
MAX_MANIFEST = 100 * 1_048_576
MAX_LINE = 64 * 1_048_576
CHUNK = 1_048_576
# What is not saved: sessions are secrets, signs of life belong to the machine.
LEFT_OUT = frozenset({"sessions.session", "kernel.beat"})

_TABLE = re.compile(r"database/[a-z0-9_]+\.[a-z0-9_]+\.jsonl")
_CONTENT = re.compile(r"files/([0-9a-f]{64})")
_PART = re.compile(r"[A-Za-z0-9_=-][A-Za-z0-9._=-]*")


class BackupError(Exception):
    """The backup or the restoration cannot be done; the message says what happened and what to do."""


@dataclass(frozen=True)
class Entry:
    """A file of the archive: name, size in bytes, checksum; for a table, its fields and its number of rows."""

    name: str
    size: int
    sha256: str
    fields: tuple[str, ...] = ()
    rows: int = 0


@dataclass(frozen=True)
class Manifest:
    """What the archive holds and where it comes from."""

    version: str
    made_at: str
    engine: str
    migrations: tuple[tuple[str, str], ...]
    entries: tuple[Entry, ...]
    missing_files: tuple[str, ...] = ()
    format: int = FORMAT

    def as_json(self) -> bytes:
        """The manifest as it is written."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()

    def tables(self) -> list[Entry]:
        """The entries that are tables."""
        return [entry for entry in self.entries if entry.name.startswith("database/")]

    def under(self, folder: str) -> list[Entry]:
        """The entries of a folder of the archive."""
        return [entry for entry in self.entries if entry.name.startswith(f"{folder}/")]


@dataclass
class Report:
    """What was saved or restored."""

    action: str
    path: str
    rows: int = 0
    files: int = 0
    editions: int = 0
    missing: int = 0
    seconds: float = 0.0
    tables: dict[str, int] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        """One line for the person."""
        text = _(
            "%(action)s : %(path)s — %(rows)s lignes, %(files)s fichiers, "
            "%(editions)s fichiers d’éditions, en %(seconds)s s."
        ) % {
            "action": self.action,
            "path": self.path,
            "rows": self.rows,
            "files": self.files,
            "editions": self.editions,
            "seconds": f"{self.seconds:.1f}".replace(".", ","),
        }
        if self.missing:
            text += " " + _("Attention : %(count)s fichiers déposés étaient absents du stockage.") % {
                "count": self.missing
            }
        return text


class Hashing:
    """Writes through, counting and hashing."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target, self._hash, self.size = target, hashlib.sha256(), 0

    def write(self, data: bytes) -> None:
        """Write the bytes."""
        self._target.write(data)
        self._hash.update(data)
        self.size += len(data)

    @property
    def sha256(self) -> str:
        """Checksum of what was written."""
        return self._hash.hexdigest()


def table_name(model: type[models.Model]) -> str:
    """Name in the archive of a model's table."""
    return f"database/{model._meta.label_lower}.jsonl"


def fields_of(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    """The columns of a model that are written, not computed by the database."""
    return [found for found in model._meta.concrete_fields if not getattr(found, "generated", False)]


def encode(row: tuple[Any, ...]) -> bytes:
    """A row as a line of JSON."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=_plain).encode() + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, timedelta):
        return duration_iso_string(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    raise TypeError(f"{type(value).__name__} has no neutral form")


Decoder = Callable[[Any], Any]


def decoder(model_field: "models.Field[Any, Any]", connection: BaseDatabaseWrapper) -> Decoder | None:
    """What makes a database value of a JSON one; None when it is the same."""
    target = model_field
    while target.remote_field is not None:
        target = target.target_field  # type: ignore[attr-defined]
    if type(target) in _SAME:
        return None
    if isinstance(target, models.JSONField) and not model_field.null:
        return lambda value: target.get_db_prep_value(value, connection)  # a JSON null is not an absent value
    return lambda value: target.get_db_prep_save(target.to_python(value), connection)


_SAME = {
    models.AutoField,
    models.BigAutoField,
    models.SmallAutoField,
    models.IntegerField,
    models.BigIntegerField,
    models.SmallIntegerField,
    models.PositiveIntegerField,
    models.PositiveBigIntegerField,
    models.PositiveSmallIntegerField,
    models.BooleanField,
    models.CharField,
    models.TextField,
    models.EmailField,
    models.SlugField,
    models.URLField,
}


def without_nul(value: Any) -> Any:
    """The value without NUL characters, which PostgreSQL cannot hold and SQLite can."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [without_nul(item) for item in value]
    if isinstance(value, dict):
        return {without_nul(key): without_nul(item) for key, item in value.items()}
    return value


def chunks(file: IO[bytes], limit: int) -> Iterator[bytes]:
    """The bytes of a file, refused past the announced size."""
    read = 0
    while data := file.read(CHUNK):
        read += len(data)
        if read > limit:
            raise BackupError(
                _("Cette sauvegarde est abîmée : un de ses fichiers est plus grand qu’annoncé.")
            )
        yield data


def read_manifest(archive: zipfile.ZipFile) -> Manifest:
    """The manifest, every field checked; `BackupError` when it is not that of a backup that this version can
    read.
    """
    try:
        if archive.getinfo(MANIFEST).file_size > MAX_MANIFEST:
            raise ValueError("manifest too big")
        data = json.loads(archive.read(MANIFEST))
        if data["format"] != FORMAT:
            message = _(
                "Cette sauvegarde est d’un format (%(format)s) que cette version ne lit pas : mettez Essor à jour."
            )
            raise BackupError(message % {"format": data["format"]})
        return Manifest(
            version=str(data["version"]),
            made_at=str(data["made_at"]),
            engine=str(data["engine"]),
            migrations=tuple((str(app), str(name)) for app, name in data["migrations"]),
            entries=tuple(_entry(entry) for entry in data["entries"]),
            missing_files=tuple(str(name) for name in data["missing_files"]),
        )
    except (KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile, RuntimeError) as error:
        raise BackupError(
            _("Ce fichier n’est pas une sauvegarde d’Essor, ou il est abîmé : son manifeste est illisible.")
        ) from error


def _entry(data: dict[str, Any]) -> Entry:
    entry = Entry(
        name=str(data["name"]),
        size=int(data["size"]),
        sha256=str(data["sha256"]),
        fields=tuple(str(name) for name in data["fields"]),
        rows=int(data["rows"]),
    )
    if not is_safe(entry):
        message = _(
            "Cette sauvegarde contient un nom de fichier interdit (« %(name)s ») : elle n’est pas restaurée."
        )
        raise BackupError(message % {"name": entry.name[:100]})
    return entry


def is_safe(entry: Entry) -> bool:
    """Whether the name of the entry is one that a backup writes: nothing that leaves its folder."""
    if _TABLE.fullmatch(entry.name):
        return True
    if content := _CONTENT.fullmatch(entry.name):
        return content[1] == entry.sha256
    parts = PurePosixPath(entry.name).parts
    plain = "/".join(parts) == entry.name and len(parts) >= 3 and parts[0] == "editions"
    return plain and all(_PART.fullmatch(part) for part in parts)


def verify(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Read the whole archive once: every entry announced and none besides, sizes and checksums as announced."""
    names = [info.filename for info in archive.infolist()]
    announced = [entry.name for entry in manifest.entries]
    if len(set(names)) != len(names) or sorted(names) != sorted([*announced, MANIFEST]):
        raise BackupError(
            _("Cette sauvegarde est abîmée : ses fichiers ne sont pas ceux que son manifeste annonce.")
        )
    for entry in manifest.entries:
        found, size = hashlib.sha256(), 0
        try:
            with archive.open(entry.name) as file:
                for data in chunks(file, entry.size):
                    found.update(data)
                    size += len(data)
        except (
            zipfile.BadZipFile,
            EOFError,
            OSError,
            RuntimeError,
            NotImplementedError,
            ValueError,
        ) as error:
            raise BackupError(
                _("Cette sauvegarde est abîmée : « %(name)s » ne se lit pas.") % {"name": entry.name}
            ) from error
        if (size, found.hexdigest()) != (entry.size, entry.sha256):
            message = _(
                "Cette sauvegarde est abîmée : l’empreinte de « %(name)s » n’est pas celle du manifeste."
            )
            raise BackupError(message % {"name": entry.name})
