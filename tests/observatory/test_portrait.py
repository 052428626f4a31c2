"""The portrait of a territory: its figures, its ranks, what it says where the register is silent, its exports."""

import csv
import io
import json
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from essor.indicators import catalogue
from essor.observatory import columns, portrait, ranks
from essor.observatory.portrait import Covered
from tests.factories import EditionFactory, TerritoryFactory
from tests.indicator_factories import IndicatorFactory
from tests.observatory.making import DENSITY, ORGANISATIONS, SITES, Country, country, page, see

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)


@pytest.fixture
def land() -> Country:
    return country()


def ranked(land: Country, place: int, code: str) -> list[str]:
    territory = portrait.find(land.epcis[place].ref)
    column, *_others = columns.read([code], [territory], catalogue.everything(), DAY)
    own = {code: column.figures[code][()]}
    found = ranks.ranks(territory, land.france, own, catalogue.everything())
    return [str(each) for each in found.get(code, [])]


def test_equals_share_a_rank_and_holes_are_left_out_and_said(land: Country) -> None:
    for place, (top, bottom) in enumerate([(1, 2), (2, 4), (1, 1)]):
        see(land.epcis[place], DENSITY, top, bottom)
    assert ranked(land, 2, DENSITY) == ["1re sur 3 intercommunalités de la Haute-Garonne (1 sans valeur)"]
    second = ["2e sur 3 intercommunalités de la Haute-Garonne (1 sans valeur)"]
    assert (ranked(land, 0, DENSITY), ranked(land, 1, DENSITY)) == (second, second)


def test_the_region_and_france_are_told_when_all_is_known(land: Country) -> None:
    for place, value in enumerate([5, 9, 9, 1, 7]):
        see(land.epcis[place], SITES, value)
    assert ranked(land, 4, SITES) == [
        "3e sur 5 intercommunalités d’Occitanie",
        "3e sur 5 intercommunalités de France",
    ]
    assert ranked(land, 3, SITES) == [
        "4e sur 4 intercommunalités de la Haute-Garonne",
        "5e sur 5 intercommunalités d’Occitanie",
        "5e sur 5 intercommunalités de France",
    ]


def test_a_share_without_denominator_has_no_place(land: Country) -> None:
    see(land.epcis[0], DENSITY, 1, 2)
    see(land.epcis[1], DENSITY, 5)
    see(land.epcis[2], DENSITY, 5, 0)
    assert ranked(land, 0, DENSITY) == []
    see(land.epcis[3], DENSITY, 5, 4)
    assert ranked(land, 0, DENSITY) == ["2e sur 2 intercommunalités de la Haute-Garonne (2 sans valeur)"]


def test_the_figures_stand_beside_those_of_the_territories_around(land: Country) -> None:
    for territory, sites, people in ((land.garonne, 300, 20000), (land.region, 500, 50000)):
        see(territory, SITES, sites)
        see(territory, DENSITY, sites, people)
        see(territory, SITES, sites - 30, cut={"famille": "association"})
        see(territory, SITES, 30, cut={"famille": "cooperative"})
    text = page("/observatoire/territoire/departement/31/")
    assert (
        "<h1>La Haute-Garonne compte 300 établissements de l’ESS : 15 organisations pour 1 000 habitants, "
        "plus que l’Occitanie</h1>"
    ) in text
    assert '<td class="numeric mine">300</td><td class="numeric">500</td>' in text
    assert '<td class="numeric mine">90 %</td><td class="numeric">94 %</td>' in text
    assert "Comparaison avec la France" in text
    assert '/observatoire/territoire/epci/200000000/"' in text
    assert "/indicateurs/registre.densite/?territoire=departement%3A31" in text


def test_the_estimate_and_the_exact_jobs_are_never_mixed(land: Country) -> None:
    IndicatorFactory(code="flores.effectifs", label="Effectifs de l’ESS", unit="emplois")
    IndicatorFactory(
        code="flores.part_emploi_prive", label="Part de l’emploi privé", unit="%", denominator="emplois"
    )
    see(land.garonne, SITES, 300)
    for code, jobs in (("emplois", 1234), ("emplois_min", 900), ("emplois_max", 2000)):
        see(land.garonne, f"registre.{code}", jobs)
    see(land.garonne, "flores.effectifs", 1111, number=2022)
    see(land.garonne, "flores.part_emploi_prive", 1111, 10000, number=2022)
    see(land.france, "flores.part_emploi_prive", 2, 10, number=2022)
    text = page("/observatoire/territoire/departement/31/")
    assert (
        "compte 300 établissements de l’ESS et 1 200 emplois environ ; selon l’Insee (2022), l’ESS y porte "
        "11,1 % de l’emploi privé, moins que la France</h1>"
    ) in text
    assert "≈ 1 200" in text
    assert "entre 900 et 2 000, d’après les tranches d’effectif" in text
    assert "Effectifs de l’ESS, 2022" in text
    assert "1 111 sur 10 000" in text


