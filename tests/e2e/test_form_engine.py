"""A form answered in a real browser: questions that appear, saving as one writes, two tabs, rows, reading over."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from essor.kernel.questions import versions
from essor.kernel.questions.models import Response
from essor.kernel.questions.responses import start
from tests.question_forms import FORM

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def form_site(transactional_db: None, settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.form_urls"
    start(versions.package_version(FORM))


def test_saved_as_one_writes_and_never_written_over(
    form_site: None, new_page: Callable[..., Page], check: Callable[[Page, str], None]
) -> None:
    page = new_page(width=1280)
    page.goto("/essai/project/")
    expect(page.get_by_label("Combien de postes ?")).to_be_hidden()
    page.get_by_label("Oui").check()
    page.get_by_label("Combien de postes ?").fill("3")
    page.get_by_label("Son nom").fill("La Fabrique")
    expect(page.get_by_text("Enregistré à")).to_be_visible()
    assert Response.objects.get().answers == {"name": "La Fabrique", "employs": True, "jobs": 3}
    check(page, "formulaire-partie")

    other = new_page(width=360)
    other.goto("/essai/project/")
    other.get_by_label("Son nom").fill("La Ligue")
    other.get_by_role("button", name="Enregistrer et continuer").last.click()
    expect(other.get_by_role("heading", name="Le budget")).to_be_visible()
    page.get_by_label("Son nom").fill("Le Hangar")
    expect(page.get_by_text("Rien n’a été écrasé")).to_be_visible()
    page.get_by_role("button", name="Enregistrer et continuer").last.click()
    expect(page.get_by_text("Ces réponses ont changé ailleurs")).to_be_visible()
    check(page, "formulaire-deux-onglets")
    page.get_by_role("button", name="Enregistrer et continuer").last.click()
    expect(page.get_by_role("heading", name="Le budget")).to_be_visible()
    assert Response.objects.get().answers["name"] == "Le Hangar"


@pytest.mark.parametrize(("width", "javascript"), [(1280, True), (360, False)])
def test_rows_faults_reading_over_and_sending(
    form_site: None,
    new_page: Callable[..., Page],
    check: Callable[[Page, str], None],
    width: int,
    javascript: bool,
) -> None:
    page = new_page(width=width, javascript=javascript)
    page.goto("/essai/project/")
    page.get_by_label("Son nom").fill("La Fabrique")
    page.get_by_label("Oui").check()
    page.get_by_label("Combien de postes ?").fill("3")
    page.get_by_role("button", name="Enregistrer et continuer").last.click()
    page.get_by_label("Nom", exact=True).fill("La Ligue")
    page.get_by_role("button", name="Ajouter une ligne").click()
    expect(page.get_by_role("group", name="Ligne 2")).to_be_visible()
    page.get_by_label("Budget").fill("beaucoup")
    page.get_by_role("button", name="Enregistrer et continuer").last.click()
    expect(page.get_by_text("« beaucoup » n’est pas un nombre").first).to_be_visible()
    if javascript:
        check(page, f"formulaire-fautes-{width}")
    page.get_by_label("Budget").fill("12 500")
    page.get_by_role("button", name="Enregistrer et continuer").last.click()
    expect(page.get_by_text("12 500,00 €")).to_be_visible()
    expect(page.get_by_text("Nom : La Ligue")).to_be_visible()
    if javascript:
        check(page, f"formulaire-relecture-{width}")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("link", name="Modifier")).to_have_count(0)
    assert Response.objects.get().state == "submitted"
