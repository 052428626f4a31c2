"""Which organisations the list gives, in which order, and how many of each kind."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from essor.registry import queries
from essor.registry import queries_plain as plain
from essor.registry.enums import SizeBand
from essor.registry.filters import Filters, Place, Section, Sort, Value
from tests.factories import OrganisationFactory, TerritoryFactory
from tests.registry_factories import FactsFactory, PlaceFactory, edition_in_force

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)
ALL = Filters(day=DAY)


def names(filters: Filters = ALL) -> list[str]:
    return [facts.name for facts in plain.search(filters)]


def test_only_public_organisations_of_the_edition_in_force_are_listed() -> None:
    FactsFactory(name="Étoile du Lac")
    FactsFactory(name="Zèbre bleu")
    FactsFactory(name="Ancienne", present=False)
    FactsFactory(name="Cachée", organisation=OrganisationFactory(name="Cachée", is_public=False))
    OrganisationFactory(name="Sans faits")

    assert names() == ["Étoile du Lac", "Zèbre bleu"]
    assert queries.facets(ALL).total == 2


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("etoile", ["L’Étoile d’Œuvres"]),
        ("ÉTOILE oeuvre", ["L’Étoile d’Œuvres"]),
        ("toil", ["L’Étoile d’Œuvres"]),
        ("etoile zebre", []),
        ("fdl", ["Foyer du Lac"]),
        ("123 456 782", ["Foyer du Lac"]),
        ("w312000123", ["Foyer du Lac"]),
        ("12345678200017", ["Foyer du Lac"]),
        ("12345678299999", []),
        ("%", []),
        ("_", []),
    ],
)
def test_text_is_looked_for_in_names_and_numbers(text: str, found: list[str]) -> None:
    FactsFactory(name="L’Étoile d’Œuvres")
    lake = FactsFactory(name="Foyer du Lac", acronym="FDL", siren="123456782")
    lake.organisation.identifiers.create(scheme="rna", value="W312000123")
    PlaceFactory(organisation=lake.organisation, siret="12345678200017")

    # a sign alone is no word once folded: it limits nothing
    assert names(replace(ALL, text=text)) == (found if text not in "%_" else names())


def test_a_word_of_the_text_may_be_a_place() -> None:
    edition_in_force()
    toulouse = TerritoryFactory(code="31555", name="Toulouse")
    gaudens = TerritoryFactory(code="31483", name="Saint-Gaudens")
    FactsFactory(name="Scop du Nord", commune=toulouse)
    FactsFactory(name="Scop du Sud", commune=gaudens)
    elsewhere = FactsFactory(name="Scop volante")
    PlaceFactory(organisation=elsewhere.organisation, commune=toulouse, is_head_office=False)
    FactsFactory(name="Amis de Toulouse")

    assert names(replace(ALL, text="scop toulouse")) == ["Scop du Nord", "Scop volante"]
    assert names(replace(ALL, text="saint gaud")) == ["Scop du Sud"]
    assert names(replace(ALL, text="toul")) == ["Amis de Toulouse", "Scop du Nord", "Scop volante"]


def test_a_place_keeps_organisations_seated_or_present_there() -> None:
    here, there = TerritoryFactory(), TerritoryFactory()
    FactsFactory(name="Assise ici", commune=here)
    present = FactsFactory(name="Présente ici", commune=there)
    PlaceFactory(organisation=present.organisation, commune=here, is_head_office=False)
    gone = FactsFactory(name="Partie d’ici", commune=there)
    PlaceFactory(organisation=gone.organisation, commune=here, present=False)

    place = Place("commune:x", "Ici", "d’ici", frozenset([here.pk]))
    assert names(replace(ALL, place=place)) == ["Assise ici", "Présente ici"]
    assert names(replace(ALL, place=replace(place, commune_ids=None))) == [
        "Assise ici",
        "Partie d’ici",
        "Présente ici",
    ]


def test_tags_count_while_they_run() -> None:
    FactsFactory(name="Chantier", tags=["aci", "esus"])
    ended = FactsFactory(name="Ancien chantier", tags=["aci"])
    ended.organisation.tags.update(until=DAY)

    assert names(replace(ALL, tags=("aci",))) == ["Chantier"]
    assert queries.facets(ALL).tags == [
        Value("aci", "Atelier et chantier d’insertion", 1, False),
        Value("esus", "Esus", 1, False),
    ]


def test_a_tag_brought_by_two_sources_counts_once() -> None:
    chantier = FactsFactory(name="Chantier", tags=["aci"]).organisation
    chantier.tags.create(code="aci", source="own_list")

    assert queries.facets(ALL).tags == [Value("aci", "Atelier et chantier d’insertion", 1, False)]
    assert [tag.source for tag in queries.tags_of([chantier.pk], ALL)[chantier.pk]] == ["siae"]


def test_filters_of_facets_are_applied_to_the_rows() -> None:
    FactsFactory(name="A", family="cooperative", naf="85.51Z", size_band="12")
    FactsFactory(name="B", family="association", naf="85.51Z", size_band="NN")
    FactsFactory(name="C", family="cooperative", naf="", size_band="01")
    FactsFactory(name="D", to_check=True, family="")

    assert names(replace(ALL, families=("cooperative",))) == ["A", "C"]
    assert names(replace(ALL, sectors=("sport",))) == ["A", "B"]
    assert names(replace(ALL, sectors=("",))) == ["C"]
    assert names(replace(ALL, sizes=("1-9", "10-49"))) == ["A", "C"]
    assert names(replace(ALL, employer=True)) == ["A", "C"]
    assert names(replace(ALL, section=Section.TO_CHECK)) == ["D"]
    assert queries.facets(replace(ALL, families=("cooperative",))).total == 2
    assert queries.facets(ALL).employers == 2


def test_orders() -> None:
    FactsFactory(name="Grande", size_band=SizeBand.B53.value, created_on=date(1990, 1, 1))
    FactsFactory(name="Inconnue", size_band="NN", created_on=None)
    FactsFactory(name="Petite", size_band="01", created_on=date(2020, 1, 1))

    assert names() == ["Grande", "Inconnue", "Petite"]
    assert names(replace(ALL, sort=Sort.SIZE)) == ["Grande", "Petite", "Inconnue"]
    assert names(replace(ALL, sort=Sort.NEWEST)) == ["Petite", "Grande", "Inconnue"]
    assert names(replace(ALL, sort=Sort.OLDEST)) == ["Grande", "Petite", "Inconnue"]


@pytest.mark.parametrize("many", [0, 1000])
@pytest.mark.parametrize("sort", list(Sort))
def test_both_ways_to_a_page_give_the_same_rows(
    monkeypatch: pytest.MonkeyPatch, many: int, sort: Sort
) -> None:
    monkeypatch.setattr(plain, "MANY", many)
    for name in ("Érable", "Bouleau", "Acacia", "Chêne", "Douglas"):
        FactsFactory(name=name, created_on=date(2000 + len(name), 1, 1))
    FactsFactory(name="Abricotier", family="mutual")
    asked = replace(ALL, families=("association",), sort=sort)

    expected = names(asked)
    assert len(expected) == 5
    assert [facts.name for facts in queries.search_page(asked, 5, 1, 3)] == expected[1:4]
    assert [facts.name for facts in queries.search_page(asked, 5, 4, 3)] == expected[4:]


def test_the_number_of_queries_does_not_grow_with_the_rows() -> None:
    edition_in_force()
    commune = TerritoryFactory()

    def counted() -> int:
        with CaptureQueriesContext(connection) as captured:
            queries.facets(ALL)
            found = queries.search_page(ALL, 25, 0, 25)
            queries.tags_of([facts.pk for facts in found], ALL)
            assert [facts.commune.name for facts in found] == [commune.name] * len(found)
        return len(captured)

    FactsFactory(commune=commune, tags=["aci"])
    few = counted()
    for _each in range(12):
        FactsFactory(commune=commune, tags=["aci", "esus"])

    assert (few, counted()) == (8, 8)


def test_places_offered_are_those_of_the_register() -> None:
    epci = TerritoryFactory(kind="epci", code="200000001", name="Pays du Lac", epci_type="CC")
    FactsFactory(commune=TerritoryFactory(code="31001", name="Zèle", epci=epci))
    FactsFactory(commune=TerritoryFactory(code="31002", name="Étang"))
    TerritoryFactory(code="31003", name="Vide")

    assert queries.place_levels(edition_in_force()) == (
        ("Intercommunalités", (("epci:200000001", "Pays du Lac"),)),
        ("Communes", (("commune:31002", "Étang"), ("commune:31001", "Zèle"))),
    )


def test_too_many_communes_for_a_list_are_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MAX_PLACE_OPTIONS", 1)
    for _each in range(2):
        FactsFactory(commune=TerritoryFactory())

    assert queries.place_levels(edition_in_force()) is None
