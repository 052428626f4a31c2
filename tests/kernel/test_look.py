"""The house in a real browser: accessibility, no overflow, no blocked resource, behaviour of the small scripts.

The pages are samples served by the browser's own interception: no server, no database, no network.
"""

import mimetypes
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

import essor.kernel
from tests.conftest import missing
from tests.kernel import look_samples

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

KERNEL = Path(essor.kernel.__file__).parent
SITE = "http://essor.test"
POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'"
WIDTHS = (1440, 1024, 390)
WIDE = {"width": 1440, "height": 900}


@pytest.fixture(scope="module")
def pages():
    if not (KERNEL / "static" / "vendor" / "icons.svg").exists():
        missing("les polices et les icônes ne sont pas faites : lancez « make assets »")
    return {name: look_samples.render(name) for name in look_samples.PAGES}


class Visit:
    """A browser window on the samples; it remembers what was asked and what went wrong."""

    def __init__(self, browser: Browser, pages: dict[str, str], **options: object) -> None:
        self.pages, self.asked, self.problems = pages, [], []
        self.context: BrowserContext = browser.new_context(locale="fr-FR", **options)
        self.context.route("**/*", self._serve)

    def _serve(self, route: Route) -> None:
        path = route.request.url.removeprefix(f"{SITE}/").split("?")[0]
        self.asked.append(route.request.url.removeprefix(SITE))
        file = KERNEL / path
        if path.startswith("static/") and file.is_file():
            kind = mimetypes.guess_type(file.name)[0] or "font/woff2"
            route.fulfill(body=file.read_bytes(), content_type=kind)
        elif path in self.pages:
            headers = {"Content-Security-Policy": POLICY}
            route.fulfill(body=self.pages[path], content_type="text/html; charset=utf-8", headers=headers)
        else:
            self.problems.append(f"404 {path}")
            route.fulfill(status=404, body="")

    def open(self, name: str) -> Page:
        """The sample, loaded with its fonts; whatever the console says is a problem."""
        page = self.context.new_page()
        page.on("console", lambda message: self.problems.append(message.text))
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.goto(f"{SITE}/{name}", wait_until="load")
        page.evaluate("document.fonts.ready")
        return page


@pytest.fixture
def visit(browser, pages):
    opened = []

    def start(**options: object) -> Visit:
        found = Visit(browser, pages, **{"viewport": WIDE, "reduced_motion": "reduce", **options})
        opened.append(found)
        return found

    yield start
    for found in opened:
        found.context.close()
        assert found.problems == []


def violations(page: Page, **options: object) -> list[str]:
    """What axe refuses, with the elements."""
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:160]} — {node['failureSummary'][:200]}"
        for rule in found
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("name", sorted(set(look_samples.PAGES) - {"public-list"}))
def test_a_page_has_no_accessibility_violation_and_fits_every_screen(visit, name):
    page = visit().open(name)
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, runOnly=["color-contrast"]) == []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert (width, page.evaluate("document.documentElement.scrollWidth")) <= (width, width)


@pytest.mark.parametrize("name", ["list", "thing", "home"])
def test_a_phone_with_its_menu_open_has_no_accessibility_violation(visit, name):
    page = visit(viewport={"width": 390, "height": 800}).open(name)
    page.locator(".menu summary").click()
    assert violations(page) == []


def test_the_fonts_are_ours(visit):
    page = visit().open("home")
    loaded = page.evaluate(
        "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family.replaceAll('\"', ''))"
    )
    assert set(loaded) == {"Atkinson Hyperlegible Next", "Bricolage Grotesque"}


def test_slash_goes_to_the_search_unless_one_writes(visit):
    page = visit().open("list")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "recherche"
    page.locator("#facet-q").focus()
    page.keyboard.press("/")
    assert page.locator("#facet-q").input_value() == "/"


def test_the_skip_link_comes_first_and_leads_to_the_content(visit):
    page = visit().open("list")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"


