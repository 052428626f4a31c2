"""Drawn areas: each way to draw, the preview, what is saved and logged, who sees what."""

import json
import re
from datetime import date
from typing import Any

import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from essor.kernel.models import AuditEntry
from essor.observatory import actions_areas, place
from essor.observatory.areas import ground
from essor.observatory.models import Area
from essor.territories.models import Qpv, Territory
from tests.area_factories import SQUARE, AreaFactory

pytestmark = pytest.mark.django_db
NEW = "/essai/observatoire/zones/nouvelle/"


def preview(client: Client, **data: Any) -> Any:
    return client.post(NEW, {"name": "Ma zone", **data})


def save(client: Client, answer: Any, address: str = NEW) -> Any:
    """Send back what the preview holds, as the browser does."""
    sent = {name: answer.context[name] for name in ("name", "source", "shape")}
    if answer.context["is_public"]:
        sent["is_public"] = "on"
    return client.post(address, {"step": "save", **sent})


def codes() -> list[str]:
    return list(
        AuditEntry.objects.filter(code__startswith="observatory.")
        .order_by("pk")
        .values_list("code", flat=True)
    )


def test_a_circle_is_previewed_then_saved(client: Client, agent: Any) -> None:
    answer = preview(client, way="cercle", centre="Albe", radius="6")
    assert answer.templates[0].name == "observatory/area_preview.html"
    described = answer.context["described"]
    assert described.km2 == pytest.approx(113.1, abs=0.3)
    assert described.communes[0].territory.name == "Albe"
    assert sum(each.of_area for each in described.communes) == pytest.approx(1, abs=0.05)
    assert not Area.objects.exists()
    assert save(client, answer).status_code == 302
    area = Area.objects.get()
    assert (area.name, area.source, area.is_public) == ("Ma zone", "Cercle de 6 km autour de Albe", False)
    assert (area.authority, area.created_by) == (agent.authority, agent.user)
    assert area.shape.bounds == pytest.approx((area.west, area.south, area.east, area.north))
    assert codes() == ["observatory.area_made"]


def test_a_union_of_communes_and_of_a_quarter(client: Client, department: Territory) -> None:
    commune = Territory.objects.get(code="D1000")
    west, south, east, north = SQUARE.bounds
    quarter = Qpv.objects.create(
        code="QN03101A", generation=2024, name="Bellevue", geometry=SQUARE.wkb,
        west=west, south=south, east=east, north=north, source="Essai",
    )  # fmt: skip
    quarter.communes.add(commune)
    answer = preview(client, way="reunion", communes=[commune.pk], quarters=[quarter.pk], others="Doux")
    assert answer.context["source"] == "Réunion de Albe, Doux, Bellevue"
    assert "cellules schématiques" in answer.context["notes"][0]
    names = {each.territory.name for each in answer.context["described"].communes}
    assert {"Albe", "Doux"} <= names
    save(client, answer)
    assert Area.objects.get().shape.covers(SQUARE.buffer(-1e-6))


def test_points_and_a_file_give_the_same_area(client: Client, agent: Any) -> None:
    drawn = preview(client, way="dessin", points="1,4 ; 43,55\n1,5 ; 43,55\n1,5 ; 43,65\n1,4 ; 43,65")
    content = json.dumps({"type": "Polygon", "coordinates": [list(SQUARE.exterior.coords)]}).encode()
    file = SimpleUploadedFile("zone.geojson", content)
    sent = preview(client, way="fichier", file=file)
    assert sent.context["source"] == "Fichier « zone.geojson »"
    assert drawn.context["described"].km2 == pytest.approx(sent.context["described"].km2)


