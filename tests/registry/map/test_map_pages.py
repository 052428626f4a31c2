"""The map shows the set of the list: tiles, what stands at one place, the page, the page that others frame."""

import gzip
import re
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from essor.registry import changes
from essor.registry.map import index, tiles, version
from essor.registry.map.grid import BITS, to_grid
from essor.registry.models import Organisation
from tests.factories import AuthorityFactory, TerritoryFactory
from tests.formats.mvt_reader import decode
from tests.registry_factories import FactsFactory, PlaceFactory, edition_in_force

pytestmark = pytest.mark.django_db

TOULOUSE, MURET = (1.4442, 43.6047), (1.3263, 43.4605)


@pytest.fixture
def register() -> dict[str, Any]:
    """Three organisations in Toulouse (two at one address), one in Muret, one without position, two not shown."""
    edition_in_force()
    toulouse, muret = TerritoryFactory(code="31555"), TerritoryFactory(code="31395")
    made = {}
    for name, family, place, commune in (
        ("Ateliers", "cooperative", TOULOUSE, toulouse),
        ("Bains", "association", TOULOUSE, toulouse),
        ("Chorale", "association", (1.4450, 43.6100), toulouse),
        ("Demain", "mutual", MURET, muret),
        ("Errants", "association", (None, None), muret),
        ("Cachée", "association", TOULOUSE, toulouse),
        ("Douteuse", "association", TOULOUSE, toulouse),
    ):
        facts = FactsFactory(
            name=name,
            family=family,
            commune=commune,
            organisation__is_public=name != "Cachée",
            to_check=name == "Douteuse",
        )
        PlaceFactory(
            organisation=facts.organisation, longitude=place[0], latitude=place[1], commune=commune,
            position_quality="commune" if name == "Demain" else "number",
        )  # fmt: skip
        made[name] = facts
    return made


def tile_at(z: int, place: tuple[float, float], query: str = "", token: str = "") -> Any:
    x, y = (int(axis[0]) >> (BITS - z) for axis in to_grid(*(np.array([value]) for value in place)))
    token = token or version.current(timezone.localdate())
    return Client().get(reverse("registry:map-tile", args=[token, z, x, y]) + query)


def shown(response: Any) -> list[dict[str, Any]]:
    """Attributes of what a tile draws."""
    if response.status_code == 204:
        return []
    return [feature["attributes"] for feature in decode(response.content)[tiles.LAYER]]


def names(response: Any) -> list[str]:
    return sorted(each["nom"] for each in shown(response) if "nom" in each)


def test_far_away_one_group_says_how_many_and_of_which_families(register: dict[str, Any]) -> None:
    (group,) = shown(tile_at(4, TOULOUSE))
    assert group == {"nombre": 4, "court": "4", "parts": "422000"}


def test_near_each_organisation_is_itself_and_one_address_is_one_place(register: dict[str, Any]) -> None:
    found = shown(tile_at(14, (1.4450, 43.6100)))
    alone = [each for each in found if "nom" in each]
    assert [(each["id"], each["nom"], each["famille"], "approche" in each) for each in alone] == [
        (register["Chorale"].pk, "Chorale", "association", False)
    ]
    assert alone[0]["activite"]
    (place,) = [each for each in shown(tile_at(16, TOULOUSE)) if "nombre" in each]
    answer = Client().get(reverse("registry:map-place", args=[place["lieu"]]))
    listed = re.findall(r'href="([^"]+)">([^<]+)</a>', answer.content.decode())
    assert listed == [
        (reverse("registry:organisation", args=[register[name].pk]), name) for name in ("Ateliers", "Bains")
    ]


def test_an_approximate_position_is_said_to_be(register: dict[str, Any]) -> None:
    (one,) = shown(tile_at(14, MURET))
    assert (one["nom"], one["famille"], one["approche"]) == ("Demain", "mutual", True)


def test_filters_choose_what_tiles_draw(register: dict[str, Any]) -> None:
    assert names(tile_at(14, TOULOUSE, "?famille=cooperative")) == ["Ateliers"]
    assert names(tile_at(14, TOULOUSE, "?q=bains")) == ["Bains"]
    assert tile_at(14, MURET, "?famille=cooperative").status_code == 204
    assert names(tile_at(4, TOULOUSE, "?territoire=commune:31395")) == ["Demain"]
    assert names(tile_at(4, TOULOUSE, "?verdict=a-verifier")) == ["Douteuse"]


