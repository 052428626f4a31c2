"""`essor law show|check|rule`: answers on stdout as JSON, messages on stderr, exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from essor.config.cli import app
from essor.law.rules import RULES


def essor(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, ["law", *arguments], input=stdin)


def answer(*arguments: str, stdin: str | None = None) -> Any:
    result = essor(*arguments, "--json", stdin=stdin)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


THRESHOLD = "procurement.no_publicity.supplies_services"


@pytest.mark.parametrize(
    ("day", "value", "since", "last", "text"),
    [
        ("2026-05-01", 60000, "2026-04-01", None, "décret n° 2025-1386"),
        ("2026-03-31", 40000, "2020-01-01", "2026-03-31", "décret n° 2019-1344"),
    ],
)
def test_show_a_value_on_a_day(day: str, value: int, since: str, last: str | None, text: str) -> None:
    row = answer("show", THRESHOLD, "--on", day)
    assert (row["value"], row["from"], row["to"], row["certainty"]) == (value, since, last, "seen")
    assert text in row["reference"]


def test_show_a_branch_a_history_and_everything() -> None:
    assert [row["id"] for row in answer("show", "procurement.no_publicity", "--on", "2021-06-01")] == [
        THRESHOLD,
        "procurement.no_publicity.works",
    ]
    assert [row["value"] for row in answer("show", THRESHOLD, "--history")] == [15000, 25000, 40000, 60000]
    assert len(answer("show", "--on", "2026-05-01")) > 150


def test_show_in_words_goes_to_stderr() -> None:
    result = essor("show", "grants.convention_threshold", "--on", "2026-05-01")
    assert result.stdout == ""
    assert "23\u202f000\u00a0€" in result.stderr
    assert "à vérifier" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["show", "rien"], "Le paramètre légal « rien » n’existe pas"),
        (["show", THRESHOLD, "--on", "2001-01-01"], "n’a pas encore de valeur connue le 1er janvier 2001"),
        (["rule", "tva", "--input", "{}"], "La règle « tva » n’existe pas"),
        (["rule", "spaser", "--input", "{"], "n’est pas du JSON (ligne 1, colonne 2)"),
        (["rule", "spaser", "--input", '{"purchases": "x"}'], "purchases : un nombre est attendu"),
        (["rule", "spaser", "--input", "[]"], "un objet JSON est attendu"),
        (["rule", "spaser", "--input", '{"purchases": 1' + "0" * 5000 + "}"], "est hors de toute mesure"),
        (["rule", "spaser", "--input", "[" * 100_000], "imbriqué trop profondément"),
        (["rule", "spaser", "--input", "@/nulle/part.json"], "Le fichier ne se lit pas"),
    ],
)
def test_what_cannot_be_answered_fails_in_french(arguments: list[str], words: str) -> None:
    result = essor(*arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert words in result.stderr.replace("\n", " ")


def test_a_day_that_is_not_one_is_a_wrong_call() -> None:
    assert essor("show", THRESHOLD, "--on", "demain").exit_code == 2


def test_check() -> None:
    report = answer("check")
    assert (report["ok"], report["faults"], report["warnings"]) == (True, [], [])
    assert "à vérifier" in essor("check").stderr


def test_rule_from_the_line_a_file_and_stdin(tmp_path: Path) -> None:
    data = '{"surplus": 10000, "on": "2026-05-01"}'
    file = tmp_path / "entrée.json"
    file.write_text(data, encoding="utf-8")
    found = [
        answer("rule", "scic_reserves", "--input", text, stdin=data) for text in (data, f"@{file}", "@-")
    ]
    assert [row["minimum_impartible"] for row in found] == [5750, 5750, 5750]
    assert found[0] == found[1] == found[2]


def test_rule_of_today_when_no_day_is_given() -> None:
    assert answer("rule", "spaser", "--input", '{"purchases": 60000000}')["compulsory"] is True


def test_rule_in_words() -> None:
    result = essor("rule", "scic_reserves", "--input", '{"surplus": 10000, "on": "2026-05-01"}')
    assert (result.exit_code, result.stdout) == (0, "")
    assert "5\u202f750\u00a0€" in result.stderr


def test_list_of_rules_with_their_schemas() -> None:
    rows = answer("rule", "--list")
    assert [row["name"] for row in rows] == list(RULES)
    assert rows[0]["input"]["required"] == ["level", "domain", "support", "on"]
    assert "scic_reserves" in essor("rule", "--list").stderr


def test_changes() -> None:
    rows = answer("changes", "--since", "2026-04-01", "--until", "2026-04-01")
    assert [(row["id"], row["after"]["value"]) for row in rows][-1] == (THRESHOLD, 60000)
    assert "40\u202f000\u00a0€ → 60\u202f000\u00a0€" in essor("changes", "--since", "2026-04-01").stderr
