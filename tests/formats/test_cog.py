"""Code officiel géographique: communes of a year, movements, and where former codes lead."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.formats.cog import Movement, cog_kind, read_communes, read_movements, successors, vintage_of
from essor.formats.problems import InputProblem

HEADER = "TYPECOM,COM,REG,DEP,CTCD,ARR,TNCC,NCC,NCCENR,LIBELLE,CAN,COMPARENT"
MOVES = (
    "MOD,DATE_EFF,TYPECOM_AV,COM_AV,TNCC_AV,NCC_AV,NCCENR_AV,LIBELLE_AV,"
    "TYPECOM_AP,COM_AP,TNCC_AP,NCC_AP,NCCENR_AP,LIBELLE_AP"
)


def communes_file(folder, *lines, name="v_commune_2027.csv", header=HEADER):
    path = folder / name
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def moves_file(folder, *lines):
    path = folder / "v_mvt_commune_2027.csv"
    path.write_text("\n".join([MOVES, *lines]) + "\n", encoding="utf-8")
    return path


def test_communes_are_read_with_their_parents(tmp_path):
    path = communes_file(
        tmp_path,
        '"COM","31555","76","31","31D","313","0","TOULOUSE","Toulouse","Toulouse","3199",""',
        '"COM","01015","84","01","01D","012","1","ARBOYS","Arboys en Bugey","Arboys en Bugey","0104",""',
        '"COMD","01340","","","","","0","SAINT BOIS","Saint-Bois","Saint-Bois","","01015"',
    )
    rows = [
        (c.line, c.type, c.code, c.name, c.liaison, c.region, c.departement, c.parent)
        for c in read_communes(path)
    ]
    assert rows == [
        (2, "COM", "31555", "Toulouse", 0, "76", "31", ""),
        (3, "COM", "01015", "Arboys en Bugey", 1, "84", "01", ""),
        (4, "COMD", "01340", "Saint-Bois", 0, "", "", "01015"),
    ]


GOOD = "COM,31555,76,31,31D,313,0,TOULOUSE,Toulouse,Toulouse,3199,"


@pytest.mark.parametrize(
    ("line", "column", "value", "reason"),
    [
        ("COM,1004,84,01,,,1,A,A,Ambérieu,,", "COM", "1004", "ce n’est pas un code de commune (5 caractères)."),
        ("XXX,01004,84,01,,,1,A,A,Ambérieu,,", "TYPECOM", "XXX", "ce type de commune est inconnu."),
        ("COM,01004,84,01,,,,A,A,Ambérieu,,", "TNCC", "", "le type de liaison (TNCC) doit être un chiffre."),
        ("COM,01004,84,01,,,1,A,A,,,", "LIBELLE", "", "le nom de la commune est vide ou démesuré."),
        ("COM,31555,76,31,,,0,T,T,Toulouse,,", "COM", "31555", "cette commune est déjà à la ligne 2."),
        ("COMD,01340,,,,,0,S,S,Saint-Bois,,01015", "COMPARENT", "01015",
         "la commune de rattachement n’est pas dans le fichier."),
        ("COMD,01340,,,,,0,S,S,Saint-Bois,,", "COMPARENT", "", "ce n’est pas un code de commune (5 caractères)."),
    ],
)  # fmt: skip
def test_a_bad_line_is_named(tmp_path, line, column, value, reason):
    with pytest.raises(InputProblem) as refused:
        read_communes(communes_file(tmp_path, GOOD, line))
    problem = refused.value
    assert (problem.line, problem.column, problem.value, problem.reason) == (3, column, value, reason)
    assert problem.remedy


def test_a_missing_column_is_named(tmp_path):
    with pytest.raises(InputProblem) as refused:
        read_communes(communes_file(tmp_path, "COM,31555", header="TYPECOM,COM"))
    assert refused.value.column == "REG"


def test_an_empty_file_is_refused(tmp_path):
    with pytest.raises(InputProblem) as refused:
        read_communes(communes_file(tmp_path))
    assert refused.value.reason == "le fichier ne contient aucune commune."


def test_cp1252_is_read(tmp_path):
    path = tmp_path / "v_commune_2027.csv"
    path.write_bytes(f"{HEADER}\nCOM,01004,84,01,,,1,A,A,Ambérieu-en-Bugey,,\n".encode("cp1252"))
    assert [c.name for c in read_communes(path)] == ["Ambérieu-en-Bugey"]


def test_the_name_of_the_file_gives_the_vintage(tmp_path):
    assert vintage_of(tmp_path / "v_commune_2026.csv") == 2026
    assert vintage_of(tmp_path / "commune2020.csv") == 2020
    with pytest.raises(InputProblem) as refused:
        vintage_of(tmp_path / "communes.csv")
    assert "v_commune_2026.csv" in refused.value.remedy


def test_the_columns_say_which_file_it_is():
    assert cog_kind(HEADER.split(",")) == "communes"
    assert cog_kind(MOVES.lower().split(",")) == "mouvements"
    assert cog_kind(["code", "nom"]) == ""


def test_movements_are_read(tmp_path):
    path = moves_file(tmp_path, "32,2016-01-01,COM,01340,0,S,S,Saint-Bois,COM,01015,1,A,A,Arboys en Bugey")
    assert read_movements(path) == [
        Movement(2, 32, date(2016, 1, 1), "COM", "01340", "Saint-Bois", "COM", "01015")
    ]


@pytest.mark.parametrize("bad", ["2016-13-01", "", "hier"])
def test_a_bad_date_is_named(tmp_path, bad):
    with pytest.raises(InputProblem) as refused:
        read_movements(moves_file(tmp_path, f"32,{bad},COM,01340,0,S,S,Saint-Bois,COM,01015,1,A,A,Arboys"))
    assert (refused.value.line, refused.value.column, refused.value.value) == (2, "DATE_EFF", bad)


def move(year, before, after, mod=32, types=("COM", "COM")):
    return Movement(1, mod, date(year, 1, 1), types[0], before, before, types[1], after)


def test_a_merged_commune_leads_to_the_new_one():
    moves = [move(2016, "01340", "01015"), move(2016, "01015", "01015")]
    assert successors(moves, ["01015"]) == {"01340": {"01015"}}


def test_merges_in_a_row_are_followed():
    moves = [move(1973, "A", "B"), move(2016, "B", "C"), move(2019, "C", "D"), move(2019, "D", "D")]
    assert successors(moves, ["D"]) == {"A": {"D"}, "B": {"D"}, "C": {"D"}}


def test_a_restored_commune_follows_its_last_disappearance():
    moves = [
        move(1973, "A", "B", 31), move(1973, "B", "B", 31),
        move(1990, "B", "A", 21), move(1990, "B", "B", 21),
        move(2019, "A", "C", 32), move(2019, "C", "C", 32),
    ]  # fmt: skip
    assert successors(moves, ["B", "C"]) == {"A": {"C"}}


def test_a_split_commune_is_ambiguous():
    moves = [move(1980, "A", "B", 30), move(1980, "A", "C", 30)]
    assert successors(moves, ["B", "C"]) == {"A": {"B", "C"}}


def test_a_change_of_departement_changes_the_code():
    assert successors([move(1968, "75059", "93059", 41), move(2025, "93059", "93066")], ["93066"]) == {
        "75059": {"93066"},
        "93059": {"93066"},
    }


def test_movements_of_delegated_communes_do_not_count():
    moves = [move(2020, "A", "B", 35, ("COMD", "COM")), move(2016, "B", "B")]
    assert successors(moves, ["B"]) == {}


codes = st.sampled_from("ABCDEFG")


@given(st.lists(st.tuples(st.integers(1943, 1960), codes, codes), max_size=25), st.sets(codes))
def test_former_codes_lead_only_to_current_ones(events, current):
    found = successors([move(*event) for event in events], current)
    assert not found.keys() & current
    assert all(places and places <= current for places in found.values())


@given(st.binary(max_size=400))
def test_any_bytes_are_refused_in_words(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "v_commune_2027.csv"
    path.write_bytes(HEADER.encode() + b"\n" + content)
    refused = None
    try:
        read_communes(path)
    except InputProblem as problem:
        refused = problem
    assert refused is None or (refused.file, bool(refused.remedy)) == ("v_commune_2027.csv", True)
