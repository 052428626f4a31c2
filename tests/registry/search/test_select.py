"""Filters, facets, orders and distances of the index: the same as counting by hand, and as the database alone."""

import math
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from essor.registry import queries
from essor.registry import queries_plain as plain
from essor.registry.enums import Family, SizeBand, Tag, Verdict
from essor.registry.filters import (
    SIZE_GROUP_OF,
    CreationBand,
    Filters,
    InQuarter,
    Near,
    Place,
    Quarter,
    Section,
    SizeGroup,
    Sort,
    Value,
    Zone,
    sector_choices,
)
from essor.registry.search import columns, cube, schema
from essor.registry.search.select import Selection, metres_to
from essor.registry.search.source import QUARTER_BITS, Commune, Entry
from essor.registry.search.view import View
from tests.factories import TerritoryFactory
from tests.registry.search.conftest import ALL, DAY, Find
from tests.registry_factories import FactsFactory, PlaceFactory, edition_in_force

COMMUNES = [
    Commune(n, f"3100{n}", f"Ville {n}", 10 + n % 2, f"20000000{n % 2}", f"Pays {n % 2}") for n in range(1, 6)
]
SECTORS = [code for code, _label in sector_choices()]


def made(count: int) -> list[Entry]:
    """Organisations drawn at random, always the same."""
    chance = random.Random(7)
    found = []
    for pk in chance.sample(range(1, 10 * count), count):
        band = chance.choice(list(SizeBand)).value
        found.append(
            Entry(
                pk=pk,
                sort_key=chance.choice(["atelier", "club", "foyer"]) + chance.choice(["", f" {pk}"]),
                names=("x",),
                naf="",
                sector=chance.choice(SECTORS),
                family=chance.choice([*Family, ""]),
                verdict=chance.choice(list(Verdict)[:3]).value,
                size_band=band,
                is_employer=chance.random() < 0.4,
                created_on=chance.choice([None, date(1950, 1, 1) + timedelta(days=chance.randrange(27000))]),
                purpose="",
                communes=set(chance.sample(range(1, 6), chance.randrange(3))),
                points=[
                    (chance.uniform(1, 2), chance.uniform(43, 44)) for _each in range(chance.randrange(3))
                ],
                quarters=chance.choice([0, 0, 1, 2, 3, 4, 8, 15]),
                tags=[
                    (tag.value, chance.choice([None, DAY, DAY + timedelta(days=1)]))
                    for tag in chance.choices(list(Tag)[:4], k=chance.randrange(4))
                ],
            )
        )
    return found


@dataclass
class Made:
    """A made register, open."""

    entries: list[Entry]
    view: View


@pytest.fixture(scope="module")
def register() -> Iterator[Made]:
    """400 organisations without a database."""
    with TemporaryDirectory() as folder:
        entries = made(400)
        builder = columns.Builder(COMMUNES)
        for entry in entries:
            builder.add(entry)
        path = Path(folder) / "columns.npz"
        columns.save(builder.build(), path)
        index = schema.opened(Path(folder), create=True)
        yield Made(entries, View((1, "", "", 1), columns.load(path), index, {}))


def keeps(entry: Entry, filters: Filters, without: str) -> bool:
    """What the filters say of one organisation, one by one."""
    wheres = {commune.pk: commune for commune in COMMUNES}
    codes = {wheres[pk].code for pk in entry.communes}
    epcis = {wheres[pk].epci_code for pk in entry.communes}
    tests = {
        "section": entry.verdict in filters.section.verdicts,
        "family": not filters.families or entry.family in filters.families,
        "sector": not filters.sectors or entry.sector in filters.sectors,
        "size": not filters.sizes or SIZE_GROUP_OF[entry.size_band].value in filters.sizes,
        "employer": not filters.employer or entry.is_employer,
        "tag": not filters.tags or bool(tags_of(entry) & set(filters.tags)),
        "commune": not filters.communes or bool(codes & set(filters.communes)),
        "epci": not filters.epcis or bool(epcis & set(filters.epcis)),
        "quarter": not filters.quarters or bool(quarters_of(entry) & set(filters.quarters)),
        "years": not filters.years or band_of(entry) in filters.years,
        "year": filters.created_in is None
        or (entry.created_on is not None and entry.created_on.year == filters.created_in),
        "one quarter": filters.in_quarter is None or entry.pk in filters.in_quarter.organisation_ids,
        "place": filters.place is None
        or filters.place.commune_ids is None
        or bool(entry.communes & filters.place.commune_ids),
        "zone": filters.zone is None or any(is_in(filters.zone, *point) for point in entry.points),
        "near": filters.near is None or nearest(entry, filters.near) <= filters.near.kilometres * 1000,
    }
    return all(holds for name, holds in tests.items() if name != without)


