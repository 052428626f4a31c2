"""What a file is, safe unzipping, encodings, limits: every trouble is an InputProblem."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from essor.formats.ess_france import ess_list_sql, open_ess_list
from essor.formats.esus import read_esus
from essor.formats.geolocation import open_geolocation
from essor.formats.insertion import read_insertion
from essor.formats.own_list import read_own_list
from essor.formats.problems import InputProblem, Rejection
from essor.formats.qpv import read_qpv
from essor.formats.readers import Kind, as_utf8, check_bomb, examine_text, sniff, unzip
from essor.formats.rna import open_rna, rna_sql
from essor.formats.rows import read_csv_rows
from essor.formats.sirene import establishments_sql, legal_units_sql, open_establishments, open_legal_units
from tests.formats.stocks import establishment, unit, write_csv, write_stocks

CONNECTION = duckdb.connect(config={"threads": "1"})


def scan(open_one: Callable[..., object], select: Callable[..., str] | None) -> Callable[[Path, Path], None]:
    """A parser that opens a table and reads it whole."""

    def read(path: Path, work: Path) -> None:
        table = open_one(CONNECTION, path, work, lambda rejection: None)
        if select is not None:
            try:
                CONNECTION.execute(f"SELECT * FROM ({select(table)})").fetchall()
            except duckdb.Error as error:  # what `pipeline.job.reading` does
                raise InputProblem(path.name, "abîmé", "") from error

    return read


def rows(reader: Callable[..., object]) -> Callable[[Path, Path], None]:
    return lambda path, work: list(reader(path, lambda rejection: None)) and None  # type: ignore[call-overload]


PARSERS: dict[str, Callable[[Path, Path], None]] = {
    "legal_units": scan(open_legal_units, legal_units_sql),
    "establishments": scan(open_establishments, establishments_sql),
    "geolocation": scan(open_geolocation, None),
    "ess_list": scan(open_ess_list, ess_list_sql),
    "rna": scan(open_rna, rna_sql),
    "insertion": rows(read_insertion),
    "esus": rows(read_esus),
    "own_list": rows(read_own_list),
    "qpv": rows(read_qpv),
    "csv": lambda path, work: list(read_csv_rows(path)) and None,  # type: ignore[func-returns-value]
}
HEADERS = {
    "ess_list": "SIREN",
    "rna": "id;siret;date_disso;objet;siteweb;position",
    "insertion": "siret,kind",
    "esus": "SIREN,Date de fin",
    "own_list": "SIRET;nom",
    "csv": "a,b",
}


def attempt(parser: str, body: bytes, folder: Path) -> None:
    path = folder / "fichier.csv"
    path.write_bytes(body)
    work = folder / "work"
    work.mkdir(exist_ok=True)
    told = ""
    try:
        PARSERS[parser](path, work)
    except InputProblem as problem:
        told = str(problem)
    assert told == "" or told.startswith("Fichier « fichier.csv »")
    for left in work.iterdir():
        left.unlink()


START = st.sampled_from(
    [b"", b"PAR1", b"PK\x03\x04", b'{"features":[', b"[", b"\xff\xfe", b"\xef\xbb\xbf", b'"']
)


@pytest.mark.parametrize("parser", sorted(PARSERS))
def test_any_bytes_are_read_or_told(parser: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("bytes")

    @settings(max_examples=40)
    @given(START, st.binary(max_size=400))
    def check(start: bytes, body: bytes) -> None:
        attempt(parser, start + body, folder)

    check()


@pytest.mark.parametrize("parser", sorted(HEADERS))
def test_any_cells_are_read_or_told(parser: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("cells")
    cells = st.lists(st.text(st.characters(codec="utf-8"), max_size=20), min_size=1, max_size=8)

    @settings(max_examples=30)
    @given(st.lists(cells, max_size=5))
    def check(table: list[list[str]]) -> None:
        body = "\n".join([HEADERS[parser], *(",".join(row) for row in table)])
        attempt(parser, body.encode("utf-8"), folder)

    check()


def test_any_damage_to_a_parquet_is_told(tmp_path: Path) -> None:
    units, _ = write_stocks(tmp_path / "good", [unit(n) for n in range(1, 50)], [establishment(1)])
    body = units.read_bytes()

    @given(st.integers(4, len(body) - 5), st.binary(min_size=1, max_size=40))
    def check(place: int, noise: bytes) -> None:
        attempt("legal_units", body[:place] + noise + body[place + len(noise) :], tmp_path)

    check()


def test_kinds_are_known_by_content(tmp_path: Path) -> None:
    units, _ = write_stocks(tmp_path / "p", [unit(1)], [establishment(1)])
    zipped, _ = write_stocks(tmp_path / "z", [unit(1)], [establishment(1)], form="zip")
    book = tmp_path / "x.csv"
    openpyxl.Workbook().save(book)
    text = write_csv(tmp_path / "t.parquet", ["a"], [])
    json = tmp_path / "j"
    json.write_text(' {"a": 1}', encoding="utf-8")
    found = [sniff(path) for path in (units, zipped, book, text, json)]
    assert found == [Kind.PARQUET, Kind.ZIP, Kind.XLSX, Kind.TEXT, Kind.JSON]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "le fichier est vide."),
        (b"%PDF-1.7", "c’est un document PDF."),
        (b"\x1f\x8b\x08", "c’est une archive gzip."),
        (b"\xd0\xcf\x11\xe0", "c’est un ancien fichier Excel (.xls)."),
        (b"PAR1 trop court", "le fichier Parquet est tronqué : sa fin manque."),
        (b"PK\x03\x04 pas un zip", "l’archive zip est abîmée, chiffrée ou incomplète."),
        (b"\x00\x01\x02\x03", "ce n’est pas un fichier de données reconnu (contenu binaire)."),
    ],
)
def test_what_is_not_a_data_file_is_named(tmp_path: Path, body: bytes, reason: str) -> None:
    path = tmp_path / "f"
    path.write_bytes(body)
    with pytest.raises(InputProblem) as caught:
        sniff(path)
    assert caught.value.reason == reason


def test_an_absent_file_and_a_folder_are_told(tmp_path: Path) -> None:
    for path in (tmp_path / "absent", tmp_path):
        with pytest.raises(InputProblem, match="introuvable"):
            sniff(path)


def bomb(path: Path, size: int, *, lie: bool = False) -> Path:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.csv", "w") as member:
        for _ in range(size // (1 << 20)):
            member.write(b"\0" * (1 << 20))
    body = bytearray(buffer.getvalue())
    if lie:  # the central directory says: one byte
        place = body.rfind(b"PK\x01\x02") + 24
        body[place : place + 4] = (1).to_bytes(4, "little")
    path.write_bytes(bytes(body))
    return path


def test_zip_bombs_are_refused_before_or_while_unzipping(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    with pytest.raises(InputProblem, match="bombe"):
        unzip(bomb(tmp_path / "a.zip", 80 << 20), work)
    with pytest.raises(InputProblem):
        unzip(bomb(tmp_path / "b.zip", 80 << 20, lie=True), work)
    assert sum(path.stat().st_size for path in work.iterdir()) < 80 << 20
    with zipfile.ZipFile(tmp_path / "a.zip") as archive, pytest.raises(InputProblem, match="beaucoup trop"):
        check_bomb(tmp_path / "a.zip", archive, limit=1 << 20)


def test_a_zip_without_table_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../evasion.png", b"x")
    with pytest.raises(InputProblem, match="ne contient pas de CSV"):
        unzip(path, tmp_path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_old_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    path = write_csv(
        tmp_path / "f.csv",
        ["siret", "kind", "nom"],
        [{"siret": "1", "kind": "EI", "nom": "Été à l’œuvre"}],
        encoding=encoding,
    )
    assert [row.cells for row in read_csv_rows(path)] == [
        {"siret": "1", "kind": "EI", "nom": "Été à l’œuvre"}
    ]


def test_what_is_no_text_in_any_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(b"a,b\n\x81\x8d,\xff\n")
    with pytest.raises(InputProblem, match="encodage"):
        as_utf8(path, "f.csv", tmp_path)


def test_a_line_without_end_is_refused_early(tmp_path: Path) -> None:
    """The file is sparse: reading it whole would take a gigabyte."""
    path = tmp_path / "f.csv"
    path.write_bytes(b"a,b\n1,2\n" + b"x" * 3_000_000)
    with pytest.raises(InputProblem) as caught:
        examine_text(path, "f.csv")
    assert (caught.value.line, caught.value.reason) == (
        3,
        "une cellule ou une ligne dépasse un million de caractères.",
    )


def test_a_doubled_heading_is_told(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("SIREN,nom,Siren\n", encoding="utf-8")
    with pytest.raises(InputProblem) as caught:
        open_ess_list(CONNECTION, path, tmp_path, lambda rejection: None)
    assert (caught.value.column, caught.value.line) == ("SIREN", 1)


def test_names_with_signs_of_patterns_are_only_names(tmp_path: Path) -> None:
    folder = tmp_path / "don't [x] *"
    folder.mkdir()
    path = write_csv(folder / "a?'[b].csv", ["SIREN"], [{"SIREN": "732829320"}])
    work = tmp_path / "work"
    work.mkdir()
    table = open_ess_list(CONNECTION, path, work, lambda rejection: None)
    assert CONNECTION.execute(ess_list_sql(table)).fetchall() == [("732829320",)]


def test_a_problem_is_one_french_sentence_cut_to_size() -> None:
    problem = InputProblem(
        "a.csv", "la clé est fausse.", "Vérifiez-la.", line=3, column="siret", value="9" * 500
    )
    assert str(problem) == (
        f"Fichier « a.csv », ligne 3, colonne « siret », valeur « {'9' * 59}… » : la clé est fausse. Vérifiez-la."
    )
    rejection = Rejection("a.csv", "Raison.", "Remède.", siret="1")
    assert str(rejection.as_problem()) == "Fichier « a.csv », valeur « 1 » : Raison. Remède."
