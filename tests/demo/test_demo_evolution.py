"""The second edition: the same territory three months later, and nothing else changed."""

import duckdb
import pytest

from essor.demo.build import generate
from essor.demo.cli import SCOPE
from essor.demo.evolution import FIRST_EDITION, SECOND_EDITION
from essor.registry.perimeter import default_perimeter
from essor.registry.pipeline.build import Sources, TerritoryScope, build
from tests.demo.conftest import SCALE


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """The two editions at three hundredths of the real size, in one DuckDB."""
    connection = duckdb.connect()
    for variant in (1, 2):
        made = generate(tmp_path_factory.mktemp(f"variant{variant}"), scale=0.03, variant=variant)
        for name in ("legal_units", "establishments", "geolocation"):
            path, key = made.files[name][0], "siren" if name == "legal_units" else "siret"
            connection.execute(
                f"CREATE TABLE {name}{variant} AS SELECT DISTINCT ON ({key}) * FROM read_parquet('{path}')"
            )
    yield connection
    connection.close()


def count(both, sql):
    return both.execute(f"SELECT count(*) FROM {sql}").fetchone()[0]


UNITS = "legal_units1 a JOIN legal_units2 b USING (siren)"
PLACES = "establishments1 a JOIN establishments2 b USING (siret)"


def test_no_unit_disappears_and_some_are_born_since(both):
    known = count(both, "legal_units1")
    gone = "legal_units1 WHERE siren NOT IN (SELECT siren FROM legal_units2)"
    assert count(both, gone) <= 3 + 5  # only deliberately bad rows, which are drawn anew
    born = "legal_units2 WHERE siren NOT IN (SELECT siren FROM legal_units1) AND dateCreationUniteLegale"
    assert count(
        both, f"{born} BETWEEN DATE '{FIRST_EDITION}' AND DATE '{SECOND_EDITION}'"
    ) / known == pytest.approx(0.0135, abs=0.006)


def test_a_quarter_touches_few_rows(both):
    known = count(both, "legal_units1")
    closed = f"{UNITS} WHERE a.etatAdministratifUniteLegale = 'A' AND b.etatAdministratifUniteLegale = 'C'"
    assert count(both, closed) / known == pytest.approx(0.007, abs=0.003)
    moved = f"{UNITS} WHERE a.nicSiegeUniteLegale <> b.nicSiegeUniteLegale"
    assert count(both, moved) / known == pytest.approx(0.006, abs=0.003)
    renamed = f"{UNITS} WHERE a.denominationUniteLegale <> b.denominationUniteLegale"
    assert count(both, renamed) > 0
    resized = f"{UNITS} WHERE a.trancheEffectifsUniteLegale <> b.trancheEffectifsUniteLegale"
    assert count(both, resized) > 0
    changed = f"{UNITS} WHERE a IS DISTINCT FROM b"
    assert count(both, changed) / known < 0.03
    assert count(both, f"{PLACES} WHERE a IS DISTINCT FROM b") / known < 0.03


def test_a_move_closes_the_former_seat_and_opens_another(both):
    moved = f"""
        {UNITS}
        JOIN establishments2 old ON old.siret = siren || a.nicSiegeUniteLegale
        JOIN establishments2 new ON new.siret = siren || b.nicSiegeUniteLegale
        WHERE a.nicSiegeUniteLegale <> b.nicSiegeUniteLegale"""
    assert count(both, moved) > 0
    wrong = (
        "old.etatAdministratifEtablissement <> 'F' OR old.etablissementSiege OR NOT new.etablissementSiege"
    )
    assert count(both, f"{moved} AND ({wrong})") == 0
    assert count(both, f"{moved} AND new.dateCreationEtablissement <= DATE '{FIRST_EDITION}'") == 0


def test_positions_of_what_did_not_move_stay(both):
    same = "geolocation1 a JOIN geolocation2 b USING (siret) WHERE a.x_longitude < 90 AND b.x_longitude < 90"
    assert count(both, same) > 4000
    assert count(both, f"{same} AND (a.x_longitude, a.y_latitude) <> (b.x_longitude, b.y_latitude)") == 0


def test_a_closed_unit_has_no_open_establishment(both):
    wrong = "legal_units2 u JOIN establishments2 e USING (siren) WHERE u.etatAdministratifUniteLegale = 'C'"
    assert (
        count(
            both,
            f"{wrong} AND e.etatAdministratifEtablissement = 'A' AND e.codeCommuneEtablissement <> '31999'",
        )
        == 0
    )


def test_an_extract_gives_the_same_register_as_the_whole_stocks(small_demo, atlas, tmp_path):
    extract = generate(tmp_path, scale=SCALE, extract=True)
    assert extract.faults == small_demo.faults
    whole, light = (
        _register(made, atlas, tmp_path / name) for made, name in ((small_demo, "a"), (extract, "b"))
    )
    assert light == whole
    assert len(whole) > 300


def _register(made, atlas, folder):
    codes = {code: code for code in atlas.codes[: atlas.inside]}
    many = {option: tuple(paths) for option, paths in made.files.items() if option in ("siae", "qpv")}
    sources = Sources(
        **{option: paths[0] for option, paths in made.files.items() if option not in many}, **many
    )
    built, _manifest = build(
        sources, TerritoryScope(SCOPE, frozenset(codes), codes), default_perimeter(made.day), folder, made.day
    )
    with duckdb.connect() as connection:
        return connection.execute(
            "SELECT * FROM read_parquet(?) ORDER BY siren",
            [str(built / "organisations.parquet")],
        ).fetchall()
