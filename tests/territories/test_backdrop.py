"""The background of maps: official outlines or schematic cells, neighbourhoods, names; one read of the database."""

from datetime import date
from typing import Any

import pytest
import shapely
from django.test import Client
from django.urls import reverse

from essor.territories import backdrop, queries
from essor.territories.enums import LoadKind
from essor.territories.models import Load, Outline, Qpv, Territory
from essor.territories.views_backdrop import backdrop_address
from tests.factories import TerritoryFactory
from tests.formats.mvt_reader import decode

pytestmark = pytest.mark.django_db


@pytest.fixture
def departement() -> Territory:
    """Four communes side by side in two EPCI, a loaded division, one priority neighbourhood."""
    Load.objects.create(kind=LoadKind.REFERENCE, source="essai", sha256="0" * 64)
    found = TerritoryFactory(departement_kind=True, code="31", name="Haute-Garonne")
    epcis = [
        TerritoryFactory(kind="epci", code=f"20000000{n}", epci_type="CC", departement=found) for n in (1, 2)
    ]
    for number in range(4):
        TerritoryFactory(
            code=f"3100{number}", name=f"Commune {number}", departement=found, epci=epcis[number // 2],
            lon=1.1 + number / 5, lat=43.5 + number % 2 / 50, population=1000 * (number + 1),
        )  # fmt: skip
    square = shapely.box(1.12, 43.49, 1.16, 43.51)
    qpv = Qpv.objects.create(
        code="QN03101A", generation=2024, name="Les Pommiers", geometry=square.wkb, west=1.12, south=43.49,
        east=1.16, north=43.51, source="ANCT", day=date(2024, 1, 1),
    )  # fmt: skip
    qpv.communes.set(Territory.objects.filter(code="31000"))
    return found


def outline(commune: Territory, west: float) -> None:
    square = shapely.box(west, 43.4, west + 0.2, 43.6)
    Outline.objects.create(
        territory=commune,
        geometry=square.wkb,
        west=west,
        south=43.4,
        east=west + 0.2,
        north=43.6,
        source="IGN",
    )


def made(territory: Territory) -> backdrop.Backdrop:
    backdrop.backdrop_of.cache_clear()
    found = backdrop.backdrop_of(queries.version(), territory.kind, territory.code)
    assert found is not None
    return found


def test_without_outlines_cells_stand_for_the_communes(departement: Territory) -> None:
    found = made(departement)
    assert (found.schematic, found.sources) == (True, ())
    assert {name: len(level.surfaces) for name, level in found.levels.items()} == {
        "epci": 2,
        "departements": 1,
        "communes": 4,
        "qpv": 1,
    }
    assert [name for _x, _y, name, _population in found.names] == [f"Commune {n}" for n in (3, 2, 1, 0)]


def test_official_outlines_are_drawn_as_they_are(departement: Territory) -> None:
    for number, commune in enumerate(Territory.objects.filter(kind="commune").order_by("code")):
        outline(commune, 1 + number / 5)
    found = made(departement)
    assert (found.schematic, found.sources) == (False, ("IGN",))
    assert found.box == pytest.approx((1.0, 43.4, 1.8, 43.6))


def test_tiles_hold_the_levels_of_their_zoom(departement: Territory) -> None:
    found = made(departement)
    x, y = ((1.14 + 180) / 360, 0.3661)
    assert sorted(decode(backdrop.tile(found, 6, int(x * 64), int(y * 64)))) == ["departements", "epci"]
    near = decode(backdrop.tile(found, 10, int(x * 1024), int(y * 1024)))
    assert set(near) >= {"communes", "departements", "epci", "qpv"}
    assert near["qpv"][0]["attributes"] == {"code": "QN03101A", "nom": "Les Pommiers"}
    margin = range(-backdrop.MARGIN - 1, 4096 + backdrop.MARGIN + 2)
    assert all(
        px in margin and py in margin
        for features in near.values()
        for feature in features
        for path in feature["paths"]
        for px, py in path
    )
    assert backdrop.tile(found, 10, 0, 0) == b""


def test_a_tile_is_kept_under_its_version_and_read_once(
    departement: Territory, django_assert_num_queries: Any
) -> None:
    backdrop.backdrop_of.cache_clear()
    client = Client()
    address = backdrop_address(departement).format(z=6, x=32, y=23)
    response = client.get(address)
    assert (response.status_code, response["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
    with django_assert_num_queries(1):
        client.get(address)
    old = reverse("territories:backdrop", args=["ancienne", "departement", "31", 6, 32, 23])
    assert client.get(old)["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("place", [("departement", "99", 6, 32, 23), ("departement", "31", 15, 0, 0)])
def test_what_does_not_exist_is_not_found(departement: Territory, place: tuple[Any, ...]) -> None:
    assert Client().get(reverse("territories:backdrop", args=["x", *place])).status_code == 404
