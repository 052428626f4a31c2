"""The course over HTTP: reading, quizzes, progress, attestation, counts, personal data, documents."""

from datetime import date
from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from essor.accounts.models import Authority, User
from essor.kernel import retention
from essor.kernel.models import AuditEntry
from essor.kernel.periods import today
from essor.kit.course import actions
from essor.kit.course.counting import course_counts, named_followers
from essor.kit.course.library import lessons, quizzes
from essor.kit.course.models import Attestation, CourseChoice, LessonProgress
from essor.kit.course.retention import erase_progress
from essor.kit.course.rules_quiz import Kind, Mark, Question, Result, shown_order
from tests.course_factories import DAY, AttestationFactory, ProgressFactory, finish
from tests.factories import AuthorityFactory, MembershipFactory, UserFactory
from tests.kit.test_course_rules import right_answer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


@pytest.fixture
def person() -> User:
    return UserFactory(full_name="Lucie Fontsafran")


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode().replace("\u00a0", " ")


def flat(words: str) -> str:
    """Words without spaces: a PDF breaks lines and keeps some of them."""
    return "".join(words.split())


def typed(lesson: str, wrong: int = 0) -> dict[str, object]:
    """A quiz filled in as a browser sends it, with so many questions wrong."""
    sent: dict[str, object] = {}
    for rank, question in enumerate(quizzes()[lesson]):
        sent |= _typed(question, right=rank >= wrong)
    return sent


def _typed(question: Question, *, right: bool) -> dict[str, object]:
    answer = right_answer(question, today())
    if question.kind is Kind.NUMBER:
        return {question.code: answer[0] if right else "1"}
    if question.kind is Kind.ORDER:
        order = answer if right else tuple(map(str, shown_order(question)))
        return {f"{question.code}_{rank}": str(place) for place, rank in enumerate(order, start=1)}
    if right:
        return {question.code: list(answer)}
    return {question.code: [str(rank) for rank in range(len(question.options)) if str(rank) not in answer][:1]
            or list(answer)[:1]}  # fmt: skip


# ── Reading ──


def test_every_lesson_reads_and_its_links_lead_somewhere(client: Client) -> None:
    page = text(client, "/kit/se-former/")
    for code, lesson in lessons().items():
        assert f"/kit/se-former/lecons/{code}/" in page
        shown = text(client, f"/kit/se-former/lecons/{code}/")
        assert lesson.title.replace("\u00a0", " ") in shown
        assert "{{" not in shown
        assert 'href=""' not in shown
        assert "Un exemple vrai" in shown


def test_a_lesson_tells_the_law_of_today(client: Client) -> None:
    page = text(client, "/kit/se-former/lecons/acheter/")
    assert "60\u202f000 €" in page
    assert "à la date du guide" not in page
    assert "/droit/valeurs/procurement.no_publicity.supplies_services/" in page


def test_a_lesson_speaks_of_the_territory(client: Client) -> None:
    AuthorityFactory(slug="ici")
    assert "Dans ma collectivité" in text(
        client, "/ici/kit/se-former/lecons/agir/"
    ) or "Dans le registre" in text(client, "/ici/kit/se-former/lecons/agir/")


@pytest.mark.parametrize("path", ["lecons/rien/", "lecons/rien.pdf", "lecons/rien/quiz/", "jeu/rien/"])
def test_what_does_not_exist(client: Client, path: str) -> None:
    assert client.get(f"/kit/se-former/{path}").status_code == 404


