"""The sorted points against a plain count of each tile and cell."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.registry.map.grid import BITS, Grid, interleave, to_grid
from essor.registry.map.tiles import shares, short

points = st.lists(
    st.tuples(st.floats(-5, 9), st.floats(41.5, 51), st.integers(0, 5)), min_size=1, max_size=60
)


def grid_of(rows: list[tuple[float, float, int]]) -> tuple[Grid, np.ndarray, np.ndarray]:
    lon, lat = (np.array([row[axis] for row in rows]) for axis in (0, 1))
    x, y = to_grid(lon, lat)
    codes = interleave(x, y)
    order = np.argsort(codes, kind="stable")
    families = np.array([row[2] for row in rows], dtype=np.uint8)
    return Grid(codes[order], order.astype(np.int32), families[order], 6), x, y


@given(points, st.integers(0, 16), st.integers(0, 59), st.sampled_from([3, 4]))
def test_cells_hold_the_points_that_a_plain_count_gives(
    rows: list[tuple[float, float, int]], z: int, chosen: int, division: int
) -> None:
    grid, x, y = grid_of(rows)
    one = chosen % len(rows)
    shift = BITS - z
    tile = (int(x[one]) >> shift, int(y[one]) >> shift)
    groups = grid.cells(z, *tile, division)
    found = {
        tuple(sorted(grid.rows[start:end].tolist())): families
        for start, end, families in zip(groups.starts, groups.ends, groups.families.tolist(), strict=True)
    }
    expected: dict[tuple[int, int], list[int]] = {}
    for number in range(len(rows)):
        if (int(x[number]) >> shift, int(y[number]) >> shift) == tile:
            cell = (int(x[number]) >> shift - division, int(y[number]) >> shift - division)
            expected.setdefault(cell, []).append(number)
    assert set(found) == {tuple(members) for members in expected.values()}
    for members, families in found.items():
        assert families == [sum(rows[number][2] == kind for number in members) for kind in range(6)]


@given(points, st.integers(14, 16))
def test_places_are_exact_and_each_once(rows: list[tuple[float, float, int]], z: int) -> None:
    grid, x, y = grid_of([*rows, rows[0]])
    shift = BITS - z
    tile = (int(x[0]) >> shift, int(y[0]) >> shift)
    groups = grid.places(z, *tile)
    inside = [
        (int(a), int(b)) for a, b in zip(x, y, strict=True) if (int(a) >> shift, int(b) >> shift) == tile
    ]
    assert sum((groups.ends - groups.starts).tolist()) == len(inside)
    assert len(groups) == len(set(inside))
    assert max(groups.ends - groups.starts) >= 2
    drawn = {
        ((a - (tile[0] << shift)) >> (shift - 12), (b - (tile[1] << shift)) >> (shift - 12))
        for a, b in inside
    }
    assert set(zip(groups.x.tolist(), groups.y.tolist(), strict=True)) == drawn


@given(points)
def test_the_box_holds_the_points_to_a_metre(rows: list[tuple[float, float, int]]) -> None:
    box = grid_of(rows)[0].box()
    assert box == pytest.approx(
        (
            min(row[0] for row in rows),
            min(row[1] for row in rows),
            max(row[0] for row in rows),
            max(row[1] for row in rows),
        ),
        abs=1e-5,
    )


def test_without_points_nothing_is_found() -> None:
    none = Grid(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.uint8), 6)
    assert (none.box(), len(none.cells(0, 0, 0, 3)), len(none.places(14, 1, 1)), none.at(5).tolist()) == (
        None,
        0,
        0,
        [],
    )


@given(st.lists(st.integers(0, 5000), min_size=6, max_size=6).filter(any))
def test_shares_are_eighths_of_the_whole(counts: list[int]) -> None:
    parts = [int(sign) for sign in shares(counts)]
    assert sum(parts) == 8
    assert all(abs(part - count * 8 / sum(counts)) < 1 for part, count in zip(parts, counts, strict=True))


@pytest.mark.parametrize(
    ("number", "said"),
    [(2, "2"), (999, "999"), (1000, "1,0 k"), (9949, "9,9 k"), (9950, "10 k"), (250_000, "250 k")],
)
def test_numbers_stay_short(number: int, said: str) -> None:
    assert short(number) == said
