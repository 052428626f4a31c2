"""Bad files and bad rows: a French sentence, rows listed, nothing published that should not be."""

from collections.abc import Callable
from pathlib import Path

import pytest

from essor.formats.problems import InputProblem
from essor.registry.perimeter import default_perimeter
from essor.registry.pipeline.build import Sources, TerritoryScope, build
from tests.formats.stocks import (
    ESTABLISHMENT_COLUMNS,
    UNIT_COLUMNS,
    establishment,
    position,
    siren,
    siret,
    unit,
    write_csv,
    write_geolocation,
    write_parquet,
    write_stocks,
)
from tests.registry.pipeline.conftest import DAY, FRANCE, HAUTE_GARONNE, Built

Make = Callable[..., Built]
WRONG_SIREN = siren(5)[:8] + str((int(siren(5)[8]) + 1) % 10)
WRONG_SIRET = siret(siren(1))[:13] + str((int(siret(siren(1))[13]) + 1) % 10)


def refusal(tmp_path: Path, sources: Sources, scope: TerritoryScope = HAUTE_GARONNE) -> InputProblem:
    with pytest.raises(InputProblem) as caught:
        build(sources, scope, default_perimeter(), tmp_path / "editions", DAY)
    assert [path.name for path in (tmp_path / "editions").iterdir()] == []
    return caught.value


def told(built: Built) -> list[tuple[str | None, str | None, str | None, str]]:
    return [(row["siren"], row["siret"], row["value"], row["reason"]) for row in built.rows("rejected")]


def test_wrong_keys_are_set_aside(make: Make) -> None:
    built = make(
        [unit(1), unit(5, siren=WRONG_SIREN), unit(3), unit(4)],
        [
            establishment(1, siret=WRONG_SIRET),
            establishment(1, 2),
            establishment(5, siren=WRONG_SIREN, siret=siret(WRONG_SIREN)),
            establishment(3, siret="2,43E+13"),
            establishment(4, siret=siret(siren(9))),
        ],
    )
    assert built.column("establishments", "siret") == [siret(siren(1), 2)]
    assert told(built) == [
        (siren(1), WRONG_SIRET, WRONG_SIRET, "la clé de ce SIRET est fausse."),
        (siren(3), "2,43E+13", "2,43E+13", "ce SIRET ne commence pas par le SIREN de la ligne."),
        (siren(4), siret(siren(9)), siret(siren(9)), "ce SIRET ne commence pas par le SIREN de la ligne."),
        (WRONG_SIREN, None, WRONG_SIREN, "la clé de ce SIREN est fausse."),
    ]
    assert built.manifest.rejected == {
        "StockEtablissement_utf8.parquet": 3,
        "StockUniteLegale_utf8.parquet": 1,
    }


def test_refusing_bad_rows_names_the_first(make: Make) -> None:
    with pytest.raises(InputProblem) as caught:
        make([unit(1)], [establishment(1, siret=WRONG_SIRET)], on_error="refuse")
    assert str(caught.value) == (
        "Fichier « StockEtablissement_utf8.parquet », colonne « siret », "
        f"valeur « {WRONG_SIRET} » : la clé de ce SIRET est fausse. "
        "Vérifiez ce numéro sur annuaire-entreprises.data.gouv.fr ; la ligne n’est pas reprise."
    )


def test_la_poste_has_its_own_key(make: Make) -> None:
    number = "35600000000014"
    assert sum(map(int, number)) % 5 != 0
    post = "35600000009075"  # sum of digits 35
    built = make(
        [unit(1, siren="356000000")],
        [establishment(1, siren="356000000", siret=post, etablissementSiege="false")],
    )
    assert built.column("establishments", "siret") == [post]


