"""The list's address: read, written again, and what each chip removes."""

from datetime import date

import pytest
from django.http import QueryDict
from shapely import Point

from essor.registry import list_query, queries
from essor.registry.filters import Filters, InQuarter, Near, Place, Section, Sort, Zone
from essor.territories.models import Qpv, Territory
from tests.factories import TerritoryFactory
from tests.registry_factories import FactsFactory, PlaceFactory, edition_in_force

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)


def read(query: str, home: Territory | None = None) -> list_query.ListQuery:
    return list_query.read(QueryDict(query), home, DAY)


def test_an_empty_address_asks_for_everything() -> None:
    assert read("") == list_query.ListQuery(Filters(day=DAY), page=1, size=25)


def test_each_filter_is_read() -> None:
    TerritoryFactory(kind="epci", code="200000001", name="Pays du Lac", epci_type="CC")
    TerritoryFactory(code="31001", name="Auterive")
    asked = read(
        "q=+ateliers++du+lac&famille=cooperative&famille=mutual&secteur=sport&taille=10-49&etiquette=scop"
        "&employeur=oui&verdict=a-verifier&tri=taille&page=3&par_page=50"
        "&qpv=2024-dans&creation=2020&creation=avant-1980&epci=200000001&epci=999&commune=31001&commune=%00"
        "&pres=1.5,-43.25&km=5&zone=1.2,-43.5,1.500004,-43"
    )

    assert asked == list_query.ListQuery(
        Filters(
            day=DAY,
            text="ateliers du lac",
            families=("cooperative", "mutual"),
            sectors=("sport",),
            sizes=("10-49",),
            tags=("scop",),
            employer=True,
            section=Section.TO_CHECK,
            sort=Sort.SIZE,
            near=Near(1.5, -43.25, 5, "1.5,-43.25", "ce point (1.5,-43.25)", "de ce point (1.5,-43.25)"),
            zone=Zone(1.2, -43.5, 1.5, -43.0),
            epcis=("200000001",),
            communes=("31001",),
            quarters=("2024-dans",),
            years=("2020", "avant-1980"),
        ),
        page=3,
        size=50,
        names={("epci", "200000001"): "Pays du Lac", ("commune", "31001"): "Auterive"},
    )


@pytest.mark.parametrize(
    "query",
    [
        "famille=x&secteur=%00&taille=-1&etiquette=' OR 1&tri=nimporte&verdict=outside&employeur=1",
        "qpv=2030-dans&creation=1850&commune=99999&epci=' OR 1&km=3",
        "zone=1,2,3",
        "zone=2,43,1,44",
        "zone=1,43,1.000001,44",
        "zone=-181,0,1,1",
        "zone=0,-91,1,1",
        "zone=nan,nan,nan,nan",
        "zone=1,2,3,4,5",
        "zone=' OR 1",
        "zone=1e2,2,3,4",
        "zone=²,2,3,4",
        "zone=1,2,3,4%0A",
        "page=-4&par_page=100000",
        "page=9999999999999999999&par_page=abc",
        "page=²&par_page=٣",
    ],
)
def test_what_is_unknown_is_ignored(query: str) -> None:
    assert read(query) == list_query.ListQuery(Filters(day=DAY), page=1, size=25)


def test_a_very_long_text_is_cut_and_loses_its_null_characters() -> None:
    assert read("q=" + "a" * 500).filters.text == "a" * 100
    assert read("q=a%00b").filters.text == "ab"


def test_a_place_becomes_its_communes() -> None:
    epci = TerritoryFactory(kind="epci", code="200000001", name="Pays du Lac", epci_type="CC")
    inside = TerritoryFactory(code="31001", name="Auterive", epci=epci)
    TerritoryFactory(code="31002", name="Ailleurs")

    assert read("territoire=epci:200000001").filters.place == Place(
        "epci:200000001", "Pays du Lac", "de Pays du Lac", frozenset([inside.pk])
    )
    assert read("territoire=auterive").filters.place == Place(
        "commune:31001", "Auterive (31)", "de Auterive", frozenset([inside.pk])
    )


def test_an_unknown_place_limits_nothing_and_is_told() -> None:
    asked = read("territoire=commune:99999")

    assert (asked.filters.place, asked.unknown_place) == (None, "commune:99999")


def test_a_place_that_is_the_whole_register_limits_nothing() -> None:
    TerritoryFactory(departement_kind=True, code="31", name="Haute-Garonne")
    edition_in_force(scope="departement:31")

    assert read("territoire=departement:31").filters.place == Place(
        "departement:31", "Haute-Garonne", "de Haute-Garonne", None
    )


def test_in_the_frame_of_an_authority_its_territory_is_the_default() -> None:
    home = TerritoryFactory(departement_kind=True, code="31", name="Haute-Garonne")
    commune = TerritoryFactory(code="31001", departement=home)
    place = Place("departement:31", "Haute-Garonne", "de Haute-Garonne", frozenset([commune.pk]))

    assert read("", home).filters.place == place
    assert read("territoire=partout", home).filters.place is None
    assert list_query.to_pairs(read("q=lac", home).filters, home) == [("q", "lac")]
    assert list_query.to_pairs(read("territoire=partout", home).filters, home) == [("territoire", "partout")]


