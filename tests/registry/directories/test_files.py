"""The files of partners: any separator and encoding, hostile cells, columns guessed and remembered."""

from contextlib import suppress
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from essor.formats.problems import InputProblem, Rejection
from essor.formats.rows import Row
from essor.registry.directories import reading
from essor.registry.directories.cleaning import Entry, clean_phone, clean_postal_code, clean_row, with_keys
from essor.registry.directories.mapping import (
    FIELDS,
    Mapping,
    guess,
    guess_kind_tags,
    guess_tag,
    kept_or_guessed,
)
from essor.registry.directories.reading import distinct_values, preview, read_rows
from tests.formats.stocks import siren, siret

HEADER = "Raison sociale;SIRET;Code postal;Ville;Type de structure"
SIRET = siret(siren(1))


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "liste.csv"
    path.write_bytes(text.encode(encoding))
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    return [row.cells for row in read_rows(path)]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_any_usual_separator_and_encoding(tmp_path: Path, separator: str, encoding: str) -> None:
    text = separator.join(["Nom", "Ville"]) + "\r\n" + separator.join(["Épicerie", "Sète"]) + "\r\n"
    assert rows_of(written(tmp_path, text, encoding)) == [{"nom": "Épicerie", "ville": "Sète"}]


def test_line_breaks_in_quotes_and_a_title_above(tmp_path: Path) -> None:
    quoted = written(tmp_path, 'Nom;Ville\n"Les\nPommiers";Muret\nA;B\n')
    assert [(row.line, row.get("nom")) for row in read_rows(quoted)] == [(2, "Les\nPommiers"), (4, "A")]
    titled = written(tmp_path, "Annuaire des recycleries\nNom;Ville\nA;B\n")
    assert rows_of(titled) == [{"nom": "A", "ville": "B"}]


def test_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "liste.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Nom", "SIRET", "Code postal"])
        sheet.write_row(1, 0, ["Épicerie", SIRET, 29600.0])
    assert rows_of(path) == [{"nom": "Épicerie", "siret": SIRET, "code postal": "29600"}]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Nom;Ville\nA;B;C\n", "Fichier « liste.csv », ligne 2 : la ligne a plus de colonnes que l’en-tête. "
         "Vérifiez les guillemets et les séparateurs de cette ligne."),
        ("Nom;Nom\nA;B\n", "Fichier « liste.csv », ligne 1, colonne « Nom » : cette colonne apparaît deux fois. "
         "Gardez une seule colonne de ce nom."),
        ("Nom;Ville\n", "Fichier « liste.csv » : le fichier n’a aucune ligne sous les noms de colonnes. "
         "Vérifiez que c’est le bon fichier."),
        ("<html><body>", "Fichier « liste.csv » : c’est une page web (HTML), pas un fichier de données. "
         "Le lien de téléchargement a sans doute changé : reprenez le fichier sur data.gouv.fr."),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_where(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputProblem) as refused:
        preview(written(tmp_path, text))
    assert str(refused.value) == said


def test_too_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_ROWS", 3)
    path = written(tmp_path, "Nom;Ville\n" + "A;B\n" * 4)
    with pytest.raises(InputProblem, match="ligne 5 : le fichier a plus de 3 lignes"):
        for _row in read_rows(path):
            pass


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("octets") / "liste.csv"
    path.write_bytes(data)
    with suppress(InputProblem):
        columns, rows = preview(path)
        assert columns
        assert rows


# ── Columns ──


def test_the_headers_of_known_directories_are_guessed() -> None:
    third_places = [
        "id_unique",
        "nom",
        "insee",
        "nom_strc_port",
        "adresse",
        "codpost",
        "ville",
        "internet",
        "siren",
    ]
    assert guess(third_places).columns == {
        "name": "nom", "other_name": "nom_strc_port", "number": "siren", "own_id": "id_unique", "address": "adresse",
        "postal_code": "codpost", "commune": "ville", "website": "internet",
    }  # fmt: skip
    market = ["raison sociale", "enseigne", "type de structure", "adresse", "code postal", "ville"]
    assert guess(market).columns == {
        "name": "raison sociale", "other_name": "enseigne", "address": "adresse", "postal_code": "code postal",
        "commune": "ville", "kind": "type de structure",
    }  # fmt: skip


def test_what_was_said_is_kept_for_the_next_file() -> None:
    said = Mapping({"name": "intitulé", "number": "siret"}, ("esus",), {"ea": "ea"})
    again = kept_or_guessed(said.to_dict(), ["intitulé", "siret", "ville"])
    assert again == said
    moved = kept_or_guessed(said.to_dict(), ["nom", "siret"])
    assert moved == Mapping({"number": "siret", "name": "nom"}, ("esus",), {"ea": "ea"})
    assert said.fits(["intitulé", "siret"])
    assert not said.fits(["siret"])


@given(st.lists(st.text(max_size=20), max_size=30))
def test_a_guess_takes_each_column_once(columns: list[str]) -> None:
    chosen = guess(columns).columns
    assert set(chosen) <= set(FIELDS)
    assert set(chosen.values()) <= set(columns)
    assert len(set(chosen.values())) == len(chosen)
    assert Mapping.from_dict(guess(columns).to_dict()) == guess(columns)


