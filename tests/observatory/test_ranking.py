"""The ranking of the territories of one level, and the comparison of a few."""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from essor.indicators.enums import Direction
from essor.observatory.ranking import places_of
from essor.territories.enums import Kind
from tests.factories import AuthorityFactory, TerritoryFactory
from tests.indicator_factories import IndicatorFactory
from tests.observatory.making import DENSITY, SITES, Country, country, page, see

pytestmark = pytest.mark.django_db


@pytest.fixture
def land() -> Country:
    return country()


def read(address: str) -> list[dict[str, Any]]:
    response = Client().get(address)
    assert response.status_code == 200, address
    raw = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(raw), delimiter=";"))


def order(query: str) -> list[tuple[str, str, str]]:
    rows = read(f"/observatoire/classement/csv/?niveau=epci&{query}")
    return [(row["rang"], row["nom"][-1], row["valeur"]) for row in rows]


def test_places_follow_the_wished_direction() -> None:
    values = {1: Decimal(5), 2: Decimal(9), 3: Decimal(5), 4: Decimal(1)}
    assert places_of(values, Direction.UP) == {1: 2, 2: 1, 3: 2, 4: 4}
    assert places_of(values, Direction.DOWN) == {1: 2, 2: 4, 3: 2, 4: 1}
    assert places_of({}, Direction.NONE) == {}


def test_ties_holes_orders_and_places(land: Country) -> None:
    for number, value in ((0, 3), (1, 8), (3, 8), (4, 1)):
        see(land.epcis[number], SITES, value)
    asked = f"indicateur={SITES}"
    assert order(f"{asked}&dans=departement:31") == [
        ("1", "1", "8"),
        ("1", "3", "8"),
        ("3", "0", "3"),
        ("", "2", ""),
    ]
    assert [row[1] for row in order(f"{asked}&dans=france")] == ["1", "3", "0", "4", "2"]
    assert [row[1] for row in order(f"{asked}&dans=region:76&ordre=inverse")] == ["4", "0", "1", "3", "2"]
    assert [row[1] for row in order(f"{asked}&dans=france&ordre=population")] == ["4", "3", "2", "1", "0"]
    assert [row[1] for row in order(f"{asked}&dans=france&ordre=nom")] == ["0", "1", "2", "3", "4"]
    assert [row[1] for row in order(f"{asked}&dans=france&population=3%20000")] == ["3", "4", "2"]


def test_the_page_says_the_average_and_where_mine_stands(land: Country) -> None:
    for number, (top, bottom) in enumerate([(10, 1000), (40, 2000), (0, 1000)]):
        see(land.epcis[number], DENSITY, top, bottom)
    AuthorityFactory(slug="pays-1", territory=land.epcis[1])
    text = page(f"/pays-1/observatoire/classement/?indicateur={DENSITY}")
    assert (
        "Organisations de l’ESS pour 1 000 habitants : les intercommunalités de la Haute-Garonne</h1>" in text
    )
    assert "3 territoires classés ; 1 territoire sans valeur, hors du classement. Période : 2020." in text
    assert 'Moyenne pondérée des territoires classés</th><td class="numeric">12,5</td>' in text
    assert "La CC du Pays 1 : 20, rang 1 sur 3." in text
    assert '<tr class="mine"><td class="numeric">1</td>' in text


def test_a_formula_is_ranked_by_what_it_reads(land: Country) -> None:
    for number, (part, whole) in enumerate([(1, 4), (3, 4)]):
        see(land.epcis[number], "registre.employeurs", part)
        see(land.epcis[number], "registre.organisations", whole)
    rows = order("indicateur=registre.part_employeurs&dans=departement:31")
    assert rows[:2] == [("1", "1", "0,75"), ("2", "0", "0,25")]
    assert "50 %" in page(
        "/observatoire/classement/?indicateur=registre.part_employeurs&niveau=epci&dans=france"
    )


