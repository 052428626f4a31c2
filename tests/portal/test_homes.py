"""The homes: of the installation, of an authority, of those who work there."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from essor.accounts import actions
from essor.kernel.periods import today
from tests.factories import AuthorityFactory, InvitationFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_the_home_without_anything(client: Client) -> None:
    page = client.get("/").content.decode()
    assert "Aucune collectivité pour l’instant" in page
    assert "Créer une collectivité" not in page
    client.force_login(UserFactory(installation_admin=True))
    assert "Créer une collectivité" in client.get("/").content.decode()


def test_the_home_lists_authorities_and_searches_the_register(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for name in ("Zone", "Étoile"):
        AuthorityFactory(name=name)
    with django_assert_max_num_queries(4):
        response = client.get("/")
    page = response.content.decode()
    assert [row.name for row in response.context["authorities"]] == ["Étoile", "Zone"]
    assert 'action="/registre/"' in page
    assert [door.url for door in response.context["doors"]] == [
        "/registre/",
        "/registre/suis-je-de-l-ess/",
        "/droit/regles/",
        "/kit/",
    ]


def test_the_public_home_of_an_authority(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    AuthorityFactory(slug="ici", name="Ici <b>", presentation="Nous soutenons l’ESS.")
    with django_assert_max_num_queries(4):
        response = client.get("/ici/")
    page = response.content.decode()
    assert "Ici &lt;b&gt;" in page
    assert "Nous soutenons l’ESS." in page
    assert "Les chiffres du territoire arrivent" in page
    assert 'action="/ici/registre/"' in page
    assert [door.url for door in response.context["doors"]] == [
        "/ici/registre/",
        "/ici/registre/suis-je-de-l-ess/",
        "/ici/droit/regles/",
        "/ici/kit/",
    ]


def test_the_home_of_an_agent(client: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    agent = MembershipFactory(agent=True, elected=True, authority__slug="ici")
    actions.create_service(None, agent.authority, "Culture", day=today())
    actions.create_service(None, AuthorityFactory(), "Sport", day=today())
    client.force_login(agent.user)
    with django_assert_max_num_queries(13):
        response = client.get("/ici/accueil/")
    assert response.context["role_labels"] == ["Agente ou agent", "Élue ou élu"]
    assert [line.sentence for line in response.context["timeline"]] == [
        "Le système a créé le service « Culture »"
    ]
    assert "Rien ne vous attend aujourd’hui." in response.content.decode()
    assert "/ici/equipe/inviter/" not in [door.url for door in response.context["doors"]]


def test_what_waits_for_a_manager(client: Client) -> None:
    manager = MembershipFactory(manager=True, authority__slug="ici")
    for _ in range(2):
        InvitationFactory(authority=manager.authority, expired=True)
    InvitationFactory(expired=True)
    client.force_login(manager.user)
    response = client.get("/ici/accueil/")
    assert [item.text for item in response.context["waiting"]] == [
        "2 invitations ont expiré sans réponse : renvoyez-les ou annulez-les."
    ]
    assert "/ici/equipe/inviter/" in [door.url for door in response.context["doors"]]


def test_who_left_has_no_home_any_more(client: Client) -> None:
    gone = MembershipFactory(agent=True, ended=True, authority__slug="ici")
    client.force_login(gone.user)
    refused = client.get("/ici/accueil/")
    assert refused.status_code == 403
    assert "un rôle ou un mandat dans cette collectivité" in refused.content.decode()