def is_in(zone: Zone, longitude: float, latitude: float) -> bool:
    return zone.west <= longitude <= zone.east and zone.south <= latitude <= zone.north


def tags_of(entry: Entry) -> set[str]:
    return {code for code, until in entry.tags if until is None or until > DAY}


def quarters_of(entry: Entry) -> set[str]:
    return {quarter.value for quarter in Quarter if entry.quarters & QUARTER_BITS[quarter.relation]}


def band_of(entry: Entry) -> str | None:
    year = entry.created_on.year if entry.created_on else 0
    return next((band.value for band in CreationBand if band.years[0] <= year <= band.years[1]), None)


def nearest(entry: Entry, near: Near) -> float:
    """Metres to the nearest establishment, by the law of cosines."""
    a = math.radians(near.latitude)
    distances = [math.inf]
    for longitude, latitude in entry.points:
        b, apart = math.radians(latitude), math.radians(longitude - near.longitude)
        cosine = math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(apart)
        distances.append(6_371_008.8 * math.acos(max(-1, min(1, cosine))))
    return min(distances)


def chosen(values: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=3, unique=True).map(tuple)


places = st.frozensets(st.integers(1, 5)).map(lambda ids: Place("x", "x", "x", ids))
points = st.builds(
    Near,
    st.floats(0.9, 2.1),
    st.floats(42.9, 44.1),
    st.sampled_from([1, 5, 20, 50]),
    st.just("x"),
    st.just("x"),
)
zones = st.builds(
    lambda west, south, wide, high: Zone(west, south, west + wide, south + high),
    st.floats(0.9, 2.1), st.floats(42.9, 44.1), st.floats(0.01, 1), st.floats(0.01, 1),
)  # fmt: skip
asked = st.builds(
    Filters,
    day=st.just(DAY),
    section=st.sampled_from(list(Section)),
    families=chosen([code for code, _label in Family.choices()]),
    sectors=chosen(SECTORS),
    sizes=chosen([code for code, _label in SizeGroup.choices()]),
    tags=chosen([tag.value for tag in list(Tag)[:5]]),
    employer=st.booleans(),
    communes=chosen([commune.code for commune in COMMUNES]),
    epcis=chosen(["200000000", "200000001"]),
    quarters=chosen([code for code, _label in Quarter.choices()]),
    years=chosen([code for code, _label in CreationBand.choices()]),
    place=st.none() | places,
    near=st.none() | points,
    zone=st.none() | zones,
    created_in=st.none() | st.integers(1950, 2024),
    in_quarter=st.none() | st.frozensets(st.integers(1, 400)).map(lambda ids: InQuarter("x", "x", ids)),
    sort=st.sampled_from(list(Sort)),
)


