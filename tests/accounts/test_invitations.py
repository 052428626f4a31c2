"""Invitations: who may send them, what the link opens, once, for how long."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse

from essor.accounts import actions
from essor.accounts.actions.invitations import MOST_AT_ONCE, hash_of
from essor.accounts.enums import AGENT, InvitationState
from essor.accounts.models import Authority, Invitation, Membership, User
from essor.accounts.rights import Rights
from essor.kernel.models import AuditEntry, OutboxMessage
from essor.kernel.periods import today
from tests.factories import (
    PASSWORD,
    AuthorityFactory,
    InvitationFactory,
    MembershipFactory,
    ServiceFactory,
    UserFactory,
)

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
OFFER = actions.Offer(roles=(AGENT,))


@pytest.fixture
def manager(db: None) -> Membership:
    return MembershipFactory(manager=True)


def _token_of(message: OutboxMessage) -> str:
    return message.text.split("/compte/invitation/")[1].split("/")[0]


def test_an_invitation_goes_by_mail_and_the_token_nowhere_else(manager: Membership) -> None:
    (invitation,) = actions.invite(manager.user, manager.authority, ["Neuve@Exemple.fr"], OFFER, now=NOW)
    message = OutboxMessage.objects.get()
    token = _token_of(message)
    assert (message.to, invitation.email) == ("neuve@exemple.fr", "neuve@exemple.fr")
    assert message.subject == f"{manager.authority.name} vous invite sur Essor"
    assert token in message.html
    assert invitation.token_hash == hash_of(token)
    assert token not in str(Invitation.objects.values_list())
    entry = AuditEntry.objects.get()
    assert entry.code == "accounts.invitation.sent"
    assert entry.data == {"roles": "Agente ou agent"}


def test_several_addresses_at_once_all_or_none(manager: Membership) -> None:
    sent = actions.invite(manager.user, manager.authority, ["a@x.fr", "b@x.fr", "A@X.fr"], OFFER, now=NOW)
    assert [invitation.email for invitation in sent] == ["a@x.fr", "b@x.fr"]
    with pytest.raises(ValidationError) as refused:
        actions.invite(
            manager.user,
            manager.authority,
            ["c@x.fr", "a@x.fr", "pas-une-adresse", manager.user.email],
            OFFER,
            now=NOW,
        )
    assert len(refused.value.messages) == 3
    assert "« a@x.fr » est déjà invitée" in refused.value.messages[0]
    assert "« pas-une-adresse » n’est pas une adresse" in refused.value.messages[1]
    assert "fait déjà partie" in refused.value.messages[2]
    assert Invitation.objects.count() == OutboxMessage.objects.count() == 2


def test_too_many_at_once(manager: Membership) -> None:
    with pytest.raises(ValidationError, match="entre une et 50"):
        actions.invite(
            manager.user, manager.authority, [f"p{n}@x.fr" for n in range(MOST_AT_ONCE + 1)], OFFER, now=NOW
        )
    with pytest.raises(ValidationError, match="entre une et 50"):
        actions.invite(manager.user, manager.authority, [], OFFER, now=NOW)


def test_inviting_says_nothing_of_accounts_elsewhere(manager: Membership) -> None:
    elsewhere = MembershipFactory(agent=True).user
    (known,) = actions.invite(manager.user, manager.authority, [elsewhere.email], OFFER, now=NOW)
    (unknown,) = actions.invite(manager.user, manager.authority, ["inconnue@x.fr"], OFFER, now=NOW)
    assert known.state_at(NOW) == unknown.state_at(NOW) == InvitationState.PENDING
    texts = [message.text.replace(_token_of(message), "") for message in OutboxMessage.objects.order_by("pk")]
    assert texts[0] == texts[1]


def test_only_managers_invite(manager: Membership) -> None:
    agent = MembershipFactory(authority=manager.authority, agent=True).user
    invitation = InvitationFactory(authority=manager.authority)
    for act in (
        lambda: actions.invite(agent, manager.authority, ["a@x.fr"], OFFER, now=NOW),
        lambda: actions.resend(agent, invitation),
        lambda: actions.revoke(agent, invitation),
        lambda: actions.invite(manager.user, AuthorityFactory(), ["a@x.fr"], OFFER, now=NOW),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_expired_invitations_can_be_sent_again_or_anew(manager: Membership) -> None:
    old = InvitationFactory(authority=manager.authority, expired=True, email="a@x.fr")
    (fresh,) = actions.invite(manager.user, manager.authority, ["a@x.fr"], OFFER)
    old.refresh_from_db()
    assert old.revoked_at is not None
    assert fresh.state_at(fresh.created_at) == InvitationState.PENDING


def test_resending_kills_the_earlier_link(manager: Membership) -> None:
    (invitation,) = actions.invite(manager.user, manager.authority, ["a@x.fr"], OFFER, now=NOW)
    first = _token_of(OutboxMessage.objects.get())
    later = NOW + timedelta(days=20)
    assert actions.find_open(first, later) is None
    actions.resend(manager.user, invitation, now=later)
    second = _token_of(OutboxMessage.objects.latest("pk"))
    assert actions.find_open(first, later) is None
    assert actions.find_open(second, later) == invitation


@pytest.mark.parametrize("days", [0, 13])
def test_accepting_opens_an_account_with_what_was_offered(days: int, manager: Membership) -> None:
    service = ServiceFactory(authority=manager.authority)
    offer = actions.Offer(roles=(AGENT,), service=service, mandate_title="Maire adjointe")
    actions.invite(manager.user, manager.authority, ["a@x.fr"], offer, now=NOW)
    token = _token_of(OutboxMessage.objects.get())
    moment = NOW + timedelta(days=days)
    user = actions.accept(token, signed_in=None, full_name="  Anne   Exemple ", password=PASSWORD, now=moment)
    assert (user.email, user.full_name, user.check_password(PASSWORD)) == ("a@x.fr", "Anne Exemple", True)
    assert Rights(user.pk, moment.date()).roles_in(manager.authority_id) == {"agent", "elected"}
    membership = Membership.objects.get(user=user)
    assert (membership.service, membership.mandates.get().title) == (service, "Maire adjointe")
    assert list(AuditEntry.objects.order_by("pk").values_list("code", flat=True))[1:] == [
        "accounts.user.created",
        "accounts.invitation.accepted",
        "accounts.member.joined",
    ]


@pytest.mark.django_db
def test_a_link_works_once() -> None:
    InvitationFactory(token="t")
    actions.accept("t", signed_in=None, full_name="Anne", password=PASSWORD)
    with pytest.raises(ValidationError, match="ne fonctionne plus"):
        actions.accept("t", signed_in=None, full_name="Anne", password=PASSWORD)


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["inconnu", "t-expire", "t-annule"])
def test_links_that_do_not_work(token: str) -> None:
    InvitationFactory(token="t-expire", expired=True)
    InvitationFactory(token="t-annule", revoked_at=NOW)
    with pytest.raises(ValidationError, match="ne fonctionne plus"):
        actions.accept(token, signed_in=None, full_name="Anne", password=PASSWORD)
    response = Client().get(reverse("invitation", kwargs={"token": token}))
    assert response.status_code == 410
    assert "Ce lien ne fonctionne plus" in response.content.decode()


@pytest.mark.django_db
def test_a_stolen_link_never_opens_an_existing_account() -> None:
    person = UserFactory()
    InvitationFactory(token="t", email=person.email)
    with pytest.raises(ValidationError, match="connectez-vous"):
        actions.accept("t", signed_in=None, full_name="Voleuse", password="un-autre-mot-de-passe")
    with pytest.raises(ValidationError, match="autre adresse"):
        actions.accept("t", signed_in=UserFactory())
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert Invitation.objects.get().accepted_at is None
    actions.accept("t", signed_in=person)
    assert Rights(person.pk, today()).roles_in(Authority.objects.get().pk) == {"agent"}


@pytest.mark.django_db
def test_a_weak_password_is_refused_and_the_link_still_works() -> None:
    InvitationFactory(token="t")
    address = reverse("invitation", kwargs={"token": "t"})
    client = Client()
    for weak in ("court", "qwertyuiop12", "123456789012"):
        response = client.post(address, {"full_name": "Anne", "password": weak})
        assert response.status_code == 422, weak
    assert User.objects.filter(full_name="Anne").count() == 0
    response = client.post(address, {"full_name": "Anne", "password": PASSWORD})
    assert response.status_code == 302


@pytest.mark.django_db
def test_accepting_signs_in_with_a_new_session() -> None:
    invitation = InvitationFactory(token="t")
    client = Client()
    client.get("/")
    session = client.session
    session["trace"] = "avant"
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    response = client.post(
        reverse("invitation", kwargs={"token": "t"}), {"full_name": "Anne Exemple", "password": PASSWORD}
    )
    assert response["Location"] == f"/{invitation.authority.slug}/accueil/"
    assert client.session.session_key not in (None, before)
    assert client.get(response["Location"]).status_code == 200


@pytest.mark.django_db
def test_the_page_speaks_to_each_situation() -> None:
    person = UserFactory()
    InvitationFactory(token="t", email=person.email)
    address = reverse("invitation", kwargs={"token": "t"})
    client = Client()
    assert "Vous avez déjà un compte" in client.get(address).content.decode()
    client.force_login(UserFactory())
    assert "pour une autre adresse" in client.get(address).content.decode()
    client.force_login(person)
    page = client.get(address).content.decode()
    assert "Rejoindre l’équipe" in page
    assert 'type="password"' not in page
    assert client.post(address).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_two_acceptances_at_once_make_one_account() -> None:
    InvitationFactory(token="t", email="deux@x.fr")
    results = _at_once(
        *[lambda: actions.accept("t", signed_in=None, full_name="Anne", password=PASSWORD) for _ in range(2)]
    )
    assert sorted(results) == ["User", "ValidationError"]
    assert User.objects.filter(email="deux@x.fr").count() == 1
    assert Membership.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_accepting_and_cancelling_at_once_leave_one_truth() -> None:
    manager = MembershipFactory(manager=True)
    invitation = InvitationFactory(token="t", authority=manager.authority)
    results = _at_once(
        lambda: actions.accept("t", signed_in=None, full_name="Anne", password=PASSWORD),
        lambda: actions.revoke(manager.user, invitation),
    )
    invitation.refresh_from_db()
    assert (invitation.accepted_at is None) != (invitation.revoked_at is None)
    assert "ValidationError" in results
    assert Membership.objects.exclude(pk=manager.pk).count() == (1 if invitation.accepted_at else 0)


def _at_once(*acts: Callable[[], object]) -> list[str]:
    """Run the acts in threads that start together; the names of what each gave or raised."""
    start, results = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        try:
            start.wait(timeout=10)
            results.append(type(act()).__name__)
        except ValidationError as error:
            results.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results
