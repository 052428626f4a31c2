"""Standard dimensions: ticked in the form, with values that follow their owners."""

from datetime import date
from typing import Any

import pytest

from essor.indicators import catalogue
from essor.indicators.models import StoredIndicator
from essor.kit.policies import actions as policies
from essor.territories.models import Territory
from tests.factories import ServiceFactory
from tests.indicator_factories import IndicatorFactory, ObservationFactory
from tests.indicators.asking import GIVEN, known, signed

pytestmark = pytest.mark.django_db
FORM = {**GIVEN, "periodicity": "year", "is_public": "on"}
URL = "/loiret/indicateurs/definir/"


def values(code: str, dimension: str) -> dict[str, str]:
    found = known(code).dimension(dimension)
    assert found is not None
    return dict(found.values)


def test_they_are_declared_by_their_owners() -> None:
    assert sorted(catalogue.shared()) == [
        "collectivite",
        "famille",
        "fiche",
        "odd",
        "politique",
        "secteur",
        "service",
    ]


def test_an_agent_ticks_them_and_adds_an_own_one(agent: Any) -> None:
    service = ServiceFactory(authority=agent.authority, name="Économie")
    client = signed(agent)
    offered = [code for code, _label in client.get(URL).context["form"].fields["standard"].choices]
    assert offered == ["famille", "secteur", "service", "odd", "politique", "fiche"]
    response = client.post(
        URL, {**FORM, "standard": ["service", "odd", "politique"], "axes": "Devenir : rendu, gardé"}
    )
    assert response.status_code == 302
    row = StoredIndicator.objects.get()
    assert [each["code"] for each in row.dimensions] == ["service", "odd", "politique", "devenir"]
    assert values(row.code, "service") == {str(service.pk): "Économie"}
    assert values(row.code, "odd")["8"] == "8. Travail décent et croissance économique"
    revise = client.get(f"/loiret/indicateurs/{row.code}/modifier/").context["form"]
    assert (revise.initial["standard"], revise.initial["axes"]) == (
        ["service", "odd", "politique"],
        "Devenir : rendu, gardé",
    )


def test_values_follow_the_lists_of_the_authority(agent: Any) -> None:
    axes = [{"code": code, "label": code, "shared": True} for code in ("politique", "service")]
    row = IndicatorFactory(authority=agent.authority, dimensions=axes)
    service = ServiceFactory(authority=agent.authority, name="Habitat")
    ServiceFactory(name="D’ailleurs")
    policies.add(agent.user, agent.authority, policies.Said("Vélo"))
    policies.retire(agent.user, agent.authority, "culture")
    assert values(row.code, "politique")["velo"] == "Vélo"
    assert "culture" in values(row.code, "politique")  # values may still bear it
    assert list(values(row.code, "politique"))[-1] == "culture"
    assert values(row.code, "service") == {str(service.pk): "Habitat"}
    service.end = date(2024, 1, 1)
    service.save()
    assert values(row.code, "service") == {str(service.pk): "Habitat (terminé)"}


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"axes": "Famille : a, b"}, "« Famille » est une dimension d’Essor : cochez-la plutôt."),
        (
            {"standard": ["odd", "famille", "fiche"], "axes": "A : b, c\nD : e, f"},
            "Quatre dimensions au plus : définissez un autre indicateur.",
        ),
    ],
)
def test_what_the_form_refuses(agent: Any, said: dict[str, Any], fault: str) -> None:
    assert signed(agent).post(URL, {**FORM, **said}).context["form"].errors["axes"] == [fault]


def test_services_are_not_offered_outside_an_authority(agent: Any) -> None:
    from django.test import Client

    from tests.factories import UserFactory

    client = Client()
    client.force_login(UserFactory(editor=True))
    offered = dict(client.get("/indicateurs/definir/").context["form"].fields["standard"].choices)
    assert "service" not in offered
    assert offered["politique"] == "Politique sectorielle"


def test_they_are_collected_by_form_and_cut_the_page(agent: Any, orleans: Territory) -> None:
    axes = [{"code": "odd", "label": "ODD", "shared": True}]
    row = IndicatorFactory(authority=agent.authority, dimensions=axes)
    client, address = signed(agent), f"/loiret/indicateurs/{row.code}"
    given = {
        "span": "2024",
        "territory": orleans.ref,
        "part_odd": "8",
        "numerator": "3",
        "source": "Essai",
        "day": "2025-01-01",
    }
    assert client.post(f"{address}/collecter/", given).status_code == 302
    ObservationFactory(code=row.code, territory=orleans, number=2024, numerator=5)
    page = client.get(f"{address}/", {"territoire": orleans.ref})
    (chart,) = page.context["parts"]
    assert chart.title == "Par ODD : d’abord 8. Travail décent et croissance économique"
    assert page.context["gaps"] == []  # goals overlap: they are not said to make the whole


def test_the_catalogue_reads_no_list_of_values(agent: Any, django_assert_num_queries: Any) -> None:
    for _rank in range(20):
        IndicatorFactory(
            authority=agent.authority, dimensions=[{"code": "service", "label": "Service", "shared": True}]
        )
    with django_assert_num_queries(1):
        catalogue.everything()
