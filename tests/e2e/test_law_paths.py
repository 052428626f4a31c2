"""The law in a real browser: find a threshold, look at it on two days, override it here, see it, withdraw it."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from essor.accounts.models import User
from essor.rulebook.models import LocalLegalValue
from tests.factories import UserFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
TITLE = "Fournitures et services : seuil sans publicité ni mise en concurrence (hors taxes)"


@pytest.fixture
def admin(transactional_db: None) -> User:
    cache.clear()
    return UserFactory(installation_admin=True, full_name="Ada Admin")


def on_day(page: Page, day: str) -> None:
    page.get_by_label("Le droit au").fill(day)
    page.get_by_role("button", name="Voir ce jour-là").click()


def test_a_visitor_finds_a_threshold_on_two_days(
    new_page: Callable[..., Page], transactional_db: None, check: Callable[[Page, str], None]
) -> None:
    """On a phone, from the list to the day before the change and the day of it."""
    page = new_page(width=390)
    page.goto("/droit/")
    check(page, "droit")
    page.get_by_text("Filtrer").click()
    page.get_by_label("À vérifier").check()
    expect(page.get_by_role("link", name="Total annuel de subventions publiques")).to_be_visible()
    check(page, "droit-a-verifier")
    page.get_by_label("Chercher un seuil").fill("R2122-8 40 000")
    page.get_by_role("button", name="Voir").click()
    check(page, "droit-recherche")
    page.get_by_role("link", name=TITLE).click()
    figure = page.locator(".law-value__figure")
    expect(figure).to_have_text("60\u202f000\u00a0€")
    on_day(page, "2026-03-31")
    expect(figure).to_have_text("40\u202f000\u00a0€")
    on_day(page, "2026-04-01")
    expect(figure).to_have_text("60\u202f000\u00a0€")
    check(page, "droit-valeur")


def test_an_administrator_overrides_then_withdraws(
    new_page: Callable[..., Page], admin: User, check: Callable[[Page, str], None]
) -> None:
    page = new_page(user=admin, width=1280)
    page.goto("/installation/droit/")
    check(page, "droit-local-vide")
    page.get_by_role("link", name="Un paramètre nouveau").click()
    check(page, "droit-parametre-nouveau")
    page.go_back()
    page.get_by_label("À quel seuil ou plafond").fill("fournitures seuil sans publicite")
    page.get_by_role("main").get_by_role("button", name="Chercher").click()
    check(page, "droit-local-recherche")
    page.get_by_role("link", name=TITLE, exact=True).click()
    page.get_by_label("Valeur", exact=True).fill("45 000 €")
    page.get_by_label("À partir du").fill("2026-05-01")
    page.get_by_label("Quel texte ou quelle décision").fill("Règlement intérieur de la commande publique")
    page.get_by_label("Lu dans une source publique").check()
    page.get_by_label("Pourquoi l’ajoutez-vous ?").fill("Seuil interne plus prudent")
    check(page, "droit-local-forme")
    page.get_by_role("button", name="Voir ce qui change").click()
    expect(
        page.get_by_text("cette installation lira 45\u202f000\u00a0€ au lieu de 60\u202f000\u00a0€")
    ).to_be_visible()
    check(page, "droit-local-avant-apres")
    page.get_by_role("button", name="Mettre en vigueur ici").click()
    expect(page.get_by_text("Ajoutée par Ada Admin")).to_be_visible()
    check(page, "droit-local")

    page.get_by_role("link", name=TITLE, exact=True).click()
    expect(page.locator(".law-value__figure")).to_have_text("45\u202f000\u00a0€")
    expect(page.get_by_text("Valeur ajoutée ici")).to_be_visible()
    check(page, "droit-valeur-locale")

    page.goto("/installation/droit/")
    page.get_by_role("link", name="Retirer").click()
    page.get_by_label("Pourquoi la retirez-vous ?").fill("Règlement abrogé")
    check(page, "droit-local-retrait")
    page.get_by_role("button", name="Retirer la valeur").click()
    expect(page.get_by_text("Aucune valeur locale")).to_be_visible()
    page.get_by_text("Valeurs retirées").click()
    expect(page.get_by_text("Règlement abrogé")).to_be_visible()
    assert LocalLegalValue.objects.running().count() == 0
    page.goto("/droit/valeurs/procurement.no_publicity.supplies_services/")
    expect(page.locator(".law-value__figure")).to_have_text("60\u202f000\u00a0€")
