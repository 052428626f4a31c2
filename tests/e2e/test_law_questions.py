"""A person asks the law: guided questions, a note kept and printed, rows that come and go, all without a script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from essor.rulebook.catalogue import catalogue
from essor.rulebook.rule_form import address_of
from tests.factories import AuthorityFactory, MembershipFactory, TerritoryFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_an_agent_chooses_a_form_keeps_the_answer_and_prints_it(
    new_page: Callable[..., Page], transactional_db: None, check: Callable[[Page, str], None]
) -> None:
    departement = TerritoryFactory(departement_kind=True, code="31", name="Haute-Garonne")
    authority = AuthorityFactory(slug="haute-garonne", name="Conseil départemental", territory=departement)
    page = new_page(user=MembershipFactory(authority=authority, agent=True).user)

    page.goto("/haute-garonne/droit/regles/")
    check(page, "droit-questions")
    page.get_by_role("link", name="Subvention ou marché").click()
    choice = page.get_by_role("group", name="Comment l’organisation est-elle choisie")
    expect(choice).to_be_hidden()
    page.get_by_role("group", name="Qui a l’initiative").get_by_label("L’organisation").check()
    page.get_by_role("group", name="Qui définit le besoin").get_by_label("L’organisation").check()
    page.get_by_label("Rien qui réponde à un besoin propre").check()
    expect(choice).to_be_visible()
    page.get_by_label("Montant annuel").fill("30 000,00 €")
    page.get_by_label("Durée, en années").fill("3")
    check(page, "droit-forme-question")
    page.get_by_role("button", name="Voir la réponse").last.click()
    expect(page.get_by_role("heading", name="Convention pluriannuelle d’objectifs")).to_be_visible()
    expect(page.get_by_label("Montant annuel")).to_have_value("30\u202f000")
    check(page, "droit-forme-reponse")

    page.get_by_label("Titre de la note").fill("Soutien au tiers-lieu")
    page.get_by_label("Référence du dossier").fill("2026-031")
    page.get_by_role("button", name="Garder la réponse").click()
    expect(page.get_by_role("heading", name="Soutien au tiers-lieu")).to_be_visible()
    expect(page.get_by_text("La réponse serait la même aujourd’hui.")).to_be_visible()
    check(page, "droit-note")
    with page.expect_download() as printed:
        page.get_by_role("link", name="Imprimer la note").click()
    assert printed.value.path().read_bytes().startswith(b"%PDF-")
    page.get_by_role("link", name="Réponses gardées").first.click()
    expect(page.get_by_role("link", name="Soutien au tiers-lieu")).to_be_visible()
    check(page, "droit-notes")


def test_rows_come_and_go_in_place(new_page: Callable[..., Page], transactional_db: None) -> None:
    page = new_page()
    page.goto("/droit/regles/scic_capital/")
    rows = page.get_by_role("group", name="Ligne")
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="Ajouter une ligne").click()
    expect(rows).to_have_count(3)
    expect(rows.nth(2).get_by_label("Nature")).to_be_focused()
    for number, (kind, amount) in enumerate(
        [("Commune", "27"), ("Bénévole", "1"), ("Salarié ou salariée", "73")]
    ):
        rows.nth(number).get_by_label("Nature").select_option(kind)
        rows.nth(number).get_by_label("Parts détenues").fill(amount)
    rows.nth(1).get_by_role("button", name="Retirer").click()
    expect(rows).to_have_count(2)
    page.get_by_label("Jour").fill("2013-06-01")
    page.get_by_role("button", name="Voir la réponse").last.click()
    expect(page.get_by_role("heading", name="Pas conforme")).to_be_visible()
    page.get_by_label("Et à une autre date").fill("2026-06-01")
    page.get_by_role("button", name="Comparer").click()
    expect(page.get_by_role("heading", name="Ce qui change d’une date à l’autre")).to_be_visible()
    expect(page.get_by_role("heading", name="Conforme", exact=True)).to_be_visible()


@pytest.mark.slow
def test_every_answer_is_accessible(
    new_page: Callable[..., Page], transactional_db: None, check: Callable[[Page, str], None]
) -> None:
    page = new_page(width=360)
    for asked in catalogue().values():
        query = address_of(asked.rule.input_schema, asked.examples[0].input)
        page.goto(f"/droit/regles/{asked.name}/?{query}&et=2022-03-01")
        for fold in page.locator("main details").all():
            fold.evaluate("fold => fold.open = true")
        check(page, f"droit-{asked.name}")


def test_without_a_script_everything_is_asked_and_answered(
    browser: Browser, live_server, transactional_db: None
) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto("/droit/regles/scic_reserves/")
    page.get_by_label("Excédent net").fill("10 000 €")
    page.get_by_role("button", name="Voir la réponse").last.click()
    expect(page.get_by_role("heading", name="5 750 € au moins en réserve")).to_be_visible()
    page.goto("/droit/regles/scic_colleges/")
    page.get_by_role("button", name="Ajouter une ligne").click()
    expect(page.get_by_role("group", name="Ligne")).to_have_count(2)
    context.close()
