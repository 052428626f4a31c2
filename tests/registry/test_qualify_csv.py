"""A file of units and one case by its codes: the answer of `essor registry qualify`."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.formats.problems import InputProblem
from essor.registry.perimeter import default_perimeter
from essor.registry.qualify_case import CaseProblem, qualify_case
from essor.registry.qualify_csv import qualify_csv

TODAY = date(2026, 11, 22)
COLUMNS = (
    "siren",
    "denominationUniteLegale",
    "categorieJuridiqueUniteLegale",
    "activitePrincipaleUniteLegale",
    "economieSocialeSolidaireUniteLegale",
)


def write(tmp_path: Path, rows: list[str], encoding: str = "utf-8", separator: str = ",") -> Path:
    path = tmp_path / "unites.csv"
    lines = [",".join(COLUMNS), *rows]
    path.write_bytes("\n".join(line.replace(",", separator) for line in lines).encode(encoding))
    return path


def ask(path: Path, **options: Any) -> dict[str, Any]:
    return qualify_csv(path, default_perimeter(), TODAY, **options)


def short(answer: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    return [(unit["siren"], unit["verdict"], unit["family"]) for unit in answer["units"]]


@pytest.mark.realdata
def test_the_real_marked_units(real_data: Path) -> None:
    answer = ask(real_data / "registry" / "04_ess_flag_insee.csv")
    assert answer["counts"] == {
        "units": 3375,
        "rejected": 0,
        "verdicts": {"ess_by_status": 2579, "ess_declared": 792, "to_check": 4, "outside": 0},
        "families": {
            "association": 2365,
            "cooperative": 210,
            "mutual": 0,
            "foundation": 4,
            "ess_company": 792,
        },
        "without_family": 4,
    }
    doubtful = [
        next(c["value"] for c in unit["conditions"] if c["code"] == "legal_form")
        for unit in answer["units"]
        if unit["family"] is None
    ]
    assert sorted(doubtful) == ["3120", "6585", "6901", "7410"]
    assert [
        unit["siren"]
        for unit in answer["units"]
        if not unit["conditions"] or not all(c["reference"] and c["certainty"] for c in unit["conditions"])
    ] == []
    json.dumps(answer)


@pytest.mark.realdata
@pytest.mark.parametrize(("name", "units", "rejected"), [("OK", 3, 0), ("KO", 0, 3)])
def test_real_stock_columns(real_data: Path, name: str, units: int, rejected: int) -> None:
    folder = real_data / "registry" / "sirene_official_columns"
    counts = ask(folder / f"sample_unites_legales_{name}.csv")["counts"]
    assert (counts["units"], counts["rejected"]) == (units, rejected)


ROWS = [
    "356000000,Tiers-lieu été,9220,88.99B,O",
    "552100554,Atelier,5710,62.01Z,",
    "732829320,Épicerie,5710,47.11B,O",
]
EXPECTED = [
    ("356000000", "ess_by_status", "association"),
    ("552100554", "outside", None),
    ("732829320", "ess_declared", "ess_company"),
]


@pytest.mark.parametrize(
    ("encoding", "separator", "note"),
    [
        ("utf-8", ",", "Fichier lu en UTF-8, séparateur « , »."),
        ("utf-8-sig", ";", "Fichier lu en UTF-8, séparateur « ; »."),
        ("cp1252", ";", "Fichier lu en Windows-1252 (cp1252), séparateur « ; »."),
    ],
)
def test_encodings_and_separators_are_found_and_told(
    tmp_path: Path, encoding: str, separator: str, note: str
) -> None:
    answer = ask(write(tmp_path, ROWS, encoding, separator))
    assert (short(answer), answer["notes"]) == (EXPECTED, [note])


def test_the_list_of_ess_france_counts(tmp_path: Path) -> None:
    answer = ask(write(tmp_path, ROWS), ess_france={"552100554"})
    assert short(answer)[1] == ("552100554", "ess_declared", "ess_company")


def test_rejected_rows_are_listed_with_line_and_remedy(tmp_path: Path) -> None:
    rows = [
        "123456789,Clé fausse,9220,88.99B,O",
        '356000000,"Nom sur\ndeux lignes",9220,88.99B,O',
        "356000000,Double,9220,88.99B,O",
        "552100554,Marque,9220,88.99B,OUI",
        "732829320,Trop,9220,88.99B,O,encore",
        "7,3E+8,9220,88.99B,O",
        ",,,,",
    ]
    answer = ask(write(tmp_path, rows))
    assert short(answer) == [("356000000", "ess_by_status", "association")]
    assert [(row["line"], row["siren"], row["column"], row["reason"]) for row in answer["rejected"]] == [
        (2, None, "siren", "la clé du SIREN est fausse : un chiffre a été mal recopié."),
        (5, "356000000", None, "ce SIREN a déjà été lu à la ligne 3."),
        (
            6,
            "552100554",
            "economieSocialeSolidaireUniteLegale",
            "l’indicateur ESS de Sirene vaut O, N ou rien.",
        ),
        (7, None, None, "la ligne a 6 colonnes et l’en-tête 5."),
        (8, None, "siren", "le SIREN doit avoir 9 chiffres."),
        (9, None, "siren", "le SIREN est vide."),
    ]
    assert [row["remedy"] for row in answer["rejected"] if not row["remedy"]] == []
    assert answer["counts"]["rejected"] == 6


def test_unknown_category_and_old_activity_are_qualified_all_the_same(tmp_path: Path) -> None:
    answer = ask(write(tmp_path, ["356000000,A,,88.99B,", "552100554,B,9220,84.11,"]))
    assert short(answer) == [
        ("356000000", "to_check", None),
        ("552100554", "ess_by_status", "association"),
    ]


def test_a_missing_official_column_is_named(tmp_path: Path) -> None:
    path = tmp_path / "unites.csv"
    path.write_text("siren,nom\n356000000,A\n", encoding="utf-8")
    with pytest.raises(InputProblem) as caught:
        ask(path)
    assert str(caught.value) == (
        "Fichier « unites.csv », ligne 1, colonne « categorieJuridiqueUniteLegale » : cette colonne "
        "officielle de "
        "Sirene manque (et aussi : activitePrincipaleUniteLegale, economieSocialeSolidaireUniteLegale). "
        "Donnez un "
        "extrait du fichier StockUniteLegale sans en renommer les colonnes."
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "le fichier est vide"),
        (b"PAR1" + b"\0" * 20 + b"PAR1", "ce n’est pas un fichier CSV"),
        (b'{"siren": 1}', "ce n’est pas un fichier CSV"),
        (b"\x89PNG\r\n\x1a\n\0\0", "contenu binaire"),
        (b"<html><body>404</body></html>", "page web"),
        (",".join(COLUMNS).encode() + b"\n" + b"9" * 1_100_000, "dépasse un million de caractères"),
        (",".join(COLUMNS).encode() + b'\n356000000,"' + b"a\n" * 100_000, "mal formée ou démesurée"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "unites.csv"
    path.write_bytes(content)
    with pytest.raises(InputProblem, match=words) as caught:
        ask(path)
    assert "unites.csv" in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match="introuvable"):
        ask(tmp_path / "absent.csv")


@given(st.binary(max_size=300))
def test_any_content_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("csv") / "unites.csv"
    path.write_bytes(",".join(COLUMNS).encode() + b"\n" + content)
    try:
        answer = ask(path)
    except InputProblem:
        return
    assert answer["units"] == [] or answer["counts"]["units"] == len(answer["units"])


def test_one_case() -> None:
    answer = qualify_case("5710", TODAY, ess_flag="O")
    assert (answer["verdict"], answer["family"], answer["perimeter"], answer["on"]) == (
        "ess_declared",
        "ess_company",
        default_perimeter().version,
        "2026-11-22",
    )
    json.dumps(answer)


def test_one_case_with_everything() -> None:
    answer = qualify_case(
        "9220", TODAY, siren="356 000 000", naf="9491Z", ess_list=True, esus=True, markers=["aci"]
    )
    assert (answer["siren"], answer["verdict"], answer["family"], answer["tags"]) == (
        "356000000",
        "to_check",
        "association",
        ["aci", "esus"],
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"legal_category": "571"}, "Catégorie juridique « 571 » : quatre chiffres sont attendus"),
        ({"legal_category": "5710", "naf": "62"}, "Activité « 62 » : un code NAF rév. 2 est attendu"),
        ({"legal_category": "5710", "ess_flag": "oui"}, "Indicateur ESS « oui » : écrivez O"),
        ({"legal_category": "5710", "siren": "123456789"}, "la clé du SIREN est fausse"),
        ({"legal_category": "5710", "markers": ["x"]}, "Étiquette « x » inconnue"),
    ],
)
def test_a_case_that_cannot_be_read(options: dict[str, Any], words: str) -> None:
    with pytest.raises(CaseProblem) as caught:
        qualify_case(on=TODAY, **options)
    assert words in str(caught.value)
