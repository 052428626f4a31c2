"""Sums, shares, averages, ranks, parts that do not make the whole."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.indicators import rules
from essor.indicators.definition import Indicator, Observed, canonical, month, parts_of, quarter, year
from essor.indicators.enums import Direction
from essor.indicators.formula import Result

pytestmark = pytest.mark.without_database

AMOUNT = Indicator("essai.tonnes", "Tonnes", "t", denominator="")
SHARE = Indicator("essai.part", "Part", "%", numerator="employeurs", denominator="organisations")
DENSITY = Indicator("essai.densite", "Densité", "pour 1 000", denominator="habitants", factor=Decimal(1000))


def cell(
    numerator: str | int, denominator: str | int | None = None, territory: int = 1, **parts: str
) -> Observed:
    base = None if denominator is None else Decimal(denominator)
    return Observed(year(2020), territory, tuple(sorted(parts.items())), Decimal(numerator), base)


def test_the_value_of_a_cell() -> None:
    assert rules.value_of(AMOUNT, cell(12)) == Result(Decimal(12))
    assert rules.value_of(SHARE, cell(1, 4)) == Result(Decimal("0.25"))
    assert rules.value_of(DENSITY, cell(3, 1500)) == Result(Decimal(2))
    assert rules.value_of(SHARE, cell(1, 0)) == Result(None, "le dénominateur est nul")
    assert rules.value_of(SHARE, cell(1)) == Result(None, "le dénominateur n’est pas connu")


def test_a_share_is_never_summed() -> None:
    assert rules.together(SHARE, [cell(1, 2), cell(1, 8)]) == Result(Decimal("0.2"))
    assert rules.together(SHARE, [cell(1, 2), cell(1)]).value is None


def test_an_amount_is_summed_only_where_it_is_declared() -> None:
    apart = Indicator("essai.personnes", "Personnes", "personnes", additive=False)
    assert rules.together(AMOUNT, [cell(1), cell(2)]) == Result(Decimal(3))
    assert rules.together(apart, [cell(1), cell(2)]) == Result(None, "cet indicateur ne s’additionne pas")


pairs = st.lists(st.tuples(st.integers(0, 500), st.integers(1, 500)), min_size=1, max_size=8)


@given(pairs)
def test_the_share_of_all_lies_between_those_of_each(found: list[tuple[int, int]]) -> None:
    cells = [cell(top, bottom) for top, bottom in found]
    each = [rules.value_of(SHARE, one).value or Decimal(0) for one in cells]
    whole = rules.together(SHARE, cells).value
    assert whole is not None
    assert min(each) - Decimal("1e-20") <= whole <= max(each) + Decimal("1e-20")


@given(pairs, st.integers(1, 4))
def test_rolled_up_values_are_those_of_their_communes(found: list[tuple[int, int]], above: int) -> None:
    """Each commune has one parent, and one region above; both terms add up."""
    cells = [cell(top, bottom, territory=place) for place, (top, bottom) in enumerate(found)]
    parents = {place: (100 + place % above, 999) for place in range(len(found))}
    rolled = {one.territory_id: one for one in rules.roll_up(cells, parents)}
    for territory in {100 + place % above for place in range(len(found))} | {999}:
        mine = [one for one in cells if territory in parents[one.territory_id]]
        assert rolled[territory].numerator == sum(one.numerator for one in mine)
        assert rules.value_of(SHARE, rolled[territory]) == rules.together(SHARE, mine)


def test_the_average_of_a_kind_is_weighted_for_a_share() -> None:
    assert rules.average(SHARE, [cell(1, 2), cell(1, 8)]) == Result(Decimal("0.2"))
    assert rules.average(AMOUNT, [cell(10), cell(20)]) == Result(Decimal(15))
    assert rules.average(AMOUNT, []).value is None


def test_the_rank_follows_what_is_wished() -> None:
    values = {1: Decimal(5), 2: Decimal(7), 3: None, 4: Decimal(5)}
    assert rules.rank(values, 1, Direction.UP) == rules.Rank(2, 3)
    assert rules.rank(values, 1, Direction.DOWN) == rules.Rank(1, 3)
    assert rules.rank(values, 3, Direction.UP) is None


def test_orleans_2020_does_not_add_up_and_it_is_said() -> None:
    """122 t, 66 % reused, 34 % recycled, 2 % given back: the source's shares make 102 %."""
    flows = [
        cell(66, 100, devenir="reemploi"),
        cell(34, 100, devenir="recyclage"),
        cell(2, 100, devenir="rendu"),
    ]
    found = rules.gap(SHARE, flows, None)
    assert found == rules.Gap(
        (Decimal("0.66"), Decimal("0.34"), Decimal("0.02")), Decimal("1.02"), Decimal(1)
    )
    assert found is not None
    assert found.excess == Decimal("0.02")
    assert rules.gap(SHARE, flows[:2], None) is None


def test_amounts_are_compared_with_the_whole() -> None:
    parts = [cell(80, devenir="reemploi"), cell(40, devenir="recyclage")]
    assert rules.gap(AMOUNT, parts, cell(120)) is None
    found = rules.gap(AMOUNT, parts, cell(122))
    assert found is not None
    assert (found.total, found.excess) == (Decimal(120), Decimal(-2))
    assert rules.gap(AMOUNT, parts, None) is None


@given(st.dictionaries(st.text("abc", min_size=1), st.text(max_size=4), max_size=4))
def test_parts_have_one_writing(parts: dict[str, str]) -> None:
    assert dict(parts_of(canonical(parts))) == parts
    assert canonical(parts) == canonical(dict(reversed(parts.items())))


def test_periods() -> None:
    from datetime import date

    assert (month(date(2026, 12, 5)).end, quarter(date(2026, 11, 5)).start) == (
        date(2027, 1, 1),
        date(2026, 10, 1),
    )
    assert quarter(date(2026, 11, 5)).end == date(2027, 1, 1)
