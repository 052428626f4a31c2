"""The page of the list: what it shows, in both frames, with and without results."""

import re
from datetime import date
from html import unescape

import pytest
from django.test import Client

from tests.factories import AuthorityFactory, MembershipFactory, TerritoryFactory
from tests.registry_factories import FactsFactory, edition_in_force

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    """What the page says, without its tags."""
    assert response.status_code == 200, response.status_code
    plain = re.sub(r"<(script|style|head).*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return " ".join(unescape(plain).split())


def names_in(response) -> list[str]:
    return [
        unescape(name)
        for name in re.findall(r'class="main-cell">\s*<a href="[^"]+">(.*?)</a>', response.content.decode())
    ]


def test_before_any_edition_a_visitor_is_told_what_will_come(client: Client) -> None:
    said = text_of(client.get("/registre/"))

    assert "Le registre n’est pas encore publié" in said
    assert "Construire une édition" not in said


def test_before_any_edition_an_administrator_is_led_to_the_first_step(admin_client: Client) -> None:
    said = text_of(admin_client.get("/registre/"))

    assert "Le registre n’est pas encore construit" in said
    assert "Construire une édition" in said


def test_each_row_says_name_activity_place_family_and_size(client: Client) -> None:
    edition_in_force()
    FactsFactory(
        name="Ateliers du Lac",
        acronym="ADL",
        family="cooperative",
        naf="85.51Z",
        size_band="12",
        size_year=2024,
        commune=TerritoryFactory(name="Auterive"),
        tags=["scop", "esus"],
    )

    response = client.get("/registre/")

    said = text_of(response)
    for word in (
        "1 organisation",
        "Ateliers du Lac",
        "ADL",
        "Scop",
        "Esus",
        "Enseignement de disciplines sportives et d’activités de loisirs",
        "Sport",
        "Auterive",
        "Coopérative",
        "20 à 49 salariés (2024)",
    ):
        assert word in said, word


def test_what_must_be_checked_stands_apart(client: Client) -> None:
    edition_in_force()
    FactsFactory(name="Sûre")
    FactsFactory(name="Douteuse", to_check=True, family="")

    assert names_in(client.get("/registre/")) == ["Sûre"]
    apart = client.get("/registre/?verdict=a-verifier")
    assert names_in(apart) == ["Douteuse"]
    assert "une personne doit regarder" in text_of(apart)


def test_the_address_filters_and_the_chips_say_so(client: Client) -> None:
    edition_in_force()
    FactsFactory(name="Ateliers du Lac", family="cooperative")
    FactsFactory(name="Amis du Lac")

    response = client.get("/registre/?q=lac&famille=cooperative")

    assert names_in(response) == ["Ateliers du Lac"]
    assert 'href="?q=lac"' in response.content.decode()
    assert 'href="?famille=cooperative"' in response.content.decode()


def test_an_empty_answer_leads_out(client: Client) -> None:
    edition_in_force()
    FactsFactory()

    said = text_of(client.get("/registre/?q=zzzz"))

    assert "Aucune organisation ne répond à tous ces filtres" in said
    assert "Voir toute la liste" in said


def test_pages_keep_the_filters(client: Client) -> None:
    edition_in_force()
    for number in range(30):
        FactsFactory(name=f"Lac {number:02}")

    second = client.get("/registre/?q=lac&page=2")

    assert names_in(second) == [f"Lac {number:02}" for number in range(25, 30)]
    assert 'href="/registre/?q=lac"' in second.content.decode() or "q=lac" in second.content.decode()
    assert len(names_in(client.get("/registre/?par_page=50"))) == 30
    assert names_in(client.get("/registre/?page=99")) == [f"Lac {number:02}" for number in range(25, 30)]


def test_an_unknown_place_is_told(client: Client) -> None:
    edition_in_force()
    FactsFactory(name="Ici")

    response = client.get("/registre/?territoire=atlantide")

    assert names_in(response) == ["Ici"]
    assert "Aucun territoire connu ne répond à « atlantide »" in text_of(response)


def test_in_the_frame_the_authority_s_territory_is_shown_and_links_stay_there(client: Client) -> None:
    edition_in_force(scope="region:76")
    departement = TerritoryFactory(departement_kind=True, code="31", name="Haute-Garonne")
    authority = AuthorityFactory(slug="haute-garonne", territory=departement)
    here = FactsFactory(name="Ici", commune=TerritoryFactory(departement=departement))
    FactsFactory(name="Ailleurs", commune=TerritoryFactory())

    framed = client.get(f"/{authority.slug}/registre/")

    assert names_in(framed) == ["Ici"]
    assert f'href="/haute-garonne/registre/{here.pk}/"' in framed.content.decode()
    assert '<link rel="canonical" href="http://testserver/registre/">' in framed.content.decode()
    assert names_in(client.get("/haute-garonne/registre/?territoire=partout")) == ["Ailleurs", "Ici"]
    assert names_in(client.get("/registre/")) == ["Ailleurs", "Ici"]


def test_hostile_text_is_shown_as_text(client: Client) -> None:
    edition_in_force()
    FactsFactory(name="<script>alert(1)</script>", acronym='"><b>')

    body = client.get('/registre/?q="><script>alert(2)</script>').content.decode()
    assert "<script>alert" not in body
    body = client.get("/registre/").content.decode()
    assert "<script>alert" not in body
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body


def test_the_list_takes_the_same_number_of_queries_whatever_the_rows(
    client: Client, django_assert_num_queries
) -> None:
    edition_in_force()
    commune = TerritoryFactory()
    FactsFactory(commune=commune, tags=["aci"])
    client.get("/registre/")
    for _each in range(30):
        FactsFactory(commune=commune, tags=["aci", "esus"])

    with django_assert_num_queries(8):  # one asks whether there is an index
        client.get("/registre/")


def test_a_swap_brings_no_field_for_those_without_javascript(client: Client) -> None:
    edition_in_force()
    FactsFactory(name="Foyer", commune=TerritoryFactory(name="Auterive"))

    whole = client.get("/registre/").content.decode()
    swapped = client.get("/registre/", headers={"HX-Request": "true"}).content.decode()

    assert [page.count('<select name="territoire"') for page in (whole, swapped)] == [1, 0]
    assert [page.count('name="territoire"') for page in (whole, swapped)] == [2, 1]


def test_the_filters_used_less_are_folded_until_one_is_chosen(client: Client) -> None:
    edition_in_force()
    for year in (1970, 2021):
        FactsFactory(created_on=date(year, 5, 1))

    def folded(address: str) -> dict[str, bool]:
        return {
            each["name"]: each["folded"] for each in client.get(address).context["facets"] if "folded" in each
        }

    assert folded("/registre/") == {"epci": True, "commune": True, "qpv": True, "creation": True}
    chosen = next(
        option.value
        for each in client.get("/registre/").context["facets"]
        if each["name"] == "creation"
        for option in each["options"]
    )
    assert folded(f"/registre/?creation={chosen}")["creation"] is False


def test_agents_alone_are_led_to_adding_an_organisation(client: Client) -> None:
    edition_in_force()
    agent = MembershipFactory(authority__slug="ici", agent=True)

    assert client.get("/ici/registre/").context["add_url"] == ""
    client.force_login(agent.user)
    assert client.get("/ici/registre/").context["add_url"] == "/ici/registre/ajouter/"
    assert client.get("/registre/").context["add_url"] == ""
