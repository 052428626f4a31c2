"""De minimis: periods, single undertaking, loans and guarantees, shared ceilings."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.law.rules import RuleError, RuleInputError, run
from essor.law.rules.single_undertaking import Link, LinkKind, single_undertaking


def answer(on: str, *aids: dict[str, Any], **extra: Any) -> dict[str, Any]:
    return run("state_aid", {"undertaking": "A", "on": on, "aids": list(aids), **extra})


def aid(amount: float, day: str, **extra: Any) -> dict[str, Any]:
    return {"amount": amount, "granted_on": day, **extra}


def test_200_000_euros_over_three_fiscal_years_in_2021() -> None:
    found = answer("2021-06-01", aid(150000, "2019-01-01"), aid(40000, "2018-12-31"))
    assert (found["total"], found["ceiling"], found["room"]) == (150000, 200000, 50000)
    assert found["period"] == {"kind": "fiscal_years", "start": "2019-01-01", "end": "2021-06-01"}


def test_fiscal_years_that_do_not_start_in_january() -> None:
    assert answer("2021-06-01", fiscal_year_starts=9)["period"]["start"] == "2018-09-01"
    assert answer("2021-09-01", fiscal_year_starts=9)["period"]["start"] == "2019-09-01"


def test_300_000_euros_over_three_years_to_the_day_now() -> None:
    found = answer(
        "2026-11-22", aid(100000, "2023-11-22"), aid(70000, "2023-11-21"), aid(50000, "2026-01-10")
    )
    assert (found["total"], found["ceiling"], found["room"], found["conform"]) == (
        150000,
        300000,
        150000,
        True,
    )
    assert found["period"] == {"kind": "rolling", "start": "2023-11-22", "end": "2026-11-22"}
    assert "jour anniversaire compris par prudence" in found["explanation"][0]


def test_the_change_of_year_changes_the_period() -> None:
    rows = (aid(90000, "2021-02-01"),)
    assert answer("2023-12-31", *rows)["total"] == 90000
    assert answer("2024-01-31", *rows)["total"] == 90000
    assert answer("2024-02-02", *rows)["total"] == 0


def test_29_february() -> None:
    assert answer("2028-02-29")["period"]["start"] == "2025-02-28"


def test_a_later_aid_does_not_count() -> None:
    assert answer("2026-01-01", aid(10000, "2026-01-02"))["total"] == 0


@pytest.mark.parametrize(("planned", "codes"), [(50000, []), (50000.01, ["planned_too_high"])])
def test_a_planned_aid_is_whole_or_nothing(planned: float, codes: list[str]) -> None:
    found = answer("2026-06-01", aid(250000, "2025-01-01"), planned=planned)
    assert [issue["code"] for issue in found["issues"]] == codes
    assert found["conform"] == (not codes)


def test_over_the_ceiling_there_is_no_room() -> None:
    found = answer("2026-06-01", aid(300000.01, "2025-01-01"))
    assert (found["room"], found["issues"][0]["code"]) == (0, "ceiling_exceeded")


# ── Single undertaking ──


def test_links_are_followed_from_one_to_the_next() -> None:
    found = answer(
        "2026-06-01",
        aid(100000, "2025-01-01"),
        aid(50000, "2025-02-01", undertaking="C"),
        aid(99999, "2025-02-01", undertaking="D"),
        links=[["A", "B"], {"a": "C", "b": "B", "kind": "dominant_influence"}],
    )
    assert (found["undertakings"], found["total"]) == (["A", "B", "C"], 150000)


@pytest.mark.parametrize("kind", ["natural_person", "public_body"])
def test_links_by_a_person_or_a_public_body_do_not_count(kind: str) -> None:
    found = answer("2026-06-01", links=[{"a": "A", "b": "B", "kind": kind}])
    assert found["undertakings"] == ["A"]
    assert any("ne comptent pas" in sentence for sentence in found["explanation"])


names = st.sampled_from("ABCDEFG")
links = st.lists(st.builds(Link, a=names, b=names, kind=st.sampled_from(LinkKind)), max_size=12)


@given(rows=links, data=st.data())
def test_the_group_is_the_same_seen_from_each_member(rows: list[Link], data: st.DataObject) -> None:
    group = single_undertaking("A", rows)
    member = data.draw(st.sampled_from(group))
    assert single_undertaking(member, data.draw(st.permutations(rows))) == group
    assert single_undertaking(member, [Link(a=row.b, b=row.a, kind=row.kind) for row in rows]) == group


# ── Loans and guarantees ──


@pytest.mark.parametrize(
    ("row", "total"),
    [
        (aid(1500000, "2025-01-01", instrument="loan", years=5, collateral=0.5), 300000),
        (aid(750000, "2025-01-01", instrument="loan", years=10, collateral=0.5), 300000),
        (aid(100000, "2025-01-01", instrument="loan", years=3, collateral=1), 12000),
        (aid(2250000, "2025-01-01", instrument="guarantee", years=5, guaranteed_share=0.8), 300000),
        (aid(100000, "2025-01-01", instrument="guarantee", years=5, guaranteed_share=0.5), "13333.34"),
        (aid(100000, "2025-01-01", instrument="loan", gross_grant_equivalent=2500), 2500),
        (aid(4000, "2025-01-01", instrument="in_kind"), 4000),
    ],
)
def test_gross_grant_equivalent(row: dict[str, Any], total: Any) -> None:
    assert Decimal(str(answer("2026-01-01", row)["total"])) == Decimal(total)


def test_a_loan_of_2021_weighs_the_same_part_of_its_own_ceiling() -> None:
    row = aid(1000000, "2021-01-01", instrument="loan", years=5, collateral=0.5)
    assert answer("2021-06-01", row)["total"] == 200000


def test_a_loan_under_the_services_regime_keeps_its_proportion() -> None:
    row = aid(1000000, "2025-01-01", instrument="loan", years=5, collateral=0.5, regime="sieg")
    assert answer("2026-01-01", row, regime="sieg")["total"] == 200000


@pytest.mark.parametrize(
    "extra",
    [
        {"years": 5, "collateral": 0.49},
        {"years": 5},
        {"collateral": 0.6},
        {"years": 11, "collateral": 0.6},
        {"years": 6, "collateral": 0.6},
    ],
)
def test_outside_the_simple_computation_the_equivalent_is_asked(extra: dict[str, Any]) -> None:
    with pytest.raises(RuleInputError, match="gross_grant_equivalent"):
        answer("2026-01-01", aid(1500000, "2025-01-01", instrument="loan", **extra))


# ── Regimes ──


def test_general_aid_farming_and_fisheries_share_the_general_ceiling() -> None:
    found = answer("2026-06-01", aid(270000, "2025-01-01"), aid(20000, "2025-02-01", regime="agriculture"))
    assert (found["total"], found["room"]) == (270000, 10000)
    assert [(row["total"], row["ceiling"]) for row in found["cumulations"]] == [(290000, 300000)]


def test_services_of_general_economic_interest_add_up_freely_since_2024() -> None:
    rows = (aid(250000, "2025-01-01"), aid(700000, "2025-01-01", regime="sieg"))
    assert (answer("2026-06-01", *rows)["room"], answer("2026-06-01", *rows, regime="sieg")["room"]) == (
        50000,
        50000,
    )


def test_they_shared_their_ceiling_before() -> None:
    rows = (aid(150000, "2021-01-01"), aid(330000, "2021-01-01", regime="sieg"))
    found = answer("2021-06-01", *rows)
    assert (found["total"], found["room"]) == (150000, 20000)


def test_exempted_aid_does_not_count_and_is_told() -> None:
    found = answer("2026-06-01", aid(900000, "2025-01-01", regime="rgec"))
    assert found["total"] == 0
    assert any("ne comptent pas dans le plafond" in sentence for sentence in found["explanation"])


def test_road_freight_has_the_general_ceiling_since_2024() -> None:
    assert answer("2023-06-01", regime="road_freight")["ceiling"] == 100000
    assert answer("2026-06-01", aid(1, "2026-01-01"), regime="road_freight")["total"] == 1


def test_road_freight_had_its_own_ceiling_inside_the_general_one() -> None:
    rows = (aid(150000, "2021-01-01"), aid(30000, "2021-01-01", regime="road_freight"))
    found = answer("2021-06-01", *rows, regime="road_freight")
    assert (found["total"], found["ceiling"], found["room"]) == (30000, 100000, 20000)
    assert answer("2021-06-01", *rows)["total"] == 180000


def test_a_regime_without_ceiling_is_refused() -> None:
    with pytest.raises(RuleError, match="n’a pas de plafond de minimis"):
        answer("2026-06-01", regime="rgec")


def test_no_ceiling_known_that_day() -> None:
    with pytest.raises(RuleError, match="n’est plus en vigueur le 1er janvier 2031"):
        answer("2031-01-01")


amounts = st.decimals(0, 200_000, places=2, allow_nan=False)
rows_of_aid = st.lists(
    st.tuples(amounts, st.dates(date(2020, 1, 1), date(2027, 12, 31)), st.sampled_from(["", "A", "B", "C"])),
    max_size=8,
)


@given(rows=rows_of_aid, data=st.data(), on=st.dates(date(2021, 1, 1), date(2027, 12, 31)))
def test_total_does_not_depend_on_the_order_and_grows_with_aid(
    rows: list[tuple[Decimal, date, str]], data: st.DataObject, on: date
) -> None:
    def total(given_rows: list[tuple[Decimal, date, str]]) -> dict[str, Any]:
        aids = [{"amount": a, "granted_on": d, "undertaking": u} for a, d, u in given_rows]
        return run("state_aid", {"undertaking": "A", "on": on, "aids": aids, "links": [["A", "B"]]})

    whole = total(rows)
    assert total(data.draw(st.permutations(rows))) == whole
    assert total(rows[:-1])["total"] <= whole["total"]
    assert total(rows[:-1])["room"] >= whole["room"]
