"""Fiches and recipes over HTTP: contents, filters, a fiche in both frames, documents, files, hostile addresses."""

import json
import re
from io import BytesIO

import pytest
import yaml
from django.core.cache import cache
from django.test import Client
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from essor.kit.library import fiches
from essor.kit.recipe import recipe_of
from essor.kit.recipe_kinds import kind_of
from essor.kit.recipe_library import recipes
from tests.factories import AuthorityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode().replace("\u00a0", " ")


def test_the_contents_hold_every_fiche(client: Client) -> None:
    page = text(client, "/kit/")
    assert all(f"/kit/fiches/{code}/" in page for code in fiches())
    assert "38 fiches" in page


def test_the_contents_narrow(client: Client) -> None:
    page = text(client, "/kit/?q=cafe+s%27il+vous+plait")
    assert "1 fiche" in page
    assert "/kit/fiches/K05/" in page
    assert "/kit/fiches/K06/" not in page
    assert "Rien ne répond à tous ces filtres" in text(
        client, "/kit/?q=zzzz&odd=1&secteur=faux&niveau=canton"
    )
    assert "Retirer le filtre" in text(client, "/kit/?secteur=habitat&odd=11&niveau=epci")


def test_every_fiche_opens(client: Client) -> None:
    for code in fiches():
        page = text(client, f"/kit/fiches/{code}/")
        assert "Ils l’ont fait" in page, code
        assert "Dans le registre" in page, code
        assert "{{" not in page, code


def test_a_fiche_shows_todays_law_and_the_one_of_the_guide(client: Client) -> None:
    page = text(client, "/kit/fiches/K12/")
    assert "60\u202f000 €" in page
    assert "(40\u202f000 € à la date du guide)" in page
    assert "/droit/valeurs/procurement.no_publicity.supplies_services/" in page


def test_a_fiche_leads_to_the_pages_of_its_goals(client: Client) -> None:
    AuthorityFactory(slug="ici")
    for prefix in ("", "/ici"):
        page = client.get(f"{prefix}/kit/fiches/K01/").content.decode()
        for goal in fiches()["K01"].goals:
            assert f'href="{prefix}/kit/odd/{goal}/"' in page


def test_the_level_is_the_authoritys_or_the_one_asked(client: Client) -> None:
    AuthorityFactory(slug="ici", kind="region")
    assert "Ce que peut votre niveau : région" in text(client, "/ici/kit/fiches/K03/")
    assert "Ce que peut votre niveau : commune" in text(client, "/ici/kit/fiches/K03/?niveau=commune")
    assert "Ce que peut votre niveau : département" in text(client, "/kit/fiches/K03/?niveau=canton")
    assert "Ce que peut votre niveau : commune" in text(client, "/kit/fiches/B1/")


def test_a_lever_without_screen_says_so(client: Client) -> None:
    page = text(client, "/kit/fiches/K07/")
    assert page.count("Outil pas encore dans Essor") == 2
    assert page.count("Ouvrir l’outil") == 2


def test_a_fiche_asks_few_questions_to_the_database(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(3):
        client.get("/kit/fiches/K07/")
    with django_assert_max_num_queries(1):
        client.get("/kit/")
    with django_assert_max_num_queries(1):
        client.get("/kit/recettes/")


def test_documents(client: Client) -> None:
    one = PdfReader(BytesIO(client.get("/kit/fiches/K12.pdf").content))
    assert one.metadata is not None
    assert one.metadata.title == "Commande publique responsable"
    whole = PdfReader(BytesIO(client.get("/kit/boite-a-outils.pdf").content))
    assert len(whole.pages) > len(fiches())
    assert "Commande publique responsable" in "".join(page.extract_text() for page in whole.pages[:2])


@pytest.mark.parametrize("path", ["fiches/K99/", "fiches/K99.pdf", "recettes/rien/", "recettes/rien.json"])
def test_what_does_not_exist(client: Client, path: str) -> None:
    assert client.get(f"/kit/{path}").status_code == 404


def test_the_catalogue_and_its_filters(client: Client) -> None:
    pages = [
        text(client, f"/kit/recettes/?page={number}") for number in range(1, -(-len(recipes()) // 24) + 1)
    ]
    linked = [re.findall(r'href="/kit/recettes/([\w-]+)/"', page) for page in pages]
    assert sorted(code for codes in linked for code in codes) == sorted(recipes())
    assert {len(codes) for codes in linked[:-1]} == {24}
    narrowed = text(
        client, "/kit/recettes/?nature=grant&montant=jusqu-a-10k&fiche=K18&niveau=departement&q=citoyen"
    )
    assert "1 recette" in narrowed
    assert "/kit/recettes/cit-er-44/" in narrowed


def test_pages_of_the_catalogue_keep_its_filters(client: Client) -> None:
    second = text(client, "/kit/recettes/?niveau=departement&page=2")
    assert 'href="?niveau=departement"' in second or "?niveau=departement&amp;page=1" in second
    assert 'href="/kit/recettes/"' in second  # a filter taken away starts again from the first page


def test_every_recipe_opens(client: Client) -> None:
    for code in recipes():
        page = text(client, f"/kit/recettes/{code}/")
        understood = kind_of(recipes()[code].kind) is not None
        assert ("Essor sait faire vivre cette recette" in page) == understood, code
        assert ("Essor ne sait pas encore faire tourner ce genre de dispositif" in page) != understood, code
        assert "Adopter cette recette" not in page, code


def test_a_recipe_leaves_as_a_file_that_reads_back(client: Client) -> None:
    recipe = recipes()["fondation-innovation-sociale-lyon"]
    written = yaml.safe_load(client.get(f"/kit/recettes/{recipe.code}.yaml").content)
    assert recipe_of(written, "x") == recipe
    assert json.loads(client.get(f"/kit/recettes/{recipe.code}.json").content) == written
