"""Schematic QPV: official form, names that say what they are, positions that fall inside."""

import re

import duckdb

from essor.demo.quarters import codes_at, quarters
from essor.formats.qpv import read_qpv


def test_both_generations_are_read_without_rejection(small_demo):
    rejected = []
    read = [quartier for path in small_demo.files["qpv"] for quartier in read_qpv(path, rejected.append)]
    assert rejected == []
    assert sorted({quartier.generation for quartier in read}) == [2015, 2024]
    assert len({quartier.code for quartier in read}) == len(read) == 24
    assert all(re.fullmatch(r"Quartier de démonstration [A-L]", quartier.name) for quartier in read)
    assert all(quartier.outline.is_valid for quartier in read)


def test_codes_are_of_numbers_that_no_real_quartier_of_the_departement_bears(atlas):
    for quarter in quarters(atlas, 31):
        assert re.fullmatch(r"QP0319\d\d" if quarter.generation == 2015 else r"QN0319\d[YZ]", quarter.code)


def test_a_quarter_holds_its_own_middle(atlas):
    found = quarters(atlas, 31)
    for quarter in found:
        middle = quarter.outline.representative_point()
        codes = codes_at([middle.x], [middle.y], quarter.generation, found)
        assert codes.tolist() == [quarter.code]
    assert codes_at([2.35], [48.85], 2024, found).tolist() == [None]


def test_some_establishments_lie_in_a_quarter(small_demo):
    path = small_demo.files["geolocation"][0]
    with duckdb.connect() as connection:
        inside, rows = connection.execute(
            f"SELECT count(plg_qp24), count(*) FROM read_parquet('{path}')"
        ).fetchone()
    assert 0.005 < inside / rows < 0.05
