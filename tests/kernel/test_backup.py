"""Backups come back whole in either database, and nothing hostile does."""

import copy
import hashlib
import json
import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from essor.kernel import audit, files, jobs, triggers
from essor.kernel.archive import BackupError, Entry, fields_of, is_safe
from essor.kernel.backup import backup, restore, saved_models, snapshot
from essor.kernel.models import Job, OutboxMessage, StoredFile
from tests.kernel import job_kinds  # noqa: F401

audit.register("tests.saved", "{actor} a sauvegardé {what}")
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 50


def anyone(request: object, stored: StoredFile) -> bool:
    """Tout le monde."""
    return True


files.register_purpose("tests.backup", anyone)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.EDITIONS_DIR = tmp_path / "editions"
    settings.DATA_DIR = tmp_path


@pytest.fixture
def elsewhere(settings, tmp_path: Path) -> Callable[[], None]:
    """Move to the empty folders of another machine."""

    def move() -> None:
        settings.MEDIA_ROOT = tmp_path / "elsewhere" / "media"
        settings.EDITIONS_DIR = tmp_path / "elsewhere" / "editions"

    return move


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Make an empty database of an engine, and give its alias."""
    made: list[tuple[str, str]] = []

    def make(engine: str) -> str:
        alias = f"other_{engine}_{len(made)}"
        config = copy.deepcopy(connections.settings["default"])
        if engine == "sqlite":
            config |= {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / f"{alias}.sqlite3")}
            config["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL"}
        else:
            config["NAME"] = f"{connection.settings_dict['NAME']}_{alias}"
            with connection.cursor() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {config['NAME']}")
                cursor.execute(f"CREATE DATABASE {config['NAME']}")
        connections.settings[alias] = config
        made.append((alias, engine))
        connections[alias].connect()  # at once: Django's tests refuse that an unknown alias connects later
        return alias

    yield make
    for alias, engine in made:
        name = connections[alias].settings_dict["NAME"]
        connections[alias].close()
        del connections[alias]
        del connections.settings[alias]
        if engine == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"DROP DATABASE {name}")


def fill(settings: Any) -> None:
    """One row of each difficult kind."""
    now = timezone.now()
    audit.record(
        "tests.saved",
        actor_id=None,
        subject="a:1",
        data={"what": "tout", "none": None},
        reason="« l’été » 🌱",
    )
    first = jobs.start("tests.count", {"to": 1, "deep": {"list": [1, None, "é"]}})
    second = jobs.retry(jobs.run_now(jobs.start("tests.refuse")), actor_id=1)
    Job.objects.filter(pk=first.pk).update(
        retry_of=second, heartbeat_at=datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC)
    )
    for name in ("a.pdf", "b.pdf"):
        files.store(SimpleUploadedFile(name, PDF), purpose="tests.backup")
    OutboxMessage.objects.create(
        to="a@b.fr", subject="s", text="t\n\\u0000 \\", html="<p>&</p>", created_at=now, next_try=now
    )
    edition = Path(settings.EDITIONS_DIR) / "abc123"
    edition.mkdir(parents=True)
    (edition / "manifest.json").write_text("{}")
    (edition / "organisations.parquet").write_bytes(b"PAR1" * 10)
    partial = Path(settings.EDITIONS_DIR) / ".en-cours-x"
    partial.mkdir()
    (partial / "half.parquet").write_bytes(b"x")


def rows(alias: str) -> dict[str, list[tuple[Any, ...]]]:
    """All saved rows of a database."""
    return {
        model._meta.label: list(
            model._base_manager.using(alias)
            .order_by("pk")
            .values_list(*(found.attname for found in fields_of(model)))
        )
        for model in saved_models()
    }


def engines() -> list[tuple[str, str]]:
    """From, to; PostgreSQL when the tests run on it."""
    return [("default", "sqlite")] + (
        [("default", "postgresql"), ("sqlite", "postgresql")] if connection.vendor == "postgresql" else []
    )


def test_everything_comes_back_in_either_database(settings, tmp_path, database, elsewhere) -> None:
    fill(settings)
    wanted = rows("default")
    saved = backup(tmp_path / "one.zip")
    assert (saved.files, saved.editions, saved.rows) == (1, 2, sum(len(found) for found in wanted.values()))
    assert stat.S_IMODE((tmp_path / "one.zip").stat().st_mode) == 0o600
    elsewhere()
    for number, (source, engine) in enumerate(engines()):
        path = tmp_path / "one.zip"
        if source == "sqlite":  # what the first restoration made
            path = tmp_path / "two.zip"
            backup(path, using="other_sqlite_0")
        alias = database(engine)
        report = restore(path, using=alias)
        assert (report.rows, report.files, report.editions) == (saved.rows, 1, 2), number
        assert rows(alias) == wanted
        assert triggers.missing(connections[alias]) == set()
        again = Job.objects.using(alias).create(kind="x", created_at=timezone.now())
        assert again.pk > max(row[0] for row in wanted["kernel.Job"])
        again.delete()
    with files.open_stored(StoredFile.objects.first()) as content:
        assert content.read() == PDF
    edition = Path(settings.EDITIONS_DIR)
    assert sorted(path.relative_to(edition).as_posix() for path in edition.rglob("*")) == [
        "abc123",
        "abc123/manifest.json",
        "abc123/organisations.parquet",
    ]


def test_a_database_in_use_is_replaced_only_when_told(settings, tmp_path) -> None:
    fill(settings)
    path = tmp_path / "one.zip"
    backup(path)
    wanted = rows("default")
    Job.objects.create(kind="later", created_at=timezone.now())
    with pytest.raises(BackupError, match=r"contient déjà des données.*--force"):
        restore(path)
    assert Job.objects.filter(kind="later").exists()
    restore(path, force=True)
    assert rows("default") == wanted


def test_an_older_backup_is_brought_to_this_version(settings, tmp_path) -> None:
    """A backup made before a last migration, restored in an installation that is upgraded and still empty."""
    fill(settings)
    jobs_before = list(Job.objects.order_by("pk").values())
    graph = MigrationLoader(connection).graph
    last = next(
        node
        for node in sorted(graph.leaf_nodes())
        if not graph.node_map[node].children
        and any(parent.key[0] == node[0] for parent in graph.node_map[node].parents)
    )
    backup(tmp_path / "one.zip")
    path = altered(tmp_path / "one.zip", lambda manifest, entries: manifest["migrations"].remove(list(last)))
    with triggers.unlocked():
        call_command("flush", interactive=False, verbosity=0)
    audit.record("tests.saved", actor_id=None, subject="a:1", data={"what": "les données de référence"})
    restore(path)
    assert list(Job.objects.order_by("pk").values()) == jobs_before
    assert last in MigrationRecorder(connection).applied_migrations()
    assert triggers.missing(connection) == set()


def test_a_backup_sees_one_moment_and_keeps_no_writer_out() -> None:
    other = connection.copy("writer")
    try:
        with snapshot(connection):
            before = Job.objects.count()
            other.connect()
            with other.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO kernel_beat (name, slot, failures, message) VALUES ('w', '2026-01-01', 0, '')"
                )
            assert Job.objects.count() == before
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM kernel_beat WHERE name = 'w'")
                assert cursor.fetchone() == (0,)
    finally:
        other.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kernel_beat WHERE name = 'w'")
        assert cursor.fetchone() == (1,)


def test_nothing_is_written_over_and_a_folder_gets_a_dated_file(tmp_path) -> None:
    path = tmp_path / "one.zip"
    path.write_bytes(b"precious")
    with pytest.raises(BackupError, match="existe déjà"):
        backup(path)
    assert path.read_bytes() == b"precious"
    folder = tmp_path / "backups"
    folder.mkdir()
    assert Path(backup(folder).path).name.startswith("essor-20")
    with pytest.raises(BackupError, match="n’a pas pu s’écrire"):
        backup(tmp_path / "absent" / "one.zip")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_disk_leaves_nothing_behind(tmp_path, monkeypatch) -> None:
    real = os.open
    monkeypatch.setattr(
        os,
        "open",
        lambda path, flags, mode=0: real("/dev/full" if str(path).endswith(".part") else path, flags, mode),
    )
    with pytest.raises(BackupError, match="Le disque est plein"):
        backup(tmp_path / "one.zip")
    assert list(tmp_path.glob("*one.zip*")) == []


def test_a_lost_content_is_told_and_does_not_stop_the_backup(settings, tmp_path) -> None:
    fill(settings)
    path = files.local_path(StoredFile.objects.first())
    path.unlink()
    report = backup(tmp_path / "one.zip")
    assert (report.missing, report.files) == (1, 0)
    assert "1 fichiers déposés étaient absents" in report.summary


Hand = Callable[[dict[str, Any], dict[str, bytes]], object]


def altered(source: Path, hand: Hand, *, seal: bool = False) -> Path:
    """The backup, its manifest and entries changed by a hand; `seal` makes sizes and checksums right again."""
    target = source.with_name("altered.zip")
    with zipfile.ZipFile(source) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(entries.pop("manifest.json"))
    hand(manifest, entries)
    if seal:
        for entry in manifest["entries"]:
            data = entries[entry["name"]]
            entry |= {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
        archive.writestr("manifest.json", json.dumps(manifest))
    return target


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("database/kernel.job.jsonl", True),
        (f"files/{'0' * 64}", True),
        ("editions/abc123/organisations.parquet", True),
        ("editions/../../../tmp/evil", False),
        ("/etc/evil", False),
        ("editions/abc/..", False),
        ("editions/./abc/x", False),
        ("editions/.ssh/key", False),
        ("editions/a\\b/c", False),
        ("files/../../evil", False),
        (f"files/{'1' * 64}", False),
        ("database/../evil.jsonl", False),
        ("evil", False),
    ],
)
def test_a_name_stays_in_its_folder(name: str, safe: bool) -> None:
    assert is_safe(Entry(name, 1, "0" * 64)) == safe


def rename(old: str, new: str) -> Hand:
    """Give another name to an entry, in the archive and in the manifest."""

    def hand(manifest: dict[str, Any], entries: dict[str, bytes]) -> None:
        next(entry for entry in manifest["entries"] if entry["name"] == old)["name"] = new
        entries[new] = entries.pop(old)

    return hand


JOBS = "database/kernel.job.jsonl"
HANDS: list[tuple[Hand, bool, str]] = [
    (rename("editions/abc123/manifest.json", "editions/../../evil/x"), False, "nom de fichier interdit"),
    (lambda manifest, entries: entries.update({JOBS: b"[]\n"}), False, "abîmée"),
    (lambda manifest, entries: entries.update({"extra": b"x"}), False, "ne sont pas ceux"),
    (lambda manifest, entries: entries.pop(JOBS), False, "ne sont pas ceux"),
    (lambda manifest, entries: manifest["entries"][0].update(sha256="0" * 64), False, "empreinte"),
    (lambda manifest, entries: manifest["entries"][0].update(size=1), False, "abîmée"),
    (lambda manifest, entries: manifest.update(format=2), False, "mettez Essor à jour"),
    (lambda manifest, entries: manifest.update(entries="x"), False, "illisible"),
    (
        lambda manifest, entries: manifest["migrations"].append(["kernel", "0999_later"]),
        False,
        "plus récente que celle-ci",
    ),
    (lambda manifest, entries: entries.update({JOBS: b"[1]\n"}), True, "La ligne 1 de"),
    (
        lambda manifest, entries: manifest["migrations"].remove(["kernel", "0001_initial"]),
        False,
        "ses migrations",
    ),
    (lambda manifest, entries: entries.update(orphan(entries)), True, "La base a refusé"),
]


def test_a_damaged_hostile_or_later_backup_leaves_everything_as_it_was(settings, tmp_path) -> None:
    fill(settings)
    source = tmp_path / "good.zip"
    backup(source)
    Job.objects.create(kind="mine", created_at=timezone.now())
    before = rows("default")
    for number, (hand, seal, words) in enumerate(HANDS):
        with pytest.raises(BackupError, match=words):
            restore(altered(source, hand, seal=seal), force=True)
        assert rows("default") == before, number
        assert triggers.missing(connection) == set()


def orphan(entries: dict[str, bytes]) -> dict[str, bytes]:
    """The jobs, one of which points to a job that is not there."""
    with_fields = [json.loads(line) for line in entries[JOBS].splitlines()]
    column = [found.attname for found in fields_of(Job)].index("retry_of_id")
    with_fields[0][column] = 999_999
    return {JOBS: b"".join(json.dumps(row).encode() + b"\n" for row in with_fields)}


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04" + b"\0" * 50])
def test_what_is_not_a_backup_is_refused(tmp_path, content: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    with pytest.raises(BackupError, match="n’est pas une sauvegarde d’Essor"):
        restore(path)
    with pytest.raises(BackupError, match="n’est pas une sauvegarde d’Essor"):
        restore(tmp_path / "absent.zip")


def test_a_truncated_backup_is_refused(settings, tmp_path) -> None:
    fill(settings)
    backup(tmp_path / "one.zip")
    data = (tmp_path / "one.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(data[: len(data) // 2])
    with pytest.raises(BackupError):
        restore(tmp_path / "cut.zip", force=True)
    assert Job.objects.count() == 3
