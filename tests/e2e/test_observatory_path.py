"""The observatory in a real browser: from the search to the portrait, its ranking and a comparison."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.observatory.making import DENSITY, SITES, country, see

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [360, 1280])
def test_from_the_search_to_the_comparison(
    new_page: Callable[..., Page], transactional_db: None, check: Callable[[Page, str], None], width: int
) -> None:
    land = country()
    for number, place in enumerate((land.garonne, land.region, *land.epcis)):
        see(place, SITES, 10 + number)
        see(place, DENSITY, 10 + number, 1000)
        see(place, SITES, 6, cut={"famille": "association"})
        see(place, SITES, 4 + number, cut={"famille": "cooperative"})
    page = new_page(width=width)
    page.goto("/observatoire/")
    check(page, f"observatoire-{width}")
    page.get_by_label("Chercher un territoire").fill("CC du Pays 0")
    page.get_by_role("button", name="Voir le portrait").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("La CC du Pays 0 compte 12 établissements")
    expect(page.get_by_text("4e sur 4 intercommunalités de la Haute-Garonne").first).to_be_visible()
    check(page, f"portrait-{width}")
    page.get_by_role("link", name="Classement", exact=True).click()
    expect(page.get_by_text("La CC du Pays 0 : 12, rang 4 sur 4.")).to_be_visible()
    check(page, f"classement-{width}")
    page.go_back()
    page.get_by_role("link", name="Comparer", exact=True).click()
    page.get_by_label("Territoire 2").fill("Haute-Garonne (departement:31)")
    page.get_by_role("button", name="Comparer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Comparer la CC du Pays 0 et la Haute-Garonne")
    check(page, f"comparer-{width}")
