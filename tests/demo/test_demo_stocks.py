"""The stock files: official columns, real communes, coherent rows, distribution of a real département."""

import csv
from datetime import date

import duckdb
import numpy as np
import pytest

from essor.demo.build import generate
from essor.demo.evolution import FIRST_EDITION
from essor.demo.identifiers import SIREN_PREFIX
from essor.demo.profiles import ESS_FAMILIES, profiles
from essor.demo.stocks import (
    ESTABLISHMENT_COLUMNS,
    GEOLOCATION_COLUMNS,
    LEGAL_UNIT_COLUMNS,
    employees_of_units,
)
from essor.formats.identifiers import siren_sql, siret_sql
from essor.territories.actions.reference import DATA


@pytest.fixture(scope="module")
def tables(small_demo):
    """The three files as DuckDB views, without the deliberately bad rows."""
    connection = duckdb.connect()
    kept = {"coordonnées en mètres", "ligne en double"}
    stocks = {small_demo.files[name][0].name for name in ("legal_units", "establishments")}
    bad = {fault.value for fault in small_demo.faults if fault.file in stocks and fault.reason not in kept}
    connection.execute("CREATE TABLE bad AS SELECT unnest($1) AS number", [sorted(bad)])
    for name, key in (("legal_units", "siren"), ("establishments", "siret"), ("geolocation", "siret")):
        path = small_demo.files[name][0]
        connection.execute(
            f"CREATE VIEW {name} AS SELECT DISTINCT ON ({key}) * FROM read_parquet('{path}')"
            f" WHERE {key} NOT IN (FROM bad) AND left({key}, 9) NOT IN (FROM bad)"
        )
    yield connection
    connection.close()


def one(connection, sql, *values):
    return connection.execute(sql, list(values)).fetchone()[0]


@pytest.mark.parametrize(
    ("option", "columns", "count"),
    [
        ("legal_units", LEGAL_UNIT_COLUMNS, 35),
        ("establishments", ESTABLISHMENT_COLUMNS, 54),
        ("geolocation", GEOLOCATION_COLUMNS, 19),
    ],
)
def test_columns_are_the_official_ones_in_order_and_type(small_demo, option, columns, count):
    path = small_demo.files[option][0]
    with duckdb.connect() as connection:
        described = connection.execute(f"DESCRIBE FROM read_parquet('{path}')").fetchall()
    assert [(row[0], row[1]) for row in described] == list(columns.items())
    assert len(columns) == count


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("file", "columns", "later"),
    [
        ("sample_unites_legales_OK.csv", LEGAL_UNIT_COLUMNS, 2),
        ("sample_etablissements_OK.csv", ESTABLISHMENT_COLUMNS, 6),
    ],
)
def test_columns_of_real_extracts_come_in_the_same_order(real_data, file, columns, later):
    path = real_data / "registry" / "sirene_official_columns" / file
    with path.open(encoding="utf-8", newline="") as stream:
        header = next(csv.reader(stream))
    official = [name for name in header if not name.startswith(("geo_", "longitude", "latitude"))]
    ours = list(columns)
    assert [name for name in ours if name in official] == official
    assert len(ours) - len(official) == later  # columns that INSEE added since


def test_keys_are_right_and_unique(tables):
    assert one(tables, f"SELECT count(*) FROM legal_units WHERE NOT {siren_sql('siren')}") == 0
    assert one(tables, f"SELECT count(*) FROM establishments WHERE NOT {siret_sql('siret')}") == 0
    assert one(tables, "SELECT count(*) - count(DISTINCT siren) FROM legal_units") == 0
    assert one(tables, "SELECT count(*) - count(DISTINCT siret) FROM establishments") == 0
    assert one(tables, "SELECT count(*) FROM establishments WHERE siret <> siren || nic") == 0
    assert one(tables, f"SELECT count(*) FROM legal_units WHERE siren NOT LIKE '{SIREN_PREFIX}%'") == 0


def test_each_unit_has_its_seat_and_each_establishment_its_unit(tables):
    seats = (
        "SELECT count(*) FROM legal_units u"
        " LEFT JOIN establishments e ON e.siret = u.siren || u.nicSiegeUniteLegale"
    )
    assert one(tables, f"{seats} WHERE e.siret IS NULL OR NOT e.etablissementSiege") == 0
    assert (
        one(tables, "SELECT count(*) FROM establishments WHERE siren NOT IN (SELECT siren FROM legal_units)")
        == 0
    )
    alive = "SELECT count(*) FROM establishments e JOIN legal_units u USING (siren)"
    assert (
        one(
            tables,
            f"{alive} WHERE etatAdministratifUniteLegale = 'C' AND etatAdministratifEtablissement = 'A'",
        )
        == 0
    )


def test_communes_and_postal_codes_are_real_and_agree(tables):
    reference = f"""
        SELECT code, commune FROM read_parquet('{DATA / "postal_codes.parquet"}')
        UNION ALL SELECT p.code, c.code FROM read_parquet('{DATA / "commune_codes.parquet"}') c
        JOIN read_parquet('{DATA / "postal_codes.parquet"}') p USING (commune) WHERE c.kind = 'arrondissement'"""
    wrong = f"""
        SELECT count(*) FROM establishments WHERE codePostalEtablissement <> '[ND]'
        AND (codePostalEtablissement, codeCommuneEtablissement) NOT IN (FROM ({reference}))"""
    assert one(tables, wrong) == 0
    assert one(tables, "SELECT count(*) FROM establishments WHERE codeCommuneEtablissement IS NULL") == 0