@pytest.mark.parametrize(
    ("data", "field", "said"),
    [
        ({"way": "reunion"}, "groups", "au moins un territoire"),
        ({"way": "reunion", "others": "Nulle part"}, "groups", "ligne 1"),
        ({"way": "cercle", "centre": "Albe"}, "centre", "un centre et un rayon"),
        ({"way": "cercle", "centre": "Albe", "radius": "500"}, "radius", "0,1 à 100"),
        ({"way": "cercle", "centre": "43,6 ; 1,44", "radius": "5"}, "centre", "inversées"),
        ({"way": "dessin", "points": "a"}, "points", "Ligne 1"),
        ({"way": "fichier"}, "file", "Choisissez un fichier"),
        ({"way": "autre"}, "way", "autre"),
        ({"way": "garder"}, "way", "garder"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    client: Client, agent: Any, data: dict[str, str], field: str, said: str
) -> None:
    answer = preview(client, **data)
    assert said in str(answer.context["form"].errors[field])
    assert answer.context["form"].errors.keys() == {field}


def test_the_shape_that_comes_back_is_read_as_a_strangers(client: Client, agent: Any) -> None:
    for shape in ("", "{", '{"type": "Point", "coordinates": [1, 43]}'):
        answer = client.post(NEW, {"step": "save", "name": "X", "shape": shape})
        assert answer.status_code == 200
        assert answer.context["problem"]
    assert not Area.objects.exists()


def test_a_name_is_taken_once_in_an_authority(client: Client, agent: Any) -> None:
    AreaFactory(authority=agent.authority, name="Ma zone")
    answer = preview(client, way="cercle", centre="Albe", radius="6")
    assert "porte déjà ce nom" in str(answer.context["form"].errors["name"])
    AreaFactory(name="Autre")
    answer = client.post(NEW, {"name": "Autre", "way": "cercle", "centre": "Albe", "radius": "6"})
    assert save(client, answer).status_code == 302


def test_rename_publish_redraw_and_remove_leave_their_sentences(client: Client, agent: Any) -> None:
    area = AreaFactory(authority=agent.authority, name="Avant", is_public=False)
    address = f"/essai/observatoire/zones/{area.pk}/modifier/"
    client.post(address, {"name": "Après", "is_public": "on", "way": "garder"})
    area.refresh_from_db()
    assert (area.name, area.is_public) == ("Après", True)
    assert codes() == ["observatory.area_renamed", "observatory.area_published"]
    answer = client.post(address, {"name": "Après", "way": "cercle", "centre": "Bray", "radius": "2"})
    save(client, answer, address)
    area.refresh_from_db()
    assert area.is_public is False
    assert codes()[2:] == ["observatory.area_redrawn", "observatory.area_withdrawn"]
    remove = f"/essai/observatoire/zones/{area.pk}/supprimer/"
    assert client.get(remove).status_code == 200
    assert Area.objects.exists()
    client.post(remove)
    assert not Area.objects.exists()
    assert codes()[-1] == "observatory.area_removed"


def test_an_area_of_another_authority_is_not_ours(client: Client, agent: Any) -> None:
    other = AreaFactory(name="Ailleurs", is_public=True)
    for action in ("modifier", "supprimer"):
        assert client.get(f"/essai/observatoire/zones/{other.pk}/{action}/").status_code == 404
        assert client.post(f"/essai/observatoire/zones/{other.pk}/{action}/").status_code == 404
    assert Area.objects.filter(pk=other.pk).exists()


def test_what_is_not_published_is_for_the_agents_alone(client: Client, agent: Any) -> None:
    inside = AreaFactory(authority=agent.authority, is_public=False)
    address = f"/essai/observatoire/zones/{inside.pk}/zone.geojson"
    assert client.get(address).status_code == 200
    assert Client().get(address).status_code == 404
    assert client.get(f"/observatoire/zones/{inside.pk}/zone.geojson").status_code == 404
    assert inside.name not in Client().get("/essai/observatoire/zones/").content.decode()
    assert inside.name in client.get("/essai/observatoire/zones/").content.decode()


def test_the_geojson_is_the_shape(client: Client, agent: Any) -> None:
    area = AreaFactory(authority=agent.authority)
    data = client.get(f"/observatoire/zones/{area.pk}/zone.geojson").json()
    assert data["geometry"]["type"] == "Polygon"
    assert shapely.from_geojson(json.dumps(data["geometry"])).equals(SQUARE)


def test_an_authority_has_a_limited_number_of_areas(
    client: Client, agent: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions_areas, "MOST_AREAS", 1)
    AreaFactory(authority=agent.authority)
    answer = preview(client, way="cercle", centre="Albe", radius="6")
    assert "supprimez-en une" in save(client, answer).context["problem"]


def test_the_list_asks_as_much_for_many_areas(client: Client, agent: Any) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/essai/observatoire/zones/")
        return len(queries)

    AreaFactory(authority=agent.authority)
    asked()
    few = asked()
    AreaFactory.create_batch(6, authority=agent.authority)
    assert asked() == few


def test_the_picture_is_drawn_over_the_communes(department: Territory) -> None:
    described = ground.describe(SQUARE)
    assert re.search(r'class="map-area"', described.svg)
    assert described.svg.count("map-piece--ground") == 3
    assert described.establishments is None


def test_a_drawing_is_corrected_without_losing_what_was_typed(client: Client, agent: Any) -> None:
    points = "1,4 ; 43,55\n1,5 ; 43,55\n1,5 ; 43,65"
    seen = preview(client, way="dessin", points=points)
    again = client.post(NEW, {"step": "again"} | dict(seen.context["typed"]))
    form = again.context["form"]
    assert (form["name"].value(), form["way"].value(), form["points"].value()) == (
        "Ma zone",
        "dessin",
        points,
    )
    assert not form.is_bound
    assert not Area.objects.exists()


def test_an_area_stands_beside_what_holds_it_whole(client: Client, department: Territory, agent: Any) -> None:
    inside = preview(client, way="cercle", centre="Albe", radius="0,5")
    save(client, inside)
    around = place.of_area(Area.objects.get(), date(2026, 11, 22))
    held = [each.place.name for each in around.beside] + [each.name for each in around.silent]
    assert held[0] == "Albe"
    Area.objects.all().delete()
    save(client, preview(client, way="cercle", centre="Albe", radius="60"))
    around = place.of_area(Area.objects.get(), date(2026, 11, 22))
    names = [each.place.name for each in around.beside] + [each.name for each in around.silent]
    assert "Albe" not in names
