"""A partner's list, from the file to the page of the organisation, in a real browser and at the keyboard."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from essor.accounts.models import Authority
from essor.kernel import jobs
from essor.kernel.models import Job
from tests.factories import MembershipFactory
from tests.registry.directories.made import HEADER, LINES, make_register

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ids(transactional_db: None, settings, tmp_path: Path) -> dict[str, int]:
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    (tmp_path / "liste.csv").write_text("\n".join((HEADER, *LINES)), encoding="cp1252")
    return make_register()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_list_is_imported_and_confirmed(
    javascript: bool,
    ids: dict[str, int],
    tmp_path: Path,
    new_page: Callable[..., Page],
    check: Callable[[Page, str], None],
) -> None:
    agent = MembershipFactory(authority=Authority.objects.get(slug="haute-garonne"), agent=True).user
    page = new_page(user=agent, width=1280, javascript=javascript)
    page.goto("/haute-garonne/registre/annuaires/ajouter/")
    page.get_by_role("radio", name="Handeco").check()
    page.get_by_label("Fichier de l’annuaire").set_input_files(tmp_path / "liste.csv")
    page.get_by_label("Date de la liste").fill("2026-10-01")
    page.get_by_role("button", name="Déposer et voir les colonnes").click()
    expect(page.get_by_label("Nom de la structure")).to_have_value("nom")
    if javascript:
        check(page, "annuaire-colonnes")
    page.get_by_role("button", name="Chercher ces organisations").click()
    expect(page.get_by_text("Vous pouvez quitter cette page")).to_be_visible()
    jobs.run_now(Job.objects.get())
    page.reload()
    page.get_by_role("link", name="Confirmer les rapprochements").click()
    page.get_by_role("button", name="Confirmer la ligne reconnue par son identifiant").click()
    expect(page.locator("#contenu").get_by_text("Lignes confirmées : 1.")).to_be_visible()

    page.get_by_role("link", name="Propositions sûres").click()
    if javascript:
        check(page, "annuaire-confirmer")
        card = page.locator(".match").first
        card.focus()
        card.press("1")
    else:
        page.get_by_role("button", name="C’est elle").first.click()
        page.get_by_role("link", name="Confirmées").click()
    expect(page.locator(".match--decided").first).to_contain_text("Confirmée")
    page.goto(f"/haute-garonne/registre/{ids['lac']}/")
    expect(page.get_by_role("heading", name="Présente dans")).to_be_visible()
    if javascript:
        check(page, "annuaire-organisation")


def test_the_keys_answer_only_on_a_card_and_lead_to_the_next(
    ids: dict[str, int], new_page: Callable[..., Page], check: Callable[[Page, str], None]
) -> None:
    from tests.registry.directories.made import imported, line, make_directory

    authority = Authority.objects.get(slug="haute-garonne")
    directory = make_directory(authority=authority)
    imported(directory, (*(line(f"Rien {n}") for n in range(3)), line("Détruite", "2,43E+13")))
    page = new_page(user=MembershipFactory(authority=authority, agent=True).user, width=360)
    page.goto(f"/haute-garonne/registre/annuaires/{directory.pk}/confirmer/?voir=sans-proposition")
    check(page, "annuaire-sans-proposition")
    page.goto("/haute-garonne/registre/annuaires/")
    check(page, "annuaires")
    page.goto(f"/haute-garonne/registre/annuaires/{directory.pk}/")
    check(page, "annuaire")
    page.goto("/haute-garonne/registre/annuaires/ajouter/")
    check(page, "annuaire-ajouter")
    page.goto(f"/haute-garonne/registre/annuaires/{directory.pk}/confirmer/?voir=sans-proposition")
    page.keyboard.press("0")
    expect(page.locator(".match--decided")).to_have_count(0)
    page.locator(".match").first.focus()
    for number in range(1, 4):
        page.keyboard.press("0")
        expect(page.locator(".match--decided")).to_have_count(number)
        if number < 3:
            expect(page.locator(".match:focus")).to_contain_text(f"Rien {number}")
