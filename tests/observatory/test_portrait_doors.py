"""What portraits lead to: small map, published figures, neighbourhoods, other pages, exports of every place."""

import csv
import io

import pytest
from django.test import Client
from django.utils import timezone

from essor.observatory import references
from essor.observatory.models import Area
from essor.territories.models import Qpv
from tests.factories import AuthorityFactory, EditionFactory
from tests.observatory.making import DENSITY, SITES, Country, country, page, see
from tests.rights.observatory_portrait import DRAWN

pytestmark = pytest.mark.django_db


@pytest.fixture
def land() -> Country:
    return country()


def test_the_small_map_draws_what_the_page_has_read(land: Country) -> None:
    for number, (epci, commune) in enumerate(zip(land.epcis, land.communes, strict=True)):
        commune.lon, commune.lat = 1 + number / 10, 43 + (number % 2) / 10
        commune.save()
        see(epci, DENSITY, 10 + number, 1000)
    text = page("/observatoire/territoire/departement/31/")
    assert "CC du Pays 3 en tête (13), CC du Pays 0 au plus bas (10)</h2>" in text
    assert text.count("data-said=") == 4
    assert "niveau=epci" in text
    assert "data-said=" not in page("/observatoire/territoire/region/76/")


def test_what_others_publish_stands_apart_with_its_warnings(land: Country) -> None:
    text = page("/observatoire/territoire/france/FR/")
    known = references.about("", "france")
    assert text.count('class="alert__title">') == len(known.warnings) + 1  # and the register, not loaded
    assert text.count('class="reference-point"') == 8
    assert f"dont {len(known.points) - 8} autres sur ce territoire" in text
    assert "Ce que d’autres sources publient" not in page("/observatoire/territoire/departement/31/")


def test_neighbourhoods_have_a_door_and_leave_as_tables(land: Country) -> None:
    for code, generation in (("QP031001", 2015), ("QN03101A", 2024)):
        quarter = Qpv.objects.create(code=code, generation=generation, name=f"Quartier {code}", **DRAWN)
        quarter.communes.add(land.communes[0])
    text = page(f"/observatoire/territoire/commune/{land.communes[0].code}/")
    assert '<a href="/observatoire/qpv/QN03101A/">Quartier QN03101A</a>' in text
    assert "QP031001" not in text
    EditionFactory(scope="departement:31", state="in_force")
    see(land.communes[0], SITES, 12)
    sent = b"".join(Client().get("/observatoire/qpv/QN03101A/csv/").streaming_content)  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(sent.decode("utf-8-sig")), delimiter=";"))
    said = {
        row["territoire"]: row["valeur"]
        for row in rows
        if row["indicateur"] == SITES and not row["dimensions"]
    }
    assert said == {"qpv:QN03101A": "0", land.communes[0].ref: "12"}
    body = Client().get("/observatoire/qpv/QN03101A/json/").json()
    assert (body["territoire"], body["nom"]) == ("qpv:QN03101A", "Quartier QN03101A")


def test_a_drawn_area_leaves_for_who_may_read_it(land: Country) -> None:
    area = Area.objects.create(
        authority=AuthorityFactory(territory=land.garonne), name="Bassin", created_at=timezone.now(), **DRAWN
    )
    addresses = [f"/observatoire/zones/{area.pk}/{kind}/" for kind in ("csv", "json")]
    assert [Client().get(each).status_code for each in addresses] == [404, 404]
    Area.objects.update(is_public=True)
    assert [Client().get(each).status_code for each in addresses] == [200, 200]
    assert Client().get(addresses[1]).json()["territoire"] == f"zone:{area.pk}"


def test_an_estimate_has_its_bounds_on_the_first_page_too(land: Country) -> None:
    EditionFactory(scope="departement:31", state="in_force")
    for code, value in ((SITES, 300), ("registre.emplois", 1234), ("registre.emplois_min", 900)):
        see(land.garonne, code, value)
    see(land.garonne, "registre.emplois_max", 2000)
    assert "entre 900 et 2 000, d’après les tranches d’effectif" in page("/observatoire/")
