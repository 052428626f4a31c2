"""An agent adds a question and publishes; a project holder answers it; the agent reads the answer."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from essor.territories.enums import Kind
from tests.factories import AuthorityFactory, MembershipFactory, TerritoryFactory
from tests.kit_factories import SupporterFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "javascript"), [(1280, True), (360, False)])
def test_from_a_question_written_to_its_answer_read(
    new_page: Callable[..., Page],
    transactional_db: None,
    check: Callable[[Page, str], None],
    width: int,
    javascript: bool,
) -> None:
    place = TerritoryFactory(kind=Kind.DEPARTEMENT, code="30", name="Gard")
    member = MembershipFactory(authority=AuthorityFactory(slug="gard", territory=place), agent=True)
    SupporterFactory(name="Club solidaire")

    def seen(page: Page, name: str) -> None:
        if javascript:  # axe is a script
            check(page, f"{name}-{width}")

    agent = new_page(user=member.user, width=width, javascript=javascript)
    agent.goto("/gard/kit/orientation/demandes/")
    agent.get_by_role("link", name="Les questions posées").click()
    seen(agent, "questions")
    agent.get_by_role("link", name="Ajouter une question").click()
    seen(agent, "question")
    agent.get_by_label("Question", exact=True).fill("Avez-vous déjà un local ?")
    agent.get_by_label("Oui ou non").check()
    expect(agent.get_by_role("textbox", name="Choix")).to_be_visible(visible=not javascript)
    agent.get_by_text("Qui porte le projet ?").click()
    agent.get_by_label("Association", exact=True).check()
    agent.get_by_role("button", name="Garder dans le brouillon").click()
    expect(
        agent.locator("#contenu").get_by_text("Question ajoutée : « Avez-vous déjà un local ? ».")
    ).to_be_visible()
    seen(agent, "brouillon")
    agent.get_by_role("link", name="Aperçu").click()
    seen(agent, "apercu")
    agent.get_by_role("link", name="Revenir aux questions").click()
    agent.get_by_role("button", name="Publier cette version").click()
    expect(agent.locator("#contenu").get_by_text("La version 1 est en ligne.")).to_be_visible()

    visitor = new_page(width=width, javascript=javascript)
    visitor.goto("/gard/kit/orientation/")
    own = visitor.get_by_role("group", name="Avez-vous déjà un local ?")
    expect(own).to_be_visible(visible=not javascript)
    visitor.get_by_label("L’activité démarre").check()
    visitor.get_by_label("De l’argent").check()
    visitor.get_by_label("Association", exact=True).check()
    expect(own).to_be_visible()
    seen(visitor, "orientation")
    own.get_by_label("Oui").check()
    visitor.get_by_label("Sur quel thème ?").select_option(label="Énergie")
    visitor.get_by_role("group", name="Employez-vous déjà").get_by_label("Non").check()
    visitor.get_by_role("button", name="Voir mon parcours").click()
    expect(visitor.get_by_role("heading", name="Club solidaire")).to_be_visible()
    expect(visitor.get_by_text("Avez-vous déjà un local ?")).to_be_visible()

    agent.goto("/gard/kit/orientation/demandes/")
    expect(agent.get_by_role("table", name="Avez-vous déjà un local ?")).to_be_visible()
    agent.goto("/gard/kit/orientation/questions/versions/")
    seen(agent, "versions")
