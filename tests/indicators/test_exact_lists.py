"""The lists behind creations and closures: as many rows as the figure says, on each territory and each year."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from essor.indicators import materialise
from essor.indicators.catalogue import declared
from essor.indicators.definition import year
from essor.indicators.models import Observation
from essor.registry.models import Edition, EditionChange, Organisation, OrganisationFacts, Switch
from essor.registry.rules_history import ORGANISATION, ChangeKind
from essor.territories.models import Territory
from tests.factories import AuthorityFactory, MembershipFactory, UserFactory
from tests.indicators.test_register import DAY, ground, organisation
from tests.registry.test_views_list import text_of
from tests.registry_factories import FactsFactory

__all__ = ["ground"]
pytestmark = pytest.mark.django_db
PAGE = "/registre/fermetures/"


def left(seat: Territory, switch: Switch, name: str, **facts: Any) -> OrganisationFacts:
    """An organisation that an edition saw closed."""
    row = FactsFactory(commune=seat, name=name, present=False, **facts)
    EditionChange.objects.create(
        edition=switch.edition, switch=switch, organisation=row.organisation, subject=ORGANISATION,
        field="closed", kind=str(ChangeKind.CLOSED.value), commune=seat,
    )  # fmt: skip
    return row


@pytest.fixture
def closed(ground: dict[str, Territory]) -> dict[str, Territory]:
    """Three closures of 2026 (one noted by an agent), one of 2025, and one that going back took away."""
    edition = Edition.objects.get()
    switch = Switch.objects.create(edition=edition, at=timezone.now())
    back = Switch.objects.create(edition=edition, at=timezone.now(), going_back=True)
    left(ground["first"], switch, "Cercle fermé")
    left(ground["second"], switch, "Club discret", organisation__is_public=False)
    left(ground["third"], back, "Club revenu")
    for seat, day in ((ground["first"], date(2026, 3, 2)), (ground["third"], date(2025, 3, 2))):
        row = organisation(seat, name=f"Amicale close {day.year}")
        Organisation.objects.filter(pk=row.pk).update(state=Organisation.State.CLOSED, closed_on=day)
    return ground


def figures(code: str, number: int) -> dict[str, int]:
    rows = Observation.objects.filter(code=f"registre.{code}", start=date(number, 1, 1)).select_related(
        "territory"
    )
    return {row.territory.ref: int(row.numerator) for row in rows}


def listed(client: Client, code: str, ref: str, number: int) -> int:
    """How many rows are on the page to which the figure leads."""
    explain = declared()[f"registre.{code}"].explain
    assert explain is not None
    said = explain(ref, year(number), ())
    return int(client.get(reverse(said.page), dict(said.query)).context["count"])


def test_the_page_of_closures_has_as_many_rows_as_the_figure(
    closed: dict[str, Territory], client: Client
) -> None:
    materialise.materialise(DAY, timezone.now())
    found = {number: figures("fermetures", number) for number in (2024, 2025, 2026)}
    assert found[2026]["departement:31"] == 3
    for number, by_territory in found.items():
        for ref, count in by_territory.items():
            assert listed(client, "fermetures", ref, number) == count, (ref, number)
            address = {"territoire": ref, "annee": str(number)}
            body = b"".join(client.get(f"{PAGE}csv/", address).streaming_content).decode("utf-8-sig")
            assert len(list(csv.DictReader(io.StringIO(body), delimiter=";"))) == count


def test_names_are_for_agents_and_the_source_for_all(closed: dict[str, Territory], client: Client) -> None:
    said = text_of(client.get(PAGE, {"annee": "2026"}))
    assert "3 fermetures" in said
    assert "Cercle fermé" not in said
    assert said.count("Nom réservé aux agentes et agents") == 2
    assert "Amicale close 2026 2 mars 2026 Auterive notée par une agente ou un agent" in said
    assert "constatée par l’édition" in said

    person = UserFactory()
    MembershipFactory(user=person, authority=AuthorityFactory(territory=closed["department"]), agent=True)
    client.force_login(person)
    said = text_of(client.get(PAGE, {"annee": "2026"}))
    assert "Cercle fermé 1 novembre 2026" in said.replace("1er", "1")
    assert "Club discret" in said
    assert "Club revenu" not in said


@pytest.mark.parametrize(
    "query", [{"annee": "x"}, {"annee": "99999"}, {"annee": "２０２６"}, {"page": "zéro"}]
)
def test_an_odd_address_gives_the_year_of_the_edition(
    closed: dict[str, Territory], client: Client, query: Any
) -> None:
    assert client.get(PAGE, query).context["count"] == 3


def test_a_territory_that_nobody_knows_is_not_found(closed: dict[str, Territory], client: Client) -> None:
    assert client.get(PAGE, {"territoire": "nulle part\x00"}).status_code == 404


def test_the_list_of_a_year_has_as_many_rows_as_the_creations(
    ground: dict[str, Territory], client: Client
) -> None:
    organisation(ground["first"], ground["second"], created_on=date(2025, 2, 1))
    organisation(ground["third"], created_on=date(2025, 12, 31))
    organisation(ground["third"], created_on=date(2026, 1, 1))
    FactsFactory(commune=ground["first"], to_check=True, created_on=date(2025, 5, 5))
    materialise.materialise(DAY, timezone.now())
    for number in (2024, 2025, 2026):
        for ref, count in figures("creations", number).items():
            assert listed(client, "creations", ref, number) == count, (ref, number)
    assert figures("creations", 2025)["departement:31"] == 2
