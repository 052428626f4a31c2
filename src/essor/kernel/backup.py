"""`essor backup`: the database and the files in one consistent file, while the service runs."""

import errno
import os
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.translation import gettext as _

from essor.kernel.archive import (
    CHUNK,
    LEFT_OUT,
    MANIFEST,
    BackupError,
    Entry,
    Hashing,
    Manifest,
    Report,
    encode,
    fields_of,
    table_name,
)
from essor.kernel.files import address_of
from essor.kernel.models import StoredFile
from essor.kernel.periods import PARIS
from essor.kernel.release import version
from essor.kernel.restore import restore

__all__ = ["BackupError", "backup", "restore"]

ROWS_AT_ONCE = 5000


def backup(path: Path, using: str = DEFAULT_DB_ALIAS) -> Report:
    """Save everything into `path` (a new file, or a folder in which to put one); readable by its owner only.

    The rows are those of one moment, even while people work; files and editions never change once written.
    `BackupError` when it cannot be done: nothing is left behind.
    """
    begin, now = time.monotonic(), timezone.now()
    path = _target(path, now)
    part = path.with_name(f".{path.name}.part")
    report = Report(_("Sauvegarde"), str(path))
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
                _fill(archive, connections[using], now, report)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise BackupError(_why(error, path)) from error
    finally:
        part.unlink(missing_ok=True)
    report.seconds = time.monotonic() - begin
    return report


def _target(path: Path, now: datetime) -> Path:
    if path.is_dir():
        path = path / f"essor-{now.astimezone(PARIS):%Y-%m-%d-%H%M%S}.zip"
    if path.exists():
        raise BackupError(
            _("« %(path)s » existe déjà : choisissez un autre nom, rien n’a été écrasé.") % {"path": path}
        )
    return path


def _why(error: OSError, path: Path) -> str:
    if error.errno == errno.ENOSPC:
        return _(
            "Le disque est plein : la sauvegarde « %(path)s » n’a pas été faite. "
            "Libérez de la place ou changez de disque."
        ) % {"path": path}
    return _("La sauvegarde « %(path)s » n’a pas pu s’écrire : %(reason)s.") % {
        "path": path,
        "reason": error.strerror or error,
    }


def _fill(archive: zipfile.ZipFile, connection: BaseDatabaseWrapper, now: datetime, report: Report) -> None:
    entries: list[Entry] = []
    with snapshot(connection):
        migrations = tuple(sorted(MigrationRecorder(connection).applied_migrations()))
        for model in saved_models():
            entry = _write_table(archive, model, connection.alias)
            entries.append(entry)
            report.tables[model._meta.label_lower] = entry.rows
        rows = StoredFile.objects.using(connection.alias).order_by("sha256")
        digests = list(rows.values_list("sha256", flat=True).distinct())
    report.rows = sum(report.tables.values())
    missing: list[str] = []
    for digest in digests:
        content = _write_content(archive, digest)
        if content:
            entries.append(content)
            report.files += 1
        else:
            missing.append(digest)
    for source in _edition_files():
        name = f"editions/{source.relative_to(settings.EDITIONS_DIR).as_posix()}"
        with source.open("rb") as file:
            entries.append(_copy(archive, name, File(file).chunks(CHUNK), zipfile.ZIP_STORED))
        report.editions += 1
    report.missing = len(missing)
    manifest = Manifest(
        version=version(),
        made_at=now.isoformat(),
        engine=connection.vendor,
        migrations=migrations,
        entries=tuple(entries),
        missing_files=tuple(missing),
    )
    archive.writestr(MANIFEST, manifest.as_json())


@contextmanager
def snapshot(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """All reads of the block see the database at one moment; writers go on."""
    if connection.in_atomic_block:
        raise BackupError("snapshot: inside a transaction")
    if connection.vendor == "sqlite":
        # Not `atomic`: its BEGIN IMMEDIATE would keep writers out for as long as the backup lasts.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")
        return
    with transaction.atomic(using=connection.alias):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def saved_models() -> list[type[models.Model]]:
    """The tables that are saved, links between tables included."""
    found = apps.get_models(include_auto_created=True)
    return [
        model
        for model in found
        if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in LEFT_OUT
    ]


def _write_table(archive: zipfile.ZipFile, model: type[models.Model], using: str) -> Entry:
    names = tuple(found.attname for found in fields_of(model))
    rows = model._base_manager.using(using).order_by("pk").values_list(*names)
    count = 0
    with archive.open(table_name(model), "w", force_zip64=True) as raw:
        target = Hashing(raw)
        lines: list[bytes] = []
        for row in rows.iterator(chunk_size=ROWS_AT_ONCE):
            lines.append(encode(row))
            count += 1
            if len(lines) == ROWS_AT_ONCE:
                target.write(b"".join(lines))
                lines.clear()
        target.write(b"".join(lines))
    return Entry(table_name(model), target.size, target.sha256, names, count)


def _write_content(archive: zipfile.ZipFile, digest: str) -> Entry | None:
    """The content of a file; None when the storage lost it."""
    try:
        with default_storage.open(address_of(digest)) as content:
            return _copy(archive, f"files/{digest}", content.chunks(CHUNK), zipfile.ZIP_STORED)
    except FileNotFoundError:
        return None


def _copy(archive: zipfile.ZipFile, name: str, data: Iterator[bytes], compression: int) -> Entry:
    info = zipfile.ZipInfo(name, date_time=time.localtime()[:6])
    info.compress_type = compression
    info.external_attr = 0o600 << 16
    with archive.open(info, "w", force_zip64=True) as raw:
        target = Hashing(raw)
        for chunk in data:
            target.write(chunk)
    return Entry(name, target.size, target.sha256)


def _edition_files() -> list[Path]:
    """Files of whole editions: one being written is in a folder whose name begins with a dot."""
    root = Path(settings.EDITIONS_DIR)
    found = (path for path in root.glob("*/**/*") if path.is_file() and not path.is_symlink())
    return sorted(
        path for path in found if not any(part.startswith(".") for part in path.relative_to(root).parts)
    )
