"""An agent finds one organisation typed twice, merges the two, reads the one that stays, and takes it back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.factories import AuthorityFactory, MembershipFactory, TerritoryFactory
from tests.registry_factories import FactsFactory, PlaceFactory, edition_in_force

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_two_look_alikes_are_merged_then_given_back(
    new_page: Callable[..., Page], transactional_db: None, check: Callable[[Page, str], None]
) -> None:
    edition_in_force()
    departement = TerritoryFactory(departement_kind=True, code="31", name="Haute-Garonne")
    auterive = TerritoryFactory(code="31033", name="Auterive", departement=departement)
    authority = AuthorityFactory(slug="haute-garonne", name="Conseil départemental", territory=departement)
    agent = MembershipFactory(authority=authority, agent=True).user
    kept = FactsFactory(name="RESSOURCERIE DU LAC", siren="123456782", commune=auterive)
    PlaceFactory(organisation=kept.organisation, commune=auterive, siret="12345678200017")
    page = new_page(user=agent)

    # What no source knows is added; what looks like it is shown first.
    page.goto("/haute-garonne/registre/doublons/")
    expect(page.get_by_text("Aucun doublon en vue")).to_be_visible()
    check(page, "doublons-aucun")
    page.get_by_role("link", name="Ajouter une organisation").click()
    page.get_by_label("Nom", exact=True).fill("La ressourcerie du lac")
    page.get_by_label("Forme").select_option("Association déclarée (loi de 1901)")
    page.get_by_label("Commune").fill("Auterive (commune:31033)")
    page.get_by_label("Pourquoi elle relève de l’ESS").fill("Association déclarée il y a un mois")
    check(page, "organisation-ajouter")
    page.get_by_role("button", name="Ajouter au registre").click()
    expect(page.get_by_text("Le registre a peut-être déjà cette organisation")).to_be_visible()
    page.get_by_label("J’ai regardé ces fiches").check()
    check(page, "organisation-ajouter-ressemblances")
    page.get_by_role("button", name="Ajouter au registre").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("La ressourcerie du lac")
    expect(page.get_by_text(re.compile("Ajoutée par Conseil départemental, le"))).to_be_visible()
    check(page, "organisation-ajoutee")
    added = page.url

    # It was the same after all.
    page.goto("/haute-garonne/registre/doublons/")
    expect(page.locator("#liste-compte")).to_have_text(re.compile(r"1.paire"))
    check(page, "doublons")
    page.get_by_role("link", name=re.compile("Comparer")).click()
    check(page, "doublons-comparer")
    expect(page.get_by_label(re.compile("RESSOURCERIE DU LAC"))).to_be_checked()
    page.get_by_role("button", name="Fusionner les deux fiches").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("RESSOURCERIE DU LAC")
    page.goto(added)
    expect(page).to_have_url(re.compile(rf"/registre/{kept.pk}/\?fusion="))
    expect(
        page.get_by_text(re.compile("La ressourcerie du lac », a été fusionnée avec celle-ci"))
    ).to_be_visible()
    check(page, "organisation-fusionnee")

    visitor = new_page(width=390)
    visitor.goto(added)
    expect(visitor.get_by_role("heading", level=1)).to_have_text("RESSOURCERIE DU LAC")
    check(visitor, "organisation-fusionnee-visiteur")

    page.get_by_role("link", name=re.compile("Annuler la fusion")).click()
    page.get_by_label("Motif").fill("Ce sont deux associations")
    check(page, "fusion-annuler")
    page.get_by_role("button", name="Annuler la fusion").click()
    expect(page.locator("#contenu").get_by_text("La fusion est annulée")).to_be_visible()
    page.goto(added)
    expect(page.get_by_role("heading", level=1)).to_have_text("La ressourcerie du lac")
