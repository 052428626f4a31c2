"""Many points at once get the answers that each gets alone."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from essor.territories.actions import load_file
from essor.territories.geo import Places
from essor.territories.locating import locate, qpv_known
from essor.territories.locating_many import communes_at, known_at
from tests.plugins.geojson import feature, square, write_geojson

pytestmark = pytest.mark.django_db


def test_the_list_is_known_where_it_is_for_one_point(module_territories: Any, tmp_path: Path) -> None:
    shape = feature(square(1.44, 43.64, 0.01), code_qp="QN03101M", lib_qp="Mirail Sud", insee_com="31555")
    load_file(write_geojson(tmp_path / "qpv.geojson", shape))
    lons, lats = (each.ravel() for each in np.meshgrid(np.linspace(-4, 8, 13), np.linspace(42, 50, 9)))
    for generation in (2015, 2024):
        alone = [qpv_known(generation, lon, lat) for lon, lat in zip(lons, lats, strict=True)]
        assert known_at(generation, lons, lats).tolist() == alone
    assert known_at(2024, np.array([]), np.array([])).tolist() == []


def test_communes_are_those_whose_outline_holds_the_point(module_territories: Any, tmp_path: Path) -> None:
    outline = feature(square(1.4, 43.55, 0.1), code="31555", nom="Toulouse")
    assert communes_at(np.array([1.45]), np.array([43.6])) == [None]
    load_file(write_geojson(tmp_path / "communes.geojson", outline))
    lons, lats = np.array([1.45, 1.6, 1.4]), np.array([43.6, 43.6, 43.55])
    found = communes_at(lons, lats)
    assert found == [("31555", "Toulouse"), None, ("31555", "Toulouse")]
    assert locate(1.45, 43.6).certainty == "exact"


def test_the_nearest_of_many_is_the_nearest_of_each() -> None:
    chance = np.random.default_rng(20261122)
    lons, lats = chance.uniform(-5, 9, 300), chance.uniform(42, 51, 300)
    places = Places(list(range(300)), lons.tolist(), lats.tolist())
    asked = chance.uniform(-5, 9, 1200), chance.uniform(42, 51, 1200)
    ranks, metres = places.nearest_many(*asked)
    for rank, far, lon, lat in list(zip(ranks, metres, *asked, strict=True))[::37]:
        near = places.nearest(lon, lat)
        assert near is not None
        assert near.key == rank
        assert far == pytest.approx(near.metres, abs=1)
    assert Places([], [], []).nearest_many(np.array([1.0]), np.array([43.0]))[0].tolist() == [-1]