def test_an_unknown_commune_is_listed_where_it_could_be_of_the_territory(make: Make) -> None:
    units = [unit(number) for number in (1, 2, 3)]
    places = [
        establishment(1, codeCommuneEtablissement="31999"),
        establishment(2, codeCommuneEtablissement="99999"),
        establishment(3, codeCommuneEtablissement="2B999"),
    ]
    reason = "cette commune n’est pas connue."
    assert told(make(units, places)) == [(siren(1), siret(siren(1)), "31999", reason)]
    assert told(make(units, places, scope=FRANCE)) == [
        (siren(1), siret(siren(1)), "31999", reason),
        (siren(3), siret(siren(3)), "2B999", reason),
    ]


def test_of_doubled_rows_the_last_treated_is_kept(make: Make) -> None:
    built = make(
        [
            unit(
                1,
                denominationUniteLegale="ANCIEN NOM",
                dateDernierTraitementUniteLegale="2025-01-01T00:00:00",
            ),
            unit(
                1,
                denominationUniteLegale="NOUVEAU NOM",
                dateDernierTraitementUniteLegale="2026-01-01T00:00:00",
            ),
            unit(2, dateDernierTraitementUniteLegale="2025-01-01T00:00:00"),
            unit(
                2,
                dateDernierTraitementUniteLegale="2026-01-01T00:00:00",
                categorieJuridiqueUniteLegale="5499",
            ),
            unit(3),
        ],
        [
            establishment(1),
            establishment(2),
            establishment(
                3, enseigne1Etablissement="A", dateDernierTraitementEtablissement="2025-01-01T00:00:00"
            ),
            establishment(
                3, enseigne1Etablissement="B", dateDernierTraitementEtablissement="2026-01-01T00:00:00"
            ),
            establishment(
                3,
                2,
                codeCommuneEtablissement="31069",
                dateDernierTraitementEtablissement="2024-01-01T00:00:00",
            ),
            establishment(3, 2, etatAdministratifEtablissement="F"),
        ],
    )
    assert [(row["siren"], row["name"]) for row in built.rows("organisations")] == [
        (siren(1), "NOUVEAU NOM"),
        (siren(3), "ASSOCIATION 3"),
    ]
    assert [(row["siret"], row["name"]) for row in built.rows("establishments")] == [
        (siret(siren(1)), None),
        (siret(siren(3)), "B"),
    ]
    assert told(built) == [
        (
            siren(3),
            siret(siren(3)),
            siret(siren(3)),
            "cet établissement est écrit plusieurs fois dans le fichier.",
        ),
        (
            siren(3),
            siret(siren(3), 2),
            siret(siren(3), 2),
            "cet établissement est écrit plusieurs fois dans le fichier.",
        ),
        (siren(1), None, siren(1), "cette unité légale est écrite plusieurs fois dans le fichier."),
    ]


def test_a_doublet_that_the_first_scan_drops_is_still_found(make: Make) -> None:
    """The row treated last is a company without mark: only a comparison of all the rows sees it."""
    built = make(
        [
            unit(1, dateDernierTraitementUniteLegale="2025-01-01T00:00:00"),
            unit(
                1,
                dateDernierTraitementUniteLegale="2026-01-01T00:00:00",
                categorieJuridiqueUniteLegale="5499",
            ),
            unit(2),
        ],
        [establishment(1), establishment(2)],
    )
    assert built.column("organisations", "siren") == [siren(2)]


def test_an_unknown_legal_category_is_told_and_left_out_unless_marked(make: Make) -> None:
    built = make(
        [
            unit(1, categorieJuridiqueUniteLegale="9999"),
            unit(2, categorieJuridiqueUniteLegale="9999", economieSocialeSolidaireUniteLegale="O"),
        ],
        [establishment(1), establishment(2)],
        on_error="refuse",
    )
    assert [(row["siren"], row["verdict"]) for row in built.rows("organisations")] == [(siren(2), "to_check")]
    (row,) = built.rows("rejected")
    assert (row["column"], row["value"]) == ("categorieJuridiqueUniteLegale", "9999")
    assert built.manifest.counts["units_of_unknown_category"] == 2


