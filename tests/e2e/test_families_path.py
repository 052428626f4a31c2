"""A reader changes the territory, reads both counts, opens the mapping."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from essor.indicators import materialise
from tests.indicators.register_making import DAY, fill, paris

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [360, 1280])
def test_from_a_territory_to_the_mapping(
    new_page: Callable[..., Page], transactional_db: None, check: Callable[[Page, str], None], width: int
) -> None:
    fill(paris())
    materialise.materialise(DAY, timezone.now())
    page = new_page(width=width)
    page.goto("/observatoire/familles/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Île-de-France")
    page.get_by_role("textbox", name="Territoire").fill("ept:200057867")
    page.get_by_role("button", name="Voir", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Plaine Commune")
    check(page, "familles")
    page.locator("summary", has_text="Comptées par l’Insee seul").click()
    expect(page.get_by_role("row", name="9240")).to_contain_text("Supposition, à vérifier")
    check(page, "familles-correspondance")
