"""The administration of the installation: authorities, accounts, roles, journal."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from essor.accounts import actions
from essor.accounts.models import Authority, InstallationRole, User
from essor.accounts.rights import Rights
from essor.kernel.models import AuditEntry, OutboxMessage
from essor.kernel.periods import today
from essor.territories.models import Territory
from tests.factories import (
    AuthorityFactory,
    InstallationRoleFactory,
    MembershipFactory,
    TerritoryFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
ADD = "/installation/collectivites/nouvelle/"


@pytest.fixture
def admin(client: Client) -> User:
    """An administrator, signed in."""
    user = UserFactory(installation_admin=True, full_name="Ada Administratrice")
    client.force_login(user)
    return user


@pytest.fixture
def hautes_terres() -> Territory:
    return TerritoryFactory(kind="departement", code="98", name="Hautes-Terres")


def _data(**changed: Any) -> dict[str, Any]:
    known = {
        "name": "Département des Hautes-Terres",
        "slug": "hautes-terres",
        "kind": "departement",
        "territory": "departement:98",
        "siren": "223 100 017",
        "accent": "#7A1F5C",
    }
    return {**known, **changed}


def _png() -> SimpleUploadedFile:
    import segno

    out = BytesIO()
    segno.make("logo").save(out, kind="png")
    return SimpleUploadedFile("logo.png", out.getvalue(), "image/png")


def test_create_then_edit_an_authority(client: Client, admin: User, hautes_terres: Territory) -> None:
    response = client.post(ADD, _data(logo=_png()))
    assert (response.status_code, response["Location"]) == (302, "/installation/")
    authority = Authority.objects.get()
    assert (authority.slug, authority.territory, authority.siren) == (
        "hautes-terres",
        hautes_terres,
        "223100017",
    )
    assert client.get("/hautes-terres/").status_code == 200
    assert b"".join(client.get(f"/fichiers/{authority.logo_id}/")).startswith(b"\x89PNG")
    edit = "/installation/collectivites/hautes-terres/"
    assert "Hautes-Terres (departement:98)" in client.get(edit).content.decode()
    client.post(
        edit, _data(name="Les Hautes-Terres", territory="Hautes-Terres (departement:98)", slug="autre")
    )
    authority.refresh_from_db()
    assert (authority.name, authority.slug) == ("Les Hautes-Terres", "hautes-terres")
    assert authority.logo_id is not None
    assert list(AuditEntry.objects.order_by("pk").values_list("code", flat=True)) == [
        "accounts.authority.created",
        "accounts.authority.updated",
    ]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"slug": "registre"}, "réservé aux pages communes"),
        ({"slug": "Déjà"}, "slug"),
        ({"slug": "prise"}, "Une autre collectivité porte déjà cette adresse"),
        ({"siren": "223100018"}, "n’est pas un SIREN"),
        ({"accent": "#ffee88"}, "trop claire"),
        ({"accent": "rouge"}, "n’est pas une couleur"),
        ({"territory": "departement:00"}, "00"),
        ({"territory": "Atlantide"}, "Aucun territoire ne s’appelle « Atlantide »"),
        ({"kind": ""}, "obligatoire"),
        ({"name": "contact@exemple.fr"}, "ni adresse électronique"),
    ],
)
def test_a_wrong_identity_says_why(
    client: Client, admin: User, hautes_terres: Territory, changed: dict[str, str], message: str
) -> None:
    AuthorityFactory(slug="prise")
    response = client.post(ADD, _data(**changed))
    assert response.status_code == 422
    assert message in response.content.decode()
    assert Authority.objects.count() == 1


def test_two_territories_of_the_same_name_are_told_apart(
    client: Client, admin: User, hautes_terres: Territory
) -> None:
    TerritoryFactory(kind="commune", code="98001", name="Hautes-Terres")
    page = client.post(ADD, _data(territory="hautes terres")).content.decode()
    assert "Plusieurs territoires répondent" in page
    assert "Hautes-Terres (commune:98001)" in page


def test_a_logo_that_is_not_an_image_is_refused(
    client: Client, admin: User, hautes_terres: Territory
) -> None:
    response = client.post(
        ADD, _data(logo=SimpleUploadedFile("logo.png", b"<script>alert(1)</script>", "image/png"))
    )
    assert response.status_code == 422
    assert "ne correspond pas à son extension" in response.content.decode()


def test_a_never_changing_field_is_refused_by_the_action(admin: User) -> None:
    with pytest.raises(ValueError, match="slug never changes"):
        actions.update_authority(admin, AuthorityFactory(), slug="autre")


def test_the_dashboard_empty_and_full(
    client: Client, admin: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    assert "Aucune collectivité pour l’instant" in client.get("/installation/").content.decode()
    for _ in range(12):
        MembershipFactory(agent=True)
    with django_assert_max_num_queries(16):
        page = client.get("/installation/")
    assert len(page.context["authorities"]) == 12
    assert {row.people for row in page.context["authorities"]} == {1}


def test_accounts_are_found_by_name_or_address(client: Client, admin: User) -> None:
    UserFactory(full_name="Émile Zéphyr", email="emile@exemple.fr")
    UserFactory(full_name="Arrêté", inactive=True)

    def found(query: str) -> list[str]:
        return [user.full_name for user in client.get(f"/installation/comptes/?{query}").context["people"]]

    assert found("q=zephyr+emile") == ["Émile Zéphyr"]
    assert found("q=emile@ex") == ["Émile Zéphyr"]
    assert found("etat=inactifs") == ["Arrêté"]
    assert found("etat=roles") == ["Ada Administratrice"]
    assert found("") == ["Ada Administratrice", "Arrêté", "Émile Zéphyr"]


def test_installation_roles_from_the_screen(client: Client, admin: User) -> None:
    person = UserFactory()
    client.post(f"/installation/comptes/{person.pk}/roles/", {"role": "editor"})
    role = InstallationRole.objects.get(user=person)
    assert Rights(person.pk, today()).is_editor
    again = client.post(f"/installation/comptes/{person.pk}/roles/", {"role": "editor"})
    assert "a déjà ce rôle" in again.content.decode()
    client.post(f"/installation/roles/{role.pk}/fin/", {"last_day": "2020-01-01"})
    assert Rights(person.pk, today()).is_editor
    client.post(f"/installation/roles/{role.pk}/fin/", {"last_day": today().isoformat()})
    role.refresh_from_db()
    assert role.last_day == today()


def test_the_last_administrator_stays(client: Client, admin: User) -> None:
    role = admin.installation_roles.get()
    InstallationRoleFactory(user=UserFactory(inactive=True))
    refused = client.post(f"/installation/roles/{role.pk}/fin/", {"last_day": today().isoformat()})
    assert "Nommez d’abord une autre personne" in refused.content.decode()
    InstallationRoleFactory()
    assert (
        client.post(f"/installation/roles/{role.pk}/fin/", {"last_day": today().isoformat()}).status_code
        == 302
    )


def test_stop_and_start_an_account(client: Client, admin: User) -> None:
    person = UserFactory()
    stop = f"/installation/comptes/{person.pk}/desactiver/"
    assert "Désactiver le compte" in client.get(stop).content.decode()
    person.refresh_from_db()
    assert person.is_active
    client.post(stop)
    person.refresh_from_db()
    assert not person.is_active
    client.post(f"/installation/comptes/{person.pk}/reactiver/")
    person.refresh_from_db()
    assert person.is_active
    own = client.post(f"/installation/comptes/{admin.pk}/desactiver/")
    assert "votre propre compte" in own.content.decode()


def test_a_lost_telephone(client: Client, admin: User) -> None:
    person = UserFactory(second_factor=True)
    client.post(f"/installation/comptes/{person.pk}/double-authentification/")
    assert person.authenticator_set.count() == 0
    assert OutboxMessage.objects.get().to == person.email
    assert client.post(f"/installation/comptes/{person.pk}/double-authentification/").status_code == 422


def test_the_journal_tells_filters_and_pages(
    client: Client, admin: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    here, there = AuthorityFactory(name="Ici"), AuthorityFactory(name="Là-bas")
    person = UserFactory(full_name="Paul Personne")
    for authority in (here, there):
        actions.add_member(admin, authority, person, day=today(), roles=["agent"])
    for number in range(60):
        actions.create_service(admin, here, f"Service {number}", day=today())
    with django_assert_max_num_queries(14):
        page = client.get("/installation/journal/")
    assert (page.context["count"], len(page.context["lines"])) == (62, 50)
    told = client.get(f"/installation/journal/?collectivite={there.pk}").context["lines"]
    assert [(line.line.sentence, line.person, line.authority) for line in told] == [
        (
            "Ada Administratrice a fait entrer cette personne dans l’équipe (Agente ou agent)",
            "Paul Personne",
            "Là-bas",
        )
    ]
    assert client.get("/installation/journal/?domaine=registry&periode=7").context["count"] == 0
    assert client.get("/installation/journal/?domaine=accounts&periode=7").context["count"] == 62
    assert client.get("/installation/journal/?collectivite=x&domaine=y&periode=z").context["count"] == 62
