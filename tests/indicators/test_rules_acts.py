"""Acts counted, against the plainest count that one can write."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.indicators import rules_acts
from essor.indicators.definition import AUTHORITY, Observed, Parts, Span, span_of, year
from essor.indicators.enums import Periodicity
from essor.indicators.rules_acts import IN_QUARTER, Asked, Counting, Ground, Measure, of_family
from essor.kernel.acts import Act

TODAY = date(2026, 3, 1)
# Communes 1 and 2 in the intercommunality 10, commune 3 alone; all in the département 20 and in France 99.
ABOVE = {1: (20, 10, 99), 2: (20, 10, 99), 3: (20, 99), 10: (20, 99), 20: (99,)}
GROUND = Ground(
    above=ABOVE,
    home={7: 20, 8: 10},
    family={1: "association", 2: "cooperative"},
    sector={1: "culture"},
    quarter={1: True, 2: False},
    fiches={"essai": ("K01", "K02")},
    kept={5: 1},
)
BY = ("politique", "odd", "famille", "service", "fiche", "secteur")


def made(**said: Any) -> Act:
    """An act of the authority 7 in the commune 1."""
    values = {
        "lever": "essai", "kind": "grant", "reference": "", "label": "", "authority_id": 7, "organisation_id": 1,
        "territory_id": 1, "day": date(2025, 5, 1), "amount_cents": 1000, "sector_policy": "", "service_id": None,
        "odd": "", "plan_action_id": None, "provenance": "",
    }  # fmt: skip
    return Act(**{**values, **said})  # type: ignore[arg-type]


ACTS = st.lists(
    st.builds(
        made,
        kind=st.sampled_from(["grant", "loan"]),
        authority_id=st.sampled_from([7, 8]),
        organisation_id=st.sampled_from([None, 1, 2, 3, 5]),
        territory_id=st.sampled_from([None, 1, 2, 3, 10, 20]),
        day=st.dates(date(2024, 1, 1), date(2026, 12, 31)),
        amount_cents=st.one_of(st.none(), st.integers(0, 500)),
        sector_policy=st.sampled_from(["", "habitat", "sport"]),
        service_id=st.sampled_from([None, 4]),
        odd=st.sampled_from(["", "|8|", "|8|11|"]),
    ),
    max_size=12,
)
COUNTINGS = st.builds(
    Counting,
    lever=st.just("essai"),
    kinds=st.sampled_from([(), ("grant",)]),
    measure=st.sampled_from(list(Measure)),
    share=st.sampled_from([None, IN_QUARTER, of_family("association", "associations")]),
    dimensions=st.just(BY),
    periodicity=st.sampled_from([Periodicity.YEAR, Periodicity.QUARTER]),
)


def plainly(acts: list[Act], counting: Counting, place: int, span: Span, parts: Parts) -> tuple[Any, Any]:
    """Numerator and denominator of one cell, act after act."""
    tops, bases, helped, all_helped = [], [], set(), set()
    for act in acts:
        organisation = 1 if act.organisation_id == 5 else act.organisation_id
        family = {1: "association", 2: "cooperative"}.get(organisation or 0, "")
        said = {
            AUTHORITY: [str(act.authority_id)], "politique": [act.sector_policy], "famille": [family],
            "odd": [text for text in act.odd.strip("|").split("|") if text], "service": [str(act.service_id or "")],
            "fiche": ["K01", "K02"], "secteur": ["culture" if organisation == 1 else ""],
        }  # fmt: skip
        where = act.territory_id or {7: 20, 8: 10}[act.authority_id]
        inside = place == where or place in ABOVE[where]
        kind = not counting.kinds or act.kind in counting.kinds
        if not (inside and kind and act.day <= TODAY and span.start <= act.day < span.end):
            continue
        if any(value not in said[code] for code, value in parts):
            continue
        if counting.measure is Measure.AMOUNT and act.amount_cents is None:
            continue
        if counting.measure is Measure.ORGANISATIONS and act.organisation_id is None:
            continue
        test = counting.share.test(act, GROUND) if counting.share else True
        if test is None:
            continue
        amount = Decimal(act.amount_cents or 0) / 100 if counting.measure is Measure.AMOUNT else Decimal(1)
        bases.append(amount)
        all_helped.add(organisation)
        if test:
            tops.append(amount)
            helped.add(organisation)
    if counting.measure is Measure.ORGANISATIONS:
        top, base = Decimal(len(helped)), Decimal(len(all_helped))
    else:
        top, base = sum(tops, Decimal(0)), sum(bases, Decimal(0))
    return top, base if counting.share else None


@given(ACTS, COUNTINGS)
def test_every_cell_is_the_plain_count(acts: list[Act], counting: Counting) -> None:
    cells = rules_acts.count(acts, counting, GROUND, TODAY)
    keys = {(cell.span, cell.territory_id, cell.parts) for cell in cells}
    assert len(keys) == len(cells)
    for cell in cells:
        assert (cell.numerator, cell.denominator) == plainly(
            acts, counting, cell.territory_id, cell.span, cell.parts
        )
        assert dict(cell.parts)[AUTHORITY] in ("7", "8")
    # Nothing is forgotten: each act that is counted has its cell in every territory that contains it.
    for act in acts:
        if counting.takes(act, TODAY, GROUND):
            span = span_of(act.day, counting.periodicity)
            own = ((AUTHORITY, str(act.authority_id)),)
            assert {(span, place, own) for place in GROUND.places(act)} <= keys


@given(ACTS, COUNTINGS)
def test_the_acts_of_a_cell_are_worth_the_cell(acts: list[Act], counting: Counting) -> None:
    for cell in rules_acts.count(acts, counting, GROUND, TODAY):
        found = rules_acts.made_of(
            acts, counting, GROUND, Asked(cell.territory_id, cell.span, cell.parts), TODAY
        )
        worth = rules_acts.total(found, counting, GROUND)
        if worth is None:
            assert (cell.numerator, cell.units) == (0, 0)
        else:
            assert _worth(worth) == _worth(cell)


def _worth(cell: Observed) -> tuple[Any, ...]:
    return cell.numerator, cell.denominator, cell.units, cell.largest


@given(ACTS)
def test_communes_and_what_is_above_add_up_once(acts: list[Act]) -> None:
    cells = rules_acts.count(acts, Counting("essai"), GROUND, TODAY)
    by_place: dict[tuple[Any, ...], dict[int, Decimal]] = {}
    for cell in cells:
        by_place.setdefault((cell.span, cell.parts), {})[cell.territory_id] = cell.numerator
    for (span, parts), places in by_place.items():
        own = [act for act in acts if counted(act, span, parts)]
        for place in (1, 2, 3):
            assert places.get(place, 0) == sum(act.territory_id == place for act in own)
        assert places.get(10, 0) == places.get(1, 0) + places.get(2, 0) + sum(
            _where(act) == 10 for act in own
        )
        assert places.get(99, 0) == len(own) == places.get(20, 0)


def counted(act: Act, span: Span, parts: Parts) -> bool:
    return (
        act.day <= TODAY
        and span.start <= act.day < span.end
        and parts == ((AUTHORITY, str(act.authority_id)),)
    )


def _where(act: Act) -> int:
    return act.territory_id or GROUND.home[act.authority_id]


def test_a_period_without_act_is_worth_zero_on_the_authority_s_own_territory() -> None:
    cells = rules_acts.count([made(day=date(2023, 6, 1))], Counting("essai"), GROUND, TODAY)
    whole = {cell.span.start.year: cell.numerator for cell in cells if cell.territory_id == 20}
    assert whole == {2023: 1, 2024: 0, 2025: 0, 2026: 0}
    assert {cell.span.start.year for cell in cells if cell.territory_id == 1} == {2023}


@pytest.mark.parametrize(("day", "years"), [(TODAY, {2026}), (TODAY + timedelta(days=1), set())])
def test_an_act_to_come_is_not_counted(day: date, years: set[int]) -> None:
    cells = rules_acts.count([made(day=day)], Counting("essai"), GROUND, TODAY)
    assert {cell.span.start.year for cell in cells} == years


def test_what_secrecy_weighs() -> None:
    acts = [
        made(amount_cents=900),
        made(organisation_id=2, amount_cents=100),
        made(organisation_id=5, amount_cents=0),
    ]
    cells = rules_acts.count(acts, Counting("essai", (), Measure.AMOUNT), GROUND, TODAY)
    cell = next(each for each in cells if each.territory_id == 1 and each.span == year(2025))
    assert (cell.numerator, cell.units, cell.largest) == (Decimal(10), 2, Decimal("0.9"))


def test_a_dimension_that_acts_do_not_have_is_an_error() -> None:
    with pytest.raises(KeyError):
        rules_acts.values_of("couleur", made(), GROUND)
