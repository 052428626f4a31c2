"""Official tables in a real browser: give one, look at what it changes, load it, read the published figures."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.factories import TerritoryFactory, UserFactory
from tests.observatory.tables import HEAD, written

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [360, 1280])
def test_from_a_file_to_the_published_figures(
    new_page: Callable[..., Page],
    transactional_db: None,
    check: Callable[[Page, str], None],
    tmp_path: Path,
    width: int,
) -> None:
    TerritoryFactory(name="Orléans", code="45234")
    lines = ("commune:45234;2020;Ensemble ESS;;10;200", "commune:99999;2020;Ensemble ESS;;1;2", "")
    path = written(tmp_path, "\n".join((HEAD, *lines)))
    page = new_page(user=UserFactory(installation_admin=True), width=width)
    page.goto("/observatoire/sources/charger/")
    page.get_by_label("Tableau", exact=True).set_input_files(path)
    page.get_by_role("button", name="Regarder ce qu’il change").click()
    expect(page.get_by_text("Rien n’est encore écrit")).to_be_visible()
    expect(page.get_by_text("ligne 3, colonne")).to_be_visible()
    check(page, f"tableau-officiel-{width}")
    page.get_by_role("button", name="Charger les lignes valides").click()
    expect(page.get_by_role("button", name="Retirer ce tableau")).to_be_visible()
    page.goto("/observatoire/sources/")
    check(page, f"sources-officielles-{width}")
    page.get_by_role("link", name="Repères publiés").click()
    expect(page.get_by_role("heading", name="À ne pas lire ensemble")).to_be_visible()
    check(page, f"reperes-{width}")
