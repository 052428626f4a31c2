"""A territory without value of its own is the sum of its communes, when they all have one."""

from decimal import Decimal

import pytest

from essor.indicators import catalogue, queries
from essor.indicators.definition import year
from essor.indicators.models import Observation, StoredIndicator
from essor.indicators.queries import Cell, Wanted
from essor.indicators.sums import with_sums
from essor.territories.models import Territory
from tests.indicator_factories import IndicatorFactory, ObservationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(reference_territories: object) -> Territory:
    """An intercommunality of some communes."""
    return Territory.objects.get(code="243100518")


def whole(row: StoredIndicator, group: Territory, number: int) -> Cell | None:
    known = catalogue.everything()
    read = queries.load(known[row.code], Wanted([group.pk], with_parts=True), known)
    return with_sums(known[row.code], group, read, known).get((year(number), group.pk, ()))


def collected(row: StoredIndicator, group: Territory, number: int, **more: object) -> int:
    """A value in each commune; gives how many."""
    communes = list(Territory.objects.communes_of(group))
    for rank, commune in enumerate(communes, 1):
        ObservationFactory(code=row.code, territory=commune, number=number, numerator=Decimal(rank), **more)
    return len(communes)


def test_communes_add_up_where_all_have_a_value(group: Territory) -> None:
    row = IndicatorFactory()
    count = collected(row, group, 2020)
    found = whole(row, group, 2020)
    assert found is not None
    assert (found.value, found.source.startswith(f"Somme de {count} communes ; ")) == (
        Decimal(count * (count + 1) // 2), True,
    )  # fmt: skip
    assert whole(row, group, 2021) is None


def test_one_commune_missing_gives_no_sum(group: Territory) -> None:
    row = IndicatorFactory()
    collected(row, group, 2020)
    Observation.objects.filter(code=row.code).first().delete()
    assert whole(row, group, 2020) is None


def test_what_was_collected_for_the_territory_itself_is_kept(group: Territory) -> None:
    row = IndicatorFactory()
    collected(row, group, 2020)
    ObservationFactory(code=row.code, territory=group, number=2020, numerator=Decimal(7))
    found = whole(row, group, 2020)
    assert found is not None
    assert found.value == 7


def test_both_terms_of_a_share_add_up(group: Territory) -> None:
    row = IndicatorFactory(unit="%", numerator="repris", denominator="reçus")
    count = collected(row, group, 2020, denominator=Decimal(1000))
    found = whole(row, group, 2020)
    assert found is not None
    assert found.observed is not None
    assert (found.observed.numerator, found.observed.denominator) == (
        Decimal(count * (count + 1) // 2), Decimal(1000 * count),
    )  # fmt: skip


@pytest.mark.parametrize("how", [{"additive": False}, {"protected": True}])
def test_what_does_not_add_up_or_hides_is_not_summed(group: Territory, how: dict[str, bool]) -> None:
    row = IndicatorFactory(**how)
    collected(row, group, 2020, units=10)
    assert whole(row, group, 2020) is None
