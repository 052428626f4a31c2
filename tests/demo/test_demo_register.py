"""The real pipeline on the demonstration: the register that was announced, and exactly the announced rejections."""

import duckdb
import pytest

from essor.demo.cli import SCOPE
from essor.registry.perimeter import default_perimeter
from essor.registry.pipeline.build import Sources, TerritoryScope, build


@pytest.fixture(scope="module")
def edition(small_demo, atlas, tmp_path_factory):
    files = small_demo.files
    many = {option: tuple(paths) for option, paths in files.items() if option in ("siae", "qpv")}
    sources = Sources(**{option: paths[0] for option, paths in files.items() if option not in many}, **many)
    codes = {code: code for code in atlas.codes[: atlas.inside]}
    scope = TerritoryScope(SCOPE, frozenset(codes), codes)
    folder, manifest = build(
        sources, scope, default_perimeter(small_demo.day), tmp_path_factory.mktemp("editions"), small_demo.day
    )
    return folder, manifest


def test_the_register_has_the_announced_families(edition):
    counts = edition[1].counts
    assert counts["organisations"] == pytest.approx(20_400 * 0.02, rel=0.12)
    assert counts["employers"] == pytest.approx(5_170 * 0.02, rel=0.3)
    families = {
        key: counts[f"family:{key}"] for key in ("association", "cooperative", "mutual", "foundation")
    }
    assert all(families.values())
    assert families["association"] / counts["organisations"] == pytest.approx(0.92, abs=0.04)
    assert counts["family:ess_company"] > 0
    assert counts["verdict:to_check"] > 0
    assert counts["establishments_in_quartier"] > 0
    assert counts["head_offices_outside"] > 0
    assert counts["organisations_in_rna"] > 300


def test_the_rejected_rows_are_exactly_the_announced_ones(edition, small_demo):
    with duckdb.connect() as connection:
        rows = connection.execute(
            "SELECT file, coalesce(value, ''), coalesce(siret, ''), coalesce(siren, '') FROM read_parquet(?)",
            [str(edition[0] / "rejected.parquet")],
        ).fetchall()
    announced = {(fault.file, fault.value) for fault in small_demo.faults}
    found = [
        next(((row[0], value) for value in row[1:] if (row[0], value) in announced), row) for row in rows
    ]
    assert set(found) == announced
    assert len(rows) == len(small_demo.faults) == 40
