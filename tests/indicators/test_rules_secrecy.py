"""Small numbers: hidden by the stated rule, and never found back by subtraction (brute force is the oracle)."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.indicators.rules_secrecy import LEAST_UNITS, Weight, computable, hidden, is_small

pytestmark = pytest.mark.without_database

Key = tuple[int, ...]
TOTAL = -1


@pytest.mark.parametrize(
    ("units", "largest", "small"),
    [
        (0, None, False),
        (1, None, True),
        (2, None, True),
        (3, None, False),
        (None, None, True),
        (9, Decimal("0.85"), False),
        (9, Decimal("0.851"), True),
    ],
)
def test_the_rule(units: int | None, largest: Decimal | None, small: bool) -> None:
    assert is_small(Weight(units, largest)) is small


def one_dimension(values: list[int]) -> tuple[dict[Key, int], list[tuple[Key, list[Key]]]]:
    cells: dict[Key, int] = {(place,): value for place, value in enumerate(values)}
    parts = list(cells)
    cells[(TOTAL,)] = sum(values)
    return cells, [((TOTAL,), parts)]


def two_dimensions(table: list[list[int]]) -> tuple[dict[Key, int], list[tuple[Key, list[Key]]]]:
    rows, columns = range(len(table)), range(len(table[0]))
    cells: dict[Key, int] = {(r, c): table[r][c] for r in rows for c in columns}
    cells |= {(r, TOTAL): sum(table[r]) for r in rows}
    cells |= {(TOTAL, c): sum(table[r][c] for r in rows) for c in columns}
    cells[(TOTAL, TOTAL)] = sum(map(sum, table))
    sums: list[tuple[Key, list[Key]]] = [((r, TOTAL), [(r, c) for c in columns]) for r in (*rows, TOTAL)]
    sums += [((TOTAL, c), [(r, c) for r in rows]) for c in (*columns, TOTAL)]
    return cells, sums


def found_back(cells: dict[Key, int], sums: list[tuple[Key, list[Key]]], away: frozenset[Key]) -> list[Key]:
    """What a reader without secret knows for sure, by trying every change of the hidden cells: those that never move.

    The changes are small whole numbers, of either sign: the system is linear, one that moves a cell is enough.
    """
    names = sorted(away)
    moves: set[Key] = set()
    for change in product((-1, 0, 1), repeat=len(names)):
        said = dict(zip(names, change, strict=True))
        if all(said.get(total, 0) == sum(said.get(part, 0) for part in parts) for total, parts in sums):
            moves |= {name for name in names if said[name]}
    return [name for name in names if name not in moves]


@given(st.lists(st.integers(0, 8), min_size=1, max_size=6))
def test_a_line_with_its_total(values: list[int]) -> None:
    cells, sums = one_dimension(values)
    first, then = hidden({key: Weight(value) for key, value in cells.items()}, sums)
    away = first | then
    assert first == {key for key, value in cells.items() if 0 < value < LEAST_UNITS}
    assert found_back(cells, sums, away) == []
    if not first:
        assert then == frozenset()


@given(st.lists(st.lists(st.integers(0, 6), min_size=2, max_size=2), min_size=2, max_size=2))
def test_a_table_with_its_margins(table: list[list[int]]) -> None:
    cells, sums = two_dimensions(table)
    first, then = hidden({key: Weight(value) for key, value in cells.items()}, sums)
    assert found_back(cells, sums, first | then) == []


@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=2, max_size=4))
def test_larger_tables_by_elimination(table: list[list[int]]) -> None:
    cells, sums = two_dimensions(table)
    first, then = hidden({key: Weight(value) for key, value in cells.items()}, sums)
    assert computable(first | then, [(total, *parts) for total, parts in sums]) == []


@given(
    st.lists(st.lists(st.integers(0, 3), min_size=2, max_size=2), min_size=2, max_size=2),
    st.sets(st.tuples(st.integers(-1, 1), st.integers(-1, 1)), max_size=7),
)
def test_elimination_agrees_with_brute_force(table: list[list[int]], away: set[Key]) -> None:
    cells, sums = two_dimensions(table)
    by_force = found_back(cells, sums, frozenset(away))
    assert sorted(computable(away, [(total, *parts) for total, parts in sums])) == by_force


def test_the_least_partner_is_hidden_and_the_total_stays() -> None:
    cells, sums = one_dimension([1, 20, 5, 40])
    first, then = hidden({key: Weight(value) for key, value in cells.items()}, sums)
    assert (first, then) == ({(0,)}, {(2,)})


def test_two_hidden_cells_are_not_a_small_number_together() -> None:
    """One organisation here and one there: each would subtract itself; a third cell joins them."""
    cells, sums = one_dimension([1, 1, 7, 9])
    first, then = hidden({key: Weight(value) for key, value in cells.items()}, sums)
    assert (first, then) == ({(0,), (1,)}, {(2,)})
