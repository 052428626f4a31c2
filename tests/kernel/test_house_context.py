"""The navigation of the house: what each person may open, in the frame where they are."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import include, path

from essor.kernel import context, lever
from essor.kernel.access import everyone
from essor.kernel.context import Place
from essor.kernel.lever import Entry, Lever

_rooms = ([path("", everyone, name="list"), path("fiche/", everyone, name="sheet")], "registry")
urlpatterns = [
    path("", everyone, name="home"),
    path("registre/", include(_rooms, namespace="registry")),
    path("installation/", everyone, name="installation"),
    path("<slug:authority>/", everyone, name="authority-home"),
    path("<slug:authority>/equipe/", everyone, name="team"),
    path("<slug:authority>/registre/", include(_rooms, namespace="authority-registry")),
]


def agents_only(request: HttpRequest) -> bool:
    """Les agents."""
    return bool(getattr(request.user, "is_agent", False))


FACES = {
    "registry": Lever(
        "registry",
        "Registre",
        entries=[
            Entry("Organisations", "registry:list", "building-2", everyone, section="Connaître", public=True),
            Entry("Installation", "installation", "settings", agents_only, framed=False),
        ],
    ),
    "accounts": Lever(
        "accounts", "Comptes", entries=[Entry("Équipe", "team", "users", agents_only, section="Piloter")]
    ),
}


@pytest.fixture(autouse=True)
def _faces(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ROOT_URLCONF = __name__
    monkeypatch.setattr(lever, "_levers", FACES)


def asks(
    address: str, *, signed_in: bool = True, agent: bool = False, authority: str | None = None
) -> HttpRequest:
    request = RequestFactory().get(address)
    request.user = SimpleNamespace(is_authenticated=signed_in, is_agent=agent)
    request.authority = SimpleNamespace(slug=authority) if authority else None
    return request


def test_an_agent_in_the_frame_of_an_authority() -> None:
    request = asks("/metropole/registre/fiche/", agent=True, authority="metropole")
    assert context.navigation(request) == [
        ("", [Place("Installation", "settings", "/installation/", False)]),
        ("Connaître", [Place("Organisations", "building-2", "/metropole/registre/", True)]),
        ("Piloter", [Place("Équipe", "users", "/metropole/equipe/", False)]),
    ]


def test_an_agent_on_a_common_page_sees_no_entry_that_needs_an_authority() -> None:
    assert context.navigation(asks("/installation/", agent=True)) == [
        ("", [Place("Installation", "settings", "/installation/", True)]),
        ("Connaître", [Place("Organisations", "building-2", "/registre/", False)]),
    ]


def test_a_person_sees_only_what_they_may_open_and_a_visitor_the_public_site() -> None:
    places = [Place("Organisations", "building-2", "/metropole/registre/", False)]
    member = asks("/metropole/", authority="metropole")
    assert context.navigation(member) == [("Connaître", places)]
    visitor = asks("/metropole/", signed_in=False, authority="metropole")
    assert context.navigation(visitor) == []
    assert context.public_navigation(visitor) == places


def test_only_the_nearest_entry_above_the_page_is_the_current_one(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = Entry("Fiche", "registry:sheet", "info", everyone, section="Connaître", public=True)
    faces = {**FACES, "sheets": Lever("sheets", "Fiches", entries=[sheet])}
    monkeypatch.setattr(lever, "_levers", faces)
    places = context.public_navigation(asks("/registre/fiche/12/", signed_in=False))
    assert [(place.label, place.current) for place in places] == [("Organisations", False), ("Fiche", True)]


def test_a_family_opens_when_the_person_is_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = Entry("Fiche", "registry:sheet", "info", everyone, section="Connaître", under="registry:list")
    monkeypatch.setattr(lever, "_levers", {**FACES, "sheets": Lever("sheets", "Fiches", entries=[sheet])})
    closed = Place("Organisations", "building-2", "/registre/", False)
    child = Place("Fiche", "info", "/registre/fiche/", False)
    assert context.navigation(asks("/")) == [("Connaître", [closed])]
    on_head = Place("Organisations", "building-2", "/registre/", True, (child,))
    assert context.navigation(asks("/registre/")) == [("Connaître", [on_head])]
    on_child = Place("Organisations", "building-2", "/registre/", False, (replace(child, current=True),))
    assert context.navigation(asks("/registre/fiche/12/")) == [("Connaître", [on_child])]


def test_an_entry_whose_head_is_closed_stands_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    head = Entry("Chef", "installation", "settings", agents_only, framed=False, section="Connaître")
    sheet = Entry("Fiche", "registry:sheet", "info", everyone, section="Connaître", under="installation")
    monkeypatch.setattr(lever, "_levers", {"sheets": Lever("sheets", "Fiches", entries=[head, sheet])})
    assert context.navigation(asks("/")) == [
        ("Connaître", [Place("Fiche", "info", "/registre/fiche/", False)])
    ]


def test_an_error_before_sign_in_was_read_has_no_navigation(settings) -> None:
    request = RequestFactory().get("/")
    found = context.house(request)
    assert (list(found["navigation"]), list(found["public_navigation"])) == ([], [])
    assert (found["demo"], bool(found["version"])) == (settings.DEMO, True)
