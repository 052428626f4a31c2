"""The self-diagnosis in a real browser: open, answer by the shared link, see the gap, agree, print."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from essor.kernel.periods import today
from essor.kit.diagnosis.enums import Role
from essor.kit.diagnosis.models import Campaign
from tests.diagnosis_factories import answered
from tests.factories import AuthorityFactory, RoleGrantFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_from_the_opening_to_the_report(
    new_page: Callable[..., Page], transactional_db: None, check: Callable[[Page, str], None]
) -> None:
    authority = AuthorityFactory(slug="essai", name="Département d’essai")
    agent = RoleGrantFactory(membership__authority=authority, role="agent").membership.user
    page = new_page(user=agent, width=1280)
    page.goto("/essai/kit/autodiagnostic/")
    page.get_by_role("link", name="Ouvrir un autodiagnostic").first.click()
    check(page, "autodiagnostic-ouvrir")
    page.get_by_role("button", name="Ouvrir l’autodiagnostic").click()
    link = page.locator(".diagnosis-link").inner_text()
    campaign = Campaign.objects.get(opened_on=today())
    for role, stage in ((Role.ELECTED, "4"), (Role.AGENT, "2")):
        for _number in range(3):
            answered(campaign, role, {"portage": stage}, "5")

    guest = new_page(width=360)
    guest.goto(link)
    check(guest, "autodiagnostic-lien")
    guest.get_by_label("Partenaire").check()
    guest.get_by_role("button", name="Commencer à répondre").click()
    check(guest, "autodiagnostic-moi")
    guest.get_by_role("link", name="Commencer").click()
    expect(guest.get_by_role("heading", name="Porter et former", level=1)).to_be_visible()
    guest.locator("[name=portage][value='3']").check()
    guest.locator("[name=portage_ambition][value='4']").check()
    check(guest, "autodiagnostic-axe")
    guest.get_by_role("button", name="Enregistrer et quitter").click()
    expect(guest.get_by_text("1 / 30")).to_be_visible()

    page.goto(f"/essai/kit/autodiagnostic/{campaign.pk}/")
    expect(page.get_by_text("3 personnes élues disent 4, 3 agentes et agents disent 2.")).to_be_visible()
    check(page, "autodiagnostic-resultats")
    page.get_by_role("link", name="Portage par une élue ou un élu").first.click()
    check(page, "autodiagnostic-levier")
    page.locator("[name=stage][value='3']").check()
    page.get_by_label("Ce qui a été dit").fill("La délégation le dit.")
    page.get_by_role("button", name="Inscrire et revenir").click()
    expect(page.get_by_role("main").get_by_text("La valeur convenue est inscrite.")).to_be_visible()
    report = page.request.get(page.get_by_role("link", name="Rapport (PDF)").get_attribute("href") or "")
    assert report.body().startswith(b"%PDF")
