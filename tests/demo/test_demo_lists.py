"""The lists: read by the formats' own readers, which set aside the announced rows and no other."""

import csv
from collections import Counter

import duckdb
import pytest

from essor.demo.companions import RNA_HEADER, SIAE_HEADER
from essor.demo.faults import DESTROYED_SIRET, UNKNOWN_COMMUNE
from essor.formats import esus, geolocation, insertion, own_list, rna, sirene
from essor.formats.identifiers import is_siren, siren_sql, siret_sql
from essor.registry.sources import find_sources


@pytest.fixture(scope="module")
def siren_of_stock(small_demo):
    with duckdb.connect() as connection:
        path = small_demo.files["legal_units"][0]
        return {row[0] for row in connection.execute(f"SELECT siren FROM read_parquet('{path}')").fetchall()}


def announced(small_demo, option, reason=""):
    names = {path.name for path in small_demo.files[option]}
    return [f.value for f in small_demo.faults if f.file in names and (not reason or f.reason == reason)]


def read(reader, small_demo, option):
    rejected = []
    return reader(small_demo.files[option][0], rejected.append), [row.value for row in rejected]


def rows_of(small_demo, option, delimiter=","):
    with small_demo.files[option][0].open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=delimiter))


def test_forty_bad_rows_are_announced(small_demo):
    assert Counter(fault.reason for fault in small_demo.faults) == {
        "ligne en double": 10,
        "clé du SIRET fausse": 7,
        "coordonnées en mètres": 6,
        "clé du SIREN fausse": 6,
        "commune inconnue": 5,
        "SIRET d’un autre SIREN": 3,
        "SIRET détruit par un tableur": 2,
        "type de structure inconnu": 1,
    }


def test_bad_rows_of_the_stocks_are_exactly_the_announced_ones(small_demo):
    units, places, located = (
        f"read_parquet('{small_demo.files[name][0]}')"
        for name in ("legal_units", "establishments", "geolocation")
    )
    with duckdb.connect() as connection:

        def numbers(sql):
            return sorted(row[0] for row in connection.execute(sql).fetchall())

        def expect(option, reason):
            return sorted(announced(small_demo, option, reason))

        assert numbers(f"SELECT siren FROM {units} WHERE NOT {siren_sql('siren')}") == expect(
            "legal_units", "clé du SIREN fausse"
        )
        assert numbers(f"SELECT siren FROM {units} GROUP BY 1 HAVING count(*) = 2") == expect(
            "legal_units", "ligne en double"
        )
        right = f"siren NOT IN (SELECT siren FROM {units} WHERE NOT {siren_sql('siren')})"
        assert numbers(f"SELECT siret FROM {places} WHERE {right} AND NOT {siret_sql('siret')}") == expect(
            "establishments", "clé du SIRET fausse"
        )
        assert numbers(f"SELECT siret FROM {places} GROUP BY 1 HAVING count(*) = 2") == expect(
            "establishments", "ligne en double"
        )
        assert numbers(
            f"SELECT siret FROM {places} WHERE codeCommuneEtablissement = '{UNKNOWN_COMMUNE}'"
        ) == expect("establishments", "commune inconnue")
        assert numbers(f"SELECT siret FROM {places} WHERE siret[1:9] <> siren") == expect(
            "establishments", "SIRET d’un autre SIREN"
        )
        assert numbers(f"SELECT siret FROM {places} WHERE siren NOT IN (SELECT siren FROM {units})") == []
        assert numbers(f"SELECT siret FROM {located} WHERE abs(x_longitude) > 180") == expect(
            "geolocation", "coordonnées en mètres"
        )


def test_the_formats_open_the_stocks(small_demo, tmp_path):
    rejected = []
    with duckdb.connect() as connection:
        for option, opener, select in (
            ("legal_units", sirene.open_legal_units, sirene.legal_units_sql),
            ("establishments", sirene.open_establishments, sirene.establishments_sql),
            ("geolocation", geolocation.open_geolocation, geolocation.geolocation_sql),
            ("rna", rna.open_rna, rna.rna_sql),
        ):
            work = tmp_path / option
            work.mkdir()
            table = opener(connection, small_demo.files[option][0], work, rejected.append)
            assert connection.execute(f"SELECT count(*) FROM ({select(table)})").fetchone()[0] > 100
    assert rejected == []


def test_the_register_recognises_each_file(small_demo):
    folder = small_demo.files["legal_units"][0].parent
    found = {file.name: file.kind for file in find_sources(folder)}
    assert found == {path.name: option for option, paths in small_demo.files.items() for path in paths}


def test_insertion_structures(small_demo, siren_of_stock):
    structures, rejected = read(insertion.read_insertion, small_demo, "siae")
    assert {row.siret[:9] for row in structures} <= siren_of_stock
    assert rejected == [announced(small_demo, "siae", "clé du SIRET fausse")[0], "XYZ"]
    assert tuple(rows_of(small_demo, "siae")[0]) == SIAE_HEADER


def test_esus_agreements_begin_before_they_end(small_demo, siren_of_stock):
    agreements, rejected = read(esus.read_esus, small_demo, "esus")
    assert rejected == announced(small_demo, "esus")
    assert {row.siren for row in agreements} <= siren_of_stock
    assert all(row.since and row.until and row.since < row.until for row in agreements)


def test_the_list_of_the_authority(small_demo, siren_of_stock):
    rows, rejected = read(own_list.read_own_list, small_demo, "own_list")
    assert rejected == [DESTROYED_SIRET] * 2
    assert {row.siret[:9] for row in rows} <= siren_of_stock


def test_the_ess_list_has_most_units_and_some_of_elsewhere(small_demo, siren_of_stock):
    listed = [row["SIREN"] for row in rows_of(small_demo, "ess_list")]
    assert sorted(s for s in listed if not is_siren(s)) == sorted(announced(small_demo, "ess_list"))
    assert len(set(listed)) == len(listed)
    elsewhere = {siren for siren in listed if is_siren(siren)} - siren_of_stock
    assert len(elsewhere) == 2


def test_the_rna_says_what_associations_do(small_demo, siren_of_stock):
    rows = rows_of(small_demo, "rna", ";")
    assert tuple(rows[0]) == RNA_HEADER
    assert len({row["id"] for row in rows}) == len(rows)
    assert {row["siret"][:9] for row in rows if row["siret"]} <= siren_of_stock
    assert all(row["objet"].endswith(".") and "{" not in row["objet"] for row in rows)
    assert {row["position"] for row in rows} == {"A", "D"}
    assert all((row["position"] == "D") == bool(row["date_disso"]) for row in rows)
    assert all(row["siteweb"].endswith(".example.org") for row in rows if row["siteweb"])
    alone = sum(not row["siret"] for row in rows)
    assert alone / len(rows) == pytest.approx(0.11, abs=0.02)
