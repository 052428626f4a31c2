"""`audit`: faults make the check fail, remarks do not."""

from datetime import date
from pathlib import Path

import pytest

from essor.law.audit import audit
from essor.law.parameters import LegalParameterError
from essor.law.parameters.loader import load_tree

TODAY = date(2026, 11, 22)


def entry(day: str, value: str, certainty: str = "seen", note: str = "") -> str:
    lines = (
        f"  {day}:\n    value: {value}\n    metadata:\n      certainty: {certainty}\n      reference: Texte\n"
    )
    return lines + (f"      note: {note}\n" if note else "")


def check(tmp_path: Path, *entries: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    text = "description: Seuil\nmetadata:\n  unit: year\nvalues:\n" + "".join(entries)
    (tmp_path / "seuil.yaml").write_text(text, encoding="utf-8")
    report = audit(TODAY, load_tree(tmp_path))
    assert report.to_dict()["ok"] is (not report.faults)
    return report.faults, report.warnings


def test_nothing_to_say(tmp_path: Path) -> None:
    assert check(tmp_path, entry("2020-01-01", "3"), entry("2030-01-01", "null")) == ((), ())


def test_an_uncertain_value_must_say_what_to_verify(tmp_path: Path) -> None:
    remark = "seuil : la valeur du 1er janvier 2020 est à vérifier, mais aucune note ne dit quoi"
    assert check(tmp_path, entry("2020-01-01", "3", "memory")) == ((), (remark,))
    assert check(tmp_path, entry("2020-01-01", "3", "memory", "La date.")) == ((), ())


def test_an_end_without_successor_must_say_why(tmp_path: Path) -> None:
    remark = "seuil : terminée le 1er janvier 2025, sans suite ni note qui dise pourquoi"
    assert check(tmp_path, entry("2020-01-01", "3"), entry("2025-01-01", "null")) == ((), (remark,))


def test_a_gap_is_a_fault(tmp_path: Path) -> None:
    faults, _ = check(
        tmp_path, entry("2020-01-01", "3"), entry("2021-01-01", "null"), entry("2022-01-01", "4")
    )
    assert [fault.split(" ; ")[0] for fault in faults] == [
        "seuil : rien n’est dit entre le 2021-01-01 et le 2022-01-01"
    ]


def test_two_values_on_one_day_cannot_be_loaded(tmp_path: Path) -> None:
    with pytest.raises(LegalParameterError, match="écrite deux fois"):
        check(tmp_path, entry("2020-01-01", "3"), entry("2020-01-01", "4"))
