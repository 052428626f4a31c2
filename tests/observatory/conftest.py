"""A département with two intercommunalities and their communes, values, an agent."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from essor.territories.enums import EpciType, Kind
from essor.territories.models import Territory
from tests.factories import AuthorityFactory, MembershipFactory, TerritoryFactory
from tests.indicator_factories import ObservationFactory

# Communes: name, longitude, latitude, establishments, organisations, inhabitants; the first three in the first EPCI.
COMMUNES = (
    ("Albe", 1.40, 43.60, 12, 10, 1000),
    ("Bray", 1.50, 43.60, 6, 6, 1500),
    ("Cerf", 1.45, 43.68, 0, 0, 400),
    ("Doux", 1.60, 43.70, 3, 3, 200),
    ("Épi", 1.70, 43.65, 30, 25, 5000),
)


@pytest.fixture
def department(db: None) -> Territory:
    """« Essai », departement:D1, with a map, values of `registre.etablissements` and `registre.densite`."""
    place = TerritoryFactory(kind=Kind.DEPARTEMENT, code="D1", name="Essai")
    groups = [
        TerritoryFactory(
            kind=Kind.EPCI, code=f"20000000{rank}", name=name, epci_type=EpciType.CC, departement=place
        )
        for rank, name in enumerate(("CC Une", "CC Deux"), 1)
    ]
    sums: dict[int, list[int]] = {}
    for rank, (name, lon, lat, sites, organisations, people) in enumerate(COMMUNES):
        group = groups[rank // 3]
        row = TerritoryFactory(
            name=name, code=f"D100{rank}", lon=lon, lat=lat, population=people, departement=place, epci=group
        )
        for each in (row, group, place):
            total = sums.setdefault(each.pk, [0, 0, 0])
            total[:] = [a + b for a, b in zip(total, (sites, organisations, people), strict=True)]
    for pk, (sites, organisations, people) in sums.items():
        territory = Territory.objects.get(pk=pk)
        ObservationFactory(code="registre.etablissements", territory=territory, numerator=Decimal(sites))
        if sites:
            cut = {"famille": "association"}
            ObservationFactory(
                code="registre.etablissements", territory=territory, numerator=Decimal(sites), cut=cut
            )
        ObservationFactory(
            code="registre.densite",
            territory=territory,
            numerator=Decimal(organisations),
            denominator=Decimal(people),
        )
    return place


@pytest.fixture
def agent(department: Territory) -> Any:
    """An agent of the authority of that département."""
    return MembershipFactory(authority=AuthorityFactory(slug="essai", territory=department), agent=True)


@pytest.fixture
def client(agent: Any) -> Client:
    """A browser where the agent is signed in."""
    client = Client()
    client.force_login(agent.user)
    return client
