"""The map of an indicator: what it draws is what its table, its files and its legend say."""

import csv
import io
import re
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from essor import observatory
from essor.indicators import catalogue
from essor.indicators.definition import year
from essor.observatory.maps import drawing, points
from essor.observatory.maps.choropleth import Choropleth, Form, Look, choropleth_of, periods
from essor.territories.enums import Kind
from essor.territories.level_maps import level_map, levels_of, schematic_cells
from essor.territories.models import Outline, Territory
from tests.factories import TerritoryFactory
from tests.indicator_factories import IndicatorFactory, ObservationFactory

pytestmark = pytest.mark.django_db
SVG = "{http://www.w3.org/2000/svg}"


def shown(
    place: Territory, code: str = "registre.densite", level: str = Kind.COMMUNE, **more: Any
) -> Choropleth:
    known = catalogue.everything()
    spans = periods(known[code], place, level, known)
    return choropleth_of(known[code], place, level, spans[0] if spans else None, known, **more)


def test_a_share_is_painted_and_an_amount_is_drawn_as_circles(department: Territory) -> None:
    share, amount = shown(department), shown(department, "registre.etablissements")
    assert (share.form, amount.form) == (Form.SURFACES, Form.CIRCLES)
    assert "proportionnelle" in amount.method
    painted = shown(department, "registre.etablissements", form=Form.SURFACES)
    assert "Attention" in painted.method
    assert amount.radius(Decimal(30)) == pytest.approx(2 * amount.radius(Decimal("7.5")), abs=0.1)


def test_the_finding_names_the_ends_and_the_lines_are_sorted(department: Territory) -> None:
    found = shown(department)
    assert [line.territory.name for line in found.lines] == ["Doux", "Albe", "Épi", "Bray", "Cerf"]
    assert (
        found.finding
        == "Organisations de l’ESS pour 1 000 habitants : Doux en tête (15), Cerf au plus bas (0)"
    )
    assert found.lines[-1].look is Look.ZERO
    assert sum(step.count for step in found.steps) == len(found.lines)


def test_the_drawing_is_well_formed_and_says_what_the_table_says(
    client: Client, department: Territory
) -> None:
    answer = client.get("/essai/observatoire/carte/", {"niveau": "commune", "territoire": "departement:D1"})
    page = answer.content.decode()
    drawn = re.search(r'<svg[^>]*class="map-drawing".*?</svg>', page, re.DOTALL)
    assert drawn
    tree = ElementTree.fromstring(drawn[0])
    titles = sorted(title.text or "" for link in tree.iter(f"{SVG}a") for title in link.iter(f"{SVG}title"))
    assert titles == sorted(f"{line.territory.name} : {line.said}" for line in shown(department).lines)
    rows = re.findall(
        r'<tr><th scope="row">.*?<a href="[^"]+">([^<]+)</a></th><td class="numeric">([^<]+)<', page
    )
    assert rows == [(line.territory.name, line.said.split("\xa0")[0]) for line in shown(department).lines]


def test_files_say_the_same_values(client: Client, department: Territory) -> None:
    query = {"niveau": "commune", "territoire": "departement:D1", "indicateur": "registre.etablissements"}
    answer = client.get("/observatoire/carte/carte.csv", query)
    body = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(body), delimiter=";"))
    assert [(row["nom"], row["valeur"]) for row in rows] == [
        ("Épi", "30"), ("Albe", "12"), ("Bray", "6"), ("Doux", "3"), ("Cerf", "0")
    ]  # fmt: skip
    picture = client.get("/observatoire/carte/carte.svg", query)
    tree = ElementTree.fromstring(picture.content)
    assert len([each for each in tree.iter(f"{SVG}circle") if each.get("class") == "map-circle"]) == 4
    assert tree.find(f"{SVG}style") is not None


def test_the_embedded_map_may_be_framed(client: Client, department: Territory) -> None:
    answer = client.get("/observatoire/carte/integree/", {"territoire": "departement:D1"})
    assert answer.status_code == 200
    assert "X-Frame-Options" not in answer.headers
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]


def test_as_many_queries_for_more_communes(client: Client, department: Territory) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/observatoire/carte/", {"niveau": "commune", "territoire": "departement:D1"})
        return len(queries)

    asked()
    few = asked()
    for rank in range(8):
        row = TerritoryFactory(
            name=f"Plus {rank}", code=f"D11{rank:02}", departement=department, lon=1.5, lat=43.7 + rank / 50
        )
        ObservationFactory(
            code="registre.densite", territory=row, numerator=Decimal(rank), denominator=Decimal(1000)
        )
    assert asked() == few <= 22


