"""What serves each goal: proposed for aids, corrected by editors, told by supporters, counted on the pages."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from essor.kernel.goals import GOALS
from essor.kit import aid_words
from essor.kit.enums_aids import Nature
from essor.kit.enums_support import Axis, Theme
from essor.kit.goals import queries
from essor.kit.goals.sectors import SECTORS, sectors_of
from essor.kit.models import Aid
from essor.kit.recipe_library import recipes
from essor.registry.nomenclatures import sectors
from tests.factories import AuthorityFactory, UserFactory
from tests.kit_factories import AidFactory, SupporterFactory


def test_every_theme_and_every_sector_has_goals() -> None:
    assert set(aid_words.GOALS) == set(aid_words.THEMES) == set(Theme)
    assert set(aid_words.KINDS) == set(Nature)
    assert set(SECTORS) == {sector.code for sector in sectors()}
    assert {goal for each in (*SECTORS.values(), *aid_words.GOALS.values()) for goal in each} <= set(GOALS)
    assert sectors_of(7) == ("energy",)


@pytest.mark.parametrize(
    ("themes", "name", "codes", "goals"),
    [
        (["Alimentation"], "", ("food",), (2, 12)),
        (["Mobilité partagée", "Biodiversité"], "", ("mobility",), (11, 13, 15)),
        ([], "Rénovation énergétique des logements", ("housing", "energy"), (1, 7, 11, 13)),
        (["Culture et identité collective"], "Rénovation", ("culture",), (4, 11)),
        (["Eau potable"], "", (), (6,)),
        ([], "Château d’Aumelas", (), ()),
    ],
)
def test_words_of_lists_become_ours(themes: list[str], name: str, codes: Any, goals: Any) -> None:
    assert aid_words.theme_codes(themes, name) == codes
    assert aid_words.goals(themes, name) == goals


def test_kinds_of_lists_become_ours() -> None:
    assert aid_words.kind_codes(["Subvention", "Ingénierie technique"]) == ("grant", "advice")
    assert aid_words.kind_codes(["Avance récupérable"]) == ("loan",)
    assert aid_words.kind_codes(["Troc"]) == ()


@given(st.lists(st.text(max_size=40), max_size=5), st.text(max_size=60))
def test_any_words_give_at_most_five_known_goals(themes: list[str], name: str) -> None:
    found = aid_words.goals(themes, name)
    assert len(found) <= aid_words.MOST
    assert list(found) == sorted(set(found))
    assert set(found) <= set(GOALS)


def test_recipes_bear_the_goals_of_their_first_fiche() -> None:
    assert all(queries.goals_of_recipe(each) for each in recipes().values())
    assert all(goal in queries.goals_of_recipe(each) for goal in GOALS for each in queries.recipes_of(goal))


@pytest.mark.django_db
def test_pages_count_what_serves_a_goal(client: Client, django_assert_max_num_queries: Any) -> None:
    AidFactory(name="Vélos", goal_codes="|11|13|")
    AidFactory(name="Close", goal_codes="|13|", deadline=date(2020, 1, 1))
    ici = AuthorityFactory(slug="ici")
    marks = {Axis.ROLE: ["finance"], Axis.STAGE: ["launch"], Axis.GOAL: ["13"]}
    SupporterFactory(name="Club climat", authority=ici, marks=marks)
    SupporterFactory(name="Autre", marks=marks | {Axis.GOAL: ["1"]})
    counts = {
        each.goal: (each.aids, each.supporters, each.acts) for each in queries.counts(ici, date(2026, 3, 1))
    }
    assert (counts[13], counts[11], counts[1], counts[2]) == ((1, 1, 0), (1, 0, 0), (0, 1, 0), (0, 0, 0))
    with django_assert_max_num_queries(20):
        page = client.get("/ici/kit/odd/").content.decode()
    assert "Aucun acte de la collectivité ne porte encore d’objectif" in page
    page = client.get("/ici/kit/odd/13/").content.decode()
    assert ("Club climat" in page, "Vélos" in page, "Aucun acte ne porte encore cet objectif" in page) == (
        True,
    ) * 3
    assert "Club climat" not in client.get("/kit/odd/13/").content.decode()
    assert client.get("/kit/odd/18/").status_code == 404
    table = b"".join(client.get("/kit/odd/csv/").streaming_content).decode()  # type: ignore[attr-defined]
    assert len(table.splitlines()) == 18


@pytest.mark.django_db
def test_an_editor_corrects_the_goals_of_an_aid_and_lists_are_filtered_by_them(client: Client) -> None:
    aid = AidFactory(name="Vélos", goal_codes="|11|13|")
    SupporterFactory(name="Club", marks={Axis.ROLE: ["finance"], Axis.STAGE: ["launch"], Axis.GOAL: ["3"]})
    SupporterFactory(name="Muet")
    client.force_login(UserFactory(editor=True))
    url = f"/kit/aides/{aid.pk}/odd/"
    assert 'value="11" id="id_goals_10" checked' in " ".join(client.get(url).content.decode().split())
    assert client.post(url, {"goals": ["1", "2", "3", "4", "5", "6"]}).context["form"].errors
    assert client.post(url, {"goals": ["3"]}).status_code == 302
    aid.refresh_from_db()
    assert (aid.goal_codes, aid.goals_corrected) == ("|3|", True)
    assert [row["aid"].name for row in client.get("/kit/aides/?odd=3").context["rows"]] == ["Vélos"]
    assert [row["aid"].name for row in client.get("/kit/aides/?odd=11").context["rows"]] == []
    found = client.get("/kit/accompagnement/?odd=3").context["rows"]
    assert [row["supporter"].name for row in found] == ["Club"]
    assert Aid.objects.for_goal(3).count() == 1
