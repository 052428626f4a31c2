"""One's own account, what is kept of a person, and what is erased in the end."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from essor.accounts import actions
from essor.accounts.models import Invitation, User
from essor.kernel import audit, retention
from essor.kernel.models import AuditEntry
from essor.kernel.periods import today
from tests.factories import InvitationFactory, MembershipFactory, ServiceFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 2)
FOUR_YEARS_AGO = datetime(2022, 11, 1, tzinfo=UTC)


def test_the_account_page_shows_roles_of_today(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    membership = MembershipFactory(agent=True, elected=True)
    MembershipFactory(user=membership.user, agent=True, ended=True, authority__name="Ancienne collectivité")
    client.force_login(membership.user)
    with django_assert_max_num_queries(11):
        page = client.get("/compte/").content.decode()
    assert membership.authority.name in page
    assert "Agente ou agent" in page
    assert "Ancienne collectivité" not in page


def test_the_account_page_without_any_role(client: Client) -> None:
    client.force_login(UserFactory())
    assert "Vous n’avez pas de rôle aujourd’hui" in client.get("/compte/").content.decode()


def test_profile_changes_name_and_theme(client: Client) -> None:
    person = UserFactory()
    client.force_login(person)
    response = client.post("/compte/profil/", {"full_name": "  Éva   Nouvelle ", "theme": "sombre"})
    person.refresh_from_db()
    assert (person.full_name, person.sort_key) == ("Éva Nouvelle", "eva nouvelle")
    assert response.cookies["theme"].value == "sombre"
    assert 'data-theme="sombre"' in client.get("/compte/").content.decode()
    back = client.post("/compte/profil/", {"full_name": "Éva Nouvelle", "theme": "auto"})
    assert back.cookies["theme"].value == ""
    assert AuditEntry.objects.count() == 1
    assert client.post("/compte/profil/", {"full_name": " ", "theme": "rose"}).status_code == 422


def test_profile_offers_languages_where_there_are_several(client: Client, settings: LazySettings) -> None:
    person = UserFactory()
    client.force_login(person)
    assert "language" not in client.get("/compte/profil/").context["form"].fields
    settings.LANGUAGES = [("fr", "Français"), ("br", "Brezhoneg")]
    data = {"full_name": person.full_name, "theme": "auto", "language": "br"}
    assert client.post("/compte/profil/", data).cookies["django_language"].value == "br"
    assert client.post("/compte/profil/", data | {"language": "xx"}).status_code == 422


def test_export_gives_mine_and_nothing_of_others(client: Client) -> None:
    membership = MembershipFactory(agent=True, elected=True, service=ServiceFactory(name="Culture"))
    InvitationFactory(email=membership.user.email)
    other = MembershipFactory(authority=membership.authority, agent=True)
    client.force_login(membership.user)
    response = client.get("/compte/mes-donnees/")
    assert response["Content-Disposition"] == 'attachment; filename="mes-donnees-essor.json"'
    data = json.loads(response.content)
    assert data["accounts.user"][0]["adresse électronique"] == membership.user.email
    assert [row["rôle"] for row in data["accounts.rolegrant"]] == ["Agente ou agent"]
    assert data["accounts.membership"][0]["service"] == "Culture"
    assert len(data["accounts.mandate"]) == len(data["accounts.invitation"]) == 1
    text = response.content.decode()
    assert other.user.email not in text
    assert other.user.full_name not in text
    assert "token" not in text
    assert AuditEntry.objects.get().code == "accounts.user.exported"


def test_idle_accounts_become_anonymous() -> None:
    def person(**fields: object) -> User:
        return UserFactory(date_joined=FOUR_YEARS_AGO, **fields)

    idle = person()
    never = person(last_login=None)
    recent = person(last_login=datetime(2026, 1, 1, tzinfo=UTC))
    member = MembershipFactory(user=person(), agent=True).user
    left_lately = MembershipFactory(user=person(), agent=True, ended=True).user
    admin = person(installation_admin=True)
    young = UserFactory()
    kept = {row.pk: row.email for row in (recent, member, left_lately, admin, young)}
    AuditEntry.objects.all().count()
    assert dict(retention.apply(DAY))["accounts.user"] == 2
    assert dict(retention.apply(DAY))["accounts.user"] == 0
    for row in (idle, never):
        row.refresh_from_db()
        assert row.email == f"anonyme-{row.pk}@invalid"
        assert (row.is_active, row.has_usable_password()) == (False, False)
    assert dict(User.objects.filter(pk__in=kept).values_list("pk", "email")) == kept


def test_the_log_forgets_the_name_with_the_account() -> None:
    person = UserFactory(full_name="Nom Secret")
    actions.update_profile(person, full_name="Nom Secret")
    assert audit.entries_for(person)[0].sentence == "Nom Secret a modifié son profil"
    actions.anonymise(person)
    sentences = [line.sentence for line in audit.entries_for(person)]
    assert sentences == [
        "Le système a rendu ce compte anonyme, au terme de sa durée de conservation",
        "Personne dont le compte a été effacé a modifié son profil",
    ]


def test_old_invitations_are_erased() -> None:
    now = datetime(2026, 11, 2, tzinfo=UTC)
    InvitationFactory(sent=now - timedelta(days=300))
    InvitationFactory(sent=now - timedelta(days=300), accepted_at=now - timedelta(days=299))
    kept = InvitationFactory(sent=now - timedelta(days=100))
    assert dict(retention.apply(DAY))["accounts.invitation"] == 2
    assert list(Invitation.objects.all()) == [kept]


def test_every_table_of_people_says_why_and_how_long() -> None:
    declared = retention.declared()
    for model in ("user", "invitation", "membership", "rolegrant", "mandate", "installationrole"):
        entry = declared[f"accounts.{model}"]
        assert str(entry.purpose)
        assert str(entry.kept)


def test_creating_an_account_is_for_the_administration() -> None:
    with pytest.raises(PermissionDenied):
        actions.create_user(UserFactory(), "a@x.fr", "Anne", None)
    user = actions.create_user(UserFactory(installation_admin=True), "A@X.fr", "Anne", None)
    assert (user.email, user.has_usable_password()) == ("a@x.fr", False)
    with pytest.raises(ValidationError, match="Un compte existe déjà"):
        actions.create_user(None, "a@X.FR", "Autre", None)


def test_installation_roles_are_for_the_administration() -> None:
    with pytest.raises(PermissionDenied):
        actions.grant_installation_role(UserFactory(editor=True), UserFactory(), "administrator", day=today())
