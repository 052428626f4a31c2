"""The course and the game in a real browser: a lesson, a quiz failed then passed, a whole mandate."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from essor.kernel.periods import today
from essor.kit.course.library import quizzes
from essor.kit.course.rules_quiz import Kind
from tests.factories import AuthorityFactory, MembershipFactory
from tests.kit.test_course_rules import right_answer

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def fill_quiz(page: Page, lesson: str) -> None:
    """Answer every question as one who knows."""
    for question in quizzes()[lesson]:
        answer = right_answer(question, today())
        if question.kind is Kind.NUMBER:
            page.locator(f"[name='{question.code}']").fill(answer[0])
        elif question.kind is Kind.ORDER:
            for place, rank in enumerate(answer, start=1):
                page.locator(f"[name='{question.code}_{rank}']").select_option(str(place))
        else:
            for each in page.locator(f"[name='{question.code}'][type=checkbox]").all():
                each.uncheck()
            for rank in answer:
                page.locator(f"[name='{question.code}'][value='{rank}']").check()


def test_an_elected_member_reads_fails_then_passes(
    new_page: Callable[..., Page], transactional_db: None, check: Callable[[Page, str], None]
) -> None:
    member = MembershipFactory(authority=AuthorityFactory(slug="ici"), elected=True)
    page = new_page(user=member.user, width=390)
    page.goto("/ici/kit/se-former/")
    check(page, "se-former")
    page.get_by_role("link", name="Commencer").click()
    expect(page.get_by_role("heading", name="Qu’est-ce que l’ESS ?", level=1)).to_be_visible()
    check(page, "lecon")
    page.get_by_role("button", name="J’ai lu : passer au quiz").click()
    page.get_by_role("button", name="Voir mon résultat").click()
    expect(page.get_by_role("heading", name="Il reste quelque chose à corriger")).to_be_visible()
    check(page, "quiz-incomplet")
    fill_quiz(page, "comprendre")
    page.locator("[name='comprendre-3']").fill("12")
    page.locator("[name='comprendre-4']").fill("1")
    page.get_by_role("button", name="Voir mon résultat").click()
    expect(page.get_by_role("heading", name="Presque : encore un essai")).to_be_visible()
    check(page, "quiz-manque")
    page.get_by_role("link", name="Recommencer le quiz").click()
    fill_quiz(page, "comprendre")
    page.get_by_role("button", name="Voir mon résultat").click()
    expect(page.get_by_role("heading", name="Quiz réussi")).to_be_visible()
    page.get_by_role("link", name="Leçon 2", exact=True).click()
    page.goto("/ici/kit/se-former/ma-progression/")
    expect(page.get_by_text("1 leçon réussie sur 10.")).to_be_visible()
    check(page, "progression")


def test_a_visitor_plays_a_whole_mandate(
    new_page: Callable[..., Page], transactional_db: None, check: Callable[[Page, str], None]
) -> None:
    page = new_page(width=390, javascript=False)
    page.goto("/kit/se-former/jeu/")
    page.get_by_label("Une commune", exact=True).check()
    page.get_by_role("button", name="Commencer le mandat").click()
    for number in range(1, 11):
        expect(page.get_by_text(f"décision {number} sur 10")).to_be_visible()
        page.locator("a.game-choice").last.click()
        if number < 10:
            page.get_by_role("link", name="Situation suivante").click()
    page.get_by_role("link", name="Faire le bilan du mandat").click()
    expect(page.get_by_role("heading", name="Vos dix décisions")).to_be_visible()

    seen = new_page(width=1280)
    seen.goto("/kit/se-former/jeu/")
    check(seen, "jeu")
    seen.get_by_label("Reprendre une partie avec son code").fill("departement-k7q2m")
    seen.get_by_role("button", name="Ouvrir cette partie").click()
    check(seen, "jeu-carte")
    seen.locator("a.game-choice").first.click()
    check(seen, "jeu-suite")
    seen.goto("/kit/se-former/jeu/departement-K7Q2M/?choix=aaaaaaaaaa&tour=fin")
    check(seen, "jeu-bilan")