def test_reading_asks_few_questions_to_the_database(
    client: Client, person: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    # The figures of the register, its edition, and which texts of the kit are in force.
    with django_assert_max_num_queries(3):
        client.get("/kit/se-former/lecons/acheter/")
    client.force_login(person)
    with django_assert_max_num_queries(8):
        client.get("/kit/se-former/")
    with django_assert_max_num_queries(9):
        client.get("/kit/se-former/ma-progression/")


# ── Quizzes ──


def test_a_visitor_sees_its_result_and_nothing_is_kept(client: Client) -> None:
    response = client.post("/kit/se-former/lecons/acheter/quiz/", typed("acheter"))
    assert "Quiz réussi" in response.content.decode()
    assert LessonProgress.objects.count() == 0


@pytest.mark.parametrize("lesson", list(lessons()))
def test_every_quiz_is_passed_and_failed(client: Client, lesson: str) -> None:
    url = f"/kit/se-former/lecons/{lesson}/quiz/"
    assert "Quiz réussi" in client.post(url, typed(lesson)).content.decode()
    failed = client.post(url, typed(lesson, wrong=3)).content.decode()
    assert "Pas encore" in failed
    assert "Presque" in client.post(url, typed(lesson, wrong=2)).content.decode()
    assert failed.count("À revoir") == 3
    assert "{{" not in failed


def test_a_question_left_out_is_asked_again(client: Client) -> None:
    sent = typed("financer")
    del sent["financer-1"]
    sent["financer-5_0"] = sent["financer-5_1"]
    page = client.post("/kit/se-former/lecons/financer/quiz/", sent).content.decode()
    assert "Répondez à cette question." in page
    assert "une place différente" in page
    sent = typed("financer") | {"financer-1": "beaucoup"}
    assert "Écrivez un nombre" in client.post("/kit/se-former/lecons/financer/quiz/", sent).content.decode()


def test_the_last_and_the_best_are_kept(client: Client, person: User) -> None:
    client.force_login(person)
    url = "/kit/se-former/lecons/acheter/quiz/"
    client.post("/kit/se-former/lecons/acheter/lue/")
    for wrong in (3, 0, 2):
        client.post(url, typed("acheter", wrong=wrong))
    row = LessonProgress.objects.get(user=person)
    assert (row.tries, row.best, row.best_of, row.last, row.last_of) == (3, 5, 5, 3, 5)
    assert row.passed_on == today()
    page = text(client, url)
    assert "Votre meilleur résultat : 5 sur 5. Le dernier : 3 sur 5." in page
    assert "1 leçon réussie sur 10" in text(client, "/kit/se-former/ma-progression/")


def test_a_quiz_of_another_length_compares_by_share(person: User) -> None:
    """Four out of five is better than four out of six, and a quiz that grew loses nothing."""
    question = quizzes()["acheter"][0]

    def result(score: int, out_of: int) -> Result:
        return Result(tuple(Mark(question, (), rank < score) for rank in range(out_of)))

    for score, out_of in ((4, 5), (4, 6)):
        actions.record_try(person, "acheter", result(score, out_of), DAY)
    row = LessonProgress.objects.get()
    assert (row.best, row.best_of, row.last, row.last_of) == (4, 5, 4, 6)


# ── Attestation ──


def test_the_attestation_waits_for_ten_quizzes(client: Client, person: User) -> None:
    client.force_login(person)
    assert client.get("/kit/se-former/attestation/").status_code == 302
    with pytest.raises(ValidationError, match="dix quiz"):
        actions.issue_attestation(person, "Lucie Fontsafran", None, DAY)
    assert client.get("/kit/se-former/attestation.pdf").status_code == 404


def test_an_attestation_is_given_verified_and_withdrawn(client: Client, person: User) -> None:
    authority = AuthorityFactory()
    MembershipFactory(user=person, authority=authority, agent=True)
    finish(person)
    client.force_login(person)
    sent = {"full_name": "  Lucie   Fontsafran ", "authority": authority.pk}
    assert client.post("/kit/se-former/attestation/", sent).status_code == 302
    attestation = Attestation.objects.get()
    assert (attestation.full_name, attestation.authority, attestation.day) == (
        "Lucie Fontsafran",
        authority,
        today(),
    )
    assert AuditEntry.objects.filter(code="kit.attestation.issued", authority_id=authority.pk).count() == 1

    made = PdfReader(BytesIO(client.get("/kit/se-former/attestation.pdf").content))
    told = made.pages[0].extract_text()
    assert attestation.code in told
    assert "Lucie Fontsafran" in told
    assert made.trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]

    visitor = Client()
    page = text(visitor, f"/kit/se-former/verifier/?code={attestation.code.lower().replace('-', ' ')}")
    assert "L. F." in page
    assert "Fontsafran" not in page
    assert authority.name not in page

    assert client.post("/kit/se-former/attestation/retirer/").status_code == 302
    attestation.refresh_from_db()
    assert (attestation.full_name, attestation.authority, attestation.withdrawn_on) == ("", None, today())
    unknown = text(visitor, f"/kit/se-former/verifier/?code={attestation.code}")
    assert "Aucune attestation ne porte ce code" in unknown
    assert AuditEntry.objects.filter(code="kit.attestation.withdrawn").count() == 1
    actions.issue_attestation(person, "Lucie Fontsafran", None, DAY)


def test_one_attestation_at_a_time_and_of_ones_own_authority(person: User) -> None:
    finish(person)
    with pytest.raises(ValidationError, match="ne faites pas partie"):
        actions.issue_attestation(person, "Lucie Fontsafran", AuthorityFactory(), DAY)
    actions.issue_attestation(person, "Lucie Fontsafran", None, DAY)
    with pytest.raises(ValidationError, match="déjà une attestation"):
        actions.issue_attestation(person, "Lucie Fontsafran", None, DAY)
    actions.withdraw_attestation(person, DAY)
    with pytest.raises(ValidationError, match="pas d’attestation"):
        actions.withdraw_attestation(person, DAY)