@settings(max_examples=60)
@given(filters=asked, small=st.sampled_from([0, 4000]))
def test_every_count_is_the_one_made_by_hand(register: Made, filters: Filters, small: int) -> None:
    found = Selection(register.view, filters)
    with patch.object(cube, "SMALL", small):
        facets = found.facets()
    shown = [entry for entry in register.entries if keeps(entry, filters, "")]

    assert sorted(found.ids().tolist()) == sorted(entry.pk for entry in shown)
    assert facets.total == found.total == len(shown)

    def counts(name: str, values: Callable[[Entry], set[str]]) -> Counter[str]:
        kept = [entry for entry in register.entries if keeps(entry, filters, name)]
        return Counter(value for entry in kept for value in values(entry))

    def told(values: object) -> dict[str, int]:
        return {value.value: value.count for value in values if value.count}  # type: ignore[attr-defined]

    wheres = {commune.pk: commune for commune in COMMUNES}
    families = counts("family", lambda entry: {entry.family})
    families.pop("", None)  # no facet for those whose family is unknown
    years = counts("years", lambda entry: {band_of(entry) or ""})
    years.pop("", None)
    assert told(facets.families) == families
    assert told(facets.sectors) == counts("sector", lambda entry: {entry.sector})
    assert told(facets.sizes) == counts("size", lambda entry: {str(SIZE_GROUP_OF[entry.size_band].value)})
    assert told(facets.tags) == counts("tag", tags_of)
    assert told(facets.communes) == counts(
        "commune", lambda entry: {wheres[pk].code for pk in entry.communes}
    )
    assert told(facets.epcis) == counts("epci", lambda entry: {wheres[pk].epci_code for pk in entry.communes})
    assert told(facets.quarters) == counts("quarter", quarters_of)
    assert told(facets.years) == years
    assert facets.employers == counts("employer", lambda entry: {str(entry.is_employer)})["True"]
    verdicts = counts("section", lambda entry: {entry.verdict})
    assert facets.by_section == {
        str(section.value): sum(verdicts[verdict] for verdict in section.verdicts) for section in Section
    }


@settings(max_examples=40)
@given(filters=asked, start=st.integers(0, 30), size=st.integers(1, 40))
def test_pages_are_pieces_of_the_whole_order(register: Made, filters: Filters, start: int, size: int) -> None:
    found = Selection(register.view, filters)
    shown = [entry for entry in register.entries if keeps(entry, filters, "")]
    by_name = sorted(shown, key=lambda entry: (entry.sort_key, entry.pk))
    bands = columns.BANDS
    first, last = date.min, date.max
    orders: dict[Sort, Callable[[Entry], object]] = {
        Sort.SIZE: lambda entry: -bands.index(entry.size_band),
        Sort.NEWEST: lambda entry: -(entry.created_on or first).toordinal(),
        Sort.OLDEST: lambda entry: (entry.created_on or last).toordinal(),
    }
    if filters.near:
        near = filters.near
        orders[Sort.DISTANCE] = lambda entry: round(nearest(entry, near))
    whole = sorted(by_name, key=orders.get(filters.sort, lambda entry: 0))  # type: ignore[arg-type]

    pages = [found.page(at, 25) for at in range(0, len(whole) + 1, 25)]
    assert [pk for page in pages for pk in page] == [entry.pk for entry in whole]
    assert found.page(start, size) == [entry.pk for entry in whole][start : start + size]


def test_a_distance_is_the_one_of_the_sphere() -> None:
    near = Near(1.4442, 43.6045, 700, "x", "Toulouse")
    paris, antipode = metres_to(near, np.array([2.3522, -178.5558]), np.array([48.8566, -43.6045]))

    assert paris == pytest.approx(588_000, rel=0.003)
    assert antipode == pytest.approx(math.pi * 6_371_008.8)


def test_the_other_side_of_the_antimeridian_is_near() -> None:
    near = Near(179.99, -17.0, 5, "x", "Fidji")
    entry = Entry(
        1, "a", ("a",), "", "", "", "ess_by_status", "NN", False, None, "", points=[(-179.99, -17.0)]
    )
    builder = columns.Builder()
    builder.add(entry)
    with TemporaryDirectory() as folder:
        view = View((1, "", "", 1), builder.build(), schema.opened(Path(folder), create=True), {})
        assert Selection(view, replace(ALL, near=near)).ids().tolist() == [1]
        assert Selection(view, replace(ALL, near=near)).metres([1])[1] == pytest.approx(2127, abs=5)


def test_the_columns_written_are_those_read(tmp_path: Path) -> None:
    builder = columns.Builder(COMMUNES)
    for entry in made(20):
        builder.add(entry)
    before = builder.build()
    columns.save(before, tmp_path / "c.npz")
    after = columns.load(tmp_path / "c.npz")

    for name, value in vars(before).items():
        np.testing.assert_array_equal(value, getattr(after, name)) if isinstance(value, np.ndarray) else None
    assert (before.sort_keys, before.communes) == (after.sort_keys, after.communes)


