"""Lists of places: SIRET or positions, what a geocoder says of them, rows that cannot be situated."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.formats import position_list
from essor.formats.position_list import PlaceRow, read_position_list
from essor.formats.problems import InputProblem
from tests.formats.stocks import siren, siret

SIRET = siret(siren(1))


def write(folder: Path, text: str) -> Path:
    path = folder / "lieux.csv"
    path.write_text(text, encoding="utf-8")
    return path


def told(path: Path) -> list[tuple[int, str, float | None, float | None, int]]:
    return [(row.line, row.siret, row.lon, row.lat, row.error) for row in read_position_list(path)]


def test_positions_as_people_and_geocoders_write_them(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "Nom;Longitude;Latitude;result_score;result_type\n"
        "A;1,4442;43,6045;;\n"
        "B;1.4442;43.6045;0.93;housenumber\n"
        "C;1.4442;43.6045;0.91;municipality\n"
        "D;1.4442;43.6045;0,31;housenumber\n",
    )
    assert told(path) == [
        (2, "", 1.4442, 43.6045, 100),
        (3, "", 1.4442, 43.6045, 50),
        (4, "", 1.4442, 43.6045, 3000),
        (5, "", 1.4442, 43.6045, 3000),
    ]


def test_a_position_is_preferred_to_a_siret_and_a_siret_to_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, f"SIRET,lon,lat\n{SIRET},1.4,43.6\n{SIRET[:9]} {SIRET[9:]},,\n")
    assert told(path) == [(2, "", 1.4, 43.6, 100), (3, SIRET, None, None, 100)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2,43E+13,,", "colonne « siret », valeur « 2,43E+13 » : le SIRET a été détruit par un tableur "
                       "(notation scientifique) : ses chiffres sont perdus."),
        (",43.6,1.4", "longitude et latitude semblent inversées."),
        (",574357,6279642", "ces coordonnées sont des mètres (Lambert 93), non des degrés."),
        (",ici,43", "« ici ; 43 » n’est pas une position en degrés."),
        (",1.4,", "« 1.4 ;  » n’est pas une position en degrés."),
        (",inf,43", "« inf ; 43 » n’est pas une position en degrés."),
        (",-3,0", "la position est hors de France."),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_situated_says_why(tmp_path: Path, line: str, reason: str) -> None:
    cells = line.split(",") if not line.startswith("2,43") else ["2,43E+13", "", ""]
    path = write(tmp_path, "siret;lon;lat\n" + ";".join(cells) + "\n")
    (row,) = read_position_list(path)
    assert row.trouble is not None
    assert (row.line, row.siret, row.lon, row.trouble[0]) == (2, "", None, reason)


def test_a_row_without_anything_is_kept_with_its_reason(tmp_path: Path) -> None:
    (row,) = read_position_list(write(tmp_path, "nom;siret\nAmicale;\n"))
    reason = ("ni SIRET, ni position, ni adresse.", "Complétez la ligne.")
    assert row == PlaceRow(2, {"nom": "Amicale", "siret": ""}, trouble=reason)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nom;adresse e-mail\nA;B\n", "aucune colonne SIRET, longitude et latitude, ou adresse"),
        ("siret\n", "aucune ligne sous l’en-tête"),
    ],
)
def test_files_without_places_are_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputProblem, match=said):
        read_position_list(write(tmp_path, text))


def test_a_file_with_too_many_rows_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(position_list, "MAX_ROWS", 2)
    with pytest.raises(InputProblem, match="plus de 2 lignes"):
        read_position_list(write(tmp_path, "siret\n" + f"{SIRET}\n" * 3))


@given(cells=st.tuples(*[st.text(max_size=12).filter(lambda t: not set(t) & set(';"\r\n\x00'))] * 3))
def test_any_cells_give_one_row_or_a_french_problem(
    tmp_path_factory: pytest.TempPathFactory, cells: tuple[str, str, str]
) -> None:
    path = write(tmp_path_factory.mktemp("lieux"), "siret;lon;lat\n" + ";".join(cells) + "\n")
    try:
        rows = read_position_list(path)
    except InputProblem:
        return
    assert len(rows) == 1
    assert (rows[0].trouble is None) == bool(rows[0].siret or rows[0].lon is not None)
