"""A new edition, from its differences to the way back: what an administrator and an agent see."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from essor.kernel import jobs
from essor.kernel.models import Job
from essor.registry import editions
from essor.registry.models import Identifier
from essor.territories.models import Territory
from tests.factories import AuthorityFactory, MembershipFactory, UserFactory
from tests.formats.stocks import siren
from tests.registry.editions_made import build_both, in_database, quiet

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def work() -> None:
    """What waits in the background, done as the worker would."""
    for job in Job.objects.filter(state="queued").order_by("pk"):
        jobs.run_now(job)


def test_a_new_edition_is_compared_put_in_force_seen_and_taken_back(
    new_page: Callable[..., Page], transactional_db: None, settings, tmp_path: Path,
    check: Callable[[Page, str], None],
) -> None:  # fmt: skip
    settings.DATA_DIR, settings.EDITIONS_DIR = tmp_path, tmp_path / "editions"
    first, second = in_database(build_both(tmp_path / "made"), settings.EDITIONS_DIR)
    editions.put_in_force(first, quiet, actor_id=None, force=False)
    work()
    authority = AuthorityFactory(slug="muretain", territory=Territory.objects.get(name="Le Muretain Agglo"))
    admin = new_page(user=UserFactory(installation_admin=True))
    agent = new_page(user=MembershipFactory(authority=authority, agent=True).user, width=390)

    # The difference, before anything changes.
    admin.goto(f"/installation/registre/editions/{second.pk}/")
    admin.get_by_role("button", name="Comparer avec le registre en vigueur").click()
    expect(admin.get_by_role("heading", level=1)).to_have_text(re.compile("Comparaison"))
    work()
    admin.get_by_role("link", name="Voir l’édition").click(timeout=15_000)
    expect(admin.get_by_text("Fermées selon Sirene")).to_be_visible()
    check(admin, "edition-changements")
    admin.get_by_role("link", name="Voir chaque changement").click()
    expect(admin.locator("#liste-compte")).to_have_text(re.compile(r"13.différences"))
    check(admin, "changements")
    admin.get_by_label("Nature du changement").select_option(label="Changent de commune (1)")
    expect(admin.locator("#liste-compte")).to_have_text(re.compile(r"1.différence$"))
    expect(admin.get_by_text("Commune : de « Toulouse » à « Muret »")).to_be_visible()

    # In force.
    admin.goto(f"/installation/registre/editions/{second.pk}/")
    admin.get_by_label("Je confirme la mise en vigueur").check()
    admin.get_by_role("button", name="Mettre en vigueur").click()
    expect(admin.get_by_role("heading", level=1)).to_have_text(re.compile("Mise en vigueur"))
    work()
    work()

    # The alert, seen by the agent.
    agent.goto("/muretain/accueil/")
    agent.get_by_role("link", name=re.compile("alertes? du registre à regarder")).click()
    expect(
        agent.get_by_text("ASSOCIATION 2 (Muret, 50 à 99 salariés) est fermée selon Sirene.")
    ).to_be_visible()
    check(agent, "alertes")
    agent.get_by_role("button", name="Marquer comme vue").first.click()
    expect(agent.locator("#contenu").get_by_text("C’est noté.")).to_be_visible()
    expect(agent.get_by_text("ASSOCIATION 2 (Muret")).to_have_count(0)
    agent.get_by_role("button", name="Les recevoir chaque semaine par courriel").click()
    expect(agent.get_by_role("button", name="Ne plus recevoir les alertes par courriel")).to_be_visible()

    # The history.
    organisation = Identifier.objects.get(value=siren(4)).organisation_id
    agent.goto(f"/muretain/registre/{organisation}/")
    expect(agent.get_by_text("Effectif : de 1 ou 2 vers 20 à 49 salariés")).to_be_visible()
    check(agent, "organisation-historique")

    # The way back.
    admin.goto(f"/installation/registre/editions/{second.pk}/")
    admin.get_by_role("link", name="Revenir à l’édition précédente…").click()
    expect(admin.get_by_role("heading", name="Ce que vous défaites")).to_be_visible()
    check(admin, "edition-revenir")
    admin.get_by_label("Pourquoi revenir en arrière ?").fill("Le stock était incomplet.")
    admin.get_by_label("Je confirme le retour").check()
    admin.get_by_role("button", name="Revenir à l’édition précédente").click()
    expect(admin.get_by_role("heading", level=1)).to_have_text(re.compile("Retour"))
    work()
    work()
    expect(admin.get_by_text("L’édition précédente est de nouveau en vigueur")).to_be_visible(timeout=15_000)
    agent.goto(f"/muretain/registre/{organisation}/")
    expect(agent.get_by_text("Effectif : de 20 à 49 vers 1 ou 2 salariés")).to_be_visible()
    agent.goto("/muretain/alertes/?etat=toutes")
    expect(agent.get_by_text("Aucune alerte à montrer")).to_be_visible()
