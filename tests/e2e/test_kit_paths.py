"""The kit in a real browser: find a fiche, change level, open a tool, read a recipe."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [360, 1280])
def test_from_a_search_to_a_tool_and_a_recipe(
    new_page: Callable[..., Page], transactional_db: None, check: Callable[[Page, str], None], width: int
) -> None:
    page = new_page(width=width)
    page.goto("/kit/")
    check(page, f"kit-{width}")
    page.get_by_label("Un sujet, un lieu, un mot du métier").fill("zero chomeur nievre")
    page.get_by_role("main").get_by_role("button", name="Chercher").click()
    page.get_by_role("link", name="Insertion et création d’activités").click()
    check(page, f"kit-fiche-{width}")
    page.get_by_role("link", name="Région", exact=True).click()
    expect(page.get_by_role("heading", name="Ce que peut votre niveau : région")).to_be_visible()
    page.get_by_role("link", name="Voir la recette").or_(
        page.get_by_role("link", name="recette", exact=True)
    ).first.click()
    expect(page.get_by_role("heading", name="Soutien à une entreprise à but d’emploi")).to_be_visible()
    check(page, f"kit-recette-{width}")
    page.get_by_role("link", name="Recettes", exact=True).click()
    expect(page.get_by_role("heading", name="Recettes", level=1)).to_be_visible()
    check(page, f"kit-recettes-{width}")
