"""A corrected address on open data: its point is that of the former address, and everything says so."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from essor.registry.exports import columns, rows
from essor.registry.filters import Filters
from essor.registry.map.index import MapIndex
from essor.registry.models import CorrectedField
from tests.factories import TerritoryFactory
from tests.registry.test_added_positions import correct, known
from tests.registry.test_views_list import text_of
from tests.registry_factories import edition_in_force

pytestmark = pytest.mark.django_db
QPV = [{"generation": 2024, "code": "QN03199Z", "relation": "in", "certainty": "sure"}]


@pytest.fixture
def commune() -> Any:
    edition_in_force()
    return TerritoryFactory(code="31395", lon=1.3263, lat=43.4605)


def test_the_page_says_that_the_point_is_of_the_former_address(commune: Any) -> None:
    place = known(commune, "1 RUE DES LILAS", qpv=QPV)
    address = f"/registre/{place.establishment.organisation_id}/"
    before = text_of(Client().get(address))
    assert "position connue au numéro de la rue" in before
    assert "incertain :" not in before

    correct(place.establishment.organisation, CorrectedField.ADDRESS, "40 rue des Ormes, 31600")
    after = text_of(Client().get(address))
    assert "40 rue des Ormes, 31600" in after
    assert "position connue à l’ancienne adresse" in after
    assert (
        "incertain : la position n’est connue qu’au centre de la commune, à la rue ou à l’ancienne adresse"
        in after
    )


def test_far_from_every_quarter_is_said_of_no_former_address(commune: Any) -> None:
    place = known(commune, "1 RUE DES LILAS")
    correct(place.establishment.organisation, CorrectedField.ADDRESS, "40 rue des Ormes, 31600")
    told = text_of(Client().get(f"/registre/{place.establishment.organisation_id}/"))
    assert "À plus de 300 m" not in told


def test_the_map_and_the_exports_show_it_as_approximate(commune: Any) -> None:
    stays, moves = known(commune, "1 RUE DES LILAS"), known(commune, "2 RUE DES LILAS", (1.34, 43.47))
    assert MapIndex.read().approximate.tolist() == [False, False]

    correct(moves.establishment.organisation, CorrectedField.ADDRESS, "40 rue des Ormes, 31600")
    index = MapIndex.read()
    shown = {index.words(row)[0]: bool(index.approximate[row]) for row in range(2)}
    assert shown == {stays.establishment.organisation_id: False, moves.establishment.organisation_id: True}
    column = next(each for each in columns.COLUMNS if each.name == "precision_position")
    filters = Filters(day=timezone.localdate())
    told = {row.facts.pk: column.value(row) for row in rows.rows_of(rows.ordered_ids(filters), filters, str)}
    assert told == {
        stays.establishment.organisation_id: "au numéro de la rue",
        moves.establishment.organisation_id: "à l’ancienne adresse",
    }
