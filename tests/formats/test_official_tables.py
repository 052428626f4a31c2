"""Tables of INSEE and of the Urssaf: shapes, secrecy, hostile files."""

import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.formats.flores import MODEL, SAMPLE, read_flores
from essor.formats.official_columns import place_of
from essor.formats.official_tables import OfficialTable
from essor.formats.problems import InputProblem, Rejection
from essor.formats.sheets import fold, is_secret, number_of, read_sheets
from essor.formats.urssaf import read_urssaf


def written(folder: Path, text: str, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def flores(path: Path) -> tuple[OfficialTable, list[Rejection]]:
    rejected: list[Rejection] = []
    return read_flores(path, rejected.append), rejected


def said(table: OfficialTable) -> list[tuple[object, ...]]:
    return [(f.level, f.place, f.year, f.family, f.activity, f.measure, f.value) for f in table.figures]


def test_the_model_is_read_and_its_secret_value_is_no_zero(tmp_path):
    lines = [";".join(MODEL), *(";".join(row) for row in SAMPLE)]
    table, rejected = flores(written(tmp_path, "\n".join(lines)))
    assert rejected == []
    assert table.secret == 1
    assert said(table)[0] == (
        "region", "76", 2020, "association", "Action sociale", "etablissements", Decimal(1200),
    )  # fmt: skip
    assert said(table)[-1] == ("region", "76", 2020, "hors_ess", "", "remunerations", None)
    assert len(table.figures) == 12


def test_a_wide_table_takes_measure_year_and_unit_from_its_titles(tmp_path):
    text = (
        "Rémunérations brutes de l’économie sociale en 2020 (en milliers d’euros);;;;\n"
        "Champ : France hors Mayotte;;;;\n"
        "Région;Secteur d’activité;Associations;Coopératives;Privé hors économie sociale;Ensemble\n"
        "Occitanie;Action sociale;1 200,5;nd;3 000;4 500\n"
        "Occitanie;Ensemble;2 000;10;9 000;11 500\n"
        "Source : Insee, Flores 2020.;;;;;\n"
    )
    table, rejected = flores(written(tmp_path, text))
    assert rejected == []
    assert said(table) == [
        ("region", "Occitanie", 2020, "association", "Action sociale", "remunerations", Decimal(1200500)),
        ("region", "Occitanie", 2020, "cooperative", "Action sociale", "remunerations", None),
        ("region", "Occitanie", 2020, "hors_ess", "Action sociale", "remunerations", Decimal(3000000)),
        ("region", "Occitanie", 2020, "ensemble", "Action sociale", "remunerations", Decimal(4500000)),
        ("region", "Occitanie", 2020, "association", "", "remunerations", Decimal(2000000)),
        ("region", "Occitanie", 2020, "cooperative", "", "remunerations", Decimal(10000)),
        ("region", "Occitanie", 2020, "hors_ess", "", "remunerations", Decimal(9000000)),
        ("region", "Occitanie", 2020, "ensemble", "", "remunerations", Decimal(11500000)),
    ]


def test_the_long_form_of_insee_is_read(tmp_path):
    text = (
        "GEO;GEO_OBJECT;TIME_PERIOD;FLORES_MEASURE;LEGAL_STATUS;OBS_VALUE;CONF_STATUS\n"
        "2023-DEP-31;DEP;2021;Effectifs salariés;Associations;41000;F\n"
        "2023-DEP-31;DEP;2021;Effectifs salariés;Ensemble ESS;60000;F\n"
        "2023-DEP-31;DEP;2021;Effectifs salariés;Mutuelles;12;C\n"
    )
    table, rejected = flores(written(tmp_path, text))
    assert rejected == []
    assert said(table) == [
        ("departement", "31", 2021, "association", "", "effectifs", Decimal(41000)),
        ("departement", "31", 2021, "ess", "", "effectifs", Decimal(60000)),
        ("departement", "31", 2021, "mutuelle", "", "effectifs", None),
    ]


def test_a_bare_ensemble_is_the_ess_where_nothing_else_is_in_the_table(tmp_path):
    text = "territoire;année;famille;effectifs\nregion:76;2020;Associations;10\nregion:76;2020;Ensemble;15\n"
    table, _rejected = flores(written(tmp_path, text))
    assert [figure.family for figure in table.figures] == ["association", "ess"]


def test_shares_and_changes_are_not_taken_for_amounts(tmp_path):
    head = "Région;Année;Famille;Effectifs;Part des effectifs (%);Évolution des effectifs"
    text = f"{head}\n76;2020;Associations;10;12;3\n"
    table, _rejected = flores(written(tmp_path, text))
    assert [figure.value for figure in table.figures] == [Decimal(10)]
    assert table.left == ["Part des effectifs (%)", "Évolution des effectifs"]


def test_each_fault_names_line_column_value_and_remedy(tmp_path):
    text = (
        "territoire;année;famille;effectifs\nregion:76;2020;Associations;beaucoup\nregion:76;20;Associations;1\n"
        "region:76;2020;Syndicats;1\n??;2020;Associations;1\nregion:76;2020;Associations;-4\n"
    )
    table, rejected = flores(written(tmp_path, text))
    assert table.figures == []
    assert [(each.line, each.column, each.value) for each in rejected] == [
        (2, "effectifs", "beaucoup"), (3, "année", "20"), (4, "famille", "Syndicats"), (5, "territoire", "??"),
        (6, "effectifs", "-4"),
    ]  # fmt: skip
    assert all(each.remedy for each in rejected)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a;b\n1;2\n", "aucune ligne d’en-tête"),
        ("territoire;année;effectifs\nregion:76;2020;1\n", "il manque la famille"),
        ("territoire;famille;effectifs\nregion:76;Associations;1\n", "il manque l’année"),
    ],
)
def test_another_table_is_refused_with_what_lacks(tmp_path, text, reason):
    with pytest.raises(InputProblem, match=reason):
        flores(written(tmp_path, text))


