"""`essor territories`: exit codes, JSON on stdout, messages on stderr."""

import json

import pytest
from typer.testing import CliRunner

from essor.territories.cli import app
from tests.plugins.geojson import feature, square, write_geojson

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("module_territories")]


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_locate_answers_in_json():
    done = run("locate", "--lon", "1.4442", "--lat", "43.6045", "--json")
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert found["commune"] == {"ref": "commune:31555", "code": "31555", "name": "Toulouse"}
    assert found["epci"]["ref"] == "epci:243100518"
    assert found["departement"]["ref"] == "departement:31"
    assert found["region"]["ref"] == "region:76"
    assert found["certainty"] == "approximate"
    assert {relation["relation"] for relation in found["qpv"]} == {"unknown"}
    assert set(found) == {
        "lon", "lat", "commune", "epci", "ept", "departement", "collectivite", "region", "qpv", "certainty",
        "explanation",
    }  # fmt: skip


def test_locate_answers_in_words():
    done = run("locate", "--lon", "-21.5", "--lat", "43.6")
    assert done.exit_code == 1
    done = run("locate", "--lon", "1.4442", "--lat", "43.6045")
    assert done.stdout.startswith("Commune : Toulouse (commune:31555)\nIntercommunalité : Toulouse Métropole")


def test_a_wrong_position_fails_with_a_message():
    done = run("locate", "--lon", "43.6045", "--lat", "1.4442", "--json")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "longitude et latitude semblent inversées" in done.stderr


def test_a_wrong_call_is_exit_code_2():
    assert run("locate", "--lon", "est").exit_code == 2
    assert run("locate").exit_code == 2


def test_load_reports_in_json_and_says_when_nothing_changed(tmp_path):
    path = write_geojson(
        tmp_path / "a.geojson", feature(square(1.4, 43.6), code="31555"), feature(square(1.5, 43.6), code="x")
    )
    done = run("load", path, "--source", "IGN", "--date", "2026-01-01", "--json")
    assert done.exit_code == 0
    report = json.loads(done.stdout)
    assert (report["kind"], report["source"], report["changed"]) == ("contours", "IGN", True)
    assert len(report["rejected"]) == report["counts"]["rejected"] == 1
    assert "entité n° 2" in done.stderr
    again = run("load", path, "--source", "IGN", "--date", "2026-01-01")
    assert again.exit_code == 0
    assert "Rien à changer" in again.stderr


def test_a_bad_file_fails_with_a_message(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text("{", encoding="utf-8")
    done = run("load", path)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "« features » manque" in done.stderr
    assert run("load", tmp_path / "absent.geojson").exit_code == 1
