"""What the tables of `tests/rights` say holds: every address is asked by every role.

Pages are asked by a real client; those that only take POST are posted to, and what they do is undone.
"""

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.rights import ALLOWED, maker
from tests.rights_made import ROLES, World, make_world, routes


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def test_every_address_has_its_line_in_the_table() -> None:
    """The table and the address plan say the same names, each once."""
    names = [route.name for route in routes()]
    assert sorted(names) == sorted(ALLOWED)
    assert len(set(names)) == len(names)


def test_every_argument_has_amaker() -> None:
    """Every address can be asked."""
    lacking = [
        f"{route.name}:{name}" for route in routes() for name in route.arguments if maker(route, name) is None
    ]
    assert lacking == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_role_sees_what_the_table_says(role: str, world: World) -> None:
    """One role walks all addresses."""
    cache.clear()
    client = Client()
    user = world.people[role]
    if user is not None:
        client.force_login(user)
    wrong = []
    for route in routes():
        address = reverse(route.name, kwargs={name: maker(route, name)(world) for name in route.arguments})  # type: ignore[misc]
        allowed = _asks(client, address)
        if allowed != (role in ALLOWED[route.name]):
            wrong.append(f"{route.name}: {'vue' if allowed else 'refusée'}")
    assert wrong == []


def _asks(client: Client, address: str) -> bool:
    """True when the page was given; what it does is undone."""
    with transaction.atomic():
        response = client.get(address)
        if response.status_code == 405:
            response = client.post(address)
        transaction.set_rollback(True)
    assert response.status_code < 500, address
    to_sign_in = response.status_code == 302 and response["Location"].startswith(
        reverse("account_login") + "?next="
    )
    return response.status_code != 403 and not to_sign_in