def test_coordinates_in_metres_declared_as_degrees_are_refused(make: Make, tmp_path: Path) -> None:
    geolocation = write_geolocation(tmp_path / "geo.csv", [position(1, lon=574357.82, lat=6279642.97)])
    with pytest.raises(InputProblem) as caught:
        make([unit(1)], [establishment(1)], geolocation=geolocation)
    assert str(caught.value) == (
        "Fichier « geo.csv », colonne « x_longitude », valeur « 574358 ; 6279643 » : les colonnes x_longitude et "
        "y_latitude contiennent des mètres (projection Lambert), pas des degrés. Reprenez le fichier officiel : x et "
        "y portent les mètres, x_longitude et y_latitude les degrés."
    )


def test_a_few_wrong_positions_are_dropped_and_listed(make: Make, tmp_path: Path) -> None:
    rows = [position(number) for number in range(1, 24)]
    rows += [position(24, lon=43.6, lat=1.44), position(25, lon=574357.82, lat=6279642.97)]
    geolocation = write_geolocation(tmp_path / "geo.csv", rows)
    numbers = range(1, 26)
    built = make([unit(n) for n in numbers], [establishment(n) for n in numbers], geolocation=geolocation)
    assert [(row["siret"], row["reason"]) for row in built.rows("rejected", "siret")] == [
        (siret(siren(24)), "ce point n’est pas en France (longitude et latitude inversées ?)."),
        (siret(siren(25)), "ces coordonnées sont des mètres, pas des degrés."),
    ]
    assert [row["longitude"] for row in built.rows("establishments", "siret")[-3:]] == [1.44, None, None]


def test_missing_columns_are_named(tmp_path: Path) -> None:
    units, places = write_stocks(tmp_path, [unit(1)], [establishment(1)], form="csv")
    kept = [column for column in UNIT_COLUMNS if column != "categorieJuridiqueUniteLegale"]
    write_csv(units, kept, [unit(1)])
    problem = refusal(tmp_path, Sources(units, places))
    assert (problem.file, problem.column) == ("StockUniteLegale_utf8.csv", "categorieJuridiqueUniteLegale")
    assert problem.reason == (
        "cette colonne officielle manque : ce n’est pas le stock Sirene des unités légales, ou ses titres ont été "
        "modifiés."
    )


def test_swapped_stocks_are_told(tmp_path: Path) -> None:
    units, places = write_stocks(tmp_path, [unit(1)], [establishment(1)])
    problem = refusal(tmp_path, Sources(places, units))
    assert "ce n’est pas le stock Sirene des unités légales" in problem.reason


def test_a_truncated_parquet_is_told(tmp_path: Path) -> None:
    units, places = write_stocks(tmp_path, [unit(1)], [establishment(1)])
    units.write_bytes(units.read_bytes()[:-100])
    assert (
        refusal(tmp_path, Sources(units, places)).reason == "le fichier Parquet est tronqué : sa fin manque."
    )


def test_a_parquet_damaged_inside_is_told(tmp_path: Path) -> None:
    units, places = write_stocks(tmp_path, [unit(n) for n in range(1, 400)], [establishment(1)])
    body = bytearray(units.read_bytes())
    middle = len(body) // 8
    body[middle : middle + 600] = b"\x5a" * 600
    units.write_bytes(bytes(body))
    assert refusal(tmp_path, Sources(units, places)).reason == "le fichier est abîmé : sa lecture échoue."


def test_a_csv_named_parquet_is_read_for_what_it_is(tmp_path: Path) -> None:
    units = write_csv(tmp_path / "unites.parquet", UNIT_COLUMNS, [unit(1)])
    places = write_parquet(tmp_path / "etablissements.csv", ESTABLISHMENT_COLUMNS, [establishment(1)])
    _, manifest = build(
        Sources(units, places), HAUTE_GARONNE, default_perimeter(), tmp_path / "editions", DAY
    )
    assert [each.kind for each in manifest.sources] == ["texte", "parquet"]
    assert manifest.counts["organisations"] == 1


