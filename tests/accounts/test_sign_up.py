"""Opening one's own account: a link proves the address, nothing says who has an account."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from essor.accounts import actions
from essor.accounts.models import SignUp, User
from essor.kernel.models import OutboxMessage
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/compte/inscription/"


@pytest.fixture(autouse=True)
def _no_count() -> None:
    cache.clear()


def link_in(message: OutboxMessage) -> str:
    found = re.search(r"http://localhost:8000(/compte/inscription/\S+/)", message.text)
    assert found
    return found.group(1)


def test_a_link_opens_the_account_once_and_leads_back(client: Client) -> None:
    assert client.post(f"{ADDRESS}?next=/registre/3/agir/", {"email": "Ana@Foyer.example"}).status_code == 200
    link = link_in(OutboxMessage.objects.get(to="ana@foyer.example"))
    weak = client.post(link, {"full_name": "Ana", "password": "123"})
    assert weak.status_code == 422
    answer = client.post(link, {"full_name": " Ana  Lac ", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/registre/3/agir/")
    user = User.objects.get(email="ana@foyer.example")
    assert user.full_name == "Ana Lac"
    assert client.get("/compte/").status_code == 200
    assert Client().get(link).status_code == 410


def test_nothing_on_the_screen_says_who_has_an_account(client: Client) -> None:
    UserFactory(email="ana@foyer.example")
    known = client.post(ADDRESS, {"email": "ana@foyer.example"}).content.decode()
    unknown = client.post(ADDRESS, {"email": "eva@foyer.example"}).content.decode()
    clean = lambda text: re.sub(r"csrf\S+|value=\"\S+\"", "", text)  # noqa: E731
    assert clean(known).replace("ana@", "") == clean(unknown).replace("eva@", "")
    assert "déjà un compte" in OutboxMessage.objects.get(to="ana@foyer.example").subject


def test_a_link_too_old_is_gone(client: Client) -> None:
    actions.ask_account("ana@foyer.example", now=timezone.now() - timedelta(days=3))
    link = link_in(OutboxMessage.objects.get())
    assert client.get(link).status_code == 410
    assert client.post(link, {"full_name": "Ana", "password": PASSWORD}).status_code == 410
    assert not User.objects.exists()


def test_an_address_is_not_flooded(client: Client) -> None:
    for _each in range(5):
        actions.ask_account("ana@foyer.example")
    assert OutboxMessage.objects.count() == 3
    codes = [client.post(ADDRESS, {"email": f"x{n}@foyer.example"}).status_code for n in range(11)]
    assert codes == [200] * 10 + [429]


@pytest.mark.parametrize(
    "path", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/" + "x" * 301]
)
def test_one_never_comes_back_elsewhere(path: str) -> None:
    assert actions.safe_path(path) == ""


def test_an_account_opened_meanwhile_closes_the_link() -> None:
    actions.ask_account("ana@foyer.example")
    token = link_in(OutboxMessage.objects.get()).rstrip("/").rpartition("/")[2]
    UserFactory(email="ana@foyer.example")
    with pytest.raises(ValidationError):
        actions.open_account(token, "Ana", PASSWORD)


def test_requests_are_erased_after_a_week() -> None:
    from essor.accounts.retention import erase_old_sign_ups
    from essor.kernel.periods import today

    actions.ask_account("ana@foyer.example", now=timezone.now() - timedelta(days=9))
    actions.ask_account("eva@foyer.example")
    assert erase_old_sign_ups(today()) == 1
    assert SignUp.objects.get().email == "eva@foyer.example"