@pytest.mark.parametrize("code", ["", "AAAA", "OOOO-0000-IIII", "A" * 200, "<script>", "\x00"])
def test_a_code_that_is_none(client: Client, code: str) -> None:
    assert client.get("/kit/se-former/verifier/", {"code": code}).status_code == 200


# ── Counts ──


def test_counts_by_role_of_the_first_day_and_names_only_when_allowed(client: Client) -> None:
    authority = AuthorityFactory(slug="ici")
    agents = [MembershipFactory(authority=authority, agent=True).user for _rank in range(4)]
    elected = [MembershipFactory(authority=authority, elected=True).user for _rank in range(3)]
    MembershipFactory(authority=AuthorityFactory(), agent=True)
    for user in [*agents, *elected]:
        finish(user)
    ProgressFactory()  # a person without any role counts nowhere
    counts = course_counts(authority, today())
    assert (counts.started.shown, counts.finished.shown) == (7, 7)
    assert {key: pair[0].shown for key, pair in counts.groups.items()} == {
        "elected": 3,
        "agent": 4,
        "other": 0,
    }

    client.force_login(agents[0])
    page = text(client, "/ici/kit/se-former/suivi/")
    assert not any(user.full_name in page for user in agents[1:])
    actions.choose_naming(agents[1], True, DAY)
    assert named_followers(authority, today()) == [(agents[1].full_name, 10)]
    assert agents[1].full_name in text(client, "/ici/kit/se-former/suivi/")
    actions.choose_naming(agents[1], False, DAY)
    assert named_followers(authority, today()) == []

    table = b"".join(client.get("/ici/kit/se-former/suivi/csv/")).decode()  # type: ignore[arg-type]
    assert "Élues et élus;3;3" in table
    assert not any(user.full_name in table for user in [*agents, *elected])


def test_small_groups_are_not_shown(client: Client) -> None:
    authority = AuthorityFactory(slug="ici")
    agents = [MembershipFactory(authority=authority, agent=True).user for _rank in range(4)]
    one = MembershipFactory(authority=authority, elected=True).user
    for user in [*agents, one]:
        ProgressFactory(user=user)
    counts = course_counts(authority, today())
    assert counts.started.shown == 5
    assert [pair[0].shown for pair in counts.groups.values()] == [None, None, 0]
    client.force_login(agents[0])
    assert "non montré" in text(client, "/ici/kit/se-former/suivi/")


def test_counting_asks_few_questions(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    authority = AuthorityFactory()
    for _rank in range(5):
        ProgressFactory(user=MembershipFactory(authority=authority, agent=True).user)
    with django_assert_max_num_queries(3):
        course_counts(authority, today())


def test_a_mandate_counts_on_the_day_of_the_lesson() -> None:
    authority: Authority = AuthorityFactory()
    ended = MembershipFactory(authority=authority, elected=True, ended=True)
    ProgressFactory(user=ended.user, read_on=today())
    assert course_counts(authority, today()).started.shown == 0


# ── Personal data ──


def test_progress_is_erased_and_exported(person: User) -> None:
    ProgressFactory(user=person, read_on=date(2023, 2, 28))
    ProgressFactory(user=person, lesson="agir", read_on=date(2023, 3, 1))
    fresh = ProgressFactory(read_on=date(2026, 1, 5))
    AttestationFactory(user=person)
    actions.choose_naming(person, True, DAY)
    found = retention.export_for(person.pk)
    assert len(found["kit.lessonprogress"]) == 2
    assert found["kit.attestation"][0]["prénom et nom"] == "Lucie Fontsafran"
    assert found["kit.coursechoice"] == [{"mon nom peut être montré": True, "choisi le": DAY}]

    assert erase_progress(date(2026, 2, 28)) == 0
    assert erase_progress(date(2026, 3, 2)) == 2
    assert list(LessonProgress.objects.all()) == [fresh]
    User.objects.filter(pk=person.pk).update(email="anonyme-1@invalid")
    retention.apply(date(2026, 3, 2))
    assert (Attestation.objects.count(), CourseChoice.objects.count()) == (0, 0)


# ── Documents ──


def test_documents(client: Client) -> None:
    one = PdfReader(BytesIO(client.get("/kit/se-former/lecons/acheter.pdf").content))
    assert one.metadata is not None
    assert one.metadata.title == "Acheter de façon responsable"
    whole = PdfReader(BytesIO(client.get("/kit/se-former/formation.pdf").content))
    first = flat("".join(page.extract_text() for page in whole.pages[:2]))
    assert [lesson.code for lesson in lessons().values() if flat(lesson.title) not in first] == []
