"""The path « find », with an index, in a real browser."""

import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from essor.registry.models import SavedSearch
from essor.registry.search import reader, writer
from tests.factories import TerritoryFactory, UserFactory
from tests.registry_factories import FactsFactory, PlaceFactory, edition_in_force

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
COUNT = "#liste-compte"
FIELD = "Nom, activité, commune, SIREN ou numéro RNA"


@pytest.fixture
def register(transactional_db: None) -> Iterator[None]:
    """A small register and its index."""
    edition_in_force()
    lake = TerritoryFactory(kind="epci", code="200000001", name="Pays du Lac", epci_type="CC")
    auterive = TerritoryFactory(code="31033", name="Auterive", epci=lake, lon=1.47, lat=43.35)
    muret = TerritoryFactory(code="31395", name="Muret", lon=1.32, lat=43.46)
    second_hand = FactsFactory(
        name="La Seconde Vie", naf="47.79Z", commune=auterive, created_on=date(2021, 3, 1)
    )
    PlaceFactory(organisation=second_hand.organisation, commune=auterive, longitude=1.48, latitude=43.36)
    far = FactsFactory(name="Recyclerie des Vignes", naf="38.32Z", commune=muret, created_on=date(1990, 3, 1))
    PlaceFactory(organisation=far.organisation, commune=muret, longitude=1.32, latitude=43.46)
    for number in range(5):
        FactsFactory(name=f"Amicale des boulistes {number}", naf="93.12Z", commune=muret)
    writer.rebuild()
    yield
    reader.forget()


@pytest.mark.parametrize("width", [390, 1280])
def test_finding_by_a_trade_word_near_a_place_and_keeping_the_search(
    new_page: Callable[..., Page], register: None, check: Callable[[Page, str], None], width: int
) -> None:
    page = new_page(user=UserFactory(), width=width)
    page.goto("/registre/")
    search = page.get_by_label(FIELD)
    search.fill("ressourceries")
    search.press("Enter")
    expect(page.locator(COUNT)).to_have_text(re.compile(r"2.organisations"))
    check(page, f"recherche-metier-{width}")

    page.goto("/registre/?q=ressourcerie&pres=auterive&km=5")
    expect(page.locator(COUNT)).to_have_text(re.compile(r"1.organisation$"))
    expect(page.get_by_role("link", name="La Seconde Vie")).to_be_visible()
    expect(page.get_by_text("à 1,4 km")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Retirer le filtre.*à moins de 5 km"))).to_be_visible()
    check(page, f"recherche-distance-{width}")

    page.get_by_role("link", name="Garder cette recherche").click()
    page.get_by_label("Nom de la recherche").fill("Réemploi près d’Auterive")
    page.get_by_label("Une fois par semaine").check()
    check(page, f"recherche-garder-{width}")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes recherches")
    check(page, f"recherches-{width}")
    page.get_by_role("link", name="Réemploi près d’Auterive", exact=True).click()
    expect(page.locator(COUNT)).to_have_text(re.compile(r"1.organisation$"))
    assert SavedSearch.objects.get().query == "q=ressourcerie&pres=commune%3A31033&km=5"


def test_a_misspelt_name_is_found_and_a_search_without_answer_is_helped(
    page: Page, register: None, check: Callable[[Page, str], None]
) -> None:
    page.goto("/registre/?q=amicalle+boulsites")
    expect(page.locator(COUNT)).to_have_text(re.compile(r"5.organisations"))
    expect(page.get_by_text("ceux qui leur ressemblent")).to_be_visible()
    expect(page.get_by_text("Vouliez-vous dire")).to_be_hidden()  # the list has them all already
    check(page, "recherche-faute")

    page.goto("/registre/?q=recyclerie+vignes&famille=mutual")
    expect(page.get_by_text("Essayez plutôt")).to_be_visible()
    check(page, "recherche-vide")
    page.get_by_role("link", name=re.compile("sans les filtres")).click()
    expect(page.locator(COUNT)).to_have_text(re.compile(r"1.organisation$"))
