"""The team as people see and change it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from essor.accounts.models import Invitation, Mandate, Membership, RoleGrant, Service
from essor.accounts.rights import Rights
from essor.kernel.models import OutboxMessage
from essor.kernel.periods import today
from tests.factories import (
    AuthorityFactory,
    InvitationFactory,
    MandateFactory,
    MembershipFactory,
    RoleGrantFactory,
    ServiceFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client) -> Membership:
    """The person in charge, signed in."""
    membership = MembershipFactory(manager=True, user__full_name="Zoé Responsable")
    client.force_login(membership.user)
    return membership


def _url(membership: Membership, name: str, **kwargs: Any) -> str:
    return reverse(name, kwargs={"authority": membership.authority.slug, **kwargs})


def _names(response: Any) -> list[str]:
    return [member.membership.user.full_name for member in response.context["members"]]


def test_the_list_orders_by_name_without_accents(client: Client, manager: Membership) -> None:
    for name in ("Étoile Un", "Zèbre Deux", "Éa Trois"):
        MembershipFactory(authority=manager.authority, user__full_name=name)
    MembershipFactory(user__full_name="Ailleurs")
    assert _names(client.get(_url(manager, "team"))) == [
        "Éa Trois",
        "Étoile Un",
        "Zèbre Deux",
        "Zoé Responsable",
    ]


def test_filters_of_the_list(client: Client, manager: Membership) -> None:
    service = ServiceFactory(authority=manager.authority, name="Culture")
    MembershipFactory(authority=manager.authority, user__full_name="Agente", agent=True, service=service)
    MembershipFactory(authority=manager.authority, user__full_name="Élue", elected=True)
    MembershipFactory(authority=manager.authority, user__full_name="Partie", agent=True, ended=True)
    back = MembershipFactory(authority=manager.authority, user__full_name="Revenue", agent=True, ended=True)
    MembershipFactory(authority=manager.authority, user=back.user, agent=True, start=today())
    address = _url(manager, "team")

    def found(query: str) -> list[str]:
        return _names(client.get(f"{address}?{query}"))

    assert found("role=agent") == ["Agente", "Revenue"]
    assert found("role=elected") == ["Élue"]
    assert found("role=elected&role=agent") == ["Agente", "Élue", "Revenue"]
    assert found(f"service={service.pk}") == ["Agente"]
    assert found("etat=passees") == ["Partie"]
    assert found("etat=passees&role=agent") == ["Partie"]
    assert found("q=ELUE") == ["Élue"]
    assert found("q=zoe+respons") == ["Zoé Responsable"]
    assert found("q=nulle-part") == []
    assert found("service=x&role=inconnu&page=99") == []
    assert found("service=99999999999999999999") == ["Agente", "Élue", "Revenue", "Zoé Responsable"]


def test_an_empty_result_and_its_way_out(client: Client, manager: Membership) -> None:
    page = client.get(_url(manager, "team") + "?q=introuvable").content.decode()
    assert "Personne ne répond à tous ces filtres" in page
    assert "Voir toute l’équipe" in page


def test_the_list_costs_the_same_for_three_and_for_thirty(
    client: Client, manager: Membership, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(30):
        MembershipFactory(authority=manager.authority, agent=True, elected=True)
        InvitationFactory(authority=manager.authority)
    with django_assert_max_num_queries(13):
        assert client.get(_url(manager, "team")).status_code == 200


def test_invite_from_the_screen(client: Client, manager: Membership) -> None:
    address = _url(manager, "team-invite")
    assert client.get(address).status_code == 200
    response = client.post(address, {"emails": "Anne <a@x.fr>\nb@x.fr", "roles": ["agent"]}, follow=True)
    assert "2 invitations envoyées" in response.content.decode()
    assert sorted(OutboxMessage.objects.values_list("to", flat=True)) == ["a@x.fr", "b@x.fr"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"emails": "a@x.fr"}, "Choisissez au moins un rôle"),
        ({"emails": "pas une adresse", "roles": ["agent"]}, "« pas » n’est pas une adresse électronique"),
        ({"emails": "", "roles": ["agent"]}, "Ce champ est obligatoire"),
        ({"emails": "a@x.fr", "roles": ["organisation_member"]}, "Sélectionnez un choix valide"),
    ],
)
def test_a_wrong_invitation_says_why_and_keeps_what_was_typed(
    client: Client, manager: Membership, data: dict[str, Any], message: str
) -> None:
    response = client.post(_url(manager, "team-invite"), data)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert data["emails"] in response.content.decode()
    assert Invitation.objects.count() == 0


def test_resend_and_cancel_from_the_screen(client: Client, manager: Membership) -> None:
    invitation = InvitationFactory(authority=manager.authority, expired=True)
    assert "Expirée" in client.get(_url(manager, "team")).content.decode()
    client.post(_url(manager, "team-invitation-resend", pk=invitation.pk))
    assert OutboxMessage.objects.count() == 1
    cancel = _url(manager, "team-invitation-revoke", pk=invitation.pk)
    assert "ne fonctionnera plus" in client.get(cancel).content.decode()
    assert Invitation.objects.get().revoked_at is None
    client.post(cancel)
    assert Invitation.objects.get().revoked_at is not None
    twice = client.post(_url(manager, "team-invitation-resend", pk=invitation.pk), follow=True)
    assert "déjà été acceptée ou annulée" in twice.content.decode()


def test_things_of_another_authority_are_not_found(client: Client, manager: Membership) -> None:
    elsewhere = MembershipFactory(agent=True, elected=True)
    names = {
        "team-member": elsewhere.pk,
        "team-member-move": elsewhere.pk,
        "team-member-end": elsewhere.pk,
        "team-role-add": elsewhere.pk,
        "team-mandate-add": elsewhere.pk,
        "team-role-end": elsewhere.grants.get().pk,
        "team-mandate-end": elsewhere.mandates.get().pk,
        "team-invitation-revoke": InvitationFactory().pk,
        "team-service-rename": ServiceFactory().pk,
        "team-service-close": ServiceFactory().pk,
    }
    for name, pk in names.items():
        assert client.get(_url(manager, name, pk=pk)).status_code == 404, name
        assert client.post(_url(manager, name, pk=pk), {"last_day": "2026-11-02"}).status_code == 404, name
    assert client.post(_url(manager, "team-invitation-resend", pk=InvitationFactory().pk)).status_code == 404


def test_an_unknown_authority_says_so(client: Client) -> None:
    response = client.get("/nulle-part/")
    assert response.status_code == 404
    assert "Aucune collectivité n’a l’adresse « nulle-part »" in response.content.decode()


def test_the_page_of_a_person_tells_only_this_authority(client: Client, manager: Membership) -> None:
    person = MembershipFactory(authority=manager.authority, agent=True)
    elsewhere = MembershipFactory(user=person.user, manager=True)
    client.force_login(UserFactory(installation_admin=True))
    for membership in (person, elsewhere):
        client.post(
            _url(membership, "team-mandate-add", pk=membership.pk), {"title": "Maire", "start": "2026-11-02"}
        )
    client.force_login(manager.user)
    page = client.get(_url(manager, "team-member", pk=person.pk))
    assert [line.code for line in page.context["timeline"]] == ["accounts.mandate.added"]
    assert elsewhere.authority.name not in page.content.decode()


def test_the_page_of_a_person_costs_little(
    client: Client, manager: Membership, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    person = MembershipFactory(authority=manager.authority)
    for _ in range(8):
        MandateFactory(membership=person)
    with django_assert_max_num_queries(14):
        client.get(_url(manager, "team-member", pk=person.pk))


def test_a_role_from_its_gift_to_its_end(client: Client, manager: Membership) -> None:
    person = MembershipFactory(authority=manager.authority)
    day = today()
    give = _url(manager, "team-role-add", pk=person.pk)
    assert client.get(give).status_code == 200
    client.post(give, {"role": "agent", "start": day.isoformat()})
    assert Rights(person.user_id, day).roles_in(manager.authority_id) == {"agent"}
    again = client.post(give, {"role": "agent", "start": day.isoformat()})
    assert "a déjà ce rôle" in again.content.decode()
    end = _url(manager, "team-role-end", pk=RoleGrant.objects.get(membership=person).pk)
    assert "Dernier jour" in client.get(end).content.decode()
    client.post(end, {"last_day": day.isoformat()})
    assert Rights(person.user_id, day).roles_in(manager.authority_id) == {"agent"}
    assert Rights(person.user_id, day + timedelta(days=1)).roles_in(manager.authority_id) == set()


def test_dates_the_wrong_way_round_are_refused(client: Client, manager: Membership) -> None:
    person = MembershipFactory(authority=manager.authority)
    data = {"role": "agent", "start": "2026-11-02", "last_day": "2026-11-01"}
    response = client.post(_url(manager, "team-role-add", pk=person.pk), data)
    assert response.status_code == 422
    assert "La fin ne peut pas précéder le début." in response.content.decode()
    assert RoleGrant.objects.filter(membership=person).count() == 0


def test_a_mandate_from_the_screen(client: Client, manager: Membership) -> None:
    person = MembershipFactory(authority=manager.authority)
    add = _url(manager, "team-mandate-add", pk=person.pk)
    client.post(
        add, {"title": "Maire adjointe", "delegation": "ESS", "start": "2026-03-20", "last_day": "2032-03-19"}
    )
    mandate = Mandate.objects.get(membership=person)
    assert (mandate.title, mandate.end.isoformat()) == ("Maire adjointe", "2032-03-20")
    client.post(_url(manager, "team-mandate-end", pk=mandate.pk), {"last_day": "2026-06-30"})
    mandate.refresh_from_db()
    assert mandate.end.isoformat() == "2026-07-01"


def test_moving_and_leaving_from_the_screen(client: Client, manager: Membership) -> None:
    person = MembershipFactory(authority=manager.authority, agent=True)
    service = ServiceFactory(authority=manager.authority)
    data = {"service": service.pk, "start": today().isoformat()}
    client.post(_url(manager, "team-member-move", pk=person.pk), data)
    following = Membership.objects.get(user=person.user, end=None)
    assert following.service == service
    client.post(_url(manager, "team-member-end", pk=following.pk), {"last_day": today().isoformat()})
    following.refresh_from_db()
    assert following.end == today() + timedelta(days=1)


def test_the_last_manager_is_told_why_not(client: Client, manager: Membership) -> None:
    response = client.post(_url(manager, "team-member-end", pk=manager.pk), {"last_day": today().isoformat()})
    assert response.status_code == 422
    assert "Nommez d’abord une autre personne responsable" in response.content.decode()


def test_services_from_the_screen(client: Client, manager: Membership) -> None:
    assert "Créer le premier service" in client.get(_url(manager, "team-services")).content.decode()
    client.post(_url(manager, "team-service-add"), {"name": "Culture"})
    service = Service.objects.get()
    MembershipFactory(authority=manager.authority, service=service)
    page = client.get(_url(manager, "team-services"))
    assert [(row.name, row.people) for row in page.context["services"]] == [("Culture", 1)]
    wrong = client.post(_url(manager, "team-service-add"), {"name": "CULTURE"})
    assert "Un service porte déjà ce nom" in wrong.content.decode()
    client.post(_url(manager, "team-service-rename", pk=service.pk), {"name": "Culture et sport"})
    refused = client.post(
        _url(manager, "team-service-close", pk=service.pk), {"last_day": today().isoformat()}
    )
    assert "encore dans ce service" in refused.content.decode()
    Membership.objects.filter(service=service).update(service=None)
    client.post(_url(manager, "team-service-close", pk=service.pk), {"last_day": today().isoformat()})
    service.refresh_from_db()
    assert (service.name, service.end) == ("Culture et sport", today() + timedelta(days=1))


def test_agents_read_and_do_not_touch(client: Client) -> None:
    agent = MembershipFactory(agent=True)
    grant = RoleGrantFactory(membership__authority=agent.authority)
    client.force_login(agent.user)
    page = client.get(_url(agent, "team")).content.decode()
    assert "Inviter" not in page
    assert client.get(_url(agent, "team-member", pk=grant.membership_id)).status_code == 200
    assert (
        client.post(_url(agent, "team-role-end", pk=grant.pk), {"last_day": "2026-11-02"}).status_code == 403
    )
    assert client.get(_url(MembershipFactory(authority=AuthorityFactory()), "team")).status_code == 403
