"""Maps and drawn areas in a real browser: read a map, draw an area by a circle, publish it, remove it."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from essor.territories.enums import EpciType, Kind
from tests.factories import AuthorityFactory, MembershipFactory, TerritoryFactory
from tests.indicator_factories import ObservationFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [360, 1280])
def test_from_a_map_to_an_area(
    new_page: Callable[..., Page], transactional_db: None, check: Callable[[Page, str], None], width: int
) -> None:
    place = TerritoryFactory(kind=Kind.DEPARTEMENT, code="31", name="Haute-Garonne")
    agent = MembershipFactory(authority=AuthorityFactory(slug="essai", territory=place), agent=True)
    group = TerritoryFactory(kind=Kind.EPCI, code="200000001", name="CC Une", epci_type=EpciType.CC)
    for rank, (name, lon, lat) in enumerate((("Albe", 1.4, 43.6), ("Bray", 1.5, 43.6), ("Cerf", 1.45, 43.7))):
        row = TerritoryFactory(name=name, code=f"3100{rank}", lon=lon, lat=lat, departement=place, epci=group)
        ObservationFactory(
            code="registre.densite",
            territory=row,
            numerator=Decimal(10 * rank + 5),
            denominator=Decimal(1000),
        )
    page = new_page(user=agent.user, width=width)
    page.goto("/essai/observatoire/carte/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cerf en tête (25), Albe au plus bas (5)")
    page.locator(".map-drawing a").first.focus()
    expect(page.locator(".map-tip")).to_be_visible()
    check(page, f"carte-{width}")

    for address in ("carte/integree/", "carte/?forme=cercles&classes=egales", "atlas/departement/31/"):
        page.goto(f"/essai/observatoire/{address}")
        check(page, f"{address.split('/')[0]}-{width}")

    page.goto("/essai/observatoire/zones/")
    page.get_by_role("link", name="Dessiner une zone").first.click()
    page.get_by_label("Nom de la zone").fill("Autour d’Albe")
    page.get_by_label("Un cercle autour d’un lieu").check()
    expect(page.get_by_label("Points du contour")).to_be_hidden()
    page.get_by_label("Centre").fill("Albe")
    page.get_by_label("Rayon, en kilomètres").fill("3")
    check(page, f"zone-formulaire-{width}")
    page.get_by_role("button", name="Voir l’aperçu").click()
    expect(page.get_by_text("28,25 km²")).to_be_visible()
    check(page, f"zone-apercu-{width}")
    page.get_by_role("button", name="Enregistrer la zone").click()
    expect(page.locator("#contenu")).to_contain_text("La zone « Autour d’Albe » est enregistrée.")
    page.goto("/essai/observatoire/zones/")
    check(page, f"zones-{width}")
    page.get_by_role("link", name="Modifier Autour d’Albe").click()
    expect(page.get_by_role("heading", name="Le dessin actuel")).to_be_visible()
    check(page, f"zone-modifier-{width}")
    page.get_by_role("link", name="Supprimer la zone").click()
    check(page, f"zone-supprimer-{width}")
    page.get_by_role("button", name="Supprimer la zone").click()
    expect(page.get_by_text("Aucune zone pour l’instant")).to_be_visible()