def test_what_is_hidden_leaves_the_map_at_once(register: dict[str, Any]) -> None:
    before = version.current(timezone.localdate())
    assert shown(tile_at(4, TOULOUSE))[0]["nombre"] == 4
    pk = register["Chorale"].pk
    Organisation.objects.filter(pk=pk).update(is_public=False)
    changes.tell([pk])
    assert version.current(timezone.localdate()) != before
    assert shown(tile_at(4, TOULOUSE))[0]["nombre"] == 3


def test_a_tile_is_kept_for_ever_under_its_version_and_not_under_another(register: dict[str, Any]) -> None:
    assert tile_at(14, TOULOUSE)["Cache-Control"] == "public, max-age=31536000, immutable"
    assert tile_at(14, TOULOUSE, token="ancienne")["Cache-Control"] == "no-cache"
    empty = tile_at(14, (7.0, 48.0))
    assert (empty.status_code, empty.content, empty["Cache-Control"]) == (
        204,
        b"",
        "public, max-age=31536000, immutable",
    )


def test_a_tile_remembered_asks_the_database_once(
    register: dict[str, Any], django_assert_num_queries: Any
) -> None:
    token = version.current(timezone.localdate())
    query = "?q=bains&territoire=commune:31555"
    tile_at(14, TOULOUSE, query, token)
    with django_assert_num_queries(1):
        client = Client()
        client.get(reverse("registry:map-tile", args=[token, 14, 8257, 5979]) + query)


@pytest.mark.parametrize("place", [(17, 0, 0), (3, 8, 0), (3, 0, 8)])
def test_there_is_no_tile_outside_the_map(register: dict[str, Any], place: tuple[int, int, int]) -> None:
    assert Client().get(reverse("registry:map-tile", args=["x", *place])).status_code == 404


@pytest.mark.parametrize("place", ["zz", "-1", "1" * 40])
def test_a_place_that_cannot_be_is_not_found(register: dict[str, Any], place: str) -> None:
    assert Client().get(f"/registre/carte/lieu/{place}/").status_code == 404


def test_without_an_edition_tiles_are_empty() -> None:
    assert Client().get(reverse("registry:map-tile", args=["x", 0, 0, 0])).status_code == 204


def test_a_crowded_place_stays_under_the_largest_size(monkeypatch: pytest.MonkeyPatch) -> None:
    edition_in_force()
    for number in range(60):
        facts = FactsFactory(name=f"{number} {'Très long nom ' * 9}")
        PlaceFactory(organisation=facts.organisation, longitude=1.44 + number / 1e5, latitude=43.60)
    whole = tile_at(14, (1.4402, 43.60))
    assert len(shown(whole)) == 60
    monkeypatch.setattr(tiles, "MAX_BYTES", 3000)
    capped = tile_at(14, (1.4402, 43.60))
    assert len(capped.content) <= 3000
    assert sum(each.get("nombre", 1) for each in shown(capped)) == 60
    monkeypatch.setattr(tiles, "MAX_BYTES", 100_000)
    monkeypatch.setattr(tiles, "MAX_FEATURES", 20)
    assert len(shown(tile_at(14, (1.4402, 43.60)))) < 20


def test_large_tiles_are_compressed(register: dict[str, Any]) -> None:
    for number in range(30):
        facts = FactsFactory(name=f"Amicale {number}")
        PlaceFactory(organisation=facts.organisation, longitude=1.44 + number / 1e5, latitude=43.60)
    changes.tell(None)
    plain = tile_at(14, (1.4402, 43.60))
    token = version.current(timezone.localdate())
    x, y = re.search(r"/14/(\d+)/(\d+)\.mvt", plain.wsgi_request.path).groups()  # type: ignore[union-attr]
    address = reverse("registry:map-tile", args=[token, 14, x, y])
    packed = Client(headers={"accept-encoding": "gzip, br"}).get(address)
    assert (packed["Content-Encoding"], gzip.decompress(packed.content)) == ("gzip", plain.content)
    assert "Accept-Encoding" in packed["Vary"]


def test_sets_asked_longest_ago_are_forgotten(
    register: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "MAX_SETS", 2)
    for query in ("?famille=mutual", "?q=bains", "?q=ateliers"):
        tile_at(4, TOULOUSE, query)
    assert list(index._memory._sets) == ["q=bains", "q=ateliers"]


