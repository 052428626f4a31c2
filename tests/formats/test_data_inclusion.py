"""Files of data·inclusion: both versions, CSV and JSON; nothing of persons."""

import json
from pathlib import Path
from typing import Any

import pytest

from essor.formats.data_inclusion import read_services, read_structures
from essor.formats.problems import InputProblem, Rejection

V0 = {
    "id": "dora--1", "source": "dora", "nom": "Maison des projets", "code_insee": "31555",
    "presentation_resume": "Aide.",
    "site_web": "https://maison.example", "courriel": "camille.durand@maison.example", "telephone": "06 12 34 56 78",
    "date_maj": "2025-02-14T10:00:00", "contact_nom_prenom": "Camille Durand",
}  # fmt: skip
V1 = V0 | {"description": "Aide mieux.", "courriel": "contact@maison.example", "telephone": "+33561000000"}


def write(tmp_path: Path, content: Any, name: str = "structures.json") -> Path:
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_structures_of_both_versions_without_what_names_persons(tmp_path: Path) -> None:
    rejected: list[Rejection] = []
    first, second = read_structures(write(tmp_path, [V0, V1]), rejected.append)
    assert (first.email, first.phone, first.description) == ("", "", "Aide.")
    assert (second.email, second.phone, second.description) == (
        "contact@maison.example",
        "+33561000000",
        "Aide mieux.",
    )
    assert (first.key, first.commune, str(first.day), rejected) == ("dora--1", "31555", "2025-02-14", [])
    assert "Camille" not in repr(first)


def test_services_of_both_versions_as_json_and_csv(tmp_path: Path) -> None:
    v1 = {
        "structure_id": "dora--1",
        "nom": "Atelier",
        "thematiques": ["creer-une-entreprise--definir"],
        "type": "atelier",
        "publics": ["jeunes"],
        "zone_eligibilite": ["31"],
        "frais": "gratuit",
        "conditions_acces": "Aucune",
    }
    found = read_services(write(tmp_path, {"items": [v1]}), pytest.fail)
    assert (found[0].themes, found[0].types, found[0].zones) == (
        ("creer-une-entreprise--definir",),
        ("atelier",),
        ("31",),
    )
    table = (
        "structure_id,nom,thematiques,types,profils,zone_diffusion_code,frais\n"
        'dora--1,Atelier,"{creation-activite--financer-son-projet,mobilite}","[""atelier""]",jeunes,31,gratuit\n'
    )
    read = read_services(write(tmp_path, table, "services.csv"), pytest.fail)
    assert read[0].themes == ("creation-activite--financer-son-projet", "mobilite")
    assert (read[0].types, read[0].publics, read[0].costs) == (("atelier",), ("jeunes",), "gratuit")


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"id": ""}, "id"),
        ({"nom": None}, "nom"),
        ({"code_insee": "Muret"}, "code_insee"),
        ({"date_maj": "hier"}, "date_maj"),
    ],
)
def test_a_row_that_cannot_be_read_is_told(tmp_path: Path, change: dict[str, Any], column: str) -> None:
    rejected: list[Rejection] = []
    assert read_structures(write(tmp_path, [V0 | change]), rejected.append) == []
    assert (rejected[0].line, rejected[0].column) == (1, column)


@pytest.mark.parametrize("content", ["{}", "[1]", '{"items": 3}', "[", '[{"a": 1}]', "[]"])
def test_another_file_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(InputProblem):
        read_structures(write(tmp_path, content), pytest.fail)