@pytest.mark.parametrize(
    ("value", "tag"),
    [
        ("EA", "ea"), ("ESAT", "esat"), ("Entreprise adaptée", "ea"), ("Entreprise d’insertion (EI)", "ei"),
        ("Atelier chantier d'insertion", "aci"), ("ACIPI", "aci"), ("Tiers-lieu", "tiers_lieu"), ("Boulangerie", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_the_tag_that_a_value_names(value: str, tag: str) -> None:
    assert guess_tag(value) == tag


def test_kinds_and_their_tags(tmp_path: Path) -> None:
    path = written(tmp_path, f"{HEADER}\nA;;;;EA\nB;;;;ESAT\nC;;;;ESAT\nD;;;;\n")
    values = distinct_values(path, "type de structure")
    assert values == ["ESAT", "EA"]
    assert guess_kind_tags(values, {"ea": "local"}) == {"esat": "esat", "ea": "local"}
    mapping = Mapping({"kind": "type"}, ("local",), {"ea": "ea"})
    assert mapping.tags_for("EA") == ("ea", "local")
    assert mapping.tags_for("autre") == ("local",)


# ── Rows ──

COLUMNS = Mapping(
    {
        "name": "nom", "number": "siret", "rna": "rna", "postal_code": "cp", "commune": "ville", "website": "site",
        "phone": "tel", "own_id": "id",
    }
)  # fmt: skip


def cleaned(**cells: str) -> Entry | Rejection:
    return clean_row(Row(7, {"nom": "A", **cells}), COLUMNS, "liste.csv")


def test_values_are_put_right() -> None:
    entry = cleaned(
        nom=" Les  Pommiers\n", siret=f"{SIRET[:3]} {SIRET[3:9]} {SIRET[9:]}", cp="29600.0", ville="Morlaix",
        site="www.exemple.fr", tel="561000000", id="8.0",
    )  # fmt: skip
    assert isinstance(entry, Entry)
    assert entry.values() == {
        "name": "Les Pommiers", "siret": SIRET, "siren": SIRET[:9], "postal_code": "29600", "commune": "Morlaix",
        "website": "https://www.exemple.fr", "phone": "05 61 00 00 00",
    }  # fmt: skip
    assert entry.key == "8"
    siren_only = cleaned(siret=f"{SIRET[:9]}.0")
    assert isinstance(siren_only, Entry)
    assert (siren_only.siret, siren_only.siren) == ("", SIRET[:9])


@pytest.mark.parametrize(
    ("cells", "column", "value", "reason"),
    [
        ({"siret": "2,43E+13"}, "siret", "2,43E+13",
         "le SIRET a été détruit par un tableur (notation scientifique) : ses chiffres sont perdus."),
        ({"siret": "12345678900011"}, "siret", "12345678900011",
         "la clé du SIRET est fausse : un chiffre a été mal recopié."),
        ({"siret": "1234"}, "siret", "1234", "le SIRET doit avoir 14 chiffres."),
        ({"rna": "12"}, "rna", "12", "ce n’est pas un numéro RNA."),
        ({"nom": " "}, "nom", " ", "le nom est vide."),
    ],
)  # fmt: skip
def test_a_row_set_aside_says_why(cells: dict[str, str], column: str, value: str, reason: str) -> None:
    refused = cleaned(**cells)
    assert isinstance(refused, Rejection)
    assert (refused.line, refused.column, refused.value, refused.reason) == (7, column, value, reason)
    assert refused.remedy.endswith(".")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("29600.0", "29600"),
        ("29600", "29600"),
        ("1000", "01000"),
        ("31 000", "31000"),
        ("F-31000", ""),
        ("", ""),
    ],
)
def test_postal_codes(text: str, code: str) -> None:
    assert clean_postal_code(text) == code


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("+33 5 61 00 00 00", "05 61 00 00 00"),
        ("0033561000000", "05 61 00 00 00"),
        ("3949", ""),
        ("poste 12", ""),
    ],
)
def test_phones(text: str, phone: str) -> None:
    assert clean_phone(text) == phone


def test_keys_tell_rows_apart_from_a_file_to_the_next() -> None:
    entries = [
        Entry(2, "8", "Par son numéro"),
        Entry(3, "", "Seule", siret=SIRET),
        Entry(4, "", "Atelier", postal_code="31000"),
        Entry(5, "", "ATELIER", postal_code="31000"),
        Entry(6, "", "Atelier", postal_code="09000"),
    ]
    kept, doubled = with_keys(entries, "liste.csv")
    assert [entry.key for entry in kept] == [
        "id:8", f"siret:{SIRET}", "name:atelier|31000", "name:atelier|09000",
    ]  # fmt: skip
    assert [(each.line, each.reason) for each in doubled] == [(5, "cette structure est déjà à la ligne 4.")]
    twins = [Entry(2, "", "Un", siret=SIRET), Entry(3, "", "Deux", siret=SIRET)]
    assert [entry.key for entry in with_keys(twins, "")[0]] == [f"siret:{SIRET}|un", f"siret:{SIRET}|deux"]


@given(
    st.dictionaries(
        st.sampled_from(["nom", "siret", "rna", "cp", "ville", "site", "tel", "id"]), st.text(max_size=60)
    )
)
def test_any_cells_give_an_entry_or_a_reason(cells: dict[str, str]) -> None:
    found = clean_row(Row(2, cells), COLUMNS, "liste.csv")
    if isinstance(found, Entry):
        assert found.name
        assert all(value == " ".join(value.split()) for value in found.values().values())
        assert len(with_keys([found], "")[0][0].key) <= 200
    else:
        assert found.reason