def test_changing_a_few_rows_gives_what_building_anew_gives() -> None:
    entries = made(60)
    gone, changed = entries[:5], [replace(entry, family="mutual", communes={1}) for entry in entries[5:15]]
    old, part, whole = columns.Builder(COMMUNES), columns.Builder(COMMUNES), columns.Builder(COMMUNES)
    for entry in entries[:50]:
        old.add(entry)
    for entry in [*changed, *entries[50:]]:
        part.add(entry)
    for entry in [*changed, *entries[15:]]:
        whole.add(entry)
    touched = {entry.pk for entry in [*gone, *changed, *entries[50:]]}

    found, expected = columns.replaced(old.build(), touched, part.build()), whole.build()
    for name, value in vars(expected).items():
        if isinstance(value, np.ndarray):
            np.testing.assert_array_equal(getattr(found, name), value, err_msg=name)
    assert found.sort_keys == expected.sort_keys


@pytest.mark.django_db
def test_the_index_and_the_database_alone_give_the_same_set(index: Callable[[], None]) -> None:
    edition_in_force()
    epci = TerritoryFactory(kind="epci", code="200000001", name="Pays d’Auge", epci_type="CC")
    here, there = TerritoryFactory(code="31001", epci=epci), TerritoryFactory(code="31002")
    inside = [{"generation": 2024, "relation": "in", "code": "QN1", "certainty": "sure", "distance": 0}]
    for rank in range(6):
        facts = FactsFactory(
            name=f"Étoile {rank}", commune=here if rank % 2 else there, size_band="12" if rank < 3 else "NN",
            created_on=date(1970 + 10 * rank, 5, 5), tags=["aci"] if rank == 2 else [],
        )  # fmt: skip
        PlaceFactory(
            organisation=facts.organisation,
            longitude=1 + rank / 100,
            latitude=43.5,
            qpv=inside if rank == 3 else [],
        )
    tried = [
        replace(ALL, epcis=("200000001",)),
        replace(ALL, communes=("31002",)),
        replace(ALL, quarters=("2024-dans",)),
        replace(ALL, quarters=("2015-dans",)),
        replace(ALL, years=("1980-1999", "2020")),
        replace(ALL, created_in=1990),
        replace(ALL, created_in=1991, years=("1980-1999",)),
        replace(ALL, in_quarter=InQuarter("QN1", "x", plain.ids_in_quarter("QN1"))),
        replace(ALL, near=Near(1.0, 43.5, 2, "x", "x")),
        replace(ALL, zone=Zone(1.01, 43.4, 1.03, 43.5)),
        replace(ALL, tags=("aci",)),
        replace(ALL, sizes=("10-49",), employer=True, sort=Sort.SIZE),
        replace(ALL, text="etoile", place=Place("x", "x", "x", frozenset([here.pk])), sort=Sort.NEWEST),
    ]
    alone = [(sorted(plain.matching_ids(each).tolist()), plain.facets(each)) for each in tried]
    pages = [plain.page_ids(each, 6, 0, 10) for each in tried]
    index()

    assert [sorted(queries.matching_ids(each).tolist()) for each in tried] == [ids for ids, _facets in alone]
    assert [[row.pk for row in queries.search_page(each, 6, 0, 10)] for each in tried] == pages
    shared = ("total", "by_section", "families", "sectors", "sizes", "employers", "tags")
    for each, (_ids, facets) in zip(tried, alone, strict=True):
        for name in shared:
            assert getattr(queries.facets(each), name) == getattr(facets, name), name


@pytest.mark.django_db
def test_places_and_years_are_counted(find: Find) -> None:
    edition_in_force()
    epci = TerritoryFactory(kind="epci", code="200000001", name="Pays d’Auge", epci_type="CC")
    commune = TerritoryFactory(code="31001", name="Auterive", epci=epci)
    for year in (1975, 2021, 2022):
        FactsFactory(commune=commune, created_on=date(year, 1, 1))

    find()
    facets = queries.facets(ALL)
    assert facets.communes == [Value("31001", "Auterive", 3, selected=False)]
    assert facets.epcis == [Value("200000001", "Pays d’Auge", 3, selected=False)]
    assert facets.years == [
        Value("avant-1980", "Avant 1980", 1, selected=False),
        Value("2020", "Depuis 2020", 2, selected=False),
    ]
