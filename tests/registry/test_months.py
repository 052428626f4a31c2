"""One edition a month from a folder of stocks: oldest first, resumed where it stopped, a bad month told."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from essor.kernel.models import AuditEntry
from essor.registry.cli import app
from essor.registry.models import Edition
from essor.registry.months import find_months
from tests.formats.stocks import establishment, unit, write_stocks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("module_territories")]


@pytest.fixture
def stocks(tmp_path: Path, settings) -> Path:
    """Two months of stocks, an unusable one, and what is not a month."""
    settings.DATA_DIR, settings.EDITIONS_DIR = tmp_path, tmp_path / "editions"
    folder = tmp_path / "stocks"
    write_stocks(folder / "2026-10", [unit(1)], [establishment(1)])
    write_stocks(folder / "2026-09-15", [unit(1), unit(2)], [establishment(1), establishment(2)])
    units, _places = write_stocks(folder / "2026-08", [unit(1)], [establishment(1)])
    units.unlink()
    (folder / "brouillon").mkdir()
    (folder / "2026-13").mkdir()
    return folder


def run(folder: Path, *options: str) -> tuple[int, list[dict[str, str]]]:
    result = CliRunner().invoke(
        app, ["build-months", str(folder), "--scope", "departement:31", "--json", *options]
    )
    return result.exit_code, json.loads(result.stdout) if result.stdout else []


def test_months_are_built_in_order_and_only_once(stocks: Path) -> None:
    code, told = run(stocks)
    assert code == 1
    assert [(each["month"], each["problem"]) for each in told] == [
        ("2026-08", "Il manque le fichier « Sirene, unités légales »."),
        ("2026-09-15", ""),
        ("2026-10", ""),
    ]
    built = {edition.code: edition for edition in Edition.objects.all()}
    assert [built[each["edition"]].day.isoformat() for each in told[1:]] == ["2026-09-15", "2026-10-01"]
    assert [built[each["edition"]].manifest["counts"]["organisations"] for each in told[1:]] == [2, 1]
    assert AuditEntry.objects.filter(code="registry.edition.built").count() == 2

    first = {code: edition.built_at for code, edition in built.items()}
    assert run(stocks) == (1, told)
    assert {edition.code: edition.built_at for edition in Edition.objects.all()} == first
    assert AuditEntry.objects.filter(code="registry.edition.built").count() == 2


def test_a_file_that_changed_is_built_again(stocks: Path) -> None:
    run(stocks)
    write_stocks(stocks / "2026-10", [unit(1), unit(3)], [establishment(1), establishment(3)])
    run(stocks)
    assert sorted(edition.day.isoformat() for edition in Edition.objects.all()) == [
        "2026-09-15",
        "2026-10-01",
        "2026-10-01",
    ]


def test_a_folder_without_months_is_told(tmp_path: Path) -> None:
    assert run(tmp_path) == (1, [])


def test_an_unknown_engine_is_told_before_anything_is_read(stocks: Path) -> None:
    code, told = run(stocks, "--engine", "pandas")
    assert (code, told) == (1, [])
    assert not Edition.objects.exists()


def test_the_name_of_a_folder_gives_the_day_of_the_rules(stocks: Path) -> None:
    assert [(month.folder.name, month.day.isoformat()) for month in find_months(stocks)] == [
        ("2026-08", "2026-08-01"),
        ("2026-09-15", "2026-09-15"),
        ("2026-10", "2026-10-01"),
    ]


def test_without_java_a_build_by_spark_says_what_to_install(
    stocks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told before anything is read, by « build » too."""
    monkeypatch.setenv("JAVA_HOME", str(stocks))
    files = {"--legal-units": "UniteLegale", "--establishments": "Etablissement"}
    options = [
        part
        for option, name in files.items()
        for part in (option, str(stocks / "2026-10" / f"Stock{name}_utf8.parquet"))
    ]
    command = ["build", "--scope", "departement:31", "--on", "2026-10-01", "--engine", "spark"]
    result = CliRunner().invoke(app, [*command, *options])
    assert result.exit_code == 1
    assert "Installez" in result.stderr
    assert not Edition.objects.exists()
