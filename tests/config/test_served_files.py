"""Served files: what a page or a module asks for exists under the name it asks."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

IMPORT = re.compile(r"""(?:from|import)\s*\(?\s*["'](\.{1,2}/[^"']+)["']""")
FINGERPRINT = re.compile(r"\.[0-9a-f]{12}\.js$")
URL = re.compile(r"""url\(["']?([^"')#]+)""")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served")
    storages = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "essor.kernel.static_storage.StaticStorage"},
    }
    with override_settings(STATIC_ROOT=folder, STORAGES=storages):
        call_command("collectstatic", verbosity=0, interactive=False)
    return folder


def test_modules_ask_for_modules_that_are_served_under_the_name_of_this_version(served: Path) -> None:
    """The storage rewrites imports: an old copy of a module, kept by a browser, is never mixed with new ones."""
    asked = [
        (module.parent / name).resolve()
        for module in served.rglob("*.js")
        if FINGERPRINT.search(module.name)
        for name in IMPORT.findall(module.read_text(encoding="utf-8"))
    ]
    assert {path.name.partition(".")[0] for path in asked} >= {"colours", "marks", "style"}
    assert [path for path in asked if not path.is_file() or not FINGERPRINT.search(path.name)] == []


def test_style_sheets_ask_for_files_that_are_served_and_nothing_else(served: Path) -> None:
    asked = [
        (sheet.parent / name).resolve()
        for sheet in served.rglob("*.css")
        for name in URL.findall(sheet.read_text(encoding="utf-8"))
        if not name.startswith("data:")
    ]
    assert [path for path in asked if not path.is_file()] == []
