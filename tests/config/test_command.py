"""The `essor` command: what it offers, its exit codes, JSON on stdout and messages on stderr."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent.parent


def essor(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "essor.config", *arguments],
        capture_output=True,
        text=True,
        cwd=PROJECT,
        check=False,
    )


def test_help_lists_the_contract() -> None:
    shown = essor("--help").stdout
    for name in (
        "registry",
        "territories",
        "demo",
        "serve",
        "tick",
        "upgrade",
        "doctor",
        "backup",
        "restore",
    ):
        assert f" {name} " in shown


def test_one_case_as_json() -> None:
    result = essor("registry", "qualify", "--legal-category", "5710", "--ess-flag", "O", "--json")
    found = json.loads(result.stdout)
    assert (result.returncode, found["verdict"], found["family"]) == (0, "ess_declared", "ess_company")
    assert all(condition["reference"] and condition["explanation"] for condition in found["conditions"])


def test_a_wrong_call_exits_2_and_a_problem_exits_1(tmp_path: Path) -> None:
    assert essor("registry", "qualify").returncode == 2
    assert essor("registry", "qualify", "--legal-category", "9220", "--on", "hier").returncode == 2
    bad = essor("registry", "qualify", "--legal-category", "9220", "--siren", "123456789")
    assert (bad.returncode, bad.stdout) == (1, "")
    assert "SIREN « 123456789 »" in bad.stderr
    empty = tmp_path / "vide.csv"
    empty.touch()
    missing = essor("registry", "qualify", "--csv", str(empty), "--json")
    assert (missing.returncode, missing.stdout) == (1, "")
    assert "vide.csv" in missing.stderr


@pytest.mark.realdata
def test_the_real_flagged_units(real_data: Path) -> None:
    file = real_data / "registry" / "04_ess_flag_insee.csv"
    found = json.loads(essor("registry", "qualify", "--csv", str(file), "--json").stdout)
    assert found["counts"]["verdicts"] == {
        "ess_by_status": 2579,
        "ess_declared": 792,
        "to_check": 4,
        "outside": 0,
    }
    assert found["counts"]["families"] == {
        "association": 2365,
        "cooperative": 210,
        "mutual": 0,
        "foundation": 4,
        "ess_company": 792,
    }
    assert len(found["units"]) == 3375
