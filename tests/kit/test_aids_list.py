"""The filters of aids: new, closing soon, theme, nature, place; what the address keeps."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from essor.kernel.periods import today
from essor.kit import aids_list
from essor.territories.enums import Kind
from tests.factories import TerritoryFactory
from tests.kit_factories import AidFactory

pytestmark = pytest.mark.django_db


def names(query: str) -> list[str]:
    found = aids_list.found(aids_list.read(QueryDict(query)), today())
    return sorted(found.values_list("name", flat=True))


def test_new_ones_are_those_that_a_known_list_brought_lately() -> None:
    AidFactory(name="Neuve", is_news=True, first_seen_on=today() - timedelta(days=30))
    AidFactory(name="Première liste", first_seen_on=today())
    AidFactory(name="Moins neuve", is_news=True, first_seen_on=today() - timedelta(days=31))
    assert names("nouvelles=oui") == ["Neuve"]


def test_closing_soon() -> None:
    for days in (0, 30, 31):
        AidFactory(name=f"Dans {days}", deadline=today() + timedelta(days=days))
    AidFactory(name="Hier", deadline=today() - timedelta(days=1))
    assert names("bientot=oui") == ["Dans 0", "Dans 30"]


def test_themes_natures_and_calls_cross() -> None:
    AidFactory(name="A", theme_codes="|food|", kind_codes="|grant|", is_call=True)
    AidFactory(name="B", theme_codes="|food|mobility|", kind_codes="|loan|")
    assert (names("theme=food"), names("theme=food&nature=grant"), names("appels=oui")) == (
        ["A", "B"],
        ["A"],
        ["A"],
    )
    counted = {facet["name"]: facet["options"] for facet in aids_list.facets(aids_list.Asked(), today())}
    assert {option["value"]: option["count"] for option in counted["theme"]} == {"food": 2, "mobility": 1}


def test_a_place_keeps_its_own_aids_those_above_it_and_those_of_france() -> None:
    region = TerritoryFactory(kind=Kind.REGION, code="76", name="Occitanie")
    gard = TerritoryFactory(kind=Kind.DEPARTEMENT, code="30", name="Gard", region=region)
    TerritoryFactory(kind=Kind.REGION, code="53", name="Bretagne")
    TerritoryFactory(kind=Kind.COMMUNE, code="30189", name="Nîmes", departement=gard, region=region)
    for perimeter in ("Occitanie", "Gard", "Bretagne", "France", "", "Nîmes"):
        AidFactory(name=perimeter or "Sans territoire", perimeter=perimeter)
    assert names("lieu=departement:30") == ["France", "Gard", "Nîmes", "Occitanie", "Sans territoire"]
    assert names("lieu=region:53") == ["Bretagne", "France", "Sans territoire"]


def test_the_address_keeps_what_is_known_only() -> None:
    asked = aids_list.read(
        QueryDict("q= vélo &pour=association&pour=martien&odd=8&odd=99&lieu=nulle-part&appels=1")
    )
    assert aids_list.address_of(asked) == "q=v%C3%A9lo&pour=association&odd=8"
    assert asked.unknown == "nulle-part"
    assert aids_list.in_words(asked) == "vélo, Associations, 8. Travail décent et croissance économique"


def test_the_page_asks_as_much_for_many_aids_as_for_one(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    AidFactory.create_batch(25, theme_codes="|food|", goal_codes="|2|12|")
    client.get("/kit/aides/")
    with django_assert_max_num_queries(12):
        assert len(client.get("/kit/aides/?theme=food&odd=12").context["rows"]) == 25
