"""A small country for the tests of the observatory, and its figures."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.test import Client

from essor.indicators.definition import canonical
from essor.indicators.models import Observation
from essor.territories.enums import EpciType, Kind
from essor.territories.models import Territory
from tests.factories import TerritoryFactory
from tests.indicator_factories import ObservationFactory

SITES, DENSITY, ORGANISATIONS = "registre.etablissements", "registre.densite", "registre.organisations"


@dataclass
class Country:
    """The territories of the tests."""

    france: Territory
    region: Territory
    garonne: Territory
    ariege: Territory
    epcis: list[Territory]
    communes: list[Territory]


def country() -> Country:
    """France, Occitanie, Haute-Garonne (four intercommunalities of one commune each), Ariège (one)."""
    france = TerritoryFactory(kind=Kind.FRANCE, code="FR", name="France", liaison=3)
    region = TerritoryFactory(kind=Kind.REGION, code="76", name="Occitanie", liaison=1)
    garonne = TerritoryFactory(
        kind=Kind.DEPARTEMENT, code="31", name="Haute-Garonne", liaison=3, region=region
    )
    ariege = TerritoryFactory(kind=Kind.DEPARTEMENT, code="09", name="Ariège", liaison=5, region=region)
    epcis, communes = [], []
    for number, above in enumerate((garonne, garonne, garonne, garonne, ariege)):
        epci = TerritoryFactory(
            kind=Kind.EPCI,
            code=f"20000000{number}",
            name=f"CC du Pays {number}",
            liaison=3,
            epci_type=EpciType.CC,
            departement=above,
            region=region,
            population=1000 * (number + 1),
        )
        epcis.append(epci)
        communes.append(
            TerritoryFactory(
                name=f"Bourg {number}",
                code=f"{above.code}00{number}",
                epci=epci,
                departement=above,
                region=region,
                population=1000 * (number + 1),
            )
        )
    return Country(france, region, garonne, ariege, epcis, communes)


def see(
    territory: Territory, code: str, value: int | str, over: int | None = None, **more: Any
) -> Observation:
    """One value of 2020 (of an edition or of a year, it does not matter here)."""
    return ObservationFactory(
        code=code,
        territory=territory,
        numerator=Decimal(value),
        denominator=None if over is None else Decimal(over),
        source="Essai",
        **more,
    )


def cut(code: str, value: str) -> str:
    """The parts of a cell as tables keep them."""
    return canonical({code: value})


def page(address: str, client: Client | None = None) -> str:
    """The text of a page, with plain spaces, and none between its tags."""
    response = (client or Client()).get(address)
    assert response.status_code == 200, (address, response.status_code)
    text: str = response.content.decode()
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split()).replace("> <", "><")
