"""ESS list, insertion structures, Esus, own list, QPV, geolocation, RNA: rows read, rows refused."""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from essor.formats.ess_france import ess_list_sql, open_ess_list
from essor.formats.esus import EsusRow, read_day, read_esus
from essor.formats.insertion import KINDS, InsertionStructure, read_insertion
from essor.formats.own_list import OwnRow, read_own_list
from essor.formats.problems import InputProblem, Rejection
from essor.formats.rna import open_rna, rna_sql
from essor.registry.enums import Tag
from tests.formats.stocks import siren, siret, write_csv

FIRST, SECOND = siret(siren(1)), siret(siren(2))


class Refused(list[Rejection]):
    """Rows set aside, as (line, column, value, reason)."""

    def __call__(self, rejection: Rejection) -> None:
        self.append(rejection)

    def told(self) -> list[tuple[int | None, str | None, str | None, str]]:
        return [(each.line, each.column, each.value, each.reason) for each in self]


def workbook(path: Path, rows: Iterable[Iterable[Any]], *, before: str = "") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    if before:
        sheet.title = before
        sheet.append(["Lisez-moi"])
        sheet = book.create_sheet("Liste")
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


def test_the_kinds_of_the_directories_are_tags_of_the_register() -> None:
    assert set(KINDS.values()) <= {tag.value for tag in Tag}


def test_the_insertion_directory_in_csv(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "siae.csv",
        ["siret", "naf", "kind", "name"],
        [
            {"siret": FIRST, "naf": "8899B", "kind": "ACI", "name": "a"},
            {"siret": FIRST, "naf": "8899B", "kind": "ACI", "name": "b"},
            {"siret": FIRST, "naf": "8899B", "kind": "EI", "name": "c"},
            {"siret": SECOND, "naf": "", "kind": "PIZZA", "name": "d"},
            {"siret": "12345678912345", "naf": "", "kind": "EI", "name": "e"},
        ],
    )
    refused = Refused()
    assert read_insertion(path, refused) == [
        InsertionStructure(FIRST, "aci"),
        InsertionStructure(FIRST, "ei"),
    ]
    assert refused.told() == [
        (5, "kind", "PIZZA", "ce type de structure n’est pas connu."),
        (6, "siret", "12345678912345", "la clé du SIRET est fausse : un chiffre a été mal recopié."),
    ]


def test_the_conventions_in_json_active_ones_only(tmp_path: Path) -> None:
    path = tmp_path / "conventions.json"
    conventions = [
        {
            "fields": {
                "siret_signature": FIRST,
                "kind": "EI",
                "is_active": True,
                "created_at": "2020-12-18T10:37:56Z",
            }
        },
        {"fields": {"siret_signature": SECOND, "kind": "AI", "is_active": False}},
    ]
    path.write_text(json.dumps(conventions), encoding="utf-8")
    assert read_insertion(path, Refused()) == [InsertionStructure(FIRST, "ei", date(2020, 12, 18))]
    path.write_text(json.dumps({"results": [{"siret": SECOND, "kind": "ESAT"}]}), encoding="utf-8")
    assert read_insertion(path, Refused()) == [InsertionStructure(SECOND, "esat")]


def test_an_esus_list_with_a_title_above_its_header(tmp_path: Path) -> None:
    rows = [
        ["Entreprises agréées ESUS", None, None, None],
        [],
        ["Dénomination", "N° SIREN", "Date de la décision d’agrément", "Date de fin de validité"],
        ["Un", int(siren(1)), date(2024, 1, 2), date(2029, 1, 1)],
        ["Deux", siren(2), "02/01/2024", "jamais"],
        ["Un encore", siren(1), "2020-01-01", "2022-01-01"],
        ["Faux", "123456789", "", ""],
        ["", None, None, None],
    ]
    refused = Refused()
    found = read_esus(workbook(tmp_path / "esus.xlsx", rows, before="Notice"), refused)
    assert found == [
        EsusRow(siren(1), None, date(2024, 1, 2), date(2029, 1, 2)),
        EsusRow(siren(2), None, date(2024, 1, 2), None),
    ]
    assert refused.told() == [
        (
            5,
            "date de fin de validité",
            "jamais",
            "cette date n’est pas comprise : l’agrément est gardé sans elle.",
        ),
        (7, "n° siren", "123456789", "la clé du SIREN est fausse : un chiffre a été mal recopié."),
    ]


def test_days_as_people_write_them() -> None:
    assert [
        read_day(cell) for cell in ("2024-02-29", "29/02/2024", "1.3.2024", "31/02/2024", "hier", "")
    ] == [
        date(2024, 2, 29),
        date(2024, 2, 29),
        date(2024, 3, 1),
        None,
        None,
        None,
    ]
    assert read_day("2024-02-29 00:00:00") == date(2024, 2, 29)