def test_another_period_is_said_and_never_compared_in_the_title(land: Country) -> None:
    see(land.garonne, DENSITY, 14, 1000)
    see(land.garonne, SITES, 14)
    see(land.region, DENSITY, 12, 1000, number=2019)
    text = page("/observatoire/territoire/departement/31/")
    assert "14 organisations pour 1 000 habitants</h1>" in text
    assert "12 (2019)" in text


def test_a_part_of_a_territory_has_no_total_but_its_parts(land: Country) -> None:
    EditionFactory(scope="departement:31", day=date(2026, 11, 1), state="in_force")
    see(land.garonne, SITES, 300)
    found = portrait.read(portrait.find("region:76"), DAY)
    assert found.covered is Covered.PARTLY
    text = page("/observatoire/territoire/region/76/")
    assert "<h1>L’Occitanie : pas encore de chiffre de l’ESS dans cet observatoire</h1>" in text
    assert "Le registre ne couvre qu’en partie l’Occitanie" in text
    assert '/observatoire/territoire/departement/31/">Haute-Garonne</a>' in text


def test_why_there_is_no_figure(land: Country) -> None:
    assert portrait.read(portrait.find("region:76"), DAY).covered is Covered.NO_EDITION
    EditionFactory(scope="departement:31", day=date(2026, 11, 1), state="in_force")
    covered = {
        ref: portrait.read(portrait.find(ref), DAY).covered for ref in ("departement:09", "departement:31")
    }
    assert covered == {"departement:09": Covered.OUTSIDE, "departement:31": Covered.NOT_YET}


def test_another_code_leads_to_the_portrait_and_an_unknown_one_says_so(land: Country) -> None:
    assert (
        Client().get("/observatoire/territoire/france/fr/")["Location"]
        == "/observatoire/territoire/france/FR/"
    )
    assert Client().get("/observatoire/territoire/epci/999999999/").status_code == 404
    assert Client().get("/observatoire/territoire/planete/terre/").status_code == 404


def test_a_commune_without_intercommunality_has_a_portrait() -> None:
    see(TerritoryFactory(code="97801", name="Saint-Martin"), SITES, 0)
    text = page("/observatoire/territoire/commune/97801/")
    assert "<h1>Saint-Martin ne compte aucun établissement de l’ESS dans le registre</h1>" in text


def test_exports_say_all_and_are_read_back(land: Country) -> None:
    see(land.garonne, DENSITY, 300, 20000)
    see(land.garonne, SITES, 270, cut={"famille": "association"})
    see(land.garonne, SITES, 300)
    see(land.region, DENSITY, "500.5", 50000)
    response = Client().get("/observatoire/territoire/departement/31/csv/")
    raw = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(raw), delimiter=";"))
    assert [(row["territoire"], row["indicateur"], row["dimensions"], row["valeur"]) for row in rows] == [
        ("departement:31", SITES, "", "300"),
        ("departement:31", SITES, '{"famille":"association"}', "270"),
        ("departement:31", DENSITY, "", "15"),
        ("region:76", DENSITY, "", "10,01"),
    ]
    assert rows[2]["denominateur"] == "20000"
    body = json.loads(Client().get("/observatoire/territoire/departement/31/json/").content)
    assert body["constat"].startswith("La Haute-Garonne compte 300")
    assert [Decimal(row["valeur"]) for row in body["valeurs"]] == [300, 270, 15, Decimal("10.01")]
    assert body["rangs"] == {}


def test_the_part_framed_elsewhere(land: Country) -> None:
    see(land.garonne, SITES, 300)
    response = Client().get("/observatoire/territoire/departement/31/integrer/")
    assert "X-Frame-Options" not in response
    assert "frame-ancestors *" in response["Content-Security-Policy"]
    assert "La Haute-Garonne compte 300" in response.content.decode().replace("\u00a0", " ")


def test_the_number_of_queries_does_not_grow_with_the_figures(land: Country) -> None:
    see(land.garonne, SITES, 300)
    few = _queries()
    for place in (land.garonne, land.region, land.france, *land.epcis):
        for code in (ORGANISATIONS, "registre.emplois", "registre.esus", "registre.part_qpv"):
            see(place, code, 10, 100 if code.endswith("qpv") else None)
    assert few <= _queries() <= 12


def _queries() -> int:
    territory = portrait.find("departement:31")
    with CaptureQueriesContext(connection) as done:
        portrait.read(territory, DAY)
    return len(done)
