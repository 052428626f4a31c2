"""Responses and versions: saving at the same time, what is sent, what is kept and for how long."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from essor.kernel import audit, files, retention
from essor.kernel.models import AuditEntry, StoredFile
from essor.kernel.questions import versions
from essor.kernel.questions.files import PURPOSE
from essor.kernel.questions.models import FormVersion, Response, ResponseFile, Unchangeable
from essor.kernel.questions.reading import FormError, export, read_form
from essor.kernel.questions.responses import Closed, Incomplete, Overtaken, save, start, submit
from essor.kernel.questions.retention import erase_old, months_before
from tests.question_forms import BODY, CODE, FORM

pytestmark = pytest.mark.django_db


@pytest.fixture
def response() -> Response:
    return start(versions.package_version(FORM), "tests.thing:1", respondent_id=7)


def test_a_form_of_the_package_is_kept_once_and_again_when_it_changes(db: None) -> None:
    first = versions.package_version(FORM)
    assert versions.package_version(FORM) == first
    assert first.form() == FORM
    other = read_form({**BODY, "title": "Un autre"}, "essai")
    second = versions.package_version(other)
    assert (second.version, second.form().title) == (2, "Un autre")


def test_two_tabs_do_not_write_over_each_other(response: Response) -> None:
    saved = save(response, "project", {"name": "A"}, response.revision)
    with pytest.raises(Overtaken, match="Rien n’a été écrasé") as refused:
        save(response, "project", {"name": "B"}, response.revision)
    assert refused.value.questions == ("name",)
    assert Response.objects.get().answers == {"name": "A"}
    again = save(response, "project", {"name": "B"}, refused.value.response.revision)
    assert (again.answers, again.revision) == ({"name": "B"}, saved.revision + 1)


def test_two_people_on_two_parts_do_not_hinder_each_other(response: Response) -> None:
    save(response, "project", {"name": "A"}, response.revision)
    save(response, "money", {"budget": "3.00"}, response.revision)
    assert Response.objects.get().answers == {"name": "A", "budget": "3.00"}


def test_the_same_answers_again_change_nothing(response: Response) -> None:
    saved = save(response, "project", {"name": "A", "jobs": None}, response.revision)
    assert save(response, "project", {"name": "A"}, response.revision).revision == saved.revision


@pytest.mark.django_db(transaction=True)
def test_many_at_once_lose_nothing() -> None:
    response = start(versions.package_version(FORM))
    won: list[str] = []
    lost: list[str] = []
    ready = threading.Barrier(6)

    def write(section: str, code: str, value: Any) -> None:
        try:
            ready.wait(10)
            save(response, section, {code: value}, response.revision)
            won.append(code if section == "money" else str(value))
        except Overtaken:
            lost.append(str(value))
        finally:
            connection.close()

    work = [("project", "name", f"n{number}") for number in range(3)]
    work += [("money", "budget", "1.00"), ("other", "share", "0.5"), ("third", "starts", "2026-01-01")]
    threads = [threading.Thread(target=write, args=each) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    found = Response.objects.get()
    assert len(lost) == 2
    assert found.answers["name"] in won
    assert {"budget", "share", "starts"} <= set(found.answers)
    assert found.revision == response.revision + 4


def test_what_is_sent_has_no_hidden_answer_and_changes_no_more(response: Response) -> None:
    saved = save(response, "project", {"name": "A", "employs": True, "jobs": 1}, response.revision)
    saved = save(saved, "money", {"budget": "5.00"}, saved.revision)
    with pytest.raises(Overtaken):
        submit(saved, response.revision)
    sent = submit(saved, saved.revision, actor_id=7)
    assert (sent.state, sent.answers) == ("submitted", {"name": "A", "employs": True, "jobs": 1})
    with pytest.raises(Closed):
        save(sent, "project", {"name": "B"}, sent.revision)
    with pytest.raises(Closed):
        submit(sent, sent.revision)
    told = audit.lines(AuditEntry.objects.filter(code="questions.submit"))
    assert "a envoyé ses réponses à « Un essai »" in next(iter(told)).sentence


def test_what_is_missing_is_told_when_sending(response: Response) -> None:
    with pytest.raises(Incomplete) as refused:
        submit(response, response.revision)
    assert [question.code for question in refused.value.questions] == ["name", "employs"]
    assert "« Son nom » : Une réponse est attendue." in str(refused.value)


def test_a_published_version_never_changes(response: Response) -> None:
    version = FormVersion.objects.get()
    version.body = {}
    with pytest.raises(Unchangeable):
        version.save()


def test_an_authority_makes_its_own_version_and_goes_back(db: None) -> None:
    assert versions.in_force(FORM, 3).owner_id is None
    draft = versions.open_draft(FORM, 3)
    assert versions.open_draft(FORM, 3) == draft
    assert versions.in_force(FORM, 3).owner_id is None
    other = read_form({**draft.body, "title": "Le nôtre"}, "essai")
    changed = versions.change_draft(draft, other, draft.revision)
    with pytest.raises(versions.Overtaken):
        versions.change_draft(draft, FORM, draft.revision)
    with pytest.raises(versions.Refused, match="relisez-le"):
        versions.publish(draft, 7)
    published = versions.publish(changed, 7)
    assert (published.version, versions.in_force(FORM, 3)) == (1, published)
    assert versions.in_force(FORM, 4).owner_id is None
    back = versions.go_back(FORM, 3, 7)
    assert (back.version, back.form().sections, back.form().title) == (2, FORM.sections, "Un essai")
    assert AuditEntry.objects.filter(code="questions.publish", authority_id=3).count() == 2


def test_a_draft_that_does_not_hold_is_not_kept(db: None) -> None:
    draft = versions.open_draft(FORM, 3)
    broken = export(FORM)
    del broken["sections"][0]["questions"][1]
    with pytest.raises(FormError):
        versions.change_draft(draft, read_form(broken, "essai"), draft.revision)


def a_file(name: str = "a.pdf") -> StoredFile:
    content = SimpleUploadedFile(name, b"%PDF-1.4\n%%EOF\n" + name.encode())
    return files.store(content, purpose=PURPOSE, uploaded_by=7)


def test_files_go_with_their_answers(response: Response, tmp_path: Any, settings: Any) -> None:
    first, second = a_file(), a_file("b.pdf")
    told = {"id": str(first.pk), "name": "a.pdf", "size": 3}
    saved = save(response, "money", {"statutes": told}, response.revision)
    assert files.may_read(RequestFactory().get("/"), first)
    assert not files.may_read(RequestFactory().get("/"), second)
    saved = save(saved, "money", {"statutes": told | {"id": str(second.pk)}}, saved.revision)
    assert set(StoredFile.objects.all()) == {second}
    save(saved, "money", {"statutes": None}, saved.revision)
    assert not StoredFile.objects.exists()
    assert not ResponseFile.objects.exists()


def test_a_file_of_another_usage_cannot_be_tied(response: Response) -> None:
    other = StoredFile.objects.create(
        sha256="0" * 64, name="x", content_type="x", size=1, purpose="other", created_at=timezone.now()
    )
    with pytest.raises(StoredFile.DoesNotExist):
        save(
            response, "money", {"statutes": {"id": str(other.pk), "name": "x", "size": 1}}, response.revision
        )
    assert Response.objects.get().answers == {}


def test_answers_are_erased_after_what_the_use_says(response: Response) -> None:
    day = timezone.localdate()
    assert erase_old(day) == 0
    Response.objects.update(saved_at=timezone.now() - timedelta(days=800))
    assert erase_old(day) == 1
    assert "kernel.response" in retention.declared()


def test_a_person_is_given_what_they_answered(response: Response) -> None:
    save(response, "project", {"name": "A", "employs": True}, response.revision)
    rows = retention.export_for(7)["kernel.response"]
    assert rows[0]["réponses"] == {"Son nom": "A", "Employez-vous\u00a0?": "oui"}
    assert "kernel.response" not in retention.export_for(8)


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [(date(2026, 3, 31), 1, date(2026, 2, 28)), (date(2026, 1, 5), 12, date(2025, 1, 5))],
)
def test_so_many_months_before(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before


def test_a_form_without_its_use_takes_no_answer(db: None) -> None:
    lost = FormVersion.objects.create(code="x.y", version=1, body=export(FORM), created_at=timezone.now())
    with pytest.raises(LookupError):
        start(lost)
    assert CODE in str(FormVersion(code=CODE, version=2))
