"""The map of the register in a real browser: it loads, follows the filters, is embedded, says when it cannot."""

import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, expect

from tests.factories import AuthorityFactory, TerritoryFactory
from tests.registry_factories import FactsFactory, PlaceFactory, edition_in_force

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

READY = "[data-map-ready]"
DRAWN = 20_000  # milliseconds: the processor draws


@pytest.fixture
def register(transactional_db: None) -> None:
    """Nine organisations in two communes of a département with schematic outlines."""
    edition_in_force(scope="departement:31")
    departement = TerritoryFactory(departement_kind=True, code="31", name="Haute-Garonne")
    AuthorityFactory(slug="haute-garonne", name="Conseil départemental", territory=departement)
    communes = [
        TerritoryFactory(code=code, name=name, departement=departement, lon=lon, lat=lat, population=9000)
        for code, name, lon, lat in (
            ("31555", "Toulouse", 1.44, 43.60),
            ("31395", "Muret", 1.32, 43.46),
            ("31033", "Auterive", 1.47, 43.35),
        )
    ]
    for number in range(8):
        facts = FactsFactory(name=f"Amicale {number}", commune=communes[0])
        PlaceFactory(
            organisation=facts.organisation,
            commune=communes[0],
            longitude=1.44 + number % 4 / 200,
            latitude=43.60,
        )
    scop = FactsFactory(name="Scop du Lac", family="cooperative", commune=communes[1], naf="43.32A")
    PlaceFactory(organisation=scop.organisation, commune=communes[1], longitude=1.3263, latitude=43.4605)


@pytest.fixture
def heard(page: Page) -> Iterator[list[str]]:
    """What the console says wrong: nothing."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield said
    assert said == []


@pytest.fixture
def asked(page: Page) -> list[str]:
    """Addresses asked by the page."""
    found: list[str] = []
    page.on("request", lambda request: found.append(request.url))
    return found


@pytest.mark.smoke
def test_the_map_and_its_list_follow_the_filters(
    page: Page, register: None, heard: list[str], asked: list[str], live_server
) -> None:
    page.goto("/registre/")
    page.get_by_role("navigation", name="Présentation").get_by_role("link", name="Carte").click()
    expect(page.locator(READY)).to_be_attached(timeout=DRAWN)
    expect(page.locator(".map-legend__told")).to_have_text(re.compile("9.organisations, toutes placées"))
    expect(page.locator(".map-list__row")).to_have_count(9)

    with page.expect_request(lambda request: ".mvt?famille=cooperative" in request.url, timeout=DRAWN):
        page.get_by_role("checkbox", name=re.compile("^Coopérative")).check()
    expect(page.locator("#liste-compte")).to_have_text(re.compile("1.organisation$"))
    expect(page.locator(".map-list__row")).to_have_text(re.compile("Scop du Lac"))
    expect(page.locator(READY)).to_have_count(1)
    assert "famille=cooperative" in page.url
    assert [address for address in asked if not address.startswith((live_server.url, "data:", "blob:"))] == []


def test_the_keyboard_reaches_what_the_map_shows(page: Page, register: None, heard: list[str]) -> None:
    page.goto("/registre/carte/?famille=cooperative")
    expect(page.locator(READY)).to_be_attached(timeout=DRAWN)
    page.get_by_text("Ce que montre la carte, en texte").click()
    button = page.locator("[data-map-seen] button")
    expect(button).to_have_text("Scop du Lac", timeout=DRAWN)
    button.press("Enter")
    popup = page.locator(".maplibregl-popup")
    expect(popup).to_contain_text("Coopérative")
    expect(popup).to_contain_text("Travaux de menuiserie bois et PVC")
    popup.get_by_role("link", name="Scop du Lac").click()
    expect(page.get_by_role("heading", name="Scop du Lac", level=1)).to_be_visible()


def test_a_group_opens_to_the_organisations_of_one_place(
    page: Page, register: None, heard: list[str]
) -> None:
    page.goto("/haute-garonne/registre/carte/?famille=association")
    expect(page.locator(READY)).to_be_attached(timeout=DRAWN)
    page.get_by_text("Ce que montre la carte, en texte").click()
    first = page.locator("[data-map-seen] button").first
    expect(first).to_be_visible(timeout=DRAWN)
    for _closer in range(8):
        first.click()
        page.wait_for_timeout(900)
        if page.locator(".maplibregl-popup").count():
            break
    links = page.locator(".map-popup__rows a")
    expect(links).to_have_count(2)
    assert re.search(r"/haute-garonne/registre/\d+/$", links.first.get_attribute("href") or "")


@pytest.mark.parametrize("width", [1280, 768, 360])
def test_the_map_page_is_accessible(
    width: int, register: None, new_page: Callable[..., Page], check: Callable[[Page, str], None]
) -> None:
    page = new_page(width=width)
    page.goto("/registre/carte/")
    expect(page.locator(READY)).to_be_attached(timeout=DRAWN)
    check(page, f"carte-{width}")


def test_without_javascript_the_list_says_the_same(register: None, new_page: Callable[..., Page]) -> None:
    page = new_page(javascript=False)
    page.goto("/registre/carte/")
    expect(page.get_by_text("La carte demande JavaScript")).to_be_visible()
    expect(page.locator(".map-list__row")).to_have_count(9)
    page.get_by_role("link", name="Liste", exact=True).click()
    expect(page.locator(".register-table tbody tr")).to_have_count(9)


def test_without_webgl_the_map_says_so(page: Page, register: None) -> None:
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto("/registre/carte/")
    expect(page.get_by_text(re.compile("n’a pas WebGL"))).to_be_visible(timeout=DRAWN)


@pytest.fixture
def other_site(live_server) -> Iterator[str]:
    """Address of another site whose page frames the map to embed, then the list."""
    filtered = f"{live_server.url}/registre/carte/integrer/?famille=cooperative"
    body = f'<iframe id="a" width="700" height="500" src="{filtered}"></iframe>'
    body += f'<iframe id="b" src="{live_server.url}/registre/"></iframe>'

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_another_site_frames_the_map_and_nothing_else(page: Page, register: None, other_site: str) -> None:
    page.goto(other_site)
    framed = page.frame_locator("#a")
    expect(framed.locator(READY)).to_be_attached(timeout=DRAWN)
    expect(framed.get_by_role("link", name="Voir la liste de ces organisations")).to_be_visible()
    assert [frame.url for frame in page.frames if frame.url.endswith("/registre/")] == []
