"""The door of the observatory; portraits of neighbourhoods and of drawn areas, and who reads them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import shapely
from django.test import Client
from django.utils import timezone

from essor.indicators.models import Collection
from essor.observatory.models import Area, QuarterFigure
from essor.territories.models import Qpv
from tests.factories import AuthorityFactory, EditionFactory, MembershipFactory
from tests.observatory.making import SITES, Country, country, page, see

pytestmark = pytest.mark.django_db
SQUARE = shapely.box(1.4, 43.5, 1.5, 43.6)
DRAWN: dict[str, Any] = {
    "geometry": SQUARE.wkb, "west": 1.4, "south": 43.5, "east": 1.5, "north": 43.6, "source": "Essai",
}  # fmt: skip


@pytest.fixture
def land() -> Country:
    return country()


def quarter(land: Country) -> Qpv:
    found = Qpv.objects.create(code="QN03101A", generation=2024, name="Les Essais", **DRAWN)
    found.communes.add(land.communes[0])
    return found


def area(**more: Any) -> Area:
    return Area.objects.create(name="Bassin", created_at=timezone.now(), **DRAWN, **more)


def test_a_search_leads_to_the_portrait_or_lists_the_candidates(land: Country) -> None:
    client = Client()
    for written in ("Haute-Garonne", "departement:31", "Haute-Garonne (departement:31)"):
        answer = client.get("/observatoire/", {"q": written})
        assert answer["Location"] == "/observatoire/territoire/departement/31/", written
    text = page("/observatoire/?q=bourg")
    assert [f"Bourg {number}</a>" in text for number in range(5)] == [True] * 5
    assert "Aucun territoire ne répond à ces mots" in page("/observatoire/?q=xyzzy")


def test_the_door_shows_the_territory_of_the_frame_then_that_of_the_register(land: Country) -> None:
    see(land.garonne, SITES, 300)
    see(land.epcis[0], SITES, 12)
    assert "Mon territoire" not in page("/observatoire/")
    EditionFactory(scope="departement:31", day=date(2026, 11, 1), state="in_force")
    assert "Le territoire du registre" in page("/observatoire/")
    AuthorityFactory(slug="pays-0", territory=land.epcis[0])
    text = page("/pays-0/observatoire/")
    assert "La CC du Pays 0 compte 12 établissements de l’ESS</h2>" in text
    assert 'href="/pays-0/observatoire/territoire/epci/200000000/"' in text


def test_a_neighbourhood_shows_what_insee_publishes_beside_its_commune(land: Country) -> None:
    quarter(land)
    see(land.communes[0], SITES, 12)
    kept = Collection.objects.create(
        code="qpv", source="Insee, essai", day=date(2024, 1, 1), at=timezone.now()
    )
    QuarterFigure.objects.create(
        quarter="QN03101A", code="tp60", vintage=2021, value=Decimal("45.3"), collection=kept
    )
    text = page("/observatoire/qpv/QN03101A/")
    assert "<h1>Les Essais : pas encore de chiffre de l’ESS dans cet observatoire</h1>" in text
    assert "Le registre n’est pas encore chargé" in text
    assert "45,3 %" in text
    assert "Taux de pauvreté au seuil de 60 %" in text
    EditionFactory(scope="departement:31", day=date(2026, 11, 1), state="in_force")
    text = page("/observatoire/qpv/QN03101A/")
    assert "<h1>Les Essais ne compte aucun établissement de l’ESS dans le registre</h1>" in text
    assert '<td class="numeric mine">0</td><td class="numeric">12 (2020)</td>' in text
    assert Client().get("/observatoire/qpv/QN00000A/").status_code == 404


def test_a_published_area_is_open_and_another_is_for_its_authority(land: Country) -> None:
    EditionFactory(scope="departement:31", day=date(2026, 11, 1), state="in_force")
    agent = MembershipFactory(authority=AuthorityFactory(slug="pays", territory=land.garonne), agent=True)
    stranger = MembershipFactory(authority=AuthorityFactory(slug="autre"), agent=True)
    found = area(authority=agent.authority)
    addresses = [f"/observatoire/zones/{found.pk}/", f"/pays/observatoire/zones/{found.pk}/"]
    seen = {}
    for name, user in (("visitor", None), ("stranger", stranger.user), ("agent", agent.user)):
        client = Client()
        if user is not None:
            client.force_login(user)
        seen[name] = [client.get(address).status_code for address in addresses]
    assert seen == {"visitor": [404, 404], "stranger": [404, 404], "agent": [200, 200]}
    client = Client()
    client.force_login(agent.user)
    assert "Portrait non publié" in page(addresses[1], client)
    found.is_public = True
    found.save()
    assert "<h1>Bassin ne compte aucun établissement de l’ESS dans le registre</h1>" in page(addresses[0])
    assert Client().get("/observatoire/zones/999999/").status_code == 404
