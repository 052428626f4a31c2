"""`essor restore`: everything back, in SQLite or PostgreSQL whatever the backup was read from.

The tables are made anew as they were in the backup (same migrations), filled, then brought to this version.
All of it is one transaction: an error leaves the database as it was.
"""

import json
import shutil
import time
import uuid
import zipfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from essor.kernel.archive import (
    LEFT_OUT,
    MAX_LINE,
    BackupError,
    Entry,
    Manifest,
    Report,
    chunks,
    decoder,
    fields_of,
    read_manifest,
    table_name,
    verify,
    without_nul,
)
from essor.kernel.files import address_of
from essor.kernel.upgrade import reference_models

ROWS_AT_ONCE = 2000
# Tables that an installation fills by itself; what people did there always leaves rows elsewhere too.
_OWN = LEFT_OUT | {
    "contenttypes.contenttype",
    "auth.permission",
    "django_tasks_database.dbtaskresult",
    "kernel.auditentry",
}


def restore(path: Path, force: bool = False, using: str = DEFAULT_DB_ALIAS) -> Report:
    """Restore the backup `path`. The service must be stopped.

    Refuses (`BackupError`, nothing is touched) a file that is damaged or hostile, one from a later version,
    and a database that already holds something unless `force`.
    """
    begin = time.monotonic()
    connection = connections[using]
    report = Report(_("Restauration"), str(path))
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = read_manifest(archive)
            verify(archive, manifest)
            _check_version(manifest, connection)
            _check_disk(manifest)
            if not force:
                _check_empty(connection)
            _restore_contents(archive, manifest, report)
            staged = _stage_editions(archive, manifest)
            try:
                _restore_database(archive, manifest, connection, report)
                report.editions = _put_editions(staged)
            finally:
                shutil.rmtree(staged, ignore_errors=True)
    except (zipfile.BadZipFile, FileNotFoundError, IsADirectoryError) as error:
        raise BackupError(
            _("« %(path)s » n’est pas une sauvegarde d’Essor, ou elle est coupée.") % {"path": path}
        ) from error
    except OSError as error:
        raise BackupError(
            _("La restauration s’est arrêtée : %(reason)s.") % {"reason": error.strerror or error}
        ) from error
    report.missing = len(manifest.missing_files)
    report.seconds = time.monotonic() - begin
    return report


def _check_version(manifest: Manifest, connection: BaseDatabaseWrapper) -> None:
    loader = MigrationExecutor(connection).loader
    applied = set(manifest.migrations)
    unknown = sorted(applied - set(loader.disk_migrations))
    if unknown:
        message = _(
            "Cette sauvegarde vient de la version %(version)s, plus récente que celle-ci "
            "(migration %(name)s inconnue) : "
            "mettez Essor à jour, puis recommencez."
        )
        raise BackupError(message % {"version": manifest.version, "name": ".".join(unknown[0])})
    for node in applied & set(loader.graph.nodes):
        if any(parent.key not in applied for parent in loader.graph.node_map[node].parents):
            raise BackupError(_("Cette sauvegarde est abîmée : il manque une de ses migrations."))


def _check_disk(manifest: Manifest) -> None:
    folder = Path(settings.DATA_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    needed, free = sum(entry.size for entry in manifest.entries), shutil.disk_usage(folder).free
    if needed > free:
        values = {"needed": needed // 1_048_576 + 1, "free": free // 1_048_576}
        raise BackupError(
            _("Il faut %(needed)s Mo sur le disque des données, il en reste %(free)s : libérez de la place.")
            % values
        )


def _check_empty(connection: BaseDatabaseWrapper) -> None:
    present = set(connection.introspection.table_names())
    skipped = _OWN | {label.lower() for label in reference_models()}
    filled = [
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not model._meta.proxy
        and model._meta.label_lower not in skipped
        and model._meta.db_table in present
        and model._base_manager.using(connection.alias).exists()
    ]
    if filled:
        message = _(
            "La base contient déjà des données (%(tables)s). Rien n’a été touché. "
            "Pour les remplacer par la sauvegarde, ajoutez --force après avoir sauvegardé l’état actuel."
        )
        raise BackupError(message % {"tables": ", ".join(filled[:5]) + (", …" if len(filled) > 5 else "")})


def _restore_database(
    archive: zipfile.ZipFile, manifest: Manifest, connection: BaseDatabaseWrapper, report: Report
) -> None:
    try:
        with connection.constraint_checks_disabled(), transaction.atomic(using=connection.alias):
            _drop_tables(connection)
            _fill_tables(archive, manifest, connection, report)
            call_command("migrate", database=connection.alias, interactive=False, verbosity=0)
            connection.check_constraints()
    except DatabaseError as error:
        first = (str(error).splitlines() or [""])[0]
        raise BackupError(
            _("La base a refusé la sauvegarde ; elle est restée comme avant. Raison : %(why)s")
            % {"why": first}
        ) from error


def _drop_tables(connection: BaseDatabaseWrapper) -> None:
    """Drop the tables of this installation, and no other that the database may hold."""
    present = set(connection.introspection.table_names())
    ours = {
        model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed
    }
    cascade = " CASCADE" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for table in sorted((ours | {"django_migrations"}) & present):
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)}{cascade}")


