"""What is done to a team: refused to who may not, dated, logged."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from essor.accounts import actions
from essor.accounts.enums import AGENT, MANAGER
from essor.accounts.models import Mandate, Membership, RoleGrant
from essor.accounts.rights import Rights
from essor.kernel import audit
from essor.kernel.models import AuditEntry
from tests.factories import (
    AuthorityFactory,
    MembershipFactory,
    RoleGrantFactory,
    ServiceFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 2)
TOMORROW = DAY + timedelta(days=1)


def _codes() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("code", flat=True))


@pytest.fixture
def manager() -> Membership:
    return MembershipFactory(manager=True)


def test_add_member_gives_roles_and_mandate_from_the_day(manager: Membership) -> None:
    person = UserFactory()
    service = ServiceFactory(authority=manager.authority)
    membership = actions.add_member(
        manager.user,
        manager.authority,
        person,
        day=DAY,
        roles=[AGENT],
        service=service,
        mandate_title="Conseillère",
    )
    assert Rights(person.pk, DAY).roles_in(manager.authority_id) == {"agent", "elected"}
    assert Rights(person.pk, DAY - timedelta(days=1)).roles_in(manager.authority_id) == set()
    assert membership.service == service
    assert _codes() == ["accounts.member.added"]
    entry = AuditEntry.objects.get()
    assert (entry.actor_id, entry.authority_id) == (manager.user_id, manager.authority_id)
    assert (entry.subject_kind, entry.subject_id) == ("accounts.user", str(person.pk))
    assert person.email not in str(entry.data)
    assert person.full_name not in str(entry.data)
    assert audit.entries_for(person)[0].sentence == (
        f"{manager.user.full_name} a fait entrer cette personne dans l’équipe (Agente ou agent, élue ou élu)"
    )


@pytest.mark.parametrize("traits", [{}, {"agent": True}, {"elected": True}, {"expert": True}])
def test_only_managers_change_the_team(traits: dict[str, bool], manager: Membership) -> None:
    actor = MembershipFactory(authority=manager.authority, **traits).user
    with pytest.raises(PermissionDenied, match="responsables de l’équipe"):
        actions.add_member(actor, manager.authority, UserFactory(), day=DAY, roles=[AGENT])
    assert _codes() == []


def test_a_manager_elsewhere_is_nobody_here(manager: Membership) -> None:
    elsewhere = AuthorityFactory()
    grant = RoleGrantFactory(membership__authority=elsewhere)
    for act in (
        lambda: actions.add_member(manager.user, elsewhere, UserFactory(), day=DAY, roles=[AGENT]),
        lambda: actions.end_role(manager.user, grant, end=TOMORROW, day=DAY),
        lambda: actions.end_membership(manager.user, grant.membership, end=TOMORROW, day=DAY),
        lambda: actions.create_service(manager.user, elsewhere, "Culture", day=DAY),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_a_manager_whose_role_ended_is_nobody() -> None:
    grant = RoleGrantFactory(role=MANAGER, end=DAY)
    with pytest.raises(PermissionDenied):
        actions.create_service(grant.membership.user, grant.membership.authority, "Culture", day=DAY)


def test_the_installation_administrator_manages_any_team() -> None:
    admin, authority = UserFactory(installation_admin=True), AuthorityFactory()
    actions.add_member(admin, authority, UserFactory(), day=DAY, roles=[MANAGER])
    assert _codes() == ["accounts.member.added"]


@pytest.mark.parametrize(
    ("roles", "title", "message"),
    [
        ([], "", "Donnez au moins un rôle"),
        (["roi"], "", "« roi » n’existe pas"),
        (["elected"], "", "ajoutez un mandat"),
        (["organisation_member"], "", "n’existe pas"),
    ],
)
def test_roles_that_mean_nothing_are_refused(
    roles: list[str], title: str, message: str, manager: Membership
) -> None:
    with pytest.raises(ValidationError, match=message):
        actions.add_member(
            manager.user, manager.authority, UserFactory(), day=DAY, roles=roles, mandate_title=title
        )


def test_a_member_may_have_begun_before_the_act(manager: Membership) -> None:
    begun = DAY - timedelta(days=400)
    membership = actions.add_member(
        manager.user, manager.authority, UserFactory(), day=DAY, start=begun, roles=[AGENT]
    )
    assert (membership.start, membership.grants.get().start) == (begun, begun)


def test_a_person_is_a_member_once(manager: Membership) -> None:
    with pytest.raises(ValidationError, match="déjà partie"):
        actions.add_member(manager.user, manager.authority, manager.user, day=DAY, roles=[AGENT])


def test_a_service_of_another_authority_is_refused(manager: Membership) -> None:
    with pytest.raises(ValidationError, match="pas de cette collectivité"):
        actions.add_member(
            manager.user, manager.authority, UserFactory(), day=DAY, roles=[AGENT], service=ServiceFactory()
        )


def test_moving_keeps_the_past_true(manager: Membership) -> None:
    before = ServiceFactory(authority=manager.authority)
    after = ServiceFactory(authority=manager.authority)
    membership = MembershipFactory(authority=manager.authority, service=before, agent=True, elected=True)
    following = actions.change_service(manager.user, membership, after, start=DAY, day=DAY)
    membership.refresh_from_db()
    assert (membership.service, membership.end) == (before, DAY)
    assert (following.service, following.start, following.end) == (after, DAY, None)
    for day in (DAY - timedelta(days=1), DAY):
        assert Rights(membership.user_id, day).roles_in(manager.authority_id) == {"agent", "elected"}
    assert RoleGrant.objects.filter(membership__user=membership.user).count() == 2
    assert Mandate.objects.filter(membership__user=membership.user).count() == 2
    assert _codes() == ["accounts.member.moved"]


def test_moving_on_the_first_day_changes_the_membership_itself(manager: Membership) -> None:
    service = ServiceFactory(authority=manager.authority)
    membership = MembershipFactory(authority=manager.authority, start=DAY)
    assert actions.change_service(manager.user, membership, service, start=DAY, day=DAY) == membership
    assert Membership.objects.filter(user=membership.user).count() == 1


def test_moving_carries_a_role_that_has_not_begun(manager: Membership) -> None:
    membership = MembershipFactory(authority=manager.authority)
    later = DAY + timedelta(days=30)
    RoleGrantFactory(membership=membership, start=later, end=later + timedelta(days=10))
    following = actions.change_service(
        manager.user, membership, ServiceFactory(authority=manager.authority), start=DAY, day=DAY
    )
    grant = RoleGrant.objects.get(membership__user=membership.user)
    assert (grant.membership, grant.start, grant.end) == (following, later, later + timedelta(days=10))


def test_grant_and_end_a_role(manager: Membership) -> None:
    membership = MembershipFactory(authority=manager.authority)
    grant = actions.grant_role(manager.user, membership, AGENT, start=DAY, end=None, day=DAY)
    with pytest.raises(ValidationError, match="a déjà ce rôle"):
        actions.grant_role(manager.user, membership, AGENT, start=DAY, end=None, day=DAY)
    actions.end_role(manager.user, grant, end=TOMORROW, day=DAY)
    assert Rights(membership.user_id, DAY).roles_in(manager.authority_id) == {"agent"}
    assert Rights(membership.user_id, TOMORROW).roles_in(manager.authority_id) == set()
    with pytest.raises(ValidationError, match="déjà terminé"):
        actions.end_role(manager.user, grant, end=TOMORROW, day=DAY)
    assert _codes() == ["accounts.role.granted", "accounts.role.ended"]


def test_a_role_ended_before_its_first_day_never_was(manager: Membership) -> None:
    membership = MembershipFactory(authority=manager.authority)
    grant = RoleGrantFactory(membership=membership, start=DAY)
    actions.end_role(manager.user, grant, end=DAY, day=DAY)
    assert RoleGrant.objects.filter(membership=membership).count() == 0
    assert _codes() == ["accounts.role.ended"]


def test_an_end_before_the_beginning_is_refused(manager: Membership) -> None:
    grant = RoleGrantFactory(membership__authority=manager.authority, start=DAY)
    with pytest.raises(ValidationError, match="ne peut pas précéder"):
        actions.end_role(manager.user, grant, end=DAY - timedelta(days=1), day=DAY)


def test_the_last_manager_stays(manager: Membership) -> None:
    grant = manager.grants.get()
    for act in (
        lambda: actions.end_role(manager.user, grant, end=TOMORROW, day=DAY),
        lambda: actions.end_membership(manager.user, manager, end=TOMORROW, day=DAY),
    ):
        with pytest.raises(ValidationError, match="Nommez d’abord"):
            act()
    MembershipFactory(authority=manager.authority, manager=True)
    actions.end_membership(manager.user, manager, end=TOMORROW, day=DAY)
    assert _codes() == ["accounts.member.left"]


def test_leaving_ends_everything(manager: Membership) -> None:
    membership = MembershipFactory(authority=manager.authority, agent=True, elected=True)
    actions.end_membership(manager.user, membership, end=TOMORROW, day=DAY)
    assert Rights(membership.user_id, DAY).roles_in(manager.authority_id) == {"agent", "elected"}
    assert Rights(membership.user_id, TOMORROW).roles_in(manager.authority_id) == set()
    again = actions.add_member(manager.user, manager.authority, membership.user, day=TOMORROW, roles=[AGENT])
    assert again.pk != membership.pk


def test_mandates_are_added_and_ended(manager: Membership) -> None:
    membership = MembershipFactory(authority=manager.authority)
    mandate = actions.add_mandate(
        manager.user, membership, title="Maire", delegation="Arrêté 12", start=DAY, end=None, day=DAY
    )
    assert Rights(membership.user_id, DAY).roles_in(manager.authority_id) == {"elected"}
    actions.end_mandate(manager.user, mandate, end=TOMORROW, day=DAY)
    assert Rights(membership.user_id, TOMORROW).roles_in(manager.authority_id) == set()
    assert _codes() == ["accounts.mandate.added", "accounts.mandate.ended"]


def test_a_role_or_a_mandate_needs_a_membership_on_its_first_day(manager: Membership) -> None:
    past = MembershipFactory(authority=manager.authority, ended=True)
    with pytest.raises(ValidationError, match="ne fait pas partie"):
        actions.grant_role(manager.user, past, AGENT, start=DAY, end=None, day=DAY)
    with pytest.raises(ValidationError, match="ne fait pas partie"):
        actions.add_mandate(manager.user, past, title="Maire", delegation="", start=DAY, end=None, day=DAY)


def test_services_live(manager: Membership) -> None:
    service = actions.create_service(manager.user, manager.authority, "  Économie   sociale ", day=DAY)
    assert service.name == "Économie sociale"
    with pytest.raises(ValidationError, match="Un service porte déjà ce nom"):
        actions.create_service(manager.user, manager.authority, "ÉCONOMIE SOCIALE", day=DAY)
    actions.rename_service(manager.user, service, "ESS", day=DAY)
    MembershipFactory(authority=manager.authority, service=service)
    with pytest.raises(ValidationError, match="encore dans ce service"):
        actions.close_service(manager.user, service, end=TOMORROW, day=DAY)
    Membership.objects.filter(service=service).update(end=TOMORROW)
    actions.close_service(manager.user, service, end=TOMORROW, day=DAY)
    assert _codes() == ["accounts.service.created", "accounts.service.renamed", "accounts.service.closed"]


@pytest.mark.parametrize("name", ["", "   ", "Écrire à anne@exemple.fr", "Standard 05 61 00 00 00"])
def test_a_service_name_is_a_name(name: str, manager: Membership) -> None:
    with pytest.raises(ValidationError):
        actions.create_service(manager.user, manager.authority, name, day=DAY)


def test_constraints_hold_without_the_actions() -> None:
    membership = MembershipFactory()
    wrong = [
        lambda: MembershipFactory(user=membership.user, authority=membership.authority),
        lambda: MembershipFactory(start=DAY, end=DAY),
        lambda: RoleGrantFactory(membership=membership, role="elected"),
        lambda: UserFactory._meta.model.objects.filter(pk=membership.user_id).update(email="MAJUSCULE@X.FR"),
    ]
    for act in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
