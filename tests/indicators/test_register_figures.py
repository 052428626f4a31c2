"""The register’s figures are those that one counts by hand: every level, every cut; rural places; bounds of jobs."""

import json
from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from essor.indicators import catalogue, materialise, register_reading
from essor.indicators.definition import month
from essor.indicators.models import Observation
from essor.registry.models import EstablishmentFacts
from essor.territories.models import CommuneClass, Territory
from tests.indicators.register_making import DAY, EDITION, Figures, by_territory, fill, paris
from tests.registry_factories import FactsFactory, PlaceFactory

pytestmark = pytest.mark.django_db
COUNTED = (
    "organisations", "employeurs", "etablissements", "etablissements_employeurs", "emplois", "emplois_min",
    "emplois_max", "etablissements_insee", "emplois_insee",
)  # fmt: skip


@pytest.fixture
def made(db: None) -> dict[str, Territory]:
    return paris()


def run() -> None:
    materialise.materialise(DAY, timezone.now())


def written() -> dict[str, Figures]:
    """What the table holds, by territory."""
    found: dict[str, Figures] = defaultdict(dict)
    codes = [f"registre.{code}" for code in COUNTED]
    for row in Observation.objects.filter(code__in=codes).select_related("territory"):
        (dimension, value), *_more = json.loads(row.parts).items() if row.parts else [("", "")]
        found[row.territory.name][(row.code.removeprefix("registre."), dimension, value)] = row.numerator
    return dict(found)


@pytest.mark.parametrize("seed", [1, 2])
def test_every_cell_is_what_one_counts_by_hand(made: dict[str, Territory], seed: int) -> None:
    fill(made, seed=seed)
    # The seat counts even where its establishment does not: here each organisation keeps all of them.
    EstablishmentFacts.objects.update(present=True)
    run()
    wanted = by_territory(made)
    whole = {(code, "", ""): Decimal(0) for code in COUNTED}
    assert written() == {name: whole | figures for name, figures in wanted.items()}
    assert {"Plaine Commune", "Grand-Orly", "Collectivité d’essai", "Grand Paris"} <= wanted.keys()


def test_the_territories_of_grand_paris_add_up_to_it(made: dict[str, Territory]) -> None:
    fill(made, seed=3)
    run()
    for code in ("etablissements", "etablissements_employeurs", "emplois", "emplois_min", "emplois_max"):
        cells = {row.territory.name: row.numerator for row in Observation.objects.filter(
            code=f"registre.{code}", parts="").select_related("territory")}  # fmt: skip
        assert cells["Plaine Commune"] + cells["Grand-Orly"] == cells["Grand Paris"] == cells["Île-de-France"]
        assert cells["Plaine Commune"] == sum(cells[f"Commune {rank}"] for rank in range(3))


def test_an_ept_covered_in_part_has_no_value(made: dict[str, Territory]) -> None:
    Territory.objects.filter(pk=made["c0"].pk).update(region=None, departement=None)
    run()
    there = Observation.objects.filter(territory=made["plaine"])
    assert not there.exists()
    assert Observation.objects.filter(territory=made["bievre"]).exists()


def rural() -> dict[str, tuple[Decimal, Decimal | None]]:
    rows = Observation.objects.filter(code="registre.part_rural").select_related("territory")
    return {row.territory.name: (row.numerator, row.denominator) for row in rows}


def one_site_a_commune(made: dict[str, Territory]) -> None:
    for rank in range(5):
        row = FactsFactory(commune=made[f"c{rank}"])
        PlaceFactory(organisation=row.organisation, commune=made[f"c{rank}"])


def source_of(name: str) -> str:
    return Observation.objects.get(code="registre.part_rural", territory__name=name).source


def test_rural_by_population_is_said_to_be_an_approximation(made: dict[str, Territory]) -> None:
    one_site_a_commune(made)
    run()
    # 900 and 1 999 inhabitants; 2 000 is not under 2 000; where the population is unknown nothing is said.
    assert rural()["Île-de-France"] == (2, 4)
    assert [rural()[f"Commune {rank}"] for rank in range(5)] == [(1, 1), (0, 1), (0, 1), (1, 1), (0, 0)]
    assert "approximation" in source_of("Île-de-France")
    assert "grille communale" not in source_of("Île-de-France")


@pytest.mark.parametrize(
    ("values", "count"),
    [(("1", "4", "5", "6", "7"), 3), (("1", "2", "3", "4", "4"), 3), (("1", "3", "4", "5", "2"), 1)],
)
def test_rural_by_the_grid_of_seven_or_four_levels(
    made: dict[str, Territory], values: tuple[str, ...], count: int
) -> None:
    one_site_a_commune(made)
    for rank, value in enumerate(values):
        CommuneClass.objects.create(
            zoning="densite", commune=made[f"c{rank}"], value=value, vintage=2024, source="Insee"
        )
    run()
    assert rural()["Île-de-France"] == (count, 5)
    assert source_of("Île-de-France").endswith("grille communale de densité de l’Insee (2024)")


def test_rural_where_the_grid_lacks_a_commune_says_both(made: dict[str, Territory]) -> None:
    one_site_a_commune(made)
    CommuneClass.objects.create(zoning="densite", commune=made["c2"], value="6", vintage=2024, source="Insee")
    run()
    assert rural()["Plaine Commune"] == (2, 3)
    assert "grille communale" in source_of("Plaine Commune")
    assert "approximation" in source_of("Plaine Commune")
    assert "approximation" not in source_of("Commune 2")


def test_the_indicator_of_each_figure_explains_itself(made: dict[str, Territory]) -> None:
    known = catalogue.declared()
    span = month(EDITION)
    for code in (*COUNTED, "part_rural"):
        indicator = known[f"registre.{code}"]
        assert indicator.method
        assert indicator.limits
        assert indicator.explain is not None
        said = indicator.explain("departement:93", span, (("famille", "association"),))
        assert said.page == "registry:list"
        assert ("territoire", "departement:93") in said.query
    explain = known["registre.etablissements"].explain
    assert explain is not None
    assert ("famille", "mutual") in explain("france", span, (("famille", "mutual"),)).query
    sized = explain("france", span, (("taille", "10-49"),))
    insee = known["registre.emplois_insee"].explain
    assert insee is not None
    families = [value for name, value in insee("france", span, ()).query if name == "famille"]
    assert families == ["association", "cooperative", "mutual", "foundation"]
    assert ("famille", "mutual") in insee("france", span, (("famille_insee", "mutuelle"),)).query
    assert ("taille", "10-49") not in sized.query
    assert "n’a pas ce filtre" in sized.sentence


def test_the_page_of_an_estimate_shows_its_bounds(made: dict[str, Territory], client: Any) -> None:
    row = FactsFactory(commune=made["c0"])
    PlaceFactory(organisation=row.organisation, commune=made["c0"], size_band="12")
    run()
    page = client.get("/indicateurs/registre.emplois/?territoire=commune:93000")
    assert next(stat["value"] for stat in page.context["stats"]) == "31"
    assert "20 à 49" in page.content.decode()


def test_few_queries_whatever_the_size(made: dict[str, Territory], django_assert_num_queries: Any) -> None:
    fill(made)
    with django_assert_num_queries(10):
        register_reading.read(date(2026, 11, 20))
