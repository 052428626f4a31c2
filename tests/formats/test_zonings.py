"""The grid of density, ZRR and FRR, and the indicators of the priority neighbourhoods."""

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.formats.density_grid import read_density
from essor.formats.problems import InputProblem
from essor.formats.qpv_indicators import read_quarter_table
from essor.formats.zrr import read_zrr, status_of


def made(folder, text, name="grille_2025.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_seven_levels_are_preferred_and_titles_stand_above(tmp_path):
    text = (
        "Grille communale de densité;;;;\nGéographie au 01/01/2025;;;;\n"
        "CODGEO;LIBGEO;DENS;LIBDENS;DENS7;LIBDENS7;PMUN22\n"
        "1001;A;3;Rural;6;Rural à habitat dispersé;800\n31555;Toulouse;1;Urbain dense;1;Grands centres urbains;500000\n"
        "31000;X;9;?;9;?;1\nSource : Insee;;;;;;\n"
    )
    rejected = []
    found = read_density(made(tmp_path, text), rejected.append)
    assert (found.values, found.levels, found.year, found.column) == (
        {"01001": "6", "31555": "1"}, 7, 2025, "DENS7",
    )  # fmt: skip
    assert [(each.line, each.column, each.value) for each in rejected] == [(6, "DENS", "9")]


@pytest.mark.parametrize(("values", "levels"), [("1;4", 4), ("1;3", 3), ("2;7", 7)])
def test_older_grids(tmp_path, values, levels):
    first, second = values.split(";")
    text = f"Code Commune;Typologie degré de densité\n01001;{first}\n01002;{second}\n"
    assert read_density(made(tmp_path, text), lambda _each: None).levels == levels


def test_the_zrr_of_a_csv(tmp_path):
    text = (
        "Zonage 2021;;\nCODGEO;LIBGEO;ZRR_SIMP\n01002;A;C - Classée en ZRR\n01004;B;NC - Commune non classée\n"
        "01005;C;P - Commune partiellement classée en ZRR\n"
    )
    kind, found = read_zrr(made(tmp_path, text, "zrr.csv"), lambda _each: None)
    assert (kind, found.values, found.year) == ("zrr", {"01002": "C", "01004": "NC", "01005": "P"}, 2021)


def test_the_frr_of_a_csv(tmp_path):
    text = (
        "code_commune;FRR\n01002;FRR+\n01004;FRR\n01005;non classée\n01006;bénéficiaire (ex-ZRR)\n01007;?\n"
    )
    rejected = []
    kind, found = read_zrr(made(tmp_path, text, "frr.csv"), rejected.append)
    assert (kind, found.values) == ("frr", {"01002": "FRR+", "01004": "FRR", "01005": "NC", "01006": "B"})
    assert [each.line for each in rejected] == [6]


@pytest.mark.parametrize("text", ["{}", "[1]", '[{"model": "autre"}]', "[" * 50_000, "pas du json"])
def test_another_json_is_refused(tmp_path, text):
    with pytest.raises(InputProblem):
        read_zrr(made(tmp_path, text, "x.json"), lambda _each: None)


def test_another_table_is_refused(tmp_path):
    for read in (read_density, read_zrr, read_quarter_table):
        with pytest.raises(InputProblem):
            read(made(tmp_path, "a;b\n1;2\n"), lambda _each: None)


@given(st.text(max_size=30))
def test_any_text_is_a_known_class_or_none(text):
    assert status_of(text, "zrr") in {"", "C", "P", "NC"}
    assert status_of(text, "frr") in {"", "FRR", "FRR+", "B", "P", "NC"}


def test_quarters_keep_every_column_and_say_those_of_text(tmp_path):
    text = (
        "code_qp,nom_qp,tp60,nouveau,remarque\nQP009001,A,40.2,5,rien\nQP009001,B,1,1,x\nQX,C,1,1,x\n"
        "QP009002,D,,s,x\nQP009003,E,trop,1,x\n"
    )
    rejected = []
    table = read_quarter_table(made(tmp_path, text), rejected.append)
    assert (table.codes, table.left, table.secret) == (["tp60", "nouveau"], ["nom_qp", "remarque"], 2)
    assert [(v.quarter, v.code, v.value) for v in table.values] == [
        ("QP009001", "tp60", Decimal("40.2")), ("QP009001", "nouveau", Decimal(5)), ("QP009002", "tp60", None),
        ("QP009002", "nouveau", None), ("QP009003", "nouveau", Decimal(1)),
    ]  # fmt: skip
    assert [(each.line, each.column) for each in rejected] == [(3, "code_qp"), (4, "code_qp"), (6, "tp60")]


@pytest.mark.realdata
def test_the_real_table_of_quarters(real_data):
    rejected = []
    table = read_quarter_table(real_data / "geo" / "qpv2015_occitanie_indicateurs.csv", rejected.append)
    assert (len(table.quarters), len(table.codes), table.secret, len(table.values)) == (105, 41, 216, 4305)
    assert (table.left, rejected) == (["nom_qp", "nom_commune"], [])


@pytest.mark.realdata
def test_the_real_list_of_zrr(real_data):
    rejected = []
    kind, found = read_zrr(real_data / "geo" / "ZRR_20221109.json", rejected.append)
    assert (kind, found.year, rejected) == ("zrr", 2022, [])
    assert Counter(found.values.values()) == {"C": 17694, "NC": 17235, "P": 36}
