"""A table of supporters: read back from the export, in any encoding, faults told where they are."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.formats.problems import InputProblem, Rejection
from essor.kernel.cells import csv_lines
from essor.kit.enums_support import CHOICES, Axis
from essor.kit.supporter_import.entry import Entry
from essor.kit.supporter_import.table import COLUMNS, read_table, sample

HEAD = "Nom;Ce qu’il apporte;Ce qu’il fait;Moment du projet;Source"
ROW = "Club;Prête;Financer;Lancement;Son site"


def read(tmp_path: Path, content: str | bytes) -> tuple[list[Entry], list[Rejection]]:
    path = tmp_path / "acteurs.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    rejected: list[Rejection] = []
    return read_table(path, rejected.append), rejected


def test_the_sample_is_read(tmp_path: Path) -> None:
    head, rows = sample()
    entries, rejected = read(tmp_path, "".join(csv_lines(head, rows)))
    assert (len(entries), rejected) == (1, [])
    assert entries[0].marks[Axis.ROLE] == ("incubate", "advise")
    assert entries[0].marks[Axis.GOAL] == ("12",)
    assert (entries[0].values["documents"], entries[0].place) == ("Note de projet\nÉquipe", "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_encodings_and_separators(tmp_path: Path, encoding: str, separator: str) -> None:
    text = f"{HEAD}\n{ROW.replace('Club', 'Épargne d’ici')}\n".replace(";", separator)
    entries, rejected = read(tmp_path, text.encode(encoding))
    assert ([each.name for each in entries], rejected) == (["Épargne d’ici"], [])


def test_labels_that_hold_commas_are_read_as_the_export_writes_them(tmp_path: Path) -> None:
    labels = '"Culture, sport, jeunesse, Énergie"'
    entries, rejected = read(tmp_path, f"{HEAD};Thème\n{ROW};{labels}\n")
    assert (entries[0].marks[Axis.THEME], rejected) == (("culture", "energy"), [])


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (
            ";Prête;Financer;Lancement;X",
            "ligne 2, colonne « Nom », valeur «  » : cette case est vide. Remplissez-la",
        ),
        (
            "A;P;Chanter;Lancement;X",
            "ligne 2, colonne « Ce qu’il fait », valeur « Chanter » : ce choix n’est pas connu.",
        ),
        ("A;P;Financer;;X", "ligne 2, colonne « Moment du projet », valeur «  » : cette case est vide."),
        (f"{'A' * 201};P;Financer;Lancement;X", "ligne 2, colonne « Nom », valeur « AAAA"),
    ],
)
def test_faults_are_told_where_they_are(tmp_path: Path, row: str, told: str) -> None:
    entries, rejected = read(tmp_path, f"{HEAD}\n{row}\n{ROW}\n")
    assert [each.name for each in entries] == ["Club"]
    assert str(rejected[0].as_problem()).startswith(f"Fichier « acteurs.csv », {told}")


@pytest.mark.parametrize(
    ("column", "value"),
    [("Site", "javascript:alert(1)"), ("Adresse électronique", "x"), ("Date de la source", "31/02/2026")],
)
def test_addresses_and_days_are_checked(tmp_path: Path, column: str, value: str) -> None:
    entries, rejected = read(tmp_path, f"{HEAD};{column}\n{ROW};{value}\n")
    assert (entries, rejected[0].column, rejected[0].value) == ([], column, value)


def test_a_name_stands_once(tmp_path: Path) -> None:
    entries, rejected = read(tmp_path, f"{HEAD}\n{ROW}\n{ROW.replace('Club', 'CLUB')}\n")
    assert (len(entries), rejected[0].line, rejected[0].reason) == (1, 3, "ce nom est déjà à la ligne 2.")


@pytest.mark.parametrize(
    ("content", "told"), [("Nom;Prix\nA;2\n", "il manque la colonne"), (f"{HEAD}\n", "aucun acteur")]
)
def test_another_file_is_refused_whole(tmp_path: Path, content: str, told: str) -> None:
    with pytest.raises(InputProblem, match=told):
        read(tmp_path, content)


@given(rows=st.lists(st.lists(st.text(max_size=12), min_size=5, max_size=5), max_size=5))
def test_any_cells_are_read_or_told(tmp_path_factory: Any, rows: list[list[str]]) -> None:
    lines = csv_lines([str(COLUMNS[n].title) for n in ("name", "offer", "role", "stage", "source")], rows)
    try:
        entries, rejected = read(tmp_path_factory.mktemp("t"), "".join(lines))
    except InputProblem:
        return
    assert all(set(each.marks[axis]) <= set(CHOICES[axis].values) for each in entries for axis in CHOICES)
    assert all(each.line and each.column for each in rejected)
