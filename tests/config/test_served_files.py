"""Served files: what a page or a module asks for exists under the name it asks."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

IMPORT = re.compile(r"""(?:from|import)\s*\(?\s*["'](\.{1,2}/[^"']+)["']""")
URL = re.compile(r"""url\(["']?([^"')#]+)""")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served")
    storages = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    with override_settings(STATIC_ROOT=folder, STORAGES=storages):
        call_command("collectstatic", verbosity=0, interactive=False)
    return folder


def test_modules_import_nothing(served: Path) -> None:
    """The storage does not rewrite imports, and unhashed names are not served: a module stands alone."""
    modules = [*served.glob("*/js/*.js"), *served.glob("*/*.js")]
    assert modules
    assert [path.name for path in modules if IMPORT.search(path.read_text(encoding="utf-8"))] == []


def test_style_sheets_ask_for_files_that_are_served_and_nothing_else(served: Path) -> None:
    asked = [
        (sheet.parent / name).resolve()
        for sheet in served.rglob("*.css")
        for name in URL.findall(sheet.read_text(encoding="utf-8"))
        if not name.startswith("data:")
    ]
    assert [path for path in asked if not path.is_file()] == []
