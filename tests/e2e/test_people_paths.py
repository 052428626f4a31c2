"""Claim and correct, in a real browser: a person gets the page of its organisation, describes it, corrects a fact."""

import re
from collections.abc import Callable

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from essor.kernel.models import OutboxMessage
from essor.registry.models import Correction
from tests.factories import PASSWORD
from tests.registry.people.conftest import Scene, make_scene

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def scene(transactional_db: None) -> Scene:
    cache.clear()
    return make_scene()


def link_to(address: str) -> str:
    """The path of the link in the last message for an address."""
    message = OutboxMessage.objects.filter(to=address).latest("pk")
    found = re.search(r"http://localhost:8000(/\S+)", message.text)
    assert found
    return found.group(1)


def test_claim(new_page: Callable[..., Page], scene: Scene, check: Callable[[Page, str], None]) -> None:
    """From a visit to the published description: account, proof by e-mail, profile, public page."""
    page = new_page(width=390)
    page.goto(f"/registre/{scene.organisation.pk}/")
    page.get_by_role("link", name="C’est mon organisation").click()
    check(page, "agir-visite")
    page.get_by_role("link", name="Créer un compte").click()
    page.get_by_label("Adresse électronique").fill("rose@foyer-du-lac.example")
    page.get_by_role("button", name="Recevoir le lien").click()
    expect(page.get_by_role("heading", name="Regardez votre messagerie")).to_be_visible()

    page.goto(link_to("rose@foyer-du-lac.example"))
    page.get_by_label("Prénom et nom").fill("Rose Rivière")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Ouvrir mon compte").click()
    check(page, "agir")
    page.get_by_label("Votre adresse dans l’organisation").fill("rose@foyer-du-lac.example")
    page.get_by_role("button", name="Recevoir le lien").click()
    expect(page.get_by_text("Votre demande est en cours")).to_be_visible()

    page.goto(link_to("rose@foyer-du-lac.example"))
    page.get_by_role("button", name="Confirmer").click()
    page.get_by_role("link", name="Compléter la page").click()
    check(page, "profil")
    page.get_by_label("Présentation").fill("Nous logeons de jeunes travailleuses et travailleurs.")
    page.get_by_label("Téléphone").fill("0561000000")
    page.get_by_role("button", name="Publier").click()
    check(page, "organisation-decrite")

    visitor = new_page()
    visitor.goto(f"/registre/{scene.organisation.pk}/")
    expect(visitor.get_by_text("Nous logeons de jeunes travailleuses et travailleurs.")).to_be_visible()
    expect(visitor.get_by_text("Dit par l’organisation, le")).to_be_visible()
    check(visitor, "organisation-decrite-visite")


def test_correct(new_page: Callable[..., Page], scene: Scene, check: Callable[[Page, str], None]) -> None:
    """A member proposes, an agent accepts, the public page says so; a visitor reports and the queue has it."""
    member = new_page(user=scene.member, width=390)
    member.goto(f"/registre/{scene.organisation.pk}/")
    member.get_by_role("link", name="Proposer une correction").click()
    check(member, "corriger")
    member.get_by_role("link", name="Corriger : Nom").click()
    member.get_by_label("Le bon nom").fill("Le Grand Foyer")
    member.get_by_label("Ce qui le montre").fill("Journal officiel du 3 mars 2026")
    check(member, "corriger-nom")
    member.get_by_role("button", name="Proposer la correction").click()

    visitor = new_page()
    visitor.goto(f"/registre/{scene.organisation.pk}/")
    visitor.get_by_role("link", name="Signaler une erreur").click()
    check(visitor, "signaler")
    visitor.get_by_label("Ce qui est juste").fill("L’entrée est au numéro 5, pas au 3.")
    visitor.get_by_role("button", name="Envoyer le signalement").click()
    expect(visitor.get_by_text("Merci : votre signalement").first).to_be_visible()

    agent = new_page(user=scene.agent, width=1024)
    agent.goto("/ici/demandes/")
    expect(agent.locator("#liste-compte")).to_have_text(re.compile(r"2.demandes"))
    check(agent, "demandes")
    agent.get_by_role("link", name="Foyer du Lac").first.click()
    check(agent, "demande")
    agent.get_by_label("Motif").fill("Vu au Journal officiel")
    agent.get_by_role("button", name="Accepter la correction").click()
    expect(agent.locator("#liste-compte")).to_have_text(re.compile(r"1.demande$"))
    assert Correction.objects.get(field="name").state == "accepted"

    visitor.goto(f"/registre/{scene.organisation.pk}/")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Le Grand Foyer")
    expect(visitor.get_by_text("Corrigé le").first).to_be_visible()
    check(visitor, "organisation-corrigee")
