"""A drawn area and a priority neighbourhood: the same figures, counted by hand on what lies inside."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import shapely
from django.utils import timezone
from shapely import Polygon

from essor.indicators import of_place
from essor.indicators.definition import Parts
from essor.indicators.queries import Cell
from essor.registry.models import EstablishmentFacts, HidingRequest
from essor.territories.models import Qpv, Territory
from tests.indicators.register_making import DAY, by_hand, fill, paris, places
from tests.registry_factories import FactsFactory, PlaceFactory

pytestmark = pytest.mark.django_db
Flat = dict[tuple[str, str, str], Decimal | None]
WEST = shapely.box(2.0, 48.6, 2.35, 48.95)
EVERYWHERE = shapely.box(-180, -85, 180, 85)


@pytest.fixture
def made(db: None) -> dict[str, Territory]:
    return paris()


def quarter(made: dict[str, Territory], code: str = "QN031") -> Qpv:
    row = Qpv.objects.create(
        code=code, generation=2024, name="Les Pommiers", geometry=shapely.to_wkb(WEST), west=2, south=48.6,
        east=2.35, north=48.95, source="essai",
    )  # fmt: skip
    row.communes.set([made[f"c{rank}"] for rank in range(4)])
    return row


def flat(figures: of_place.Figures) -> Flat:
    """Values as `by_hand` writes them, those that it counts alone."""
    found: Flat = {}
    for code, cells in figures.items():
        for parts, cell in cells.items():
            (dimension, value), *_more = parts or (("", ""),)
            found[(code.removeprefix("registre."), dimension, value)] = cell.value
    return found


def same(figures: of_place.Figures, rows: list[Any]) -> None:
    wanted = by_hand(rows)
    codes = {code for code, _dimension, _value in wanted}
    found = {key: value for key, value in flat(figures).items() if key[0] in codes}
    assert found == wanted


@pytest.mark.parametrize("seed", [4, 5])
def test_a_drawn_area_is_what_one_counts_by_hand(made: dict[str, Territory], seed: int) -> None:
    fill(made, seed=seed)
    diagonal = Polygon([(2.0, 48.6), (2.6, 48.6), (2.0, 49.2)])
    for shape in (WEST, diagonal):
        inside = [
            (facts, site)
            for facts, site in places()
            if site.longitude is not None and shape.intersects(shapely.Point(site.longitude, site.latitude))
        ]
        assert len(inside) > 5
        same(of_place.figures_inside(shape, DAY), inside)


def test_a_neighbourhood_is_what_the_edition_says_of_each_establishment(made: dict[str, Territory]) -> None:
    fill(made, seed=6)
    communes = {made[f"c{rank}"].pk for rank in range(4)}
    inside = [
        (facts, site)
        for facts, site in places()
        if site.commune_id in communes and any(each["relation"] == "in" for each in site.qpv)
    ]
    assert len(inside) > 5
    figures = of_place.figures_of_quarter(quarter(made).code, DAY)
    same(figures, inside)
    assert figures["registre.part_qpv"][()].value == 1


def test_a_code_inside_another_one_is_not_taken_for_it(made: dict[str, Territory]) -> None:
    fill(made, seed=6)
    assert (
        of_place.figures_of_quarter(quarter(made, "QN03").code, DAY)["registre.etablissements"][()].value == 0
    )


def whole(figures: of_place.Figures, code: str) -> Cell:
    cells: Any = figures[f"registre.{code}"]
    key: Parts = ()
    return cells[key]


def test_what_one_may_not_say_where_it_is_is_not_counted(made: dict[str, Territory]) -> None:
    seen, hidden, lost = (FactsFactory(commune=made["c0"]) for _each in range(3))
    for row in (seen, hidden):
        PlaceFactory(organisation=row.organisation, commune=made["c0"], longitude=2.1, latitude=48.7)
    PlaceFactory(organisation=lost.organisation, commune=made["c0"])
    assert whole(of_place.figures_inside(EVERYWHERE, DAY), "etablissements").value == 2
    HidingRequest.objects.create(
        organisation=hidden.organisation,
        scope=HidingRequest.Scope.ADDRESS,
        state=HidingRequest.State.ACCEPTED,
        reason="Adresse d’une personne",
        created_at=timezone.now(),
    )
    found = of_place.figures_inside(EVERYWHERE, DAY)
    assert whole(found, "etablissements").value == 1
    assert whole(found, "organisations").value == 1


def test_a_place_has_no_density_and_no_closure_but_its_share_of_employers(made: dict[str, Territory]) -> None:
    for band in ("11", "NN"):
        row = FactsFactory(commune=made["c0"], size_band=band, created_on=date(2025, 5, 1))
        PlaceFactory(organisation=row.organisation, commune=made["c0"], longitude=2.1, latitude=48.7)
    found = of_place.figures_inside(WEST, DAY)
    assert "registre.densite" not in found
    assert "registre.fermetures" not in found
    assert whole(found, "part_employeurs").value == Decimal("0.5")
    rural = whole(found, "part_rural")
    assert rural.value == 1
    assert "approximation" in rural.source
    created = whole(found, "creations")
    assert created.observed is not None
    assert (created.value, created.observed.span.start.year) == (2, 2025)


def test_nothing_before_the_first_edition_or_for_an_unknown_code(made: dict[str, Territory]) -> None:
    assert of_place.figures_of_quarter("QN999", DAY) == {}
    assert of_place.figures_inside(Polygon(), DAY) == {}
    from essor.registry.models import Edition

    Edition.objects.update(state=Edition.State.SUPERSEDED)
    assert of_place.figures_inside(WEST, DAY) == {}
    assert of_place.figures_of_quarter(quarter(made).code, DAY) == {}


def test_an_empty_place_has_zeros(made: dict[str, Territory]) -> None:
    found = of_place.figures_inside(shapely.box(10, 10, 11, 11), DAY)
    assert whole(found, "etablissements").value == 0
    assert whole(found, "emplois").value == 0
    assert whole(found, "part_rural").value is None


def test_few_queries_whatever_the_place(
    made: dict[str, Territory], django_assert_max_num_queries: Any
) -> None:
    fill(made)
    row = quarter(made)
    assert EstablishmentFacts.objects.count() > 40
    with django_assert_max_num_queries(6):
        of_place.figures_inside(WEST, DAY)
    with django_assert_max_num_queries(8):
        of_place.figures_of_quarter(row.code, DAY)