def test_dark_is_chosen_kept_in_a_cookie_and_told(visit):
    opened = visit(color_scheme="light")
    page = opened.open("home")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    button = page.locator("[data-theme-toggle]")
    assert button.get_attribute("aria-pressed") == "false"
    button.click()
    assert page.evaluate(paper) != light
    assert button.get_attribute("aria-pressed") == "true"
    assert [(c["name"], c["value"]) for c in opened.context.cookies()] == [("theme", "sombre")]


def test_the_first_error_takes_the_focus(visit):
    page = visit().open("form-errors")
    assert "error-summary" in page.evaluate("document.activeElement.className")
    page.get_by_role("link", name="Nom de l’organisation").click()
    assert page.evaluate("document.activeElement.id") == "id_name"


def test_a_filter_updates_the_list_keeps_the_focus_and_says_the_count(visit, pages):
    opened = visit()
    page = opened.open("list")
    answer = pages["list"].replace("17\u00a0412\u00a0organisations", "1\u00a0036\u00a0organisations")
    opened.pages = {**pages, "list": answer}
    page.get_by_label("Coopérative").check()
    expect(page.locator("#liste-compte")).to_contain_text("1\u00a0036 organisations")
    assert "/list?famille=association&famille=cooperative" in opened.asked
    assert page.url == f"{SITE}/list?famille=association&famille=cooperative"
    assert page.evaluate("document.activeElement.value") == "cooperative"
    expect(page.locator("#annonces")).to_contain_text("1\u00a0036 organisations")


def test_facets_fold_above_the_list_on_a_phone_and_stay_open_beside_it(visit, pages):
    phone = visit(viewport={"width": 390, "height": 800})
    page = phone.open("list")
    assert not page.locator("#facet-q").is_visible()
    page.get_by_text("Filtrer", exact=True).click()
    phone.pages = {
        **pages,
        "list": pages["list"].replace("17\u00a0412\u00a0organisations", "1\u00a0036\u00a0organisations"),
    }
    page.get_by_label("Coopérative").check()
    expect(page.locator("#liste-compte")).to_contain_text("1\u00a0036 organisations")
    assert page.locator("#facet-q").is_visible()
    assert visit().open("list").locator("#facet-q").is_visible()


def test_scripts_import_nothing():
    """The manifest storage does not rewrite imports: each script stands alone, under its hashed name."""
    scripts = {
        path.name: path.read_text(encoding="utf-8") for path in (KERNEL / "static/kernel/js").iterdir()
    }
    assert {
        name for name, text in scripts.items() if re.search(r"^\s*(import|export)\b", text, re.MULTILINE)
    } == set()
    base = (KERNEL / "templates/kernel/base.html").read_text(encoding="utf-8")
    assert set(re.findall(r"kernel/js/(\w+\.js)", base)) == set(scripts)


def test_everything_is_there_without_javascript(visit):
    page = visit(java_script_enabled=False, viewport={"width": 390, "height": 800}).open("list")
    assert page.locator("#facet-q").is_visible()
    assert page.get_by_role("button", name="Appliquer les filtres").is_visible()
    assert page.get_by_role("button", name="Trier").is_visible()
    assert not page.locator("[data-theme-toggle]").is_visible()
    page.locator(".menu summary").click()
    assert page.get_by_role("link", name="Territoires").is_visible()


def test_escape_closes_the_menu_and_gives_the_focus_back(visit):
    page = visit().open("list")
    page.locator(".account summary").click()
    assert page.locator(".account__panel").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(".account__panel").is_visible()


def test_paper_shows_the_conditions_and_hides_the_navigation(visit):
    page = visit().open("thing")
    page.emulate_media(media="print")
    assert not page.locator(".rail").is_visible()
    assert page.get_by_text("Le plus haut salaire ne dépasse pas").is_visible()
    page.locator(".verdict__why").evaluate("fold => fold.removeAttribute('open')")
    assert page.get_by_text("Le plus haut salaire ne dépasse pas").is_visible()


def test_stylesheets_stay_small_and_in_layers():
    for path in (KERNEL / "static" / "kernel").glob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 400
        assert re.search(r"@layer|@import", text), path
        assert "!important" not in text.replace("reduced-motion", "") or path.name == "base.css"
