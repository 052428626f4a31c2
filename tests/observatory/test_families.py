"""The page of families: both counts, what explains the gap in numbers, the mapping, the exports."""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from essor.indicators import catalogue, materialise
from essor.indicators.definition import Indicator
from essor.indicators.enums import Origin
from essor.indicators.models import Observation
from essor.indicators.register_cuts import INSEE_FAMILY
from essor.observatory.families import SITES, compare
from essor.registry.enums import Family
from essor.registry.rules_insee import InseeFamily
from essor.territories.models import Territory
from tests.factories import AuthorityFactory
from tests.indicators.register_making import DAY, paris
from tests.registry_factories import FactsFactory, PlaceFactory

pytestmark = pytest.mark.django_db
PAGE = "/observatoire/familles/"


def employer(made: dict[str, Territory], family: str, category: str, band: str = "11") -> None:
    row = FactsFactory(commune=made["c0"], family=family, legal_category=category)
    PlaceFactory(organisation=row.organisation, commune=made["c0"], size_band=band)


@pytest.fixture
def made(db: None) -> dict[str, Territory]:
    made = paris()
    employer(made, "association", "9220")
    employer(made, "association", "9220", "NN")
    employer(made, "cooperative", "5458", "12")
    employer(made, "cooperative", "5710", "01")
    employer(made, "ess_company", "5499", "02")
    employer(made, "mutual", "8210")
    materialise.materialise(DAY, timezone.now())
    return made


def lines(page: Any, rank: int) -> dict[str, tuple[str, str]]:
    return {line["label"]: (line["ours"], line["insee"]) for line in page.context["tables"][rank]["lines"]}


def test_both_counts_side_by_side(made: dict[str, Territory], client: Client) -> None:
    page = client.get(PAGE)
    assert page.context["finding"] == (
        "Île-de-France : sur 5 établissements employeurs selon la loi de 2014, l’Insee en laisse 2 de côté"
    )
    assert lines(page, 0) == {
        "Associations": ("1", "1"),
        "Coopératives": ("2", "1"),
        "Mutuelles": ("1", "1"),
        "Fondations": ("0", "0"),
        "Autres organismes privés à but non lucratif": ("—", "—"),
        "Société commerciale de l’ESS": ("1", "—"),
    }
    assert page.context["tables"][0]["total"] == ["5", "3", "—"]
    # 13.8 + 31.3 + 1.4 + 3.9 + 13.8, then without the company and the SAS.
    assert page.context["tables"][1]["total"] == ["64", "59", "—"]
    assert lines(page, 1)["Coopératives"] == ("33", "31")


def test_the_gap_is_explained_in_numbers(made: dict[str, Territory], client: Client) -> None:
    reasons = dict(client.get(PAGE).context["reasons"])
    assert set(reasons) == {
        "Coopératives",
        "Autres organismes privés à but non lucratif",
        "Société commerciale de l’ESS",
    }
    assert reasons["Coopératives"].startswith(
        "1\xa0établissement employeur et 1\xa0emploi estimé de différence."
    )
    assert reasons["Société commerciale de l’ESS"].startswith(
        "1\xa0établissement employeur et 4\xa0emplois estimés"
    )


def test_two_charts_and_never_one_series(made: dict[str, Territory], client: Client) -> None:
    law, insee = client.get(PAGE).context["charts"]
    assert [row[0] for row in law.rows] == [
        "Associations", "Coopératives", "Mutuelles", "Fondations", "Société commerciale de l’ESS",
    ]  # fmt: skip
    assert [row[0] for row in insee.rows] == ["Associations", "Coopératives", "Mutuelles", "Fondations"]


def test_the_mapping_is_shown_with_its_certainty(made: dict[str, Territory], client: Client) -> None:
    page = client.get(PAGE)
    groups = {group["label"]: group["rows"] for group in page.context["groups"]}
    assert list(groups) == [str(family.label) for family in Family if family is not Family.ESS_COMPANY] + [
        "Comptées par l’Insee seul"
    ]
    assert {row["code"] for row in groups["Comptées par l’Insee seul"]} == {"9240", "9900"}
    assert {row["sure"] for row in groups["Comptées par l’Insee seul"]} == {"Supposition, à vérifier"}
    assert "n’avons pas lues" in page.content.decode()