@pytest.mark.parametrize("options", [{"protected": True}, {"is_public": False}])
def test_what_is_hidden_or_not_published_is_not_ranked(land: Country, options: dict[str, bool]) -> None:
    code = IndicatorFactory(**options).code
    assert Client().get(f"/observatoire/classement/?indicateur={code}").status_code == 404


def test_hostile_addresses_answer(land: Country) -> None:
    for query in (
        "dans=epci:x",
        "dans=%00",
        "population=9999999999999",
        "page=zz",
        "niveau=planete",
        "mien=%00",
    ):
        assert Client().get(f"/observatoire/classement/?{query}").status_code == 200, query
    for query in ("territoire=%00", "territoire=" + "x" * 900, "indicateur=%00", "territoire=france&" * 30):
        assert Client().get(f"/observatoire/comparer/?{query}").status_code == 200, query


def test_communes_of_the_whole_country_begin_at_two_thousand_people(land: Country) -> None:
    for commune in land.communes:
        see(commune, SITES, 1)
    rows = read(f"/observatoire/classement/csv/?indicateur={SITES}&niveau=commune&dans=france")
    assert [row["nom"] for row in rows] == ["Bourg 1", "Bourg 2", "Bourg 3", "Bourg 4"]
    inside = read(f"/observatoire/classement/csv/?indicateur={SITES}&niveau=commune&dans=departement:31")
    assert [row["nom"] for row in inside] == ["Bourg 0", "Bourg 1", "Bourg 2", "Bourg 3"]


def test_the_ranking_asks_the_same_questions_whatever_the_number(land: Country) -> None:
    counts = []
    for number in range(2):
        for rank in range(20):
            epci = TerritoryFactory(
                kind=Kind.EPCI, code=f"3{number}{rank:07}", epci_type="CC", name=f"E {rank}"
            )
            see(epci, DENSITY, rank, 1000)
        with CaptureQueriesContext(connection) as done:
            page(f"/observatoire/classement/?indicateur={DENSITY}&niveau=epci&dans=france")
        counts.append(len(done))
    assert counts[0] == counts[1] <= 8


def test_territories_side_by_side(land: Country) -> None:
    for number, (sites, people) in enumerate([(10, 1000), (40, 2000)]):
        see(land.epcis[number], DENSITY, sites, people)
        see(land.epcis[number], SITES, sites)
        see(land.epcis[number], SITES, sites // 2, cut={"famille": "association"})
    text = page("/observatoire/comparer/?territoire=epci:200000000&territoire=CC du Pays 1 (epci:200000001)")
    assert "<h1>Comparer la CC du Pays 0 et la CC du Pays 1</h1>" in text
    assert "pour 1 000 habitants : d’abord la CC du Pays 1, 20 pour 1 000 habitants (2020)" in text
    assert '<td class="numeric mine">10</td><td class="numeric">40</td>' in text
    assert '<td class="numeric mine">50 %</td><td class="numeric">50 %</td>' in text
    rows = read("/observatoire/comparer/csv/?territoire=epci:200000000&territoire=epci:200000001")
    assert [(row["territoire"], row["indicateur"], row["valeur"]) for row in rows if not row["dimensions"]] == [
        ("epci:200000000", SITES, "10"), ("epci:200000000", DENSITY, "10"),
        ("epci:200000001", SITES, "40"), ("epci:200000001", DENSITY, "20"),
    ]  # fmt: skip


def test_what_is_written_and_unknown_is_said_and_kept(land: Country) -> None:
    text = page("/observatoire/comparer/?territoire=Xyzzy&territoire=epci:200000000")
    assert "Aucun territoire ne répond à « Xyzzy »" in text
    assert "Choisissez deux territoires au moins" in text
    assert 'value="Xyzzy"' in text
    many = "&".join(f"territoire={each.ref}" for each in (*land.epcis, land.garonne))
    assert "Seuls les 5 premiers territoires sont comparés." in page(f"/observatoire/comparer/?{many}")