def test_a_list_without_the_right_column_is_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", [["nom", "ville"], ["a", "b"]])
    with pytest.raises(InputProblem, match="aucune colonne SIREN ou SIRET"):
        read_esus(path, Refused())


def test_a_far_away_cell_does_not_reserve_gigabytes(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "SIRET"
    sheet["XFD1048576"] = "x"
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(InputProblem, match="feuille du classeur est démesurée"):
        read_own_list(tmp_path / "x.xlsx", Refused())


def test_an_own_list_keeps_each_siret_once_and_refuses_destroyed_ones(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "suivies.csv",
        ["Nom", "SIRET"],
        [
            {"Nom": "a", "SIRET": f"{FIRST[:3]} {FIRST[3:6]} {FIRST[6:9]} {FIRST[9:]}"},
            {"Nom": "b", "SIRET": FIRST},
            {"Nom": "c", "SIRET": "2,43E+13"},
        ],
        delimiter=";",
        encoding="cp1252",
    )
    refused = Refused()
    assert read_own_list(path, refused) == [OwnRow(2, FIRST)]
    assert refused.told() == [
        (
            4,
            "siret",
            "2,43E+13",
            "le SIRET a été détruit par un tableur (notation scientifique) : ses chiffres sont perdus.",
        )
    ]


def test_the_ess_list_gives_back_lost_zeros(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "ess.csv",
        ["SIREN", "x"],
        [{"SIREN": "5880034", "x": ""}, {"SIREN": " 732 829 320 ", "x": ""}],
    )
    with duckdb.connect() as connection:
        table = open_ess_list(connection, path, tmp_path, Refused())
        assert connection.execute(ess_list_sql(table)).fetchall() == [("005880034",), ("732829320",)]


def test_the_rna_keeps_what_describes_the_association(tmp_path: Path) -> None:
    columns = ["id", "siret", "date_disso", "objet", "siteweb", "position"]
    cells = [
        ("W1", "", "0001-01-01", " Objet ", "www.a.fr", "A"),
        ("W2", "", "2020-01-01", "", "https://b.fr/x", "A"),
        ("W3", "", "", "", "javascript:alert(1)", "S"),
        ("W4", "", "", "", "nom@exemple.fr", "A"),
    ]
    path = write_csv(tmp_path / "rna.csv", columns, [dict(zip(columns, row, strict=True)) for row in cells])
    with duckdb.connect() as connection:
        table = open_rna(connection, path, tmp_path, Refused())
        rows = connection.execute(
            f"SELECT rna, purpose, website, dissolved FROM ({rna_sql(table)})"
        ).fetchall()
    assert rows == [
        ("W1", "Objet", "https://www.a.fr", False),
        ("W2", None, "https://b.fr/x", True),
        ("W3", None, None, True),
        ("W4", None, None, False),
    ]


@pytest.mark.realdata
def test_the_real_lists_are_read(real_data: Path, tmp_path: Path) -> None:
    registry = real_data / "registry"
    refused = Refused()
    directory = read_insertion(registry / "siae_directory_2021.csv", refused)
    conventions = read_insertion(registry / "siae_conventions_asp_2020.json", refused)
    # 4 and 9 SIRET of these files have a wrong key; nothing else is refused.
    assert (len(directory), len(conventions)) == (1004 - 4, 3676 - 9)
    assert {(each.column, each.reason) for each in refused} == {
        ("siret", "la clé du SIRET est fausse : un chiffre a été mal recopié.")
    }
    assert len(refused) == 13
    destroyed = Refused()
    path = real_data / "scdl" / "toulouse_metropole_2022.csv"
    text = path.read_text(encoding="utf-8-sig")
    renamed = tmp_path / "toulouse.csv"
    renamed.write_text(text.replace("idBeneficiaire", "SIRET", 1), encoding="utf-8")
    assert read_own_list(renamed, destroyed) == []
    assert {each.reason for each in destroyed if each.value} == {
        "le SIRET a été détruit par un tableur (notation scientifique) : ses chiffres sont perdus."
    }
    assert {each.reason for each in destroyed if not each.value} == {"le SIRET est vide."}
    assert len(destroyed) == 396
    with duckdb.connect() as connection:
        table = open_ess_list(connection, registry / "01_ess_x_naf.csv", tmp_path, Refused())
        assert connection.execute(
            f"SELECT count(DISTINCT siren) FROM ({ess_list_sql(table)})"
        ).fetchone() == (2061,)
