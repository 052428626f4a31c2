"""The board of an agent: order, thresholds and their one message, targets; the pages and what they ask the database."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from essor.indicators import actions, alerts, jobs
from essor.indicators.models import BoardItem, Target
from essor.kernel import retention
from essor.kernel.models import Job, OutboxMessage
from essor.territories.enums import Kind
from essor.territories.models import Territory
from tests.factories import AuthorityFactory, MembershipFactory, TerritoryFactory
from tests.indicator_factories import BoardItemFactory, IndicatorFactory, ObservationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def department() -> Territory:
    return TerritoryFactory(kind=Kind.DEPARTEMENT, code="45", name="Loiret")


@pytest.fixture
def agent(department: Territory) -> Any:
    return MembershipFactory(authority=AuthorityFactory(slug="loiret", territory=department), agent=True)


@pytest.fixture
def client(agent: Any) -> Client:
    client = Client()
    client.force_login(agent.user)
    return client


def series(place: Territory, *values: int, **more: Any) -> str:
    """An indicator with these values from 2020 on."""
    row = IndicatorFactory(**more)
    for number, value in enumerate(values, 2020):
        ObservationFactory(code=row.code, territory=place, number=number, numerator=Decimal(value))
    return str(row.code)


def test_an_indicator_is_followed_moved_and_taken_off(client: Client, department: Territory) -> None:
    codes = [series(department, 1, label=f"Série {n}") for n in range(3)]
    for code in (*codes, codes[0]):
        assert (
            client.post(f"/loiret/indicateurs/{code}/suivre/", {"territoire": "departement:45"}).status_code
            == 302
        )
    assert list(BoardItem.objects.values_list("code", flat=True)) == codes
    last = BoardItem.objects.get(code=codes[2])
    client.post(f"/loiret/indicateurs/tableau/{last.pk}/", {"action": "monter"})
    assert list(BoardItem.objects.values_list("code", flat=True)) == [codes[0], codes[2], codes[1]]
    client.post(f"/loiret/indicateurs/tableau/{last.pk}/", {"action": "retirer"})
    page = client.get("/loiret/indicateurs/tableau/")
    assert [row["label"] for row in page.context["rows"]] == ["Série 0", "Série 1"]


def test_nobody_touches_the_board_of_another(client: Client, department: Territory) -> None:
    other = BoardItemFactory(authority=AuthorityFactory(), code=series(department, 1))
    assert client.post(f"/loiret/indicateurs/tableau/{other.pk}/", {"action": "retirer"}).status_code == 404
    assert BoardItem.objects.filter(pk=other.pk).exists()


def test_a_crossing_is_told_once(agent: Any, department: Territory) -> None:
    code = series(department, 12)
    item = actions.follow(agent.user, agent.authority, code, department)
    actions.set_thresholds(item, Decimal(10), Decimal(20))

    def look(number: int, value: int) -> int:
        ObservationFactory(code=code, territory=department, number=number, numerator=Decimal(value))
        return alerts.send(timezone.now())

    assert alerts.send(timezone.now()) == 0
    assert look(2021, 8) == 1
    assert alerts.send(timezone.now()) == 0
    assert look(2022, 15) == 0
    assert look(2023, 25) == 1
    assert look(2024, 5) == 1
    first = OutboxMessage.objects.order_by("pk").first()
    assert first is not None
    assert first.to == agent.user.email
    assert "Loiret : 8 tonnes (2021), sous votre seuil de 10 tonnes." in first.text.replace("\u00a0", " ")


def test_who_is_no_longer_agent_is_told_nothing_and_forgotten(department: Territory) -> None:
    item = BoardItemFactory(code=series(department, 5), territory=department, low=Decimal(10))
    assert alerts.send(timezone.now()) == 0
    assert dict(retention.apply(date(2026, 11, 20)))["indicators.boarditem"] == 1
    assert not BoardItem.objects.filter(pk=item.pk).exists()


def test_thresholds_in_order(agent: Any, client: Client, department: Territory) -> None:
    item = actions.follow(agent.user, agent.authority, series(department, 5), department)
    with pytest.raises(ValidationError):
        actions.set_thresholds(item, Decimal(3), Decimal(2))
    response = client.post(f"/loiret/indicateurs/tableau/{item.pk}/", {"low": "3", "high": "2"})
    assert response.context["form"].non_field_errors() == ["Le seuil bas est au-dessus du seuil haut."]
    client.post(f"/loiret/indicateurs/tableau/{item.pk}/", {"low": "2,5", "high": ""})
    item.refresh_from_db()
    assert (item.low, item.high) == (Decimal("2.5"), None)


def test_a_target_is_set_judged_and_removed(client: Client, department: Territory) -> None:
    code = series(department, 100, 110)
    typed = {"territory": "departement:45", "value": "200", "day": "2040-01-01"}
    assert client.post(f"/loiret/indicateurs/{code}/cible/", typed).status_code == 302
    page = client.get(f"/loiret/indicateurs/{code}/")
    assert [(row["state"], row["value"].replace("\u00a0", " ")) for row in page.context["targets"]] == [
        ("En bonne voie", "200 tonnes")
    ]
    target = Target.objects.get()
    assert client.post(f"/loiret/indicateurs/cibles/{target.pk}/retirer/").status_code == 302
    assert not Target.objects.exists()


def test_the_finding_is_the_title(client: Client, department: Territory) -> None:
    code = series(department, 100, 110)
    page = client.get(f"/loiret/indicateurs/{code}/")
    assert (
        page.context["finding"].replace("\u00a0", " ") == "Loiret : 110 tonnes, en hausse de 10 depuis 2020"
    )
    earlier = client.get(f"/loiret/indicateurs/{code}/?periode=2020-01-01")
    assert earlier.context["finding"].replace("\u00a0", " ") == "Loiret : 100 tonnes"


def test_a_territory_without_value_says_where_there_are(client: Client, department: Territory) -> None:
    code = series(TerritoryFactory(name="Orléans"), 100)
    asked = client.get(f"/loiret/indicateurs/{code}/?territoire=departement:45")
    assert [each["name"] for each in asked.context["others"]] == ["Orléans"]
    assert "Aucune valeur n’est connue ici" in asked.content.decode()
    unknown = client.get(f"/loiret/indicateurs/{code}/?territoire=Nulleville\x00")
    assert "Aucun territoire ne répond à « Nulleville »" in unknown.content.decode().replace("\u00a0", " ")


def test_territories_are_ranked_beside_their_average(client: Client) -> None:
    region = TerritoryFactory(kind=Kind.REGION, code="24", name="Centre")
    places = [
        TerritoryFactory(kind=Kind.DEPARTEMENT, code=f"9{n}", name=f"D{n}", region=region) for n in range(3)
    ]
    row = IndicatorFactory(unit="%", denominator="organisations")
    for place, top, bottom in zip(places, (1, 3, 5), (10, 10, 20), strict=True):
        ObservationFactory(
            code=row.code, territory=place, numerator=Decimal(top), denominator=Decimal(bottom)
        )
    page = client.get(f"/indicateurs/{row.code}/?territoire=departement:90")
    assert [(line["name"], line["place"]) for line in page.context["lines"]] == [
        ("D1", 1),
        ("D2", 2),
        ("D0", 3),
    ]
    values = [stat["value"].replace("\u00a0", " ") for stat in page.context["stats"]]
    assert values == ["10 %", "1 sur 10", "22,5 %", "3e sur 3"]


def test_the_page_asks_as_much_whatever_the_number_of_territories(
    client: Client, department: Territory, django_assert_max_num_queries: Any
) -> None:
    row = IndicatorFactory()
    for _each in range(30):
        ObservationFactory(code=row.code, territory=TerritoryFactory(departement=department))
    ObservationFactory(code=row.code, territory=department)
    address = f"/loiret/indicateurs/{row.code}/"
    client.get(address)
    with django_assert_max_num_queries(22):
        client.get(address)


def test_the_other_sites_frame_only_what_is_published(department: Territory) -> None:
    code = series(department, 1, 2)
    response = Client().get(f"/indicateurs/{code}/integrer/?territoire=departement:45")
    assert "frame-ancestors *" in response["Content-Security-Policy"]
    assert "X-Frame-Options" not in response
    assert "frame-ancestors 'none'" in Client().get(f"/indicateurs/{code}/")["Content-Security-Policy"]


def test_the_catalogue_is_searched_and_filtered(client: Client, department: Territory) -> None:
    series(department, 1, label="Tonnes réemployées")
    found = client.get("/loiret/indicateurs/?q=reemployees")
    assert [row["indicator"].label for row in found.context["rows"]] == ["Tonnes réemployées"]
    by_family = client.get("/loiret/indicateurs/?dimension=famille&salle=registry")
    assert [row["indicator"].code for row in by_family.context["rows"]] == [
        "registre.emplois",
        "registre.etablissements",
        "registre.etablissements_employeurs",
        "registre.organisations",
        "registre.employeurs",
    ]


def test_a_computation_starts_once_after_an_edition() -> None:
    from tests.registry_factories import edition_in_force

    assert jobs.after_edition(timezone.now()) == 0
    edition_in_force()
    assert jobs.after_edition(timezone.now()) == 1
    assert jobs.after_edition(timezone.now()) == 0
    assert Job.objects.filter(kind=jobs.JOB).count() == 1
