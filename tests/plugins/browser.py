"""One headless Chromium for the whole session: Playwright refuses to be started twice in a process."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

PROJECT = Path(__file__).resolve().parent.parent.parent
# The headless shell first: the whole browser also draws its own windows, for a quarter of the time of these tests.
_KNOWN = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
CHROMIUM = Path(
    os.environ.get("ESSOR_CHROMIUM") or next((path for path in _KNOWN if path.exists()), _KNOWN[-1])
)
AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--use-angle=swiftshader",  # maps are drawn by the processor
    "--enable-unsafe-swiftshader",
]

# Playwright drives Chromium from an event loop of this thread; Django would refuse its database calls there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser, started once."""
    from tests.conftest import missing

    if not CHROMIUM.exists():
        missing(f"Chromium n’est pas là ({CHROMIUM}) : « make system » l’installe")
    if not AXE.is_file():
        missing("axe-core n’est pas là : « npm ci --ignore-scripts » l’installe")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield started
        started.close()
