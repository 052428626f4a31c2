"""The register of personal data: declared once, applied every night, exported to the person."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from essor.kernel import audit, retention
from essor.kernel.models import OutboxMessage, StoredFile
from essor.kernel.retention import Retention

audit.register("tests.told", "{actor} a fait {what}")


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_register", retention._Register())


def a_declaration(**options: object) -> Retention:
    return Retention(
        **{
            "model": "tests.Person",
            "fields": ("email",),
            "purpose": "p",
            "legal_basis": "b",
            "kept": "k",
            **options,
        }
    )


@pytest.mark.django_db
def test_each_declaration_is_applied_on_the_day(alone: None) -> None:
    days: list[date] = []
    retention.register(a_declaration(apply=lambda day: days.append(day) or 3))
    retention.register(a_declaration(model="tests.Other"))
    assert retention.apply(date(2026, 3, 4)) == [("tests.person", 3)]
    assert days == [date(2026, 3, 4)]


@pytest.mark.django_db
def test_a_failure_stops_no_other_erasure(alone: None) -> None:
    days: list[date] = []
    retention.register(a_declaration(model="tests.Alpha", apply=lambda day: 1 // 0))
    retention.register(a_declaration(model="tests.Beta", apply=lambda day: days.append(day) or 1))
    with pytest.raises(retention.RetentionFailed, match=r"^tests\.alpha$"):
        retention.apply(date(2026, 3, 4))
    assert days == [date(2026, 3, 4)]


def test_a_model_is_declared_once(alone: None) -> None:
    one = a_declaration()
    retention.register(one)
    retention.register(one)
    with pytest.raises(ImproperlyConfigured):
        retention.register(a_declaration(kept="dix ans"))
    assert retention.declared() == {"tests.person": one}


def test_an_export_leaves_out_what_is_empty(alone: None) -> None:
    retention.register(a_declaration(export=lambda user_id: [{"id": user_id}]))
    retention.register(a_declaration(model="tests.Other", export=lambda user_id: []))
    assert retention.export_for(4) == {"tests.person": [{"id": 4}]}


@pytest.mark.django_db
def test_the_kernel_gives_a_person_their_acts_and_their_files() -> None:
    at = datetime(2026, 3, 4, tzinfo=UTC)
    audit.record(
        "tests.told", actor_id=4, subject="a:1", data={"what": "un essai"}, reason="parce que", at=at
    )
    audit.record("tests.told", actor_id=5, subject="a:1", data={"what": "autre chose"}, at=at)
    StoredFile.objects.create(
        sha256="0" * 64,
        name="a.pdf",
        content_type="application/pdf",
        size=3,
        purpose="p",
        uploaded_by=4,
        created_at=at,
    )
    found = retention.export_for(4)
    assert [row["motif"] for row in found["kernel.auditentry"]] == ["parce que"]
    assert found["kernel.storedfile"] == [{"nom": "a.pdf", "usage": "p", "octets": 3, "moment": at}]


@pytest.mark.django_db
def test_the_outbox_is_purged_by_the_nightly_work() -> None:
    OutboxMessage.objects.create(
        to="a@b.fr",
        subject="s",
        text="t",
        html="h",
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        sent_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    OutboxMessage.objects.create(to="a@b.fr", subject="s", text="t", html="h", created_at=timezone.now())
    assert ("kernel.outboxmessage", 1) in retention.apply(timezone.now().date())