def test_an_export_of_the_urssaf(tmp_path):
    text = (
        "Année;Code région;Région;Code département;Département;Familles ESS;Nombre d'établissements;"
        "Effectifs salariés moyens;Masse salariale\n"
        "2022;76;Occitanie;31;Haute-Garonne;Associations;4000;38000,5;900000000\n"
        "2022;76;Occitanie;31;Haute-Garonne;Hors ESS;40000;480000;19000000000\n"
    )
    rejected: list[Rejection] = []
    table = read_urssaf(written(tmp_path, text), rejected.append)
    assert rejected == []
    assert said(table)[:3] == [
        ("departement", "31", 2022, "association", "", "etablissements", Decimal(4000)),
        ("departement", "31", 2022, "association", "", "effectifs", Decimal("38000.5")),
        ("departement", "31", 2022, "association", "", "remunerations", Decimal(900000000)),
    ]


def test_a_quarterly_export_without_place_is_that_of_france(tmp_path):
    head = "Dernier jour du trimestre;Famille ESS;Effectifs salariés brut;Effectifs salariés CVS"
    text = f"{head}\n2022-06-30;Mutuelles;12;13\n"
    table = read_urssaf(written(tmp_path, text), lambda _each: None)
    (figure,) = table.figures
    assert (figure.level, figure.year, figure.quarter, figure.value) == ("france", 2022, 2, Decimal(12))
    assert table.left == ["Effectifs salariés CVS"]
    assert table.notes == ["Aucune colonne de territoire : les chiffres sont lus comme ceux de la France."]


ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="Effectifs 2020">{rows}</table:table></office:spreadsheet></office:body>'
    "</office:document-content>"
)


def ods(folder: Path, rows: str) -> Path:
    path = folder / "table.ods"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS.format(rows=rows))
    return path


def cell(text: str, more: str = "") -> str:
    return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"


MANY = 'table:number-columns-repeated="%s"'


def test_an_ods_workbook_is_read(tmp_path):
    number = '<table:table-cell office:value-type="float" office:value="12.0"><text:p>12</text:p></table:table-cell>'
    rows = (
        f"<table:table-row>{cell('Région')}{cell('Associations')}</table:table-row>"
        f"<table:table-row>{cell('76')}{number}"
        "<table:table-cell table:number-columns-repeated='16000'/></table:table-row>"
        '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>'
    )
    table, _rejected = flores(ods(tmp_path, rows))
    assert said(table) == [("region", "76", 2020, "association", "", "effectifs", Decimal(12))]


@pytest.mark.parametrize(
    "rows",
    [
        '<table:table-row table:number-rows-repeated="1000000">'
        + cell("a", MANY % 1900)
        + "</table:table-row>",
        "<table:table-row>" + cell("a", MANY % 9_999_999) + "</table:table-row>",
        "<table:table-row><table:table-cell>",
        '<!DOCTYPE x [<!ENTITY a "b">]>',
    ],
    ids=["rows", "columns", "broken", "entities"],
)
def test_a_hostile_ods_is_refused(tmp_path, rows):
    with pytest.raises(InputProblem):
        read_sheets(ods(tmp_path, rows), "un tableau")


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_french(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "x.csv"
    path.write_bytes(content)
    for read in (read_flores, read_urssaf):
        with pytest.raises(InputProblem) as refused:
            read(path, lambda _each: None)
        assert "Fichier « x.csv »" in str(refused.value)


@given(st.lists(st.text(max_size=12), min_size=1, max_size=6))
def test_any_cells_under_good_headings_are_figures_or_faults(tmp_path_factory, cells):
    path = tmp_path_factory.mktemp("cells") / "x.csv"
    clean = [
        cell.replace(";", " ").replace("\n", " ").replace("\r", " ").replace('"', " ").replace("\0", " ")
        for cell in cells
    ]
    path.write_text(
        f"territoire;année;famille;effectifs\n{';'.join(clean)}\n", encoding="utf-8", errors="replace"
    )
    rejected: list[Rejection] = []
    try:
        table = read_flores(path, rejected.append)
    except InputProblem:
        return
    assert len(table.figures) + len(rejected) <= 1


@given(st.decimals(min_value=0, max_value=10**12, places=2))
def test_a_number_is_read_as_french_and_as_computers_write_it(number):
    plain = f"{number:.2f}"
    assert number_of(plain) == number
    assert number_of(f"{number:,.2f}".replace(",", " ").replace(".", ",")) == number


@pytest.mark.parametrize("mark", ["s", "nd", "c", "…", "///", "", " ", "-", "ns", "N.D."])
def test_marks_of_secrecy_are_no_number(mark):
    assert is_secret(mark)


@pytest.mark.parametrize(
    ("text", "level", "found"),
    [
        ("2023-REG-76", "", ("region", "76")), ("epci:243100518", "", ("epci", "243100518")),
        ("76 - Occitanie", "region", ("region", "76")), ("Occitanie", "region", ("region", "Occitanie")),
        ("1001", "commune", ("commune", "01001")), ("9", "departement", ("departement", "09")),
        ("France entière", "region", ("france", "FR")), ("France métropolitaine", "", None), ("Occitanie", "", None),
        ("2A", "departement", ("departement", "2A")), ("31555", "", ("commune", "31555")),
    ],
)  # fmt: skip
def test_places(text, level, found):
    assert place_of(text, level) == found


def test_folding():
    assert fold("Nombre d’Établissements_Œuvre") == "nombre d etablissements oeuvre"
