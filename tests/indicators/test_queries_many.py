"""Many indicators on a few territories in a bounded number of queries."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from essor.indicators import catalogue, queries_many
from essor.indicators.definition import canonical, year
from essor.territories.models import Territory
from tests.factories import TerritoryFactory
from tests.indicator_factories import OUTCOME, IndicatorFactory, ObservationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def paris() -> Territory:
    return TerritoryFactory(name="Paris", code="75056")


def values(found: dict[Any, Any], place: Territory) -> dict[tuple[int, str], Decimal | None]:
    return {
        (span.start.year, canonical(parts)): cell.value
        for (span, pk, parts), cell in found.items()
        if pk == place.pk
    }


def read(codes: list[str], *places: Territory, **more: Any) -> dict[str, dict[Any, Any]]:
    return queries_many.load_many(codes, [place.pk for place in places], catalogue.everything(), **more)


def test_each_code_has_its_own_last_period_on_each_territory(orleans: Territory, paris: Territory) -> None:
    first, second = IndicatorFactory().code, IndicatorFactory().code
    for number in (2018, 2019, 2020):
        ObservationFactory(code=first, territory=orleans, number=number, numerator=Decimal(number))
    ObservationFactory(code=first, territory=paris, number=2019, numerator=Decimal(7))
    ObservationFactory(code=second, territory=orleans, number=2017, numerator=Decimal(3))
    found = read([first, second, "inconnu.code"], orleans, paris)
    assert list(found) == [first, second]
    assert values(found[first], orleans) == {(2020, ""): Decimal(2020)}
    assert values(found[first], paris) == {(2019, ""): Decimal(7)}
    assert values(found[second], orleans) == {(2017, ""): Decimal(3)}


def test_a_period_that_is_not_over_waits(orleans: Territory) -> None:
    code = IndicatorFactory().code
    for number in (2019, 2020):
        ObservationFactory(code=code, territory=orleans, number=number, numerator=Decimal(number))
    found = read([code], orleans, day=date(2020, 6, 1))
    assert values(found[code], orleans) == {(2019, ""): Decimal(2019)}


def test_parts_come_when_they_are_asked(orleans: Territory) -> None:
    code = IndicatorFactory(dimensions=[OUTCOME]).code
    ObservationFactory(code=code, territory=orleans, numerator=Decimal(10))
    ObservationFactory(code=code, territory=orleans, cut={"devenir": "rendu"}, numerator=Decimal(4))
    assert values(read([code], orleans)[code], orleans) == {(2020, ""): Decimal(10)}
    assert values(read([code], orleans, with_parts=[code])[code], orleans) == {
        (2020, ""): Decimal(10),
        (2020, '{"devenir":"rendu"}'): Decimal(4),
    }


def test_a_chosen_period_and_all_of_them(orleans: Territory) -> None:
    code, other = IndicatorFactory().code, IndicatorFactory().code
    for number in (2018, 2019, 2020):
        ObservationFactory(code=code, territory=orleans, number=number, numerator=Decimal(number))
        ObservationFactory(code=other, territory=orleans, number=number, numerator=Decimal(1))
    found = read([code, other], orleans, at={code: year(2018)})
    assert values(found[code], orleans) == {(2018, ""): Decimal(2018)}
    assert found[other] == {}
    assert len(read([code], orleans, every=True)[code]) == 3


def test_a_formula_reads_the_same_period(orleans: Territory) -> None:
    top, bottom = IndicatorFactory().code, IndicatorFactory().code
    ratio = IndicatorFactory(origin="formula", formula=f"{top} ÷ {bottom}", unit="rapport").code
    for number in (2019, 2020):
        ObservationFactory(code=top, territory=orleans, number=number, numerator=Decimal(number))
        ObservationFactory(code=bottom, territory=orleans, number=number, numerator=Decimal(2))
    assert values(read([ratio], orleans)[ratio], orleans) == {(2020, ""): Decimal(1010)}
    assert values(read([ratio], orleans, at={ratio: year(2019)})[ratio], orleans) == {
        (2019, ""): Decimal("1009.5")
    }


def test_small_numbers_stay_hidden(orleans: Territory) -> None:
    code = IndicatorFactory(protected=True).code
    ObservationFactory(code=code, territory=orleans, numerator=Decimal(1), units=1)
    (cell,) = read([code], orleans)[code].values()
    assert (cell.value, cell.hidden) == (None, True)
    assert read([code], orleans, at={})[code] == {}
    assert read([code], orleans, day=date(2020, 6, 1))[code] == {}


def test_the_number_of_queries_does_not_grow(orleans: Territory, paris: Territory) -> None:
    codes = [IndicatorFactory().code for _ in range(12)]
    for code in codes:
        for place in (orleans, paris):
            ObservationFactory(code=code, territory=place)
    known = catalogue.everything()
    with CaptureQueriesContext(
        connection,
    ) as done:
        found = queries_many.load_many(codes, [orleans.pk, paris.pk], known)
    assert sum(len(cells) for cells in found.values()) == 24
    assert len(done) == 2
