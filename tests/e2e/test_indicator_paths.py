"""Indicators in a real browser: define one, collect parts that do not add up, follow it with a threshold."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from tests.factories import AuthorityFactory, MembershipFactory, TerritoryFactory
from tests.indicator_factories import OUTCOME, IndicatorFactory, ObservationFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [360, 1280])
def test_from_a_definition_to_the_board(
    new_page: Callable[..., Page], transactional_db: None, check: Callable[[Page, str], None], width: int
) -> None:
    place = TerritoryFactory(name="Orléans", code="45234")
    agent = MembershipFactory(authority=AuthorityFactory(slug="orleans", territory=place), agent=True)
    shares = IndicatorFactory(share=True, label="Devenir des objets", authority=agent.authority)
    for code, part in (("reemploi", 66), ("recyclage", 34), ("rendu", 2)):
        cut = {OUTCOME["code"]: code}
        ObservationFactory(
            code=shares.code, territory=place, cut=cut, numerator=Decimal(part), denominator=Decimal(100)
        )
    page = new_page(user=agent.user, width=width)
    page.goto("/orleans/indicateurs/")
    check(page, f"indicateurs-{width}")
    page.get_by_role("link", name="Devenir des objets").click()
    expect(page.get_by_text("les parts font 102 %")).to_be_visible()
    check(page, f"indicateur-parts-{width}")

    page.goto("/orleans/indicateurs/definir/")
    page.get_by_label("Nom", exact=True).fill("Tonnes reçues")
    page.get_by_label("Unité").fill("tonnes")
    page.get_by_label("Source").fill("Ressourcerie")
    page.get_by_role("button", name="Définir l’indicateur").click()
    for year, tonnes in (("2020", "122"), ("2021", "140,5")):
        page.get_by_role("link", name="Collecter une valeur").click()
        page.get_by_label("Période").fill(year)
        page.get_by_label("Valeur").fill(tonnes)
        page.get_by_label("Source", exact=True).fill("Bilan")
        page.get_by_role("button", name="Enregistrer la valeur").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        "140,5 tonnes, en hausse de 18,5 depuis 2020"
    )
    check(page, f"indicateur-serie-{width}")
    page.get_by_role("button", name="Suivre sur mon tableau").click()
    page.get_by_role("link", name="Seuils : Tonnes reçues").click()
    page.get_by_label("Seuil bas").fill("200")
    page.get_by_role("button", name="Enregistrer les seuils").click()
    expect(page.get_by_text("Sous le seuil bas")).to_be_visible()
    check(page, f"tableau-{width}")
