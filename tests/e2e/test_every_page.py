"""Every page of the installation in the browser, at two widths: axe finds nothing, nothing is wider than the screen."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from tests.rights import ALLOWED, maker
from tests.rights_made import ADMIN, AGENT, MANAGER, ORGANISATION, VISITOR, Route, World, make_world, routes

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def walked(route: Route, role: str) -> bool:
    """Whether this role opens the address: all that it may see; an agent and a member of an organisation, what none of
    the others does.
    """
    allowed = ALLOWED[route.name]
    return role in allowed and (role not in (AGENT, ORGANISATION) or not allowed & {VISITOR, MANAGER, ADMIN})


WALKS = [(VISITOR, 390), (MANAGER, 1440), (ADMIN, 390)]


def pages(role: str, part: int, parts: int, world: World) -> list[str]:
    """Addresses of the part that answer this role with a page (no redirection, no file, no fragment)."""
    client = Client()
    if world.people[role] is not None:
        client.force_login(world.people[role])
    found = []
    for route in [each for each in routes() if walked(each, role)][part::parts]:
        address = reverse(route.name, kwargs={name: maker(route, name)(world) for name in route.arguments})  # type: ignore[misc]
        response = client.get(address)
        if (
            response.status_code == 200
            and not response.streaming
            and b"<!doctype html>" in response.getvalue()[:200].lower()
        ):
            found.append(address)
    return found


@pytest.mark.parametrize(
    ("role", "width", "part", "parts", "fewest"),
    [
        # In parts, so that processes share the walk.
        *((role, width, part, 3, 6) for role, width in WALKS for part in range(3)),
        (AGENT, 390, 0, 1, 2),
        (ORGANISATION, 390, 0, 1, 2),
    ],
)
def test_every_page_is_accessible(
    role: str,
    width: int,
    part: int,
    parts: int,
    fewest: int,
    world: World,
    new_page: Callable[..., Page],
    check: Callable[[Page, str], None],
) -> None:
    cache.clear()
    addresses = pages(role, part, parts, world)
    assert len(addresses) >= fewest
    page = new_page(user=world.people[role], width=width)
    problems = []
    for address in addresses:
        page.goto(address)
        try:
            check(page, address.strip("/").replace("/", "-") or "accueil")
        except AssertionError as error:
            problems.append(f"{address}: {error}")
    assert problems == []
