"""What `make assets` makes: every icon listed, fonts for the screen and for documents."""

import importlib.util
import re
from pathlib import Path

import pytest

import essor.kernel
from tests.conftest import PROJECT, missing

KERNEL = Path(essor.kernel.__file__).parent


def load():
    spec = importlib.util.spec_from_file_location("assets_script", PROJECT / "scripts" / "assets.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


@pytest.fixture(scope="module")
def assets():
    script = load()
    if not script.STAMP.exists():
        missing("les fichiers servis ne sont pas faits : lancez « make assets »")
    return script


def test_everything_expected_is_there(assets):
    assert [path for path in assets.expected() if not path.is_file()] == []


def test_the_sprite_holds_exactly_the_icons_of_the_list(assets):
    sprite = (assets.VENDOR / "icons.svg").read_text(encoding="utf-8")
    assert re.findall(r'<symbol id="([^"]+)"', sprite) == assets.icon_names()


def test_stylesheets_name_only_files_that_are_served(assets):
    for sheet in (KERNEL / "static" / "kernel").glob("*.css"):
        for address in re.findall(r'url\("([^"]+)"\)', sheet.read_text(encoding="utf-8")):
            assert (sheet.parent / address).resolve().is_file(), (sheet.name, address)


def test_nothing_served_comes_from_elsewhere():
    for path in (*(KERNEL / "static" / "kernel").rglob("*.*"), *(KERNEL / "templates").rglob("*.html")):
        if path.suffix in {".css", ".js", ".html"}:
            text = path.read_text(encoding="utf-8")
            assert not re.search(r'(?:src|href|url\()\s*=?\s*["\(]?["\']?https?://', text), path


def test_the_list_of_icons_is_sorted_and_without_repetition():
    names = [
        line
        for line in (KERNEL / "icons.txt").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    assert names == sorted(set(names))


def test_a_missing_package_says_what_to_run(tmp_path, monkeypatch, capsys):
    script = load()
    monkeypatch.setattr(script, "PROJECT", tmp_path)
    monkeypatch.setattr(script, "MODULES", tmp_path / "node_modules")
    monkeypatch.setattr(script, "VENDOR", tmp_path / "vendor")
    monkeypatch.setattr(script, "STAMP", tmp_path / "vendor" / ".stamp")
    monkeypatch.setattr(script, "fingerprint", lambda: "x")
    monkeypatch.setattr("sys.argv", ["assets.py"])
    assert script.main() == 1
    assert "npm ci --ignore-scripts" in capsys.readouterr().err
