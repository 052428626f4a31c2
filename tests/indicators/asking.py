"""What tests of values ask: a collected indicator, who sends, what is read back."""

from datetime import date
from typing import Any

from django.test import Client

from essor.indicators import catalogue, queries
from essor.indicators.definition import Indicator, canonical, year
from essor.indicators.queries import Wanted
from essor.territories.models import Territory

DAY = date(2021, 6, 1)
SPAN = year(2020)
GIVEN = {
    "origin": "collected", "label": "Tonnes reçues", "unit": "tonnes", "source": "Ressourcerie", "direction": "up",
    "is_public": True,
}  # fmt: skip


def known(code: str) -> Indicator:
    return catalogue.everything()[code]


def signed(membership: Any) -> Client:
    client = Client()
    client.force_login(membership.user)
    return client


def cells(indicator: Indicator, place: Territory, *, parts: bool = False) -> dict[Any, Any]:
    found = queries.load(indicator, Wanted([place.pk], with_parts=parts), catalogue.everything())
    return {canonical(key[2]): cell for key, cell in found.items()}
