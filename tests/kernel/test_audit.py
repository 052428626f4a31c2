"""The log of acts: told in French, append-only whatever is tried."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from essor.kernel import audit, triggers
from essor.kernel.models import AuditEntry

audit.register("tests.opened", gettext_lazy("{actor} a ouvert « {title} » ({count} lignes, {checked})"))
audit.register("tests.closed", "clôture automatique")


@pytest.fixture
def people():
    before = list(audit._names)
    audit.name_people(lambda ids: {7: "Camille Arnaud"} if 7 in set(ids) else {})
    yield
    audit._names[:] = before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kept", "told"),
    [("2026-03-01", "1er mars 2026"), (date(2026, 8, 3), "3 août 2026"), ("2026-99-01", "2026-99-01")],
)
def test_a_day_is_told_in_french(kept: date | str, told: str) -> None:
    entry = audit.record(
        "tests.opened",
        actor_id=None,
        subject="tests.call:9",
        data={"title": kept, "count": 1, "checked": True},
    )
    assert f"« {told} »" in audit.sentence(entry)


@pytest.mark.django_db
def test_an_entry_is_told_in_french(people) -> None:
    at = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)
    data = {"title": "Appel 2026", "count": 3, "checked": True}
    entry = audit.record(
        "tests.opened", actor_id=7, subject="tests.call:12", authority_id=3, data=data, reason="Vote", at=at
    )
    assert audit.entries_for("tests.call:12") == [
        audit.Line(
            at=at,
            day=date(2026, 4, 1),
            code="tests.opened",
            sentence="Camille Arnaud a ouvert « Appel 2026 » (3 lignes, oui)",
            author="",
            reason="Vote",
        )
    ]
    assert audit.sentence(entry) == "Camille Arnaud a ouvert « Appel 2026 » (3 lignes, oui)"
    assert audit.entries_for("tests.call:1") == []


@pytest.mark.django_db
def test_the_latest_act_comes_first_and_the_system_is_named() -> None:
    data = {"title": "A", "count": 1, "checked": False}
    audit.record("tests.opened", actor_id=99, subject="tests.call:12", data=data)
    audit.record("tests.closed", actor_id=None, subject="tests.call:12")
    assert [(line.sentence, line.author) for line in audit.entries_for("tests.call:12")] == [
        ("Clôture automatique", "le système"),
        ("Une personne dont le compte n’existe plus a ouvert « A » (1 lignes, non)", ""),
    ]


@pytest.mark.django_db
def test_an_act_whose_sentence_is_gone_does_not_break_the_page() -> None:
    entry = AuditEntry(code="room.gone", actor_id=None, at=datetime(2026, 1, 1, tzinfo=UTC), data={})
    assert audit.sentence(entry) == "Acte « room.gone »"


@pytest.mark.django_db
def test_what_is_stored_is_plain() -> None:
    audit.register("tests.paid", "versement de {amount} le {day}")
    data = {"amount": Decimal("12.50"), "day": date(2026, 1, 2), "final": None}
    entry = audit.record("tests.paid", actor_id=None, subject=AuditEntry(pk=4), data=data)
    entry.refresh_from_db()
    assert (entry.subject_kind, entry.subject_id) == ("kernel.auditentry", "4")
    assert entry.data == {"amount": "12.50", "day": "2026-01-02", "final": None}


@pytest.mark.parametrize(
    "data",
    [
        {"email": "x"},
        {"who": "camille@exemple.fr"},
        {"note": "joignable au 06 12 34 56 78"},
        {"rows": [1, 2]},
        {"more": {"a": 1}},
        {"text": "x" * 201},
        {"rate": 0.5},
        {"not a key": 1},
        {"actor": "x"},
        {f"k{n}": n for n in range(21)},
    ],
)
def test_personal_or_large_data_are_refused(data: dict) -> None:
    with pytest.raises(ValueError, match="audit"):
        audit.record("tests.closed", actor_id=None, subject="a:1", data=data)


def test_unknown_codes_lacking_words_and_unsaved_subjects_are_refused() -> None:
    with pytest.raises(audit.UnknownCode):
        audit.record("tests.unknown", actor_id=1, subject="a:1")
    with pytest.raises(ValueError, match="lacks checked, count"):
        audit.record("tests.opened", actor_id=1, subject="a:1", data={"title": "A"})
    with pytest.raises(ValueError, match="not saved"):
        audit.record("tests.closed", actor_id=1, subject=AuditEntry())
    with pytest.raises(ValueError, match="kind:id"):
        audit.record("tests.closed", actor_id=1, subject="nothing")
    with pytest.raises(ValueError, match="2000"):
        audit.record("tests.closed", actor_id=1, subject="a:1", reason="x" * 2001)


@pytest.mark.parametrize("sentence", ["a fait %(what)s", "a fait {0}", "{actor.name} a fait"])
def test_a_sentence_names_its_data_by_key(sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        audit.register("tests.bad", sentence)


def test_two_sentences_for_a_code_are_refused() -> None:
    audit.register("tests.closed", "clôture automatique")
    with pytest.raises(ImproperlyConfigured):
        audit.register("tests.closed", "autre phrase")


@given(st.text(max_size=200))
def test_any_text_is_either_told_or_refused(text: str) -> None:
    try:
        clean = audit._clean({"title": text, "count": 1, "checked": True})
    except ValueError:
        assert audit.PERSONAL_VALUES.search(text)
        return
    entry = AuditEntry(code="tests.opened", actor_id=None, at=datetime(2026, 1, 1, tzinfo=UTC), data=clean)
    assert audit.sentence(entry) == f"Le système a ouvert « {text} » (1 lignes, oui)"


STATEMENTS = [
    "UPDATE kernel_auditentry SET code = 'x'",
    "DELETE FROM kernel_auditentry",
]
ON_SQLITE = ["INSERT OR REPLACE INTO kernel_auditentry SELECT * FROM kernel_auditentry"]
ON_POSTGRES = ["TRUNCATE kernel_auditentry", "TRUNCATE kernel_auditentry CASCADE"]


@pytest.mark.django_db
def test_the_database_refuses_any_change() -> None:
    entry = audit.record("tests.closed", actor_id=None, subject="a:1")
    for statement in STATEMENTS + (ON_SQLITE if connection.vendor == "sqlite" else ON_POSTGRES):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entry.delete()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entry.save()
    assert [line.code for line in audit.entries_for("a:1")] == ["tests.closed"]


@pytest.mark.django_db(transaction=True)
def test_a_transactional_test_empties_the_log_afterwards() -> None:
    audit.record("tests.closed", actor_id=None, subject="a:1")
    assert triggers.missing(connection) == set()


@pytest.mark.django_db(transaction=True)
def test_the_log_is_empty_and_locked_after_it() -> None:
    assert AuditEntry.objects.count() == 0
    assert triggers.missing(connection) == set()


@pytest.mark.django_db
def test_missing_triggers_are_seen_and_put_back_by_a_migration() -> None:
    from essor.kernel.apps import lock_audit_log

    triggers.remove(connection)
    assert triggers.missing(connection)
    lock_audit_log(using="default")
    assert triggers.missing(connection) == set()