def test_the_page_says_what_the_map_holds_and_lists_the_same_set(register: dict[str, Any]) -> None:
    html = Client().get(reverse("registry:map")).content.decode()
    assert "4 sur 5\xa0organisations placées sur la carte" in html
    listed = re.findall(r'map-list__row">\s*<a href="[^"]+">([^<]+)', html)
    assert listed == ["Ateliers", "Bains", "Chorale", "Demain", "Errants"]
    assert (
        f'"{version.current(timezone.localdate())}' not in html
    )  # the version stands in the address of tiles
    assert f"/registre/carte/{version.current(timezone.localdate())}/" in html


def test_list_and_map_lead_to_each_other_with_the_filters(register: dict[str, Any]) -> None:
    client = Client()
    on_list = client.get(reverse("registry:list") + "?famille=mutual&page=2").content.decode()
    on_map = client.get(reverse("registry:map") + "?famille=mutual").content.decode()
    assert 'href="/registre/carte/?famille=mutual"' in on_list
    assert 'href="/registre/?famille=mutual"' in on_map


def test_in_a_frame_the_tiles_are_those_of_its_territory(register: dict[str, Any]) -> None:
    departement = TerritoryFactory(departement_kind=True, code="31")
    AuthorityFactory(slug="haute-garonne", territory=departement)
    html = Client().get("/haute-garonne/registre/carte/").content.decode()
    assert re.search(r"/registre/carte/\w+/{z}/{x}/{y}\.mvt\?territoire=departement%3A31", html)


def test_only_the_embedded_page_may_be_framed(register: dict[str, Any]) -> None:
    client = Client()
    embedded = client.get(reverse("registry:map-embed") + "?famille=mutual")
    assert "frame-ancestors *;" in embedded["Content-Security-Policy"] + ";"
    assert "X-Frame-Options" not in embedded
    for name in ("map", "list", "map-embed-code"):
        other = client.get(reverse(f"registry:{name}"))
        assert "frame-ancestors 'none'" in other["Content-Security-Policy"]
        assert other["X-Frame-Options"] == "DENY"


def test_the_lines_to_copy_hold_the_filters_escaped(register: dict[str, Any]) -> None:
    address = reverse("registry:map-embed-code") + '?famille=mutual&q="><script>'
    html = Client().get(address).content.decode()
    assert "<script>" not in re.sub(r"<script [^>]*src=[^>]*>", "", html).replace("</script>", "")
    assert "/registre/carte/integrer/?famille=mutual&amp;amp;q=%22%3E%3Cscript%3E" in html


def test_a_zone_gives_one_set_to_the_list_the_map_and_the_exports(register: dict[str, Any]) -> None:
    PlaceFactory(organisation=register["Chorale"].organisation, longitude=MURET[0], latitude=MURET[1])
    query = "?zone=1.444,43.6,1.446,43.62"
    listed = Client().get(reverse("registry:list") + query).content.decode()
    exported = Client().get(reverse("registry:export", args=["csv"]) + query)
    rows = b"".join(exported.streaming_content).decode("utf-8-sig").splitlines()[1:]
    expected = ["Ateliers", "Bains", "Chorale"]
    assert re.findall(r'class="main-cell">\s*<a href="[^"]+">([^<]+)', listed) == expected
    assert [name for row in rows for name in expected if name in row] == expected
    assert len(rows) == 3
    assert shown(tile_at(4, TOULOUSE, query))[0]["nombre"] == 3  # not Chorale's other establishment
    on_map = Client().get(reverse("registry:map") + query).content.decode()
    assert "3\xa0organisations, toutes placées sur la carte" in on_map
    assert '"box": [1.444, 43.6, 1.446, 43.62]' in on_map
    assert '<input type="hidden" name="zone" value="1.444,43.6,1.446,43.62">' in on_map


def test_the_map_in_another_site_keeps_its_zone_and_leads_back_to_the_whole(register: dict[str, Any]) -> None:
    html = Client().get(reverse("registry:map-embed") + "?famille=mutual&zone=1,43,2,44").content.decode()
    assert 'href="/registre/carte/integrer/?famille=mutual"' in html
    assert "zone=1%2C43%2C2%2C44" in html
