"""Downloads are counted for visitors, generously; people signed in are free."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from tests.factories import UserFactory
from tests.registry_factories import FactsFactory, edition_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_count() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def asked(client: Client, address: str, times: int) -> list[int]:
    return [client.get(address).status_code for _each in range(times)]


def test_a_visitor_who_downloads_too_often_is_told_to_wait(client: Client) -> None:
    edition_in_force()
    card = f"/registre/{FactsFactory().pk}/contact.vcf"
    export = "/registre/exports/registre.csv"
    for address in (card, export):
        assert asked(client, address, 61) == [200] * 60 + [429]
        assert client.get(address, REMOTE_ADDR="10.0.0.9").status_code == 200
    assert "<h1" in client.get(card).content.decode()
    client.force_login(UserFactory())
    assert asked(client, card, 2) == asked(client, export, 2) == [200, 200]


def test_a_person_gives_only_so_many_files_a_minute(client: Client) -> None:
    user = UserFactory()
    client.force_login(user)
    address = "/registre/quartiers-prioritaires/fichier/"
    codes = [client.post(address).status_code for _each in range(21)]
    assert codes == [422] * 20 + [429]