@pytest.mark.parametrize(
    ("query", "status"),
    [({"indicateur": "rien"}, 404), ({"territoire": "Nulle part\x00"}, 200), ({"niveau": "x", "periode": "y"}, 200),
     ({"forme": "<", "classes": "'", "vue": "points"}, 200), ({"territoire": "commune:D1000"}, 200)],
)  # fmt: skip
def test_strange_addresses(client: Client, department: Territory, query: dict[str, str], status: int) -> None:
    assert client.get("/essai/observatoire/carte/", query).status_code == status


def test_a_hidden_value_is_neither_drawn_nor_written(client: Client, department: Territory) -> None:
    row = IndicatorFactory(protected=True, label="Petits nombres")
    communes = list(Territory.objects.communes_of(department).order_by("code"))
    for place, (value, units) in zip(communes, ((40, 20), (31, 2), (52, 9), (20, 8), (77, 30)), strict=True):
        ObservationFactory(
            code=row.code, territory=place, numerator=Decimal(value), units=units, largest=Decimal("0.3")
        )
    found = shown(department, row.code)
    hidden = {line.territory.name for line in found.lines if line.look is Look.HIDDEN}
    assert "Bray" in hidden
    page = client.get(
        "/observatoire/carte/", {"indicateur": row.code, "territoire": "departement:D1", "niveau": "commune"}
    )
    assert "Bray : petit nombre, masqué" in page.content.decode()
    assert ">31<" not in page.content.decode()


def test_territories_without_position_are_in_the_table_and_said(department: Territory) -> None:
    TerritoryFactory(name="Perdue", code="D1009", departement=department)
    found = shown(department)
    assert found.undrawn == 1
    assert found.lines[-1].look is Look.NONE


def test_levels_and_schematic_groups(department: Territory) -> None:
    assert levels_of(department) == [Kind.COMMUNE, Kind.EPCI]
    drawn = level_map(department, Kind.EPCI)
    assert drawn is not None
    assert drawn.schematic
    assert {piece.name for piece in drawn.pieces} == {"CC Une", "CC Deux"}


def test_official_outlines_are_drawn_when_all_are_loaded(department: Territory) -> None:
    communes = list(Territory.objects.communes_of(department).order_by("code"))
    cells = schematic_cells(communes)
    for row in communes:
        shape = cells[row.pk]
        west, south, east, north = shape.bounds
        Outline.objects.create(
            territory=row,
            geometry=shape.wkb,
            west=west,
            south=south,
            east=east,
            north=north,
            source="IGN d’essai",
        )
    for level in (Kind.COMMUNE, Kind.EPCI):
        drawn = level_map(department, level)
        assert drawn is not None
        assert not drawn.schematic
        assert drawn.sources == ("IGN d’essai",)


def test_points_are_put_together_beyond_a_number() -> None:
    rng = np.random.default_rng(7)
    cloud = rng.uniform(0, 600, (5000, 2))
    alone, together = points.aggregated(cloud[:100]), points.aggregated(cloud)
    assert (len(alone.points), alone.together) == (100, False)
    assert together.together
    assert sum(point.count for point in together.points) == together.total == 5000
    assert len(together.points) < 4500
    assert points.aggregated(np.zeros((0, 2))).points == ()


def test_the_colours_of_files_are_those_of_the_page() -> None:
    text = (Path(observatory.__file__).parent / "static/observatory/map.css").read_text(encoding="utf-8")
    assert tuple(re.findall(r"--map-\d: light-dark\((#[0-9a-f]{6})", text)) == drawing.SCALE


def test_the_steps_only_grow_darker_so_that_they_hold_in_grey() -> None:
    def grey(colour: str) -> float:
        red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    greys = [grey(colour) for colour in drawing.SCALE]
    assert all(first - second > 25 for first, second in pairwise(greys))


def test_the_period_asked_is_shown(client: Client, department: Territory) -> None:
    place = Territory.objects.get(code="D1000")
    ObservationFactory(code="registre.etablissements", territory=place, numerator=Decimal(5), number=2019)
    query = {"indicateur": "registre.etablissements", "territoire": "departement:D1", "niveau": "commune"}
    answer = client.get("/observatoire/carte/", {**query, "periode": "2019-01-01"})
    assert answer.context["map"].span == year(2019)
    assert client.get("/observatoire/carte/", query).context["map"].span == year(2020)
