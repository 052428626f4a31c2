"""Points against surfaces, in degrees and metres."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from essor.territories.geo import METRES_PER_DEGREE, Places, Surfaces, cells, metres_between

TOULOUSE, PARIS = (1.4442, 43.6047), (2.3522, 48.8566)


def test_distance_between_toulouse_and_paris():
    found = metres_between(*TOULOUSE, np.array([PARIS[0]]), np.array([PARIS[1]]))
    assert found[0] == pytest.approx(588_000, rel=0.005)


def test_a_point_is_in_the_surface_that_holds_it():
    surfaces = Surfaces(["a", "b"], [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    assert surfaces.holding(0.5, 0.5) == ["a"]
    assert surfaces.holding(1.0, 0.5) == ["a", "b"]
    assert surfaces.holding(3, 3) == []


def test_distances_are_in_metres_east_and_north():
    side = 300 / METRES_PER_DEGREE
    box = shapely.box(1, 43, 2, 44)
    surfaces = Surfaces(["a"], [box])
    north = surfaces.within(1.5, 44 + side, 301)
    assert [round(near.metres) for near in north] == [300]
    east = surfaces.within(2 + side / math.cos(math.radians(43.5)), 43.5, 301)
    assert [round(near.metres) for near in east] == [300]
    assert surfaces.within(1.5, 44 + side, 299) == []
    assert [near.metres for near in surfaces.within(1.5, 43.5, 300)] == [0]


def test_the_nearest_surface_comes_first():
    surfaces = Surfaces(["far", "near"], [shapely.box(0, 0, 1, 1), shapely.box(1.002, 0, 2, 1)])
    assert [near.key for near in surfaces.within(1.0015, 0.5, 1000)] == ["near", "far"]


def test_nothing_is_near_when_there_is_nothing():
    assert Surfaces([], []).holding(1, 43) == []
    assert Surfaces([], []).within(1, 43, 300) == []
    assert Places([], [], []).nearest(1, 43) is None


def test_the_nearest_place():
    places = Places(["toulouse", "paris"], [TOULOUSE[0], PARIS[0]], [TOULOUSE[1], PARIS[1]])
    assert places.nearest(1.5, 43.5).key == "toulouse"
    assert places.nearest(*PARIS).metres == 0


@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=12, unique=True),
)
def test_each_point_is_in_its_cell_and_cells_fill_the_surface(points):
    around = shapely.box(-0.1, -0.1, 1.1, 1.1)
    found = cells(points, around)
    assert len(found) == len(points)
    for point, cell in zip(points, found, strict=True):
        assert cell.distance(shapely.Point(point)) < 1e-5
        assert around.buffer(1e-9).covers(cell)
    if len({(round(x, 6), round(y, 6)) for x, y in points}) == len(points):
        assert shapely.union_all(found).area == pytest.approx(around.area, rel=1e-6)


@given(st.floats(-179, 179), st.floats(-89, 89), st.floats(0, 5000))
def test_a_surface_is_within_a_distance_exactly_when_its_distance_says_so(lon, lat, metres):
    surfaces = Surfaces(["a"], [shapely.box(1, 43, 2, 44)])
    found = surfaces.within(lon, lat, metres)
    assert bool(found) == bool(surfaces.holding(lon, lat)) or (found and 0 <= found[0].metres <= metres)
