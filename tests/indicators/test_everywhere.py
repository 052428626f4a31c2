"""The file of all territories: secrecy respected, and read back by collecting."""

import json
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from essor.indicators.models import Collection, Observation
from essor.territories.models import Territory
from tests.factories import TerritoryFactory
from tests.indicator_factories import OUTCOME, IndicatorFactory, ObservationFactory
from tests.indicators.asking import signed

pytestmark = pytest.mark.django_db
CODE = "collecte.tout"
AXES = [{"code": "odd", "label": "ODD", "shared": True}, OUTCOME]


def content(response: Any) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def told(client: Client, extension: str, code: str = CODE) -> bytes:
    return content(client.get(f"/loiret/indicateurs/{code}/tout/{extension}/"))


def given_back(client: Client, file: bytes, extension: str) -> Any:
    upload = BytesIO(file)
    upload.name = f"valeurs.{extension}"
    return client.post(
        f"/loiret/indicateurs/{CODE}/collecter/fichier/",
        {"file": upload, "source": "Essai", "day": "2021-06-01"},
    )


@pytest.fixture
def filled(agent: Any, orleans: Territory) -> Any:
    """A share cut by two dimensions, on two territories and two years, with awkward numbers."""
    row = IndicatorFactory(
        authority=agent.authority, code=CODE, unit="%", denominator="reçues", dimensions=AXES
    )
    other = TerritoryFactory(name="=Formule")
    for number in (2019, 2020):
        for place in (orleans, other):
            for cut, top in (
                ({}, "0.1"),
                ({"odd": "8"}, "-3.000001"),
                ({"odd": "8", "devenir": "rendu"}, "123456789012.5"),
            ):
                ObservationFactory(
                    code=CODE,
                    territory=place,
                    number=number,
                    cut=cut,
                    numerator=Decimal(top),
                    denominator=Decimal(3),
                )
    return row


def state() -> list[Any]:
    return list(
        Observation.objects.order_by("start", "territory", "parts").values_list(
            "start", "end", "territory", "parts", "numerator", "denominator", "units", "largest"
        )
    )


@pytest.mark.parametrize("extension", ["csv", "json", "xlsx"])
def test_what_leaves_comes_back(agent: Any, filled: Any, extension: str) -> None:
    client = signed(agent)
    file, before = told(client, extension), state()
    assert given_back(client, file, extension).status_code == 302
    assert not Collection.objects.exists()  # the same values from the same source change nothing
    Observation.objects.all().delete()
    assert given_back(client, file, extension).status_code == 302
    assert (state(), len(before)) == (before, 12)


def test_the_columns_and_the_words(filled: Any, client: Client) -> None:
    lines = told(client, "csv").decode("utf-8-sig").splitlines()
    assert lines[0] == (
        "période;territoire;odd;devenir;valeur;dénominateur;nom;résultat;unité;version;source;date de la source"
    )
    assert lines[1] == "2019;commune:45234;;;0,1;3;Orléans;0,033333;%;1;Essai;2021-06-01"
    assert lines[2].startswith("2019;commune:45234;8;rendu;123456789012,5;3;Orléans;41152263004,166667")
    said = json.loads(told(client, "json"))
    assert (said["code"], said["valeurs"][2]["valeur"], said["valeurs"][2]["odd"]) == (CODE, "-3.000001", "8")
    assert len(said["valeurs"]) == len(lines) - 1
    assert client.get(f"/loiret/indicateurs/{CODE}/tout/pdf/").status_code == 404


def test_hidden_values_stay_hidden_and_the_file_comes_back(
    agent: Any, orleans: Territory, client: Client
) -> None:
    IndicatorFactory(authority=agent.authority, code=CODE, protected=True, dimensions=[OUTCOME])
    for part, top, units in (("", 100, 20), ("rendu", 7, 2), ("reemploi", 33, 8), ("recyclage", 60, 10)):
        cut = {"devenir": part} if part else {}
        ObservationFactory(code=CODE, territory=orleans, cut=cut, numerator=Decimal(top), units=units)
    public = told(client, "csv").decode("utf-8-sig").splitlines()
    assert public[0].startswith("période;territoire;devenir;valeur;masquée;nom")
    hidden = [line for line in public if ";oui;" in line]
    assert [line.split(";")[2:4] for line in hidden] == [["reemploi", ""], ["rendu", ""]]
    assert "33" not in "".join(line.split(";")[3] for line in public)
    own = signed(agent)
    file, before = told(own, "csv"), state()
    assert (
        file.decode("utf-8-sig")
        .splitlines()[0]
        .startswith("période;territoire;devenir;valeur;unités;plus grande part;masquée")
    )
    assert ";33;" not in file.decode()
    assert given_back(own, file, "csv").status_code == 302
    assert state() == before


def test_a_formula_leaves_with_its_results(agent: Any, filled: Any, client: Client) -> None:
    IndicatorFactory(
        authority=agent.authority, code="formule.double", origin="formula", formula=f"{CODE} × 3", unit="%"
    )
    lines = told(client, "csv", "formule.double").decode("utf-8-sig").splitlines()
    assert lines[0].startswith("période;territoire;odd;devenir;valeur;masquée;nom;résultat")
    assert lines[1].startswith("2019;commune:45234;;;0,1")
    assert len(lines) == 13


def test_large_files_leave_as_they_are_read(
    agent: Any, orleans: Territory, django_assert_max_num_queries: Any, client: Client
) -> None:
    IndicatorFactory(authority=agent.authority, code=CODE)
    places = [TerritoryFactory() for _rank in range(40)]
    Observation.objects.bulk_create(
        ObservationFactory.build(code=CODE, territory=place, number=number)
        for place in places
        for number in range(1950, 2000)
    )
    with django_assert_max_num_queries(8):
        assert len(told(client, "csv").splitlines()) == 2001
