"""The doctor says what is wrong and what to do; the upgrade repairs, twice without harm."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils import timezone

from essor.kernel import doctor, triggers, upgrade
from essor.kernel.doctor import Check
from essor.kernel.models import OutboxMessage
from essor.kernel.tick import TICK, beat
from essor.kernel.worker import WORKER


def found() -> dict[str, Check]:
    return {check.code: check for check in doctor.checks()}


@pytest.fixture
def _sound(settings, tmp_path: Path, db: None) -> None:
    """An installation where everything is in place."""
    tmp_path.chmod(0o700)
    settings.DATA_DIR = tmp_path
    settings.SECRET_KEY = "x" * 50
    settings.ALLOWED_HOSTS = ["ess.example.fr"]
    settings.PUBLIC_URL, settings.HTTPS = "https://ess.example.fr", True
    settings.DEFAULT_FROM_EMAIL = "ess@example.fr"
    settings.DEMO = False
    for name in (WORKER, TICK):
        beat(name, timezone.now())


@pytest.mark.usefixtures("_sound")
def test_a_sound_installation_has_nothing_to_repair(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_room_probes", [])
    monkeypatch.setattr(doctor, "ASSETS", ("kernel/essor.css",))
    states = {code: check.state for code, check in found().items()}
    disk = states.pop("disk")
    assert set(states.values()) == {"ok"}
    assert disk in {"ok", "warn", "fail"}
    assert list(states)[:3] == ["python", "versions", "data"]


@pytest.mark.usefixtures("_sound")
def test_each_fault_is_told_with_its_remedy(
    settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "secret_key").write_text("x" * 50)
    (tmp_path / "secret_key").chmod(0o644)
    settings.ALLOWED_HOSTS = ["*"]
    settings.PUBLIC_URL, settings.HTTPS = "http://ess.example.fr", False
    settings.DEFAULT_FROM_EMAIL = "essor@localhost"
    long_ago = timezone.now() - timedelta(hours=1)
    for name in (WORKER, TICK):
        beat(name, long_ago)
    triggers.remove(connection)
    monkeypatch.setattr(doctor, "ASSETS", ("kernel/absent.css",))
    monkeypatch.setattr(doctor, "_room_probes", [lambda: 1 / 0])
    checks = found()
    wanted = {
        "data": "warn",
        "secret_key": "fail",
        "hosts": "warn",
        "https": "fail",
        "audit": "fail",
        "worker": "warn",
        "clock": "warn",
        "mail": "warn",
        "assets": "fail",
        "<lambda>": "fail",
    }
    assert {code: check.state for code, check in checks.items() if code in wanted} == wanted
    assert [check.code for check in checks.values() if check.state != "ok" and not check.remedy] == []


@pytest.mark.usefixtures("_sound")
def test_a_short_key_an_absent_folder_and_stuck_messages_are_seen(settings, tmp_path: Path) -> None:
    settings.SECRET_KEY = "short"
    settings.DATA_DIR = tmp_path / "absent"
    OutboxMessage.objects.create(
        to="a@b.fr", subject="s", text="t", html="h", created_at=timezone.now(), attempts=1
    )
    checks = found()
    assert [checks[code].state for code in ("secret_key", "data", "mail")] == ["fail", "fail", "warn"]
    assert "a@b.fr" not in str(checks)


@pytest.mark.usefixtures("_sound")
def test_missing_migrations_stop_the_visit_there() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'kernel' AND name = '0002_audit_triggers'")
    checks = found()
    assert checks["migrations"].state == "fail"
    assert "essor upgrade" in checks["migrations"].remedy
    assert "worker" not in checks


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("essor.kernel.health.database_answers", lambda: False)
    assert (found()["database"].state, "migrations" in found()) == ("fail", False)


@pytest.mark.django_db(transaction=True)
def test_an_upgrade_prepares_everything_and_bears_to_be_done_again(
    settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA_DIR = tmp_path / "data"
    settings.MEDIA_ROOT, settings.EDITIONS_DIR = tmp_path / "data" / "files", tmp_path / "data" / "editions"
    settings.STATIC_ROOT = tmp_path / "data" / "static"
    monkeypatch.setattr(upgrade, "_steps", {})
    calls: list[str] = []
    upgrade.upgrade_step("tests.step", "Données d’essai", fills=("kernel.Job",))(lambda: calls.append("run"))
    triggers.remove(connection)
    said: list[str] = []
    for _ in range(2):
        done = upgrade.upgrade(said.append)
        assert done == [
            "Dossier des données",
            "Base de données",
            "Table du cache",
            "Fichiers servis",
            "Données d’essai",
        ]
    assert calls == ["run", "run"]
    assert said[-1].startswith("Essor est à la version")
    assert triggers.missing(connection) == set()
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "data" / "static" / "kernel" / "essor.css").exists()
    assert upgrade.reference_models() == {"kernel.Job"}
    with pytest.raises(ImproperlyConfigured):
        upgrade.upgrade_step("tests.step", "Autre")(timezone.now)
