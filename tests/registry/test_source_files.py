"""Files dropped in the sources folder are told apart by their content, whatever their name."""

import json
import zipfile
from pathlib import Path

import duckdb
import openpyxl

from essor.registry.sources import find_sources, kinds


def _csv(path: Path, header: str) -> None:
    path.write_text(header + "\n", encoding="utf-8")


def test_each_kind_is_known_by_its_columns(tmp_path: Path) -> None:
    _csv(tmp_path / "a.csv", "siren,statutDiffusionUniteLegale,categorieJuridiqueUniteLegale")
    _csv(tmp_path / "b.txt", "siren,nic,siret,codeCommuneEtablissement")
    _csv(tmp_path / "c.csv", "siret;x;y;qualite_xy;epsg")
    _csv(tmp_path / "d.csv", '"id";"id_ex";"siret";"objet";"titre"')
    _csv(tmp_path / "e.csv", "siret,naf,kind,legal_form,name")
    (tmp_path / "f.json").write_text(
        json.dumps([{"fields": {"kind": "EI", "siret_signature": "0"}}]), encoding="utf-8"
    )
    (tmp_path / "g.json").write_text(
        json.dumps({"type": "FeatureCollection", "features": [{"properties": {"code_qp": "QN03101M"}}]}),
        encoding="utf-8",
    )
    book = openpyxl.Workbook()
    book.active.append(["Liste des entreprises agréées ESUS"])
    book.active.append(["Dénomination", "SIREN"])
    book.save(tmp_path / "h.xlsx")
    _csv(tmp_path / "i.csv", "SIREN,nom")
    _csv(tmp_path / "j.csv", "Nom;SIRET")
    found = {file.name: file.kind for file in find_sources(tmp_path)}
    assert found == {
        "a.csv": "legal_units",
        "b.txt": "establishments",
        "c.csv": "geolocation",
        "d.csv": "rna",
        "e.csv": "siae",
        "f.json": "siae",
        "g.json": "qpv",
        "h.xlsx": "esus",
        "i.csv": "ess_list",
        "j.csv": "own_list",
    }


def test_parquet_and_zip_are_opened(tmp_path: Path) -> None:
    duckdb.sql("SELECT 1 AS siren, 2 AS categorieJuridiqueUniteLegale").write_parquet(str(tmp_path / "x"))
    with zipfile.ZipFile(tmp_path / "y.zip", "w") as archive:
        archive.writestr("StockEtablissement_utf8.csv", "siren,siret,codeCommuneEtablissement\n")
    assert [file.kind for file in find_sources(tmp_path)] == ["legal_units", "establishments"]


def test_a_file_that_cannot_be_used_is_given_with_its_problem(tmp_path: Path) -> None:
    (tmp_path / "coupe.parquet").write_bytes(b"PAR1" + b"\0" * 40)
    (tmp_path / "page.csv").write_text("<!doctype html><p>Erreur 404", encoding="utf-8")
    _csv(tmp_path / "rien.csv", "couleur,taille")
    (tmp_path / ".cache").write_text("x", encoding="utf-8")
    found = find_sources(tmp_path)
    assert [(file.name, file.kind) for file in found] == [
        ("coupe.parquet", ""),
        ("page.csv", ""),
        ("rien.csv", ""),
    ]
    assert "tronqué" in found[0].problem
    assert "page web" in found[1].problem
    assert found[2].problem == "Aucune colonne d’un fichier connu."


def test_an_absent_folder_holds_nothing(tmp_path: Path) -> None:
    assert find_sources(tmp_path / "absent") == []


def test_the_two_stocks_are_asked_first_and_required() -> None:
    assert [code for code, kind in kinds().items() if kind.required] == ["legal_units", "establishments"]
