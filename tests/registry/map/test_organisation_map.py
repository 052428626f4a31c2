"""The small map of an organisation's page, its contact card, and a server of pictures behind the map."""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from essor.registry.map.picture import HEIGHT, WIDTH, picture_of
from essor.registry.models import EstablishmentFacts
from tests.factories import TerritoryFactory
from tests.registry_factories import FactsFactory, PlaceFactory, edition_in_force


def place(
    lon: float | None, lat: float | None, quality: str = "number", inside: bool = True
) -> EstablishmentFacts:
    return EstablishmentFacts(longitude=lon, latitude=lat, position_quality=quality, in_territory=inside)


def test_marks_lie_in_the_picture_east_to_the_right_and_north_above() -> None:
    drawn = picture_of([place(1.40, 43.60), place(1.60, 43.70, "commune"), place(None, None)], None)
    assert drawn is not None
    west, east = drawn.marks
    assert 0 < west.x < east.x < WIDTH
    assert 0 < east.y < west.y < HEIGHT
    assert (west.approximate, east.approximate, drawn.hidden) == (False, True, 1)


def test_one_establishment_stands_in_the_middle_and_twice_the_same_is_one_mark() -> None:
    drawn = picture_of([place(1.40, 43.60), place(1.40, 43.60)], None)
    assert drawn is not None
    assert [(mark.x, mark.y) for mark in drawn.marks] == [(WIDTH / 2, HEIGHT / 2)]


def test_without_position_in_the_territory_there_is_no_picture() -> None:
    assert picture_of([place(None, None), place(2.35, 48.85, inside=False)], None) is None


@pytest.fixture
def ateliers(db: None) -> Any:
    edition_in_force()
    commune = TerritoryFactory(code="31033", name="Auterive")
    facts = FactsFactory(
        name="Ateliers, du Lac", siren="123456782", commune=commune, website="ateliers.example"
    )
    PlaceFactory(
        organisation=facts.organisation, commune=commune, postal_code="31190", longitude=1.47, latitude=43.35
    )
    return facts


def test_the_page_draws_its_establishments(ateliers: Any) -> None:
    html = Client().get(reverse("registry:organisation", args=[ateliers.pk])).content.decode()
    assert html.count('<circle class="places-map__mark') == 1
    assert f'viewBox="0 0 {WIDTH} {HEIGHT}"' in html


def test_the_contact_card_holds_what_is_public(ateliers: Any) -> None:
    response = Client().get(reverse("registry:contact", args=[ateliers.pk]))
    assert response["Content-Type"] == "text/vcard; charset=utf-8"
    lines = response.content.decode().replace("\r\n ", "").split("\r\n")
    assert r"FN:Ateliers\, du Lac" in lines
    assert "ADR;TYPE=WORK:;;3 RUE DES LILAS;Auterive;;31190;France" in lines
    assert "GEO:43.350000;1.470000" in lines
    assert [line for line in lines if line.startswith(("TEL", "EMAIL"))] == []


def test_a_hidden_organisation_has_no_card(ateliers: Any) -> None:
    type(ateliers.organisation).objects.filter(pk=ateliers.pk).update(is_public=False)
    assert Client().get(reverse("registry:contact", args=[ateliers.pk])).status_code == 404


def policy(address: str) -> str:
    """The content security policy that this setting gives, or the error."""
    code = "from essor.config import settings as s; print(s.CONTENT_SECURITY_POLICY['DIRECTIVES']['connect-src'])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "ESSOR_MAP_TILES_URL": address},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


def test_by_default_nothing_is_asked_elsewhere_and_a_server_set_is_the_only_one_allowed() -> None:
    assert policy("") == "[\"'self'\"]"
    assert (
        policy("https://tuiles.example.org/fond/{z}/{x}/{y}.png")
        == "[\"'self'\", 'https://tuiles.example.org']"
    )


def test_an_address_that_is_not_one_of_tiles_is_refused() -> None:
    assert "ESSOR_MAP_TILES_URL" in policy("tuiles.example.org")