def test_a_web_page_named_parquet_is_told(tmp_path: Path) -> None:
    units, places = write_stocks(tmp_path, [unit(1)], [establishment(1)])
    units.write_text("<!doctype html><html><body>Not found</body></html>", encoding="utf-8")
    assert (
        refusal(tmp_path, Sources(units, places)).reason
        == "c’est une page web (HTML), pas un fichier de données."
    )


def test_a_cp1252_csv_keeps_its_accents(make: Make, tmp_path: Path) -> None:
    row = unit(1, denominationUniteLegale="Théâtre de l’Œuvre")
    units = write_csv(tmp_path / "unites.csv", UNIT_COLUMNS, [row], encoding="cp1252", delimiter=";")
    places = write_csv(tmp_path / "places.csv", ESTABLISHMENT_COLUMNS, [establishment(1)])
    built = Built(
        *build(Sources(units, places), HAUTE_GARONNE, default_perimeter(), tmp_path / "editions", DAY)
    )
    assert built.column("organisations", "name") == ["Théâtre de l’Œuvre"]


def test_broken_lines_of_a_csv_are_listed_with_their_number(tmp_path: Path) -> None:
    units, places = write_stocks(
        tmp_path, [unit(1), unit(2)], [establishment(1), establishment(2)], form="csv"
    )
    lines = places.read_text(encoding="utf-8").splitlines()
    places.write_text("\n".join([*lines, lines[1] + ",en trop", "tronquée"]) + "\n", encoding="utf-8")
    built = Built(
        *build(Sources(units, places), HAUTE_GARONNE, default_perimeter(), tmp_path / "editions", DAY)
    )
    assert [(row["line"], row["reason"]) for row in built.rows("rejected", "line")] == [
        (4, "la ligne a plus de colonnes que l’en-tête."),
        (5, "la ligne a moins de colonnes que l’en-tête."),
    ]
    assert built.manifest.counts["organisations"] == 2


@pytest.mark.parametrize("quoted", [True, False])
def test_an_enormous_cell_is_told_without_filling_the_memory(tmp_path: Path, quoted: bool) -> None:
    """Both shapes: one line without end, and a quote never closed over millions of lines."""
    units, places = write_stocks(tmp_path, [unit(1)], [establishment(1)], form="csv")
    chunk = b"x\n" * 500_000 if quoted else b"x" * 1_000_000
    with units.open("ab") as stream:
        stream.write(b'"' if quoted else b"")
        for _ in range(40):
            stream.write(chunk)
    problem = refusal(tmp_path, Sources(units, places))
    assert problem.file == "StockUniteLegale_utf8.csv"
    assert problem.reason in (
        "une cellule ou une ligne dépasse un million de caractères.",
        "une cellule est démesurée (un guillemet n’est pas fermé ?).",
    )


@pytest.mark.realdata
def test_the_real_samples_are_read_or_refused(tmp_path: Path, real_data: Path) -> None:
    samples = real_data / "registry" / "sirene_official_columns"
    good = Sources(samples / "sample_unites_legales_OK.csv", samples / "sample_etablissements_OK.csv")
    _, manifest = build(good, FRANCE, default_perimeter(), tmp_path / "editions", DAY)
    assert (manifest.counts["legal_units"], manifest.counts["establishments"]) == (3, 3)
    assert manifest.counts["organisations"] == 0  # three sole traders, two of them closed
    for bad, column in (
        (
            Sources(samples / "sample_unites_legales_KO.csv", good.establishments),
            "statutDiffusionUniteLegale",
        ),
        (Sources(good.legal_units, samples / "sample_etablissements_KO_missing_header.csv"), "nic"),
    ):
        with pytest.raises(InputProblem) as caught:
            build(bad, FRANCE, default_perimeter(), tmp_path / "editions", DAY)
        assert caught.value.column == column
