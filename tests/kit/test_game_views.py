"""The game over HTTP: start, decide, consequence, end, cards on paper, hostile addresses."""

import re
from io import BytesIO

import pytest
from django.core.cache import cache
from django.test import Client
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from essor.kernel.periods import today
from essor.kit.game import rules_game as rules
from essor.kit.game.library import situations
from tests.factories import AuthorityFactory
from tests.kit.test_game_rules import best_letters

pytestmark = pytest.mark.django_db
CODE = "departement-K7Q2M"
GAME = f"/kit/se-former/jeu/{CODE}/"


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode().replace("\u00a0", " ")


def test_a_game_is_drawn_for_a_level(client: Client) -> None:
    response = client.get("/kit/se-former/jeu/?niveau=commune")
    assert response.status_code == 302
    assert re.fullmatch(rf"/kit/se-former/jeu/commune-[{rules.SEED_LETTERS}]{{5}}/", response["Location"])


def test_a_code_opens_its_game(client: Client) -> None:
    assert client.get("/kit/se-former/jeu/?code=Departement-k7q2m")["Location"] == GAME
    assert "n’est pas un code de partie" in text(client, "/kit/se-former/jeu/?code=zut&niveau=commune")


def test_the_level_of_the_frame_is_proposed(client: Client) -> None:
    AuthorityFactory(slug="ici", kind="commune")
    assert re.search(r'value="commune"\s+checked', text(client, "/ici/kit/se-former/jeu/"))
    AuthorityFactory(slug="la", kind="region")
    assert re.search(r'value="departement"\s+checked', text(client, "/la/kit/se-former/jeu/"))


def test_a_whole_game(client: Client) -> None:
    cards = rules.cards(situations(), "departement", "K7Q2M", today())
    chosen = ""
    for number, letter in enumerate(best_letters(cards), start=1):
        asked = text(client, f"{GAME}?choix={chosen}&tour={number}")
        assert f"décision {number} sur 10" in asked
        chosen += letter
        assert f'href="?choix={chosen}"' in asked
        told = text(client, f"{GAME}?choix={chosen}")
        assert "Ce qui se passe" in told
        assert "Dans la vraie vie" in told
    assert "Faire le bilan du mandat" in told
    end = text(client, f"{GAME}?choix={chosen}&tour=fin")
    assert "mandat" in end
    assert CODE in end
    assert "vos dix décisions étaient les meilleures" in end


def test_an_act_that_the_law_refuses_is_annulled(client: Client) -> None:
    cards = rules.cards(situations(), "departement", "K7Q2M", today())
    chosen = ""
    for card in cards:
        for letter, rank in zip(rules.LETTERS, card.shown, strict=False):
            if card.outcomes[rank].annulled:
                page = text(client, f"{GAME}?choix={chosen}{letter}")
                assert "L’acte est annulé" in page
                assert "Autres voies" in page or card.outcomes[rank].law.ways == ()  # type: ignore[union-attr]
                return
        chosen += best_letters((card,))
    pytest.fail("no card of this game has an unlawful choice")


@pytest.mark.parametrize(
    "query", ["?choix=zzz", "?choix=aaaaaaaaaaaa", "?choix=%00", "?choix=é", "?choix=<script>"]
)
def test_hostile_choices(client: Client, query: str) -> None:
    assert client.get(GAME + query).status_code == 404


def test_a_turn_that_is_none_shows_the_last_decision(client: Client) -> None:
    assert "Ce qui se passe" in text(client, f"{GAME}?choix=a&tour=99") or "annulé" in text(
        client, f"{GAME}?choix=a&tour=99"
    )


def test_playing_asks_only_which_texts_are_in_force(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.get(GAME)
    # Which texts of the kit are in force, and nothing else.
    with django_assert_max_num_queries(2):
        client.get(f"{GAME}?choix=a")


def titles_in(client: Client, query: str) -> set[str]:
    """Codes of the situations whose title a PDF holds, spaces aside."""
    made = PdfReader(BytesIO(client.get(f"/kit/se-former/jeu/cartes.pdf{query}").content))
    words = "".join("".join(page.extract_text() for page in made.pages).split())
    return {each.code for each in situations().values() if "".join(each.title.split()) in words}


def test_cards_on_paper(client: Client) -> None:
    whole = titles_in(client, "?niveau=commune")
    assert whole == set(situations())
    assert titles_in(client, f"?partie={CODE}") == {each.code for each in rules.draw(situations(), "K7Q2M")}
    assert client.get("/kit/se-former/jeu/cartes.pdf?niveau=lune").status_code == 200