def test_what_may_not_be_diffused_is_masked(tables):
    masked = "SELECT count(*) FROM establishments WHERE statutDiffusionEtablissement = 'P'"
    assert one(tables, masked) > 0
    shown = "codePostalEtablissement <> '[ND]' OR libelleVoieEtablissement <> '[ND]' OR enseigne1Etablissement <> ''"
    assert one(tables, f"{masked} AND ({shown})") == 0
    assert (
        one(
            tables,
            "SELECT count(*) FROM legal_units WHERE denominationUniteLegale = '[ND]'"
            " AND statutDiffusionUniteLegale <> 'P'",
        )
        == 0
    )


def test_dates_are_in_order_and_before_the_day_of_the_files(tables, small_demo):
    first, last = tables.execute(
        "SELECT min(dateCreationUniteLegale), max(greatest(dateCreationUniteLegale, dateDebut)) FROM legal_units"
    ).fetchone()
    assert date(1905, 1, 1) <= first
    assert last <= small_demo.day == FIRST_EDITION
    assert one(tables, "SELECT count(*) FROM legal_units WHERE dateDebut < dateCreationUniteLegale") == 0
    assert one(tables, "SELECT count(*) FROM establishments WHERE dateDebut < dateCreationEtablissement") == 0


def test_positions_are_near_their_commune(tables, atlas):
    rows = tables.execute(
        "SELECT plg_code_commune, x_longitude, y_latitude FROM geolocation WHERE y_latitude < 90"
    ).fetchall()
    codes = dict(zip(atlas.codes, zip(atlas.lon, atlas.lat, atlas.populations, strict=True), strict=True))
    far = 0
    for code, lon, lat in rows:
        lon0, lat0, people = codes[code]
        metres = np.hypot((lon - lon0) * 80_600, (lat - lat0) * 111_320)
        far += metres > 2.6 * (250 + 4.2 * np.sqrt(people)) + 5
    assert len(rows) > 1000
    assert far == 0


def test_the_economy_looks_like_a_departement(small_economy, atlas):
    units, places = small_economy.units, small_economy.places
    families = np.array([profile.family for profile in profiles()], dtype=object)[units.profile]
    alive = np.isnat(units.closed)
    ess = alive & np.isin(families, ESS_FAMILIES)
    staff = employees_of_units(units, places)
    assert len(units) == pytest.approx(205_000 * 0.02, rel=0.02)
    assert len(places) / len(units) == pytest.approx(1.14, abs=0.04)
    assert ess.sum() == pytest.approx(20_500 * 0.02, rel=0.1)
    assert (ess & (staff > 0)).sum() / ess.sum() == pytest.approx(0.25, abs=0.07)
    assert (units.commune == atlas.codes.tolist().index("31555")).mean() == pytest.approx(0.40, abs=0.05)
    assert (units.commune >= atlas.inside).sum() > 0  # seated elsewhere, with an establishment here
    here = np.bincount(
        places.unit[(places.commune < atlas.inside) & np.isnat(places.closed)], minlength=len(units)
    )
    assert (here[alive] == 0).sum() == 0


def test_same_arguments_give_the_same_bytes_and_another_seed_does_not(small_demo, tmp_path):
    again = generate(tmp_path / "again", scale=0.02)
    assert again.faults == small_demo.faults
    for option, paths in small_demo.files.items():
        for ours, theirs in zip(paths, again.files[option], strict=True):
            assert ours.read_bytes() == theirs.read_bytes(), ours.name
    other = generate(tmp_path / "other", scale=0.005, seed=32)
    assert other.files["legal_units"][0].read_bytes() != small_demo.files["legal_units"][0].read_bytes()


@pytest.mark.slow
def test_the_real_size_is_as_announced(tmp_path):
    made = generate(tmp_path)
    with duckdb.connect() as connection:
        units = one(connection, f"SELECT count(*) FROM read_parquet('{made.files['legal_units'][0]}')")
        places, communes = connection.execute(
            "SELECT count(*), count(DISTINCT codeCommuneEtablissement) FILTER (codeCommuneEtablissement LIKE '31%'"
            f" AND codeCommuneEtablissement <> '31999') FROM read_parquet('{made.files['establishments'][0]}')"
        ).fetchone()
    assert units == pytest.approx(205_000, rel=0.02)
    assert places == pytest.approx(233_000, rel=0.03)
    assert communes == 586


def test_insee_treats_no_row_after_the_day_of_the_stock(small_demo, tables):
    for table, column in (
        ("legal_units", "dateDernierTraitementUniteLegale"),
        ("establishments", "dateDernierTraitementEtablissement"),
    ):
        last = one(tables, f"SELECT max({column}::TIMESTAMP)::DATE FROM {table}")
        assert last <= small_demo.day, table