def table_of(client: Client, address: str) -> list[dict[str, str]]:
    response: Any = client.get(address)
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_the_counts_are_exported_each_under_its_own_perimeter(
    made: dict[str, Territory], client: Client
) -> None:
    rows = table_of(client, f"{PAGE}csv/?territoire=ept:200057867")
    found = {(row["indicateur"], row["famille"]): Decimal(row["valeur"].replace(",", ".")) for row in rows}
    assert found[("registre.etablissements_employeurs", "")] == 5
    assert found[("registre.etablissements_insee", "")] == 3
    assert found[("registre.emplois", "cooperative")] == Decimal("32.7")
    assert found[("registre.emplois_insee", "cooperative")] == Decimal("31.3")
    assert {row["perimetre"] for row in rows} == {"loi de 2014", "Insee, d’après le registre"}
    mapped = table_of(client, f"{PAGE}correspondance/csv/")
    assert {row["famille_insee"] for row in mapped} == {each.label for each in InseeFamily}


def test_a_place_without_value_and_a_place_that_nobody_knows(
    made: dict[str, Territory], client: Client
) -> None:
    Territory.objects.filter(pk=made["c4"].pk).update(region=None)
    materialise.materialise(DAY, timezone.now())
    page = client.get(f"{PAGE}?territoire=commune:94004")
    assert page.context["tables"] == []
    assert "Aucun compte n’est connu ici" in page.content.decode()
    assert list(page.context["groups"])
    wrong = client.get(f"{PAGE}?territoire=xyzzy:1")
    assert wrong.context["wrong_place"] == "xyzzy:1"
    assert "Aucun territoire ne répond à « xyzzy:1 »" in wrong.content.decode()


def test_the_frame_of_an_authority_shows_its_territory(made: dict[str, Territory], client: Client) -> None:
    AuthorityFactory(slug="plaine-commune", territory=made["plaine"])
    page = client.get("/plaine-commune/observatoire/familles/")
    assert page.context["territory"] == made["plaine"]
    assert 'href="/plaine-commune/indicateurs/registre.etablissements_employeurs/' in page.content.decode()


def test_before_the_first_edition_the_mapping_is_there(client: Client, db: None) -> None:
    page = client.get(PAGE)
    assert page.status_code == 200
    assert page.context["tables"] == []
    assert table_of(client, f"{PAGE}csv/") == []


def test_few_queries(made: dict[str, Territory], client: Client, django_assert_max_num_queries: Any) -> None:
    client.get(PAGE)
    with django_assert_max_num_queries(12):
        client.get(PAGE)


def test_the_count_that_insee_publishes_stands_apart(made: dict[str, Territory]) -> None:
    official = Indicator(
        "flores.etablissements",
        "Établissements (Flores)",
        "établissements",
        origin=Origin.OFFICIAL,
        dimensions=(INSEE_FAMILY,),
    )
    known = {**catalogue.everything(), official.code: official}
    assert compare(SITES, made["region"], known).published.whole is None
    for parts, count in (
        ("", 9),
        ('{"famille_insee":"association"}', 7),
        ('{"famille_insee":"autre_prive"}', 2),
    ):
        Observation.objects.create(
            code=official.code, version=1, start=date(2022, 1, 1), end=date(2023, 1, 1), territory=made["region"],
            parts=parts, numerator=count, source="Flores 2022", day=date(2024, 6, 1), written_at=timezone.now(),
        )  # fmt: skip
    found = compare(SITES, made["region"], known)
    assert (found.published.whole, found.published.source) == (9, "Flores 2022")
    assert {line.label: line.published for line in found.lines} == {
        "Associations": 7, "Coopératives": 0, "Mutuelles": 0, "Fondations": 0,
        "Autres organismes privés à but non lucratif": 2, "Société commerciale de l’ESS": None,
    }  # fmt: skip
    assert (found.ours.whole, found.insee.whole) == (5, 3)
