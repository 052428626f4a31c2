"""Purchases: thresholds, reservations, SPASER, AGEC, insertion hours, with the law of 2021 and today's."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.law.rules import RuleError, RuleInputError, run
from essor.law.rules.insertion_hours import InsertionHoursInput, insertion_hours
from essor.law.rules.procurement_threshold import (
    Buyer,
    Nature,
    Procedure,
    ProcurementThresholdInput,
    procurement_threshold,
)
from essor.law.rules.reserved_contract import covered

TODAY = "2026-11-22"


def codes(points: list[dict[str, str]]) -> list[str]:
    return [point["code"] for point in points]


# ── Thresholds ──


@pytest.mark.parametrize(
    ("nature", "amount", "day", "procedure", "publicity"),
    [
        # The guides of 2021: negotiated contracts under 40 000 €.
        ("services", 39999.99, "2021-06-01", "no_publicity", "none"),
        ("services", 40000, "2021-06-01", "adapted", "free"),
        ("services", 50000, "2026-03-31", "adapted", "free"),
        ("services", 59999.99, "2026-04-01", "no_publicity", "none"),
        ("services", 60000, TODAY, "adapted", "free"),
        ("supplies", 89999.99, TODAY, "adapted", "free"),
        ("supplies", 90000, TODAY, "adapted", "boamp_or_jal"),
        ("supplies", 213999, "2021-06-01", "adapted", "boamp_or_jal"),
        ("supplies", 214000, "2021-06-01", "formal", "boamp_and_joue"),
        ("supplies", 215999, TODAY, "adapted", "boamp_or_jal"),
        ("supplies", 216000, TODAY, "formal", "boamp_and_joue"),
        ("works", 99999, TODAY, "no_publicity", "none"),
        ("works", 100000, TODAY, "adapted", "boamp_or_jal"),
        ("works", 5404000, TODAY, "formal", "boamp_and_joue"),
        ("social_services", 749999, TODAY, "adapted", "free"),
        ("social_services", 750000, TODAY, "adapted", "joue"),
        ("concession", 5403999, TODAY, "concession", "boamp_or_jal"),
        ("concession", 5404000, TODAY, "concession_formal", "boamp_and_joue"),
    ],
)
def test_procedure_and_publicity(
    nature: str, amount: float, day: str, procedure: str, publicity: str
) -> None:
    found = run("procurement_threshold", {"nature": nature, "amount": amount, "on": day})
    assert (found["procedure"], found["publicity"]) == (procedure, publicity)
    assert found["explanation"]


@pytest.mark.parametrize(
    ("buyer", "procedure"), [("local", "adapted"), ("state", "formal"), ("entity", "adapted")]
)
def test_thresholds_depend_on_the_buyer(buyer: str, procedure: str) -> None:
    data = {"nature": "services", "amount": 150000, "on": TODAY, "buyer": buyer}
    assert run("procurement_threshold", data)["procedure"] == procedure


def test_innovative_purchase() -> None:
    data = {"nature": "services", "amount": 99999, "on": TODAY, "innovative": True}
    assert run("procurement_threshold", data)["procedure"] == "no_publicity"
    assert run("procurement_threshold", data | {"amount": 100000})["procedure"] == "adapted"


def test_obligations_of_2021() -> None:
    found = run("procurement_threshold", {"nature": "services", "amount": 300000, "on": "2021-06-01"})
    assert codes(found["obligations"]) == ["lots", "buyer_profile", "turnover_cap"]


@pytest.mark.parametrize(
    ("day", "added"),
    [
        ("2026-08-20", []),
        ("2026-08-21", ["environmental_criterion"]),
        ("2026-08-22", ["environmental_criterion", "environmental_conditions", "social_conditions"]),
    ],
)
def test_obligations_of_august_2026_come_on_two_days(day: str, added: list[str]) -> None:
    found = run("procurement_threshold", {"nature": "services", "amount": 300000, "on": day})
    assert codes(found["obligations"]) == ["lots", "buyer_profile", "essential_data", "turnover_cap", *added]
    assert any("seul le décret oblige" in s for s in found["explanation"]) is (day == "2026-08-21")


def test_a_purchase_without_competition_has_no_award_criterion() -> None:
    found = run("procurement_threshold", {"nature": "services", "amount": 50000, "on": TODAY})
    assert codes(found["obligations"]) == ["essential_data", "environmental_conditions"]


def test_a_concession_reports_every_year() -> None:
    found = run("procurement_threshold", {"nature": "concession", "amount": 6_000_000, "on": TODAY})
    assert codes(found["obligations"]) == [
        "environmental_criterion",
        "environmental_conditions",
        "social_conditions",
        "concession_report",
    ]


@pytest.mark.parametrize("day", ["2017-12-31", "2028-01-01"])
def test_a_day_whose_thresholds_are_not_known_is_refused(day: str) -> None:
    with pytest.raises(RuleError, match="La règle ne répond pas pour ce jour"):
        run("procurement_threshold", {"nature": "services", "amount": 1, "on": day})


WEIGHT = [
    Procedure.NO_PUBLICITY,
    Procedure.ADAPTED,
    Procedure.FORMAL,
    Procedure.CONCESSION,
    Procedure.CONCESSION_FORMAL,
]


@given(
    nature=st.sampled_from(Nature),
    buyer=st.sampled_from(Buyer),
    on=st.dates(date(2018, 1, 1), date(2027, 12, 31)),
    amounts=st.tuples(*[st.decimals(0, 8_000_000, places=2)] * 2),
)
def test_a_higher_amount_never_gives_a_lighter_procedure(
    nature: Nature, buyer: Buyer, on: date, amounts: tuple[Decimal, Decimal]
) -> None:
    found = [
        WEIGHT.index(procurement_threshold(ProcurementThresholdInput(nature, amount, on, buyer)).procedure)
        for amount in sorted(amounts)
    ]
    assert found == sorted(found)


# ── Reserved contracts ──


def reserved(**data: Any) -> dict[str, Any]:
    return run("reserved_contract", {"nature": "services", "on": TODAY, **data})


@pytest.mark.parametrize(
    ("data", "possible"),
    [
        ({"cpv": "85312000-9"}, ["handicap", "insertion", "both", "prison", "ess"]),
        ({"cpv": "85312000", "years": 3}, ["handicap", "insertion", "both", "prison", "ess"]),
        ({"cpv": "85312000", "years": 3.5}, ["handicap", "insertion", "both", "prison"]),
        ({"cpv": "92600000-7"}, ["handicap", "insertion", "both", "prison", "ess"]),
        ({"cpv": "90910000-9"}, ["handicap", "insertion", "both", "prison"]),
        (
            {"cpv": "85312000", "previous_holder_same_services": True},
            ["handicap", "insertion", "both", "prison"],
        ),
        ({"nature": "works"}, ["handicap", "insertion", "both", "prison"]),
        ({"cpv": "85312000", "on": "2021-05-01"}, ["handicap", "insertion", "both", "ess"]),
        ({"cpv": "85312000", "on": "2020-12-07"}, ["handicap", "insertion", "ess"]),
        ({"on": "2016-03-31"}, []),
    ],
)
def test_who_a_contract_may_be_reserved_for(data: dict[str, Any], possible: list[str]) -> None:
    found = reserved(**data)
    assert found["possible"] == possible
    assert len(found["reservations"]) == 5
    assert all(row["why"] for row in found["reservations"])


def test_cpv_that_is_not_one() -> None:
    with pytest.raises(RuleInputError, match="n’est pas un code CPV"):
        reserved(cpv="8531")


@pytest.mark.parametrize(
    ("cpv", "inside"), [("85000000", True), ("85323000", True), ("85323001", False), ("84999999", False)]
)
def test_range_of_codes(cpv: str, inside: bool) -> None:
    assert covered(cpv, ("75121000", "85000000-85323000")) is inside


def test_concession_is_told() -> None:
    assert any(
        "Une concession se réserve" in sentence for sentence in reserved(concession=True)["explanation"]
    )


# ── SPASER ──


@pytest.mark.parametrize(
    ("purchases", "day", "buyer", "compulsory"),
    [
        (100_000_001, "2021-06-01", "local_authority", True),
        (100_000_000, "2021-06-01", "local_authority", False),
        (400_000_000, "2021-06-01", "local_authority", True),  # Métropole européenne de Lille
        (80_000_000, "2021-06-01", "local_authority", False),
        (80_000_000, "2023-01-01", "local_authority", True),
        (50_000_000, TODAY, "local_authority", False),
        (400_000_000, "2021-06-01", "state", False),
        (400_000_000, TODAY, "state", True),
    ],
)
def test_spaser(purchases: int, day: str, buyer: str, compulsory: bool) -> None:
    found = run("spaser", {"purchases": purchases, "on": day, "buyer": buyer})
    assert (found["compulsory"], found["status"]) == (compulsory, "compulsory" if compulsory else "voluntary")


def test_spaser_tells_the_threshold_to_come() -> None:
    found = run("spaser", {"purchases": 80_000_000, "on": "2021-06-01"})
    assert "Il le devient le 1er janvier 2023" in found["explanation"][-1]


def test_what_a_compulsory_scheme_holds() -> None:
    found = run("spaser", {"purchases": 80_000_000, "on": TODAY})
    assert codes(found["obligations"]) == ["adopt", "indicators", "publish", "joint"]


# ── AGEC ──


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"family": "textiles", "on": TODAY}, "informed"),
        ({"family": "textiles", "on": TODAY, "total": 1000, "reuse": 80, "recycled": 200}, "met"),
        ({"family": "textiles", "on": TODAY, "total": 1000, "reuse": 79, "recycled": 200}, "not_met"),
        ({"family": "textiles", "on": "2030-01-01", "total": 1000, "reuse": 150, "recycled": 299}, "not_met"),
        ({"family": "it_and_phones", "on": TODAY, "total": 1000, "reuse": 500}, "unknown"),
        ({"family": "it_and_phones", "on": "2021-06-01"}, "unknown"),
        ({"family": "textiles", "on": "2020-12-31"}, "not_in_force"),
    ],
)
def test_agec(data: dict[str, Any], status: str) -> None:
    assert run("agec", data)["status"] == status


def test_a_rate_that_is_not_known_is_said_so() -> None:
    found = run("agec", {"family": "paper", "on": TODAY})
    assert (found["reuse_minimum"], found["recycled_minimum"], found["certainty"]) == (None, None, "unknown")
    assert any("taux à vérifier" in sentence for sentence in found["explanation"])


@pytest.mark.parametrize("data", [{"reuse": 10}, {"total": 10, "recycled": 11}])
def test_parts_of_agec_are_checked(data: dict[str, int]) -> None:
    with pytest.raises(RuleInputError):
        run("agec", {"family": "textiles", "on": TODAY, **data})


# ── Insertion hours ──

BASE = {"amount": 1_000_000, "labour_share": 0.5, "hourly_cost": 25}


def test_hours_and_full_time_equivalents() -> None:
    found = run("insertion_hours", BASE | {"rate": 0.05})
    assert (found["hours"], found["fte"], found["labour_hours"]) == (1000, 0.62, 20000)


def test_the_other_way() -> None:
    assert run("insertion_hours", BASE | {"hours": 1000})["rate"] == 0.05


@pytest.mark.parametrize(
    ("extra", "fte"), [({"post": "aci"}, 0.55), ({"fte_hours": 1600}, 0.63), ({"on": "2021-06-01"}, 0.62)]
)
def test_measures_of_a_full_time_year(extra: dict[str, Any], fte: float) -> None:
    assert run("insertion_hours", BASE | {"rate": 0.05} | extra)["fte"] == fte


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ({}, "Donner soit"),
        ({"rate": 0.05, "hours": 3}, "Donner soit"),
        ({"hours": 20001}, "20\u202f001 heures voulues"),
        ({"rate": 5}, "une part s’écrit entre 0 et 1"),
        ({"rate": 0.05, "hourly_cost": 0}, "au moins 0.01"),
    ],
)
def test_what_insertion_hours_refuse(extra: dict[str, Any], words: str) -> None:
    with pytest.raises(RuleInputError, match=words):
        run("insertion_hours", BASE | extra)


@given(
    amount=st.decimals(1, 10**8, places=2),
    labour=st.decimals("0.01", 1, places=2),
    rates=st.tuples(*[st.decimals(0, 1, places=3)] * 2),
    cost=st.decimals(10, 60, places=2),
)
def test_more_insertion_more_hours(
    amount: Decimal, labour: Decimal, rates: tuple[Decimal, Decimal], cost: Decimal
) -> None:
    found = [insertion_hours(InsertionHoursInput(amount, labour, cost, rate)) for rate in sorted(rates)]
    assert found[0].hours <= found[1].hours
    assert found[0].fte <= found[1].fte
    assert found[1].hours <= found[1].labour_hours


@pytest.mark.parametrize(
    "buyer", ["local", "local_authority", "commune", "epci", "metropole", "departement", "region"]
)
def test_a_level_of_authority_is_a_local_buyer(buyer: str) -> None:
    purchase = {"nature": "services", "amount": 55000, "on": "2026-05-01"}
    assert run("procurement_threshold", {**purchase, "buyer": buyer}) == run(
        "procurement_threshold", purchase
    )

    year = {"purchases": 60_000_000, "on": "2026-05-01"}
    assert run("spaser", {**year, "buyer": buyer}) == run("spaser", year)
