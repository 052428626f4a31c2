"""Correcting a fiche, then adopting a recipe, in a real browser; the first one without script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.factories import MembershipFactory, UserFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_an_editor_corrects_compares_and_resets(
    new_page: Callable[..., Page], transactional_db: None, check: Callable[[Page, str], None]
) -> None:
    page = new_page(user=UserFactory(editor=True), width=390, javascript=False)
    page.goto("/kit/fiches/K12/")
    page.get_by_role("link", name="Corriger", exact=True).click()
    page.get_by_label("Titre", exact=True).fill("Acheter autrement")
    page.get_by_role("button", name="Ajouter un exemple").click()
    expect(page.get_by_label("Titre", exact=True)).to_have_value("Acheter autrement")
    page.get_by_label("Pourquoi cette correction ?").fill("Un titre plus court")
    page.get_by_role("button", name="Mettre ce texte en ligne").click()
    expect(page.get_by_role("heading", name="Acheter autrement", level=1)).to_be_visible()
    page.get_by_role("link", name="Versions").click()
    expect(page.get_by_text("Un titre plus court")).to_be_visible()
    expect(page.locator("ins")).not_to_have_count(0)
    page.get_by_role("link", name="Revenir au texte d’Essor").click()
    page.get_by_role("button", name="Revenir au texte d’Essor").click()
    expect(page.get_by_role("heading", name="Commande publique responsable", level=1)).to_be_visible()


def test_an_agent_adopts_edits_and_sends(
    new_page: Callable[..., Page], transactional_db: None, check: Callable[[Page, str], None]
) -> None:
    member = MembershipFactory(agent=True, authority__slug="ici", authority__kind="departement")
    page = new_page(user=member.user, width=1280)
    page.goto("/ici/kit/recettes/politiques-sectorielles-departement/")
    page.get_by_role("link", name="Adopter cette recette").click()
    check(page, "adopter")
    page.get_by_role("button", name="Adopter cette recette").click()
    check(page, "adoption")
    page.get_by_role("link", name="Voir et modifier").click()
    check(page, "politiques")
    page.get_by_role("link", name="Collèges").click()
    page.get_by_label("Nom de la politique").fill("Collèges et réussite éducative")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("link", name="Collèges et réussite éducative")).to_be_visible()
    page.get_by_role("link", name="Faire partir comme recette").click()
    page.get_by_label("En deux phrases").fill("Nos politiques, dans nos mots.")
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger la recette").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert "Collèges et réussite éducative" in text
    assert "licence: etalab-2.0" in text
