"""The pages of a form: fields, conditions, tables, files, saving by the script, reading over, sending."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.test import RequestFactory

from essor.kernel.questions import versions
from essor.kernel.questions.django_form import SectionForm
from essor.kernel.questions.editor_form import QuestionForm
from essor.kernel.questions.flow import Journey, first_to_answer, neighbours, review_page, section_page
from essor.kernel.questions.models import Response
from essor.kernel.questions.reading import read_form
from essor.kernel.questions.responses import save, start
from essor.kernel.questions.widgets import with_rows_changed
from tests.question_forms import FORM

PROJECT, MONEY = FORM.sections
JOURNEY = Journey(section_url=lambda code: f"/r/{code}/", review_url="/r/", leave_url="/")
ALL = {"name": "A", "employs": True, "jobs": 3}


def request(method: str, data: dict[str, Any] | None = None) -> HttpRequest:
    made: HttpRequest = getattr(RequestFactory(), method)("/r/x/", data or {})
    made.user = AnonymousUser()
    made.authority = None  # type: ignore[attr-defined]
    return made


@pytest.fixture
def response(db: None) -> Response:
    return start(versions.package_version(FORM))


def page(answer: HttpResponse) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


# ── The form of a section ──


def test_each_question_has_its_field_with_what_is_kept() -> None:
    form = SectionForm(FORM, MONEY, ALL | {"budget": "1234.50", "share": "0.575", "starts": "2026-03-01"})
    html = str(form)
    assert [form[code].value() for code in ("budget", "share", "starts")] == [
        "1\u202f234,5", "57,5", "2026-03-01",
    ]  # fmt: skip
    assert "<legend" in html
    assert 'name="partners-1-who"' in html
    assert form.is_multipart()


def test_a_condition_on_the_same_page_is_for_the_script_and_in_words() -> None:
    asked = {item["field"].name: item for item in SectionForm(FORM, PROJECT, {}).asked}
    assert json.loads(asked["jobs"]["when"]) == {"question": "employs", "compare": "is", "values": [True]}
    assert asked["jobs"]["words"] == "« Employez-vous\u00a0? » : oui"
    assert asked["name"]["when"] == ""


def test_faults_stand_on_their_fields_and_the_rest_is_kept() -> None:
    form = SectionForm(FORM, PROJECT, {}, data=QueryDict("name=A&employs=oui&jobs=x"), complete=True)
    assert not form.is_valid()
    assert set(form.errors) == {"jobs"}
    assert form.values == {"name": "A", "employs": True, "themes": None}


def test_what_hangs_on_a_no_is_not_asked_for() -> None:
    form = SectionForm(FORM, PROJECT, {}, data=QueryDict("name=A&employs=non&jobs="), complete=True)
    assert form.is_valid()


def test_rows_are_added_and_taken_away_without_a_script() -> None:
    sent = QueryDict("partners-1-who=a&partners-2-who=b&partners-2-gives=3&ajouter=partners")
    form = SectionForm(FORM, MONEY, ALL, data=with_rows_changed(sent))
    assert form.typed()["partners"] == [
        {"who": "a", "gives": None}, {"who": "b", "gives": "3"}, {"who": None, "gives": None},
    ]  # fmt: skip
    sent = QueryDict("partners-1-who=a&partners-2-who=b&retirer=partners-1")
    form = SectionForm(FORM, MONEY, ALL, data=with_rows_changed(sent))
    assert [row["who"] for row in form.typed()["partners"]] == ["b"]


# ── The way through ──


def test_one_goes_from_part_to_part_and_comes_back(response: Response) -> None:
    assert "Enregistrer et continuer" in page(section_page(request("get"), response, "project", JOURNEY))
    sent = {"name": "A", "employs": "oui", "jobs": "3", "revision": "1"}
    answer = section_page(request("post", sent), response, "project", JOURNEY)
    assert answer["Location"] == "/r/money/"
    kept = Response.objects.select_related("form_version").get()
    assert kept.answers == ALL
    answer = section_page(
        request("post", {"aller": "precedent", "revision": kept.revision}), kept, "money", JOURNEY
    )
    assert answer["Location"] == "/r/project/"
    answer = section_page(request("post", {"revision": kept.revision}), kept, "money", JOURNEY)
    assert answer["Location"] == "/r/"
    assert neighbours(FORM, ALL, "project") == (None, "money")
    assert first_to_answer(FORM, ALL) == "money"


def test_a_part_that_is_not_asked_leads_to_one_that_is(response: Response) -> None:
    assert section_page(request("get"), response, "money", JOURNEY)["Location"] == "/r/project/"


def test_the_script_saves_what_can_be_and_says_when(response: Response) -> None:
    sent = {"name": "A", "jobs": "x", "revision": "1", "enregistrement": "auto"}
    answer = section_page(request("post", sent), response, "project", JOURNEY)
    told = json.loads(answer.content)
    assert told["message"].startswith("Enregistré à ")
    assert told["revision"] == 2
    assert Response.objects.get().answers == {"name": "A"}


def test_two_tabs_see_both_answers_and_choose(response: Response) -> None:
    save(response, "project", {"name": "La Ligue"}, response.revision)
    sent = {"name": "La Fabrique", "revision": "1"}
    answer = section_page(request("post", {**sent, "enregistrement": "auto"}), response, "project", JOURNEY)
    assert answer.status_code == 409
    html = page(section_page(request("post", sent), response, "project", JOURNEY))
    assert "Rien n’a été écrasé" in html
    assert "La Ligue" in html
    assert 'value="La Fabrique"' in html
    assert 'name="revision" value="2"' in html.replace("\n", " ").replace("  ", "")


def test_a_fault_keeps_the_page_and_the_good_answers(response: Response) -> None:
    sent = {"name": "A", "employs": "oui", "jobs": "zéro", "revision": "1"}
    html = page(section_page(request("post", sent), response, "project", JOURNEY))
    assert "« zéro » n’est pas un nombre" in html.replace("\u00a0", " ")
    assert Response.objects.get().answers == {"name": "A", "employs": True}


def test_a_row_asked_keeps_what_was_typed(response: Response) -> None:
    kept = save(response, "project", ALL, response.revision)
    sent = {"budget": "pas encore", "partners-1-who": "a", "ajouter": "partners", "revision": "2"}
    html = page(section_page(request("post", sent), kept, "money", JOURNEY))
    assert 'name="partners-2-who"' in html
    assert 'value="pas encore"' in html


def test_a_file_is_given_kept_and_taken_away(response: Response) -> None:
    kept = save(response, "project", ALL, response.revision)
    wrong = SimpleUploadedFile("a.exe", b"MZ")
    html = page(section_page(request("post", {"statutes": wrong, "revision": "2"}), kept, "money", JOURNEY))
    assert "n’est pas d’un type accepté" in html
    good = SimpleUploadedFile("a.pdf", b"%PDF-1.4\n%%EOF\n")
    section_page(request("post", {"statutes": good, "revision": "2"}), kept, "money", JOURNEY)
    kept = Response.objects.select_related("form_version").get()
    assert kept.answers["statutes"]["name"] == "a.pdf"
    assert "a.pdf" in page(section_page(request("get"), kept, "money", JOURNEY))
    section_page(request("post", {"budget": "3", "revision": "3"}), kept, "money", JOURNEY)
    assert "statutes" in Response.objects.get().answers
    section_page(request("post", {"statutes-sans": "on", "revision": "4"}), kept, "money", JOURNEY)
    assert "statutes" not in Response.objects.get().answers


def test_one_reads_over_then_sends(response: Response) -> None:
    html = page(review_page(request("get"), response, JOURNEY, lambda done: "/merci/"))
    assert 'href="/r/project/#id_name"' in html
    kept = save(response, "project", {"name": "A", "employs": False}, response.revision)
    assert "Envoyer mes réponses" in page(review_page(request("get"), kept, JOURNEY, lambda done: "/merci/"))
    stale = page(review_page(request("post", {"revision": "1"}), kept, JOURNEY, lambda done: "/merci/"))
    assert "relisez-les avant de les envoyer" in stale
    answer = review_page(
        request("post", {"revision": kept.revision}), kept, JOURNEY, lambda done: f"/merci/{done.state}/"
    )
    assert answer["Location"] == "/merci/submitted/"
    done = Response.objects.select_related("form_version").get()
    assert section_page(request("get"), done, "project", JOURNEY)["Location"] == "/r/"
    assert "Envoyer mes réponses" not in page(review_page(request("get"), done, JOURNEY, lambda _: ""))


def test_words_of_people_are_never_markup() -> None:
    bad = "<script>alert(1)</script>"
    choice = {"code": "a", "label": bad, "help": bad}
    question = {
        "code": "x", "kind": "scale", "label": bad, "help": bad,
        "choices": [choice, {"code": "b", "label": "B"}],
    }  # fmt: skip
    section = {
        "code": "s",
        "title": bad,
        "questions": [question, {"code": "y", "kind": "text", "label": "Y"}],
    }
    form = read_form({"code": "tests.bad", "version": 1, "title": bad, "sections": [section]}, "essai")
    html = str(SectionForm(form, form.sections[0], {"y": bad}))
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 5
    assert "<script" not in str(QuestionForm(form, form.by_code["x"]))
