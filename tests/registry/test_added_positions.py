"""Organisations that agents add stand on the map: at their address when the register knows it, else in the commune."""

from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from essor.registry.actions_additions import NewOrganisation, add_organisation
from essor.registry.actions_corrections import accept_correction, settle_dispute
from essor.registry.map.index import MapIndex
from essor.registry.models import CorrectedField, Correction, EstablishmentFacts, HidingRequest, Organisation
from essor.registry.search.source import entries
from tests.factories import TerritoryFactory
from tests.registry_factories import FactsFactory, PlaceFactory, edition_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def commune() -> Any:
    edition_in_force()
    return TerritoryFactory(code="31395", lon=1.3263, lat=43.4605)


def known(commune: Any, address: str, point: tuple[float, float] = (1.33, 43.46), **values: Any) -> Any:
    """An establishment of the open data with a position."""
    return PlaceFactory(
        organisation=FactsFactory(commune=commune).organisation, commune=commune, address=address,
        longitude=point[0], latitude=point[1],
        **{"position_quality": "number", "position_source": "geolocation", "position_error": 10, **values},
    )  # fmt: skip


def add(commune: Any, address: str = "3, rue de l’Étang") -> Organisation:
    said = NewOrganisation(
        name="Ressourcerie du Lac", legal_form="association", commune=commune, statement="Déclarée", address=address
    )  # fmt: skip
    return add_organisation(None, None, said)


def point(made: Organisation) -> tuple[Any, ...]:
    return (
        EstablishmentFacts.objects.filter(establishment__organisation=made)
        .values_list("longitude", "latitude", "position_source", "position_quality", "position_error")
        .get()
    )


def correct(made: Organisation, field: str, value: str) -> Correction:
    place = made.establishments.get()
    row = Correction.objects.create(
        organisation=made, establishment=place, field=field, value=value, evidence="vu", created_at=timezone.now()
    )  # fmt: skip
    accept_correction(None, None, row)
    return row


def test_the_centre_of_the_commune_when_nothing_else_is_known(commune: Any) -> None:
    known(commune, "9 RUE DE L ETANG")
    made = add(commune)
    assert point(made) == (1.3263, 43.4605, "commune_centre", "commune", None)
    page = Client().get(reverse("registry:organisation", args=[made.pk])).content.decode()
    assert "position connue au centre de la commune" in page
    index = MapIndex.read()
    assert index.approximate[index.organisation_ids[index.organisation] == made.pk].tolist() == [True]


def test_the_position_that_a_source_gives_to_the_same_address(commune: Any) -> None:
    known(commune, "3 R DE L ETANG", (1.5, 43.5), position_quality="street")
    known(commune, "3 RUE DE L'ETANG")
    known(TerritoryFactory(), "3 RUE DE L ETANG", (5, 45))
    made = add(commune)
    assert point(made) == (1.33, 43.46, "same_address", "number", 10)
    page = Client().get(reverse("registry:organisation", args=[made.pk])).content.decode()
    assert "position connue au numéro de la rue, d’après une autre organisation à cette adresse" in page


def test_a_hidden_address_and_one_found_here_give_no_position(commune: Any) -> None:
    hidden = known(commune, "3 RUE DE L ETANG")
    HidingRequest.objects.create(
        organisation=hidden.establishment.organisation, scope=HidingRequest.Scope.ADDRESS, reason="non",
        state=HidingRequest.State.ACCEPTED, created_at=timezone.now(),
    )  # fmt: skip
    known(commune, "3 RUE DE L ETANG", (1.5, 43.5), position_source="same_address")
    assert point(add(commune))[2] == "commune_centre"


def test_a_commune_without_position_gives_none() -> None:
    assert point(add(TerritoryFactory(lon=None, lat=None))) == (None, None, "", "", None)


def test_the_point_follows_corrections_of_the_address_and_comes_back(commune: Any) -> None:
    known(commune, "12 PLACE DU MARCHE", (1.34, 43.47))
    made = add(commune)
    correct(made, CorrectedField.ADDRESS, "12 place du Marché, 31600")
    assert point(made)[:3] == (1.34, 43.47, "same_address")

    other = TerritoryFactory(code="31555", lon=1.4442, lat=43.6047)
    row = correct(made, CorrectedField.COMMUNE, "31555")
    assert point(made)[:3] == (1.4442, 43.6047, "commune_centre")
    ((entry,),) = entries([made.pk])
    assert (entry.communes, entry.points) == ({other.pk}, [(1.4442, 43.6047)])
    index, ids = MapIndex.read(), np.array([made.pk])
    placed = {commune.pk: 0, other.pk: 1}
    assert {pk: index.subset(ids, frozenset([pk])).placed for pk in placed} == placed
    page = Client().get(reverse("registry:organisation", args=[made.pk])).content.decode()
    assert "position connue au centre de la commune" in page

    Correction.objects.filter(pk=row.pk).update(state=Correction.State.DISPUTED, contradiction="31001")
    row.refresh_from_db()
    settle_dispute(None, None, row, "non", keep=False)
    assert point(made)[:3] == (1.34, 43.47, "same_address")


def test_positions_of_the_open_data_are_left_alone(commune: Any) -> None:
    place = known(commune, "3 RUE DE L ETANG", (1.5, 43.5))
    made = place.establishment.organisation
    correct(made, CorrectedField.ADDRESS, "9 avenue du Port")
    assert point(made) == (1.5, 43.5, "geolocation", "number", 10)