def _fill_tables(
    archive: zipfile.ZipFile, manifest: Manifest, connection: BaseDatabaseWrapper, report: Report
) -> None:
    """Make the tables as they were in the backup, and fill them."""
    executor = MigrationExecutor(connection)
    targets = _targets(manifest, executor)
    executor.migrate(targets)
    made = {
        table_name(model): model
        for model in executor.loader.project_state(targets).apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    with connection.cursor() as cursor:  # what migrations of data wrote comes back from the backup
        for model in made.values():
            if model._meta.label_lower not in LEFT_OUT:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")
        if connection.vendor == "postgresql":
            # Migrations leave some foreign keys checked at once, and rows come in any order.
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    for entry in manifest.tables():
        target = made.get(entry.name)
        if target is None or set(entry.fields) != {found.attname for found in fields_of(target)}:
            raise BackupError(
                _("La table « %(name)s » de cette sauvegarde n’est pas celle de ses migrations.")
                % {"name": entry.name}
            )
        report.tables[target._meta.label_lower] = _fill(archive, entry, target, connection)
    report.rows = sum(report.tables.values())
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(made.values())):
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            # Foreign keys are checked here; tables with checks that wait cannot be altered by the next
            # migrations.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _targets(manifest: Manifest, executor: MigrationExecutor) -> list[tuple[str, str]]:
    """The last migrations of the backup: those that no other one of the backup needs in the same room."""
    applied = set(manifest.migrations) & set(executor.loader.graph.nodes)
    return sorted(
        node
        for node in applied
        if not any(
            child.key[0] == node[0] and child.key in applied
            for child in executor.loader.graph.node_map[node].children
        )
    )


def _fill(
    archive: zipfile.ZipFile, entry: Entry, model: type[models.Model], connection: BaseDatabaseWrapper
) -> int:
    by_name = {found.attname: found for found in fields_of(model)}
    columns = [by_name[name] for name in entry.fields]
    decoders = [decoder(column, connection) for column in columns]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(column.column)) for column in columns)
    table = quote(model._meta.db_table)
    with archive.open(entry.name) as file:
        rows = _rows(file, entry, decoders, drop_nul=connection.vendor == "postgresql")
        count = (_copy_in if connection.vendor == "postgresql" else _insert)(
            connection, table, names, len(columns), rows
        )
    if count != entry.rows:
        raise BackupError(
            _("La table « %(name)s » de cette sauvegarde n’a pas ses %(rows)s lignes.")
            % {"name": entry.name, "rows": entry.rows}
        )
    return count


def _rows(
    file: IO[bytes], entry: Entry, decoders: list[Callable[[Any], Any] | None], *, drop_nul: bool
) -> Iterator[list[Any]]:
    """The rows as the database takes them; `BackupError` names the line that is wrong."""
    number = 0
    while line := file.readline(MAX_LINE):
        number += 1
        try:
            row = json.loads(line)
            if drop_nul and b"\\u0000" in line:
                row = without_nul(row)
            yield [decode(value) if decode else value for decode, value in zip(decoders, row, strict=True)]
        except (ValueError, TypeError, ArithmeticError) as error:
            message = _("La ligne %(line)s de « %(name)s » est illisible.")
            raise BackupError(message % {"line": number, "name": entry.name}) from error


def _insert(
    connection: BaseDatabaseWrapper, table: str, names: str, width: int, rows: Iterator[list[Any]]
) -> int:
    statement = f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * width)})"
    count = 0
    with connection.cursor() as cursor:
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            cursor.executemany(statement, batch)
            count += len(batch)
    return count


def _copy_in(
    connection: BaseDatabaseWrapper, table: str, names: str, width: int, rows: Iterator[list[Any]]
) -> int:
    count = 0
    statement = f"COPY {table} ({names}) FROM STDIN"
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def _restore_contents(archive: zipfile.ZipFile, manifest: Manifest, report: Report) -> None:
    """Files by content: those already there are the same."""
    for entry in manifest.under("files"):
        address = address_of(entry.sha256)
        if not default_storage.exists(address):
            with archive.open(entry.name) as content:
                default_storage.save(address, File(content, name=entry.sha256))
        report.files += 1


def _stage_editions(archive: zipfile.ZipFile, manifest: Manifest) -> Path:
    """Editions in a folder beside their place, moved there once the database is restored."""
    root = Path(settings.EDITIONS_DIR)
    staged = root / f".restauration-{uuid.uuid4().hex}"
    staged.mkdir(parents=True)
    for entry in manifest.under("editions"):
        target = staged / entry.name.removeprefix("editions/")
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(entry.name) as source, target.open("wb") as file:
            for data in chunks(source, entry.size):
                file.write(data)
    return staged


def _put_editions(staged: Path) -> int:
    count = 0
    for source in sorted(path for path in staged.rglob("*") if path.is_file()):
        target = staged.parent / source.relative_to(staged)
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)
        count += 1
    return count
