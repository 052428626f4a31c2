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
    """Whether this role opens the address: each page once a width, by one who sees it whole.

    A room that stands on the common pages and in an authority's frame is opened by a visitor and the administrator on
    the first, by a manager in the second; the administrator leaves to the visitor what everyone sees.
    """
    allowed = ALLOWED[route.name]
    if role not in allowed or (role == ADMIN and VISITOR in allowed):
        return False
    if role in (AGENT, ORGANISATION):  # what none of the others sees
        return not allowed & {VISITOR, MANAGER, ADMIN}
    twin = TWIN.get(route.name)
    return (
        twin is None
        or role not in ALLOWED[twin]
        or (route.name.startswith("authority-") == (role == MANAGER))
    )


def _twins() -> dict[str, str]:
    """The other address of a page that exists in both frames."""
    names = {route.name for route in routes()}
    pairs = [(name, f"authority-{name}") for name in names if f"authority-{name}" in names]
    return dict(pairs) | {framed: common for common, framed in pairs}


TWIN = _twins()
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
    ("role", "width", "part", "parts"),
    [
        *(
            (role, width, part, 3) for role, width in WALKS for part in range(3)
        ),  # so that processes share the walk
        (AGENT, 390, 0, 1),
        (ORGANISATION, 390, 0, 1),
    ],
)
def test_every_page_is_accessible(
    role: str,
    width: int,
    part: int,
    parts: int,
    world: World,
    new_page: Callable[..., Page],
    check: Callable[[Page, str], None],
) -> None:
    cache.clear()
    addresses = pages(role, part, parts, world)
    assert addresses
    page = new_page(user=world.people[role], width=width)
    problems = []
    for address in addresses:
        page.goto(address)
        try:
            check(page, address.strip("/").replace("/", "-") or "accueil")
        except AssertionError as error:
            problems.append(f"{address}: {error}")
    assert problems == []
