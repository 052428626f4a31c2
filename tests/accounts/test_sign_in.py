"""The way in: password, second factor, limits, what the logs and pages do not say."""

import logging
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import LazySettings
from django.test import Client
from django.urls import NoReverseMatch, reverse

from essor.accounts.models import User
from essor.kernel.logs import JsonFormatter
from essor.kernel.models import OutboxMessage
from tests.factories import PASSWORD, TOTP_SECRET, AuthorityFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
LOGIN = "/compte/connexion/"


def _sign_in(client: Client, email: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.post(LOGIN, {"login": email, "password": password, **more})


def _code(secret: str = TOTP_SECRET, step: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def test_sign_in_leads_where_one_works(client: Client) -> None:
    membership = MembershipFactory(agent=True)
    response = _sign_in(client, membership.user.email.upper())
    assert (response.status_code, response["Location"]) == (302, f"/{membership.authority.slug}/accueil/")


def test_who_has_several_authorities_lands_on_the_account(client: Client) -> None:
    membership = MembershipFactory(agent=True)
    MembershipFactory(user=membership.user, elected=True)
    assert _sign_in(client, membership.user.email)["Location"] == "/compte/"


def test_administrators_land_on_the_installation(client: Client) -> None:
    assert _sign_in(client, UserFactory(installation_admin=True).email)["Location"] == "/installation/"


@pytest.mark.parametrize(
    ("following", "landing"),
    [
        ("/registre/", "/registre/"),
        ("https://ailleurs.example/", "/compte/"),
        ("//ailleurs.example/", "/compte/"),
    ],
)
def test_the_next_page_stays_on_the_site(client: Client, following: str, landing: str) -> None:
    assert _sign_in(client, UserFactory().email, next=following)["Location"] == landing


def test_the_session_changes_at_sign_in(client: Client) -> None:
    session = client.session
    session["trace"] = "avant"
    session.save()
    before = session.session_key
    _sign_in(client, UserFactory().email)
    assert client.session.session_key not in (None, before)


def test_wrong_password_and_unknown_address_say_the_same(client: Client) -> None:
    person = UserFactory()
    wrong = _sign_in(client, person.email, "pas-le-bon-mot-de-passe").content.decode()
    unknown = _sign_in(client, "inconnue@exemple.fr", "pas-le-bon-mot-de-passe").content.decode()
    assert "Adresse électronique ou mot de passe incorrect" in wrong
    assert _without_what_changes(wrong, person.email) == _without_what_changes(unknown, "inconnue@exemple.fr")


def _without_what_changes(page: str, email: str) -> str:
    lines = [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]
    return "\n".join(lines).replace(email, "ADRESSE")


def test_attempts_are_limited_in_plain_french(client: Client) -> None:
    person = UserFactory()
    pages = [_sign_in(client, person.email, "pas-le-bon-mot-de-passe").content.decode() for _ in range(6)]
    assert "attendez cinq minutes" not in pages[4]
    assert "attendez cinq minutes" in pages[5]
    assert "attendez cinq minutes" in _sign_in(client, person.email).content.decode()
    assert "_auth_user_id" not in client.session


def test_attempts_from_one_place_are_limited(client: Client) -> None:
    pages = [_sign_in(client, f"p{n}@x.fr", "pas-le-bon-mot-de-passe").content.decode() for n in range(11)]
    assert "attendez cinq minutes" not in pages[9]
    assert "attendez cinq minutes" in pages[10]


def test_beyond_thirty_a_minute_the_page_itself_waits(client: Client) -> None:
    for _ in range(30):
        client.post(LOGIN, {})
    response = client.post(LOGIN, {})
    assert response.status_code == 429
    assert "Trop de demandes en peu de temps" in response.content.decode()


def test_a_stopped_account_cannot_come_in(client: Client) -> None:
    response = _sign_in(client, UserFactory(inactive=True).email)
    assert response["Location"] == "/compte/inactif/"
    assert "_auth_user_id" not in client.session
    assert "Ce compte est désactivé" in client.get(response["Location"]).content.decode()


def test_stopping_an_account_ends_its_open_session(client: Client) -> None:
    person = UserFactory()
    client.force_login(person)
    assert client.get("/compte/").status_code == 200
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert client.get("/compte/")["Location"].startswith(LOGIN)


def test_nobody_opens_an_account_without_the_link_that_proves_an_address() -> None:
    for name in ("account_signup", "account_email", "account_set_password"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    for address in ("/compte/signup/", "/compte/login/code/"):
        assert Client().post(address, {"email": "a@x.fr", "password1": PASSWORD}).status_code == 404
    asked = {"email": "a@x.fr", "password1": PASSWORD, "password": PASSWORD, "full_name": "A"}
    assert Client().post("/compte/inscription/", asked).status_code == 200
    assert Client().post("/compte/inscription/inconnu/", asked).status_code == 410
    assert not User.objects.exists()


def test_signing_out_takes_a_post(client: Client) -> None:
    client.force_login(UserFactory())
    assert "Se déconnecter ?" in client.get("/compte/deconnexion/").content.decode()
    assert client.get("/compte/").status_code == 200
    assert client.post("/compte/deconnexion/")["Location"] == "/"
    assert client.get("/compte/").status_code == 302


def test_forms_refuse_a_post_without_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert _sign_in(strict, UserFactory().email).status_code == 403


def test_reset_says_the_same_for_unknown_addresses_and_writes_only_to_known_ones(client: Client) -> None:
    person = UserFactory()
    places = [
        client.post("/compte/mot-de-passe/oublie/", {"email": email})["Location"]
        for email in (person.email, "inconnue@exemple.fr")
    ]
    assert places[0] == places[1] == "/compte/mot-de-passe/oublie/envoye/"
    assert list(OutboxMessage.objects.values_list("to", flat=True)) == [person.email]


def test_reset_link_works_once_and_comes_from_the_settings(client: Client, settings: LazySettings) -> None:
    settings.PUBLIC_URL = "https://essor.exemple.fr"
    person = UserFactory()
    client.post("/compte/mot-de-passe/oublie/", {"email": person.email}, headers={"host": "pirate.example"})
    text = OutboxMessage.objects.get().text
    assert "pirate.example" not in text
    link = next(line for line in text.splitlines() if line.startswith("https://essor.exemple.fr/compte/"))
    address = link.removeprefix("https://essor.exemple.fr")
    form = client.get(address, follow=True)
    new = "girafe-ocre-tambour-12"
    done = client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert done["Location"] == "/compte/mot-de-passe/change/"
    person.refresh_from_db()
    assert person.check_password(new)
    assert OutboxMessage.objects.latest("pk").subject == "Votre mot de passe a été changé"
    assert "Ce lien ne fonctionne plus" in Client().get(address, follow=True).content.decode()


def test_changing_the_password_ends_other_sessions(client: Client) -> None:
    person, other = UserFactory(), Client()
    for browser in (client, other):
        _sign_in(browser, person.email)
    new = "girafe-ocre-tambour-12"
    client.post("/compte/mot-de-passe/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert client.get("/compte/").status_code == 200
    assert other.get("/compte/").status_code == 302


@pytest.mark.parametrize("traits", [{"agent": True}, {"manager": True}])
def test_staff_without_second_factor_is_led_to_it(
    client: Client, settings: LazySettings, traits: dict[str, bool]
) -> None:
    settings.REQUIRE_TOTP = True
    membership = MembershipFactory(**traits)
    _sign_in(client, membership.user.email)
    for address in (
        "/",
        "/compte/",
        "/registre/",
        f"/{membership.authority.slug}/accueil/",
        "/compte/mot-de-passe/",
    ):
        assert client.get(address)["Location"] == "/compte/double-authentification/activer/", address
    assert client.get("/compte/deconnexion/").status_code == 200
    assert client.get("/sante/").status_code == 200
    assert client.get("/compte/double-authentification/activer/").status_code == 200


@pytest.mark.parametrize("traits", [{"installation_admin": True}, {"editor": True}])
def test_the_installation_people_are_led_to_it_too(
    client: Client, settings: LazySettings, traits: dict[str, bool]
) -> None:
    settings.REQUIRE_TOTP = True
    client.force_login(UserFactory(**traits))
    assert client.get("/")["Location"] == "/compte/double-authentification/activer/"


@pytest.mark.parametrize("traits", [{}, {"elected": True}, {"expert": True}])
def test_others_are_left_in_peace(client: Client, settings: LazySettings, traits: dict[str, bool]) -> None:
    settings.REQUIRE_TOTP = True
    client.force_login(MembershipFactory(**traits).user)
    assert client.get("/").status_code == 200


def test_setting_up_the_second_factor_then_using_it(
    client: Client, settings: LazySettings, django_capture_on_commit_callbacks: Any
) -> None:
    settings.REQUIRE_TOTP = True
    membership = MembershipFactory(agent=True)
    home = f"/{membership.authority.slug}/accueil/"
    _sign_in(client, membership.user.email)
    page = client.get("/compte/double-authentification/activer/")
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    secret = page.context["form"].secret
    wrong = client.post("/compte/double-authentification/activer/", {"code": "000000"})
    assert "Code incorrect" in wrong.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post("/compte/double-authentification/activer/", {"code": _code(secret)})
    assert done["Location"] == "/compte/codes-de-secours/"
    assert len(client.get("/compte/codes-de-secours/").context["unused_codes"]) == 10
    assert client.get(home).status_code == 200
    assert OutboxMessage.objects.get().subject == "Double authentification activée"

    other = Client()
    assert _sign_in(other, membership.user.email)["Location"] == "/compte/double-authentification/code/"
    assert other.get(home).status_code == 302
    assert (
        "Code incorrect"
        in other.post("/compte/double-authentification/code/", {"code": "1"}).content.decode()
    )
    entered = other.post("/compte/double-authentification/code/", {"code": _code(secret)})
    assert entered["Location"] == home
    assert other.get(home).status_code == 200


def test_a_code_serves_once(client: Client) -> None:
    person, code = UserFactory(second_factor=True), _code()
    _sign_in(client, person.email)
    assert client.post("/compte/double-authentification/code/", {"code": code}).status_code == 302
    other = Client()
    _sign_in(other, person.email)
    assert (
        "Code incorrect"
        in other.post("/compte/double-authentification/code/", {"code": code}).content.decode()
    )


def test_a_recovery_code_replaces_the_telephone_once(client: Client) -> None:
    person = UserFactory(second_factor=True)
    codes = RecoveryCodes(Authenticator.objects.get(user=person, type="recovery_codes")).get_unused_codes()
    for status in (302, 200):
        browser = Client()
        _sign_in(browser, person.email)
        found = browser.post("/compte/double-authentification/code/", {"code": codes[0]})
        assert found.status_code == status


def test_codes_are_limited(client: Client) -> None:
    person = UserFactory(second_factor=True)
    _sign_in(client, person.email)
    pages = [
        client.post("/compte/double-authentification/code/", {"code": "000000"}).content.decode()
        for _ in range(6)
    ]
    assert "attendez cinq minutes" in pages[5]


def test_the_second_factor_stays_while_the_role_demands_it(client: Client, settings: LazySettings) -> None:
    settings.REQUIRE_TOTP = True
    membership = MembershipFactory(agent=True, user=UserFactory(second_factor=True))
    _sign_in(client, membership.user.email)
    client.post("/compte/double-authentification/code/", {"code": _code()})
    page = client.get("/compte/double-authentification/retirer/")
    assert "Votre rôle demande une double authentification" in page.content.decode()
    client.post("/compte/double-authentification/retirer/")
    assert Authenticator.objects.filter(user=membership.user, type="totp").count() == 1


def test_an_old_session_proves_itself_before_touching_security(client: Client) -> None:
    client.force_login(UserFactory())
    response = client.get("/compte/double-authentification/activer/")
    assert response["Location"].startswith("/compte/confirmer/?next=")
    back = client.post(response["Location"], {"password": PASSWORD})
    assert back["Location"] == "/compte/double-authentification/activer/"
    assert client.get(back["Location"]).status_code == 200


def test_logs_hold_no_personal_data(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    membership = MembershipFactory(agent=True)
    authority = AuthorityFactory()
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("django.db.backends").setLevel(logging.INFO)
        _sign_in(client, membership.user.email, "pas-le-bon-mot-de-passe")
        _sign_in(client, membership.user.email)
        client.get(f"/{membership.authority.slug}/equipe/?q=Durand")
        client.get(f"/{authority.slug}/equipe/")
        client.post("/compte/mot-de-passe/oublie/", {"email": membership.user.email})
        client.get("/compte/invitation/un-jeton-secret/")
    told = " ".join(JsonFormatter().format(record) for record in caplog.records)
    assert "compte/invitation/<str:token>/" in told
    for private in (membership.user.email, membership.user.full_name, PASSWORD, "Durand", "un-jeton-secret"):
        assert private not in told