def test_the_address_written_gives_the_filters_back() -> None:
    TerritoryFactory(code="31001", name="Auterive")
    asked = read("q=lac&famille=mutual&secteur=&taille=0&etiquette=esus&employeur=oui&territoire=auterive")
    written = QueryDict(mutable=True)
    for name, value in list_query.to_pairs(asked.filters, None):
        written.appendlist(name, value)

    assert list_query.read(written, None, DAY).filters == asked.filters


def test_a_chip_removes_its_own_value_and_keeps_the_rest() -> None:
    found = list_query.chips(read("q=lac&famille=mutual&famille=association&tri=taille"), None)

    assert found == [
        {
            "name": "Recherche",
            "label": "« lac »",
            "remove_url": "?famille=mutual&famille=association&tri=taille",
        },
        {"name": "Famille", "label": "Mutuelle", "remove_url": "?q=lac&famille=association&tri=taille"},
        {"name": "Famille", "label": "Association", "remove_url": "?q=lac&famille=mutual&tri=taille"},
    ]


def test_the_chip_of_the_authority_s_territory_leads_to_the_whole_register() -> None:
    home = TerritoryFactory(departement_kind=True, code="31", name="Haute-Garonne")

    assert list_query.chips(read("", home), home) == [
        {"name": "Territoire", "label": "Haute-Garonne", "remove_url": "?territoire=partout"}
    ]


@pytest.mark.parametrize(
    ("query", "sort"),
    [
        ("q=lac", Sort.RELEVANCE),
        ("pres=1.5,43.2", Sort.DISTANCE),
        ("q=lac&pres=1.5,43.2", Sort.RELEVANCE),
        ("q=lac&tri=nom", Sort.NAME),
        ("tri=pertinence", Sort.NAME),
        ("tri=distance", Sort.NAME),
        ("q=lac&tri=distance", Sort.RELEVANCE),
    ],
)
def test_the_order_is_what_the_search_makes_useful(query: str, sort: Sort) -> None:
    assert read(query).filters.sort is sort


@pytest.mark.parametrize("asked", ["181,2", "1,91", "1e3,2", "1,2,3", "١,٢", "nulle part", "1;2"])
def test_a_point_that_is_nowhere_limits_nothing_and_is_told(asked: str) -> None:
    found = read(f"pres={asked.replace(';', '%3B')}")

    assert found.filters.near is None
    assert found.unknown_place == asked


def test_a_distance_is_counted_from_where_the_commune_stands() -> None:
    TerritoryFactory(code="31001", name="Auterive", lon=1.25, lat=43.5)

    near = Near(1.25, 43.5, 20, "commune:31001", "Auterive (31)", "de Auterive")
    assert read("pres=auterive&km=20").filters.near == near
    assert read("pres=Auterive (commune:31001)&km=20").filters.near == near
    assert list_query.to_pairs(read("pres=auterive&km=20").filters, None) == [
        ("pres", "commune:31001"),
        ("km", "20"),
    ]
    (chip,) = list_query.chips(read("pres=auterive&km=20"), None)
    assert (chip["label"], chip["remove_url"]) == ("à moins de 20 km de Auterive", "?")


def test_a_zone_of_the_map_stands_in_the_address_and_leaves_by_its_chip() -> None:
    asked = read("q=lac&zone=1.20000,43.5,1.6,-0&zone=1.2,-0.0,1.60,43.5")

    assert list_query.to_pairs(asked.filters, None) == [("q", "lac"), ("zone", "1.2,0,1.6,43.5")]
    assert list_query.chips(asked, None)[-1] == {
        "name": "Carte",
        "label": "dans la zone choisie",
        "remove_url": "?q=lac",
    }


@pytest.mark.parametrize(
    ("text", "year"), [("2024", 2024), ("24", None), ("abcd", None), ("٢٠٢٤", None), ("0000", None)]
)
def test_a_year_of_creation_is_four_digits(text: str, year: int | None) -> None:
    asked = read(f"cree={text}")
    assert asked.filters.created_in == year
    assert list_query.to_pairs(asked.filters, None) == ([("cree", text)] if year else [])


def test_one_quartier_by_its_code_of_either_list() -> None:
    commune = TerritoryFactory(code="31555", name="Toulouse")
    shape = Point(1.4, 43.6).buffer(0.01)
    west, south, east, north = shape.bounds
    quarter = Qpv.objects.create(
        code="QN03101M", generation=2024, name="Mirail Sud", source="essai", geometry=shape.wkb,
        west=west, south=south, east=east, north=north,
    )  # fmt: skip
    quarter.communes.add(commune)
    edition_in_force()
    said = {"generation": 2024, "code": "QN03101M", "certainty": "sure", "distance": 0}
    rows = [FactsFactory(commune=commune) for _rank in range(3)]
    for row, relation in zip(rows, ("in", "near", ""), strict=True):
        told = [said | {"relation": relation}] if relation else []
        PlaceFactory(organisation=row.organisation, longitude=1.4, latitude=43.6, qpv=told)

    asked = read("quartier=qn03101m")
    assert asked.filters.in_quarter == InQuarter("QN03101M", "Mirail Sud", frozenset({rows[0].pk}))
    assert list_query.to_pairs(asked.filters, None) == [("quartier", "QN03101M")]
    (chip,) = list_query.chips(asked, None)
    assert (chip["name"], chip["label"], chip["remove_url"]) == ("Quartier prioritaire", "Mirail Sud", "?")
    assert list(queries.matching_ids(asked.filters)) == [rows[0].pk]
    assert read("quartier=QN99999Z").filters.in_quarter is None
    assert read("quartier=%27 OR 1").filters.in_quarter is None
