"""The register’s figures: each organisation once a territory, as many as the list to which they lead."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from essor.indicators import materialise, register_reading
from essor.indicators.models import Materialised, Observation
from essor.registry.models import EstablishmentFacts, OrganisationFacts
from essor.territories.enums import EpciType, Kind, LoadKind
from essor.territories.models import Load, Territory
from tests.factories import TerritoryFactory
from tests.processes import python
from tests.registry_factories import FactsFactory, PlaceFactory, edition_in_force

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)
QUARTER = [{"generation": 2024, "code": "QN031", "relation": "in", "certainty": "sure", "distance": 0}]


@pytest.fixture
def ground() -> dict[str, Territory]:
    """A département of two intercommunalités, one of which goes on next door."""
    region = TerritoryFactory(kind=Kind.REGION, code="76", name="Occitanie")
    department = TerritoryFactory(kind=Kind.DEPARTEMENT, code="31", name="Haute-Garonne", region=region)
    beside = TerritoryFactory(kind=Kind.DEPARTEMENT, code="81", name="Tarn", region=region)
    whole = TerritoryFactory(kind=Kind.EPCI, code="200000001", epci_type=EpciType.CC, name="CC entière")
    across = TerritoryFactory(kind=Kind.EPCI, code="200000002", epci_type=EpciType.CC, name="CC à cheval")
    above = {"departement": department, "region": region}
    first = TerritoryFactory(name="Auterive", code="31033", epci=whole, population=1000, **above)
    second = TerritoryFactory(name="Cintegabelle", code="31145", epci=whole, population=3000, **above)
    third = TerritoryFactory(name="Revel", code="31451", epci=across, population=500, **above)
    TerritoryFactory(name="Sorèze", code="81288", epci=across, departement=beside, region=region)
    edition_in_force(scope="departement:31", day=date(2026, 11, 1))
    return {"region": region, "department": department, "whole": whole, "across": across,
            "first": first, "second": second, "third": third}  # fmt: skip


def organisation(seat: Territory, *elsewhere: Territory, **facts: Any) -> OrganisationFacts:
    row = FactsFactory(commune=seat, **facts)
    PlaceFactory(organisation=row.organisation, commune=seat, longitude=1.4, latitude=43.3)
    for place in elsewhere:
        PlaceFactory(
            organisation=row.organisation, commune=place, is_head_office=False, longitude=1.5, latitude=43.2
        )
    return row


@pytest.fixture
def register(ground: dict[str, Territory]) -> dict[str, Territory]:
    organisation(ground["first"], ground["second"], family="association", size_band="11", tags=["esus"])
    organisation(ground["first"], family="cooperative", created_on=date(2025, 2, 1))
    organisation(ground["third"], family="association")
    FactsFactory(commune=ground["first"], to_check=True)
    FactsFactory(commune=ground["first"], organisation__is_public=False)
    return ground


def run() -> materialise.Counts:
    return materialise.materialise(DAY, timezone.now())


def values(code: str, parts: str = "", **more: Any) -> dict[str, Decimal]:
    rows = Observation.objects.filter(code=f"registre.{code}", parts=parts, **more).select_related(
        "territory"
    )
    return {row.territory.name: row.numerator for row in rows}


def test_an_organisation_counts_once_a_territory(register: dict[str, Territory]) -> None:
    run()
    assert values("organisations") == {
        "Auterive": 2, "Cintegabelle": 1, "Revel": 1, "CC entière": 2, "Haute-Garonne": 3,
    }  # fmt: skip
    assert values("organisations", '{"famille":"association"}') == {
        "Auterive": 1, "Cintegabelle": 1, "Revel": 1, "CC entière": 1, "Haute-Garonne": 2,
    }  # fmt: skip
    assert values("employeurs")["CC entière"] == 1
    assert values("esus")["Haute-Garonne"] == 1
    assert values("etablissements")["CC entière"] == 3


def test_a_territory_that_the_edition_covers_in_part_has_no_value(register: dict[str, Territory]) -> None:
    run()
    assert not Observation.objects.filter(territory__in=[register["across"], register["region"]]).exists()


def test_zero_is_a_value_and_creations_are_by_year(register: dict[str, Territory]) -> None:
    run()
    assert values("creations", start=date(2025, 1, 1)) == {
        "Auterive": 1, "Cintegabelle": 0, "Revel": 0, "CC entière": 1, "Haute-Garonne": 1,
    }  # fmt: skip


def test_a_quotient_keeps_both_terms(register: dict[str, Territory]) -> None:
    run()
    row = Observation.objects.get(code="registre.densite", territory=register["whole"])
    assert (row.numerator, row.denominator) == (2, 4000)


def test_the_share_in_priority_neighbourhoods(register: dict[str, Territory]) -> None:
    site = EstablishmentFacts.objects.filter(commune=register["second"]).get()
    site.qpv = QUARTER
    site.save()
    run()
    row = Observation.objects.get(code="registre.part_qpv", territory=register["whole"])
    assert (row.numerator, row.denominator) == (1, 3)


def test_written_twice_nothing_changes(register: dict[str, Territory]) -> None:
    first = run()
    before = list(Observation.objects.order_by("pk").values())
    second = run()
    assert (second.new, second.changed, second.gone, second.same) == (0, 0, 0, first.new)
    assert list(Observation.objects.order_by("pk").values()) == before


def test_the_next_edition_adds_a_period_and_going_back_takes_it_away(register: dict[str, Territory]) -> None:
    run()
    from essor.registry.models import Edition

    Edition.objects.update(day=date(2027, 2, 1))
    organisation(register["third"])
    run()
    series = Observation.objects.filter(
        code="registre.organisations", parts="", territory=register["department"]
    )
    assert [(row.start, row.numerator) for row in series.order_by("start")] == [
        (date(2026, 11, 1), 3),
        (date(2027, 2, 1), 4),
    ]
    Edition.objects.update(day=date(2026, 11, 1))
    run()
    assert [(row.start, row.numerator) for row in series.order_by("start")] == [(date(2026, 11, 1), 4)]


def test_killed_half_way_the_former_values_stay(
    register: dict[str, Territory], monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    organisation(register["third"])
    before = values("employeurs")

    def killed(*_arguments: Any, **_named: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(Materialised.objects, "update_or_create", killed)
        with pytest.raises(SystemExit):
            run()
    assert values("organisations")["Haute-Garonne"] == 3
    assert values("employeurs") == before
    run()
    assert values("organisations")["Haute-Garonne"] == 4


def test_it_is_due_after_an_edition_or_a_zoning_only(register: dict[str, Territory]) -> None:
    assert materialise.is_due()
    run()
    assert not materialise.is_due()
    Load.objects.create(kind=LoadKind.OUTLINES, source="contours")
    assert not materialise.is_due()
    Load.objects.create(kind=LoadKind.ZONING, source="grille")
    Load.objects.update(at=Materialised.objects.latest("at").at + timedelta(seconds=1))
    assert materialise.is_due()


def test_few_queries_whatever_the_indicators(
    register: dict[str, Territory], django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(12):
        register_reading.read(DAY)


def test_the_list_to_which_a_figure_leads_has_as_many(register: dict[str, Territory]) -> None:
    run()
    page = Client().get("/indicateurs/registre.organisations/?territoire=epci:200000001")
    address = page.context["made"]["list_url"]
    assert address == "/registre/?territoire=epci%3A200000001"
    assert Client().get(address).context["count"] == values("organisations")["CC entière"] == 2


WORK = """
import sys
from datetime import date
from django.utils import timezone
from essor.indicators import materialise
sys.stdin.readline()
materialise.materialise(date(2026, 11, 20), timezone.now())
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_two_processes_at_once_write_each_cell_once(register: dict[str, Territory]) -> None:
    both = [python(WORK), python(WORK)]
    for each in both:
        assert each.stdin is not None
        each.stdin.write("\n")
        each.stdin.flush()
    for each in both:
        _out, error = each.communicate(timeout=60)
        assert each.returncode == 0, error
    assert values("organisations")["Haute-Garonne"] == 3
    cells = Observation.objects.filter(code="registre.organisations", parts="").count()
    assert cells == 5


def test_another_method_is_neither_a_rise_nor_a_fall(register: dict[str, Territory]) -> None:
    run()
    place = Territory.objects.get(code="31", kind=Kind.DEPARTEMENT)
    rural = Observation.objects.get(code="registre.part_rural", territory=place, parts="")
    Observation.objects.create(
        code=rural.code, version=1, start=date(2020, 1, 1), end=date(2020, 2, 1), territory=place, numerator=0,
        denominator=9, source="autre méthode", day=date(2020, 1, 1), written_at=timezone.now(),
    )  # fmt: skip
    page = (
        Client()
        .get(f"/indicateurs/registre.part_rural/?territoire=departement:{place.code}")
        .content.decode()
    )
    assert "par une autre méthode qu’en janvier 2020" in page
