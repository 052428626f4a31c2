"""Who may support what and in which form; solidarity lease; ESS company and Esus."""

from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.law.rules import RuleError, RuleInputError, run
from essor.law.rules.brs import monthly_payment
from essor.law.rules.competence import CompetenceInput, Domain, Level, Status, Support, competence

TODAY = "2026-11-22"
BOTH = ["2021-06-01", TODAY]


def codes(points: list[dict[str, str]]) -> list[str]:
    return [point["code"] for point in points]


def ask(level: str, domain: str, support: str, on: str = TODAY) -> dict[str, Any]:
    return run("competence", {"level": level, "domain": domain, "support": support, "on": on})


# ── Competence: the facts of the guides ──


@pytest.mark.parametrize("day", BOTH)
@pytest.mark.parametrize(
    ("level", "domain", "support", "status"),
    [
        ("region", "economic_development", "business_grant", "allowed"),
        ("commune", "economic_development", "business_grant", "conditional"),
        ("epci", "economic_development", "business_grant", "conditional"),
        ("metropole", "economic_development", "business_grant", "conditional"),
        ("departement", "economic_development", "business_grant", "not_allowed"),
        ("departement", "agriculture", "business_grant", "conditional"),
        ("commune", "economic_development", "business_premises", "allowed"),
        ("epci", "economic_development", "business_premises", "allowed"),
        ("metropole", "economic_development", "business_premises", "allowed"),
        ("departement", "economic_development", "business_premises", "conditional"),
        ("region", "economic_development", "business_premises", "conditional"),
        ("metropole", "economic_development", "creation_body_grant", "allowed"),
        ("epci", "economic_development", "creation_body_grant", "conditional"),
        ("departement", "economic_development", "creation_body_grant", "not_allowed"),
        ("departement", "social_action", "association_grant", "allowed"),
        ("departement", "social_action", "non_economic_grant", "allowed"),
        ("departement", "economic_development", "non_economic_grant", "conditional"),
        ("departement", "mobility", "association_grant", "conditional"),
        ("departement", "energy", "association_grant", "conditional"),
        ("departement", "tourism", "association_grant", "allowed"),
        ("departement", "culture_sport_youth", "association_grant", "allowed"),
        ("commune", "housing", "association_grant", "allowed"),
        ("epci", "social_action", "association_grant", "conditional"),
        ("region", "culture_sport_youth", "association_grant", "allowed"),
        ("region", "social_action", "association_grant", "conditional"),
        ("departement", "social_action", "scic_capital", "conditional"),
        ("commune", "energy", "scic_capital", "conditional"),
        ("departement", "housing", "guarantee", "conditional"),
        ("commune", "culture_sport_youth", "in_kind", "allowed"),
        ("departement", "procurement", "purchase", "allowed"),
        ("departement", "procurement", "association_grant", "conditional"),
    ],
)
def test_status(level: str, domain: str, support: str, status: str, day: str) -> None:
    assert ask(level, domain, support, day)["status"] == status


def test_a_departement_is_told_the_way_round() -> None:
    found = ask("departement", "economic_development", "business_grant")
    assert codes(found["way_round"]) == [
        "premises_delegation",
        "non_economic_part",
        "purchase",
        "scic_capital",
    ]
    assert found["conditions"] == []


def test_an_epci_needs_an_agreement_with_the_region() -> None:
    found = ask("epci", "economic_development", "business_grant")
    assert codes(found["conditions"]) == ["region_agreement", "epci_competence", "srdeii", "state_aid"]
    assert found["srdeii"] is True


def test_both_exceptions_of_a_metropole_are_told() -> None:
    assert (
        codes(ask("metropole", "economic_development", "business_grant")["way_round"])[0] == "metropole_own"
    )


def test_a_departement_receives_premises_aid_by_delegation() -> None:
    assert (
        codes(ask("departement", "economic_development", "business_premises")["conditions"])[0]
        == "delegation"
    )


def test_scic_capital_says_the_ceiling_of_the_day() -> None:
    found = ask("departement", "agriculture", "scic_capital", "2021-06-01")
    assert "50\u00a0% du capital" in found["conditions"][1]["text"]


def test_nothing_is_said_of_the_time_before_the_notre_law() -> None:
    with pytest.raises(RuleError, match="pas encore de valeur connue le 31 décembre 2015"):
        ask("commune", "tourism", "business_grant", "2015-12-31")


def test_every_question_has_an_explained_answer() -> None:
    for level, domain, support in product(Level, Domain, Support):
        found = competence(CompetenceInput(level, domain, support, date(2026, 11, 22)))
        assert found.explanation
        assert found.references
        assert (found.status is Status.NOT_ALLOWED) <= bool(found.way_round)
        assert (found.status is Status.CONDITIONAL) <= bool(found.conditions)


# ── Contract form ──

SUPPORT = {
    "initiative": "organisation",
    "need_defined_by": "organisation",
    "counterpart": "none",
    "on": TODAY,
}


@pytest.mark.parametrize(
    ("changes", "form"),
    [
        ({}, "grant"),
        ({"years": 3}, "cpo"),
        ({"choice": "call"}, "call_for_projects"),
        ({"choice": "exploration"}, "call_for_interest"),
        ({"counterpart": "service"}, "contract"),
        ({"counterpart": "service", "reservable": True}, "reserved_contract"),
        ({"counterpart": "public_service"}, "concession"),
        ({"counterpart": "shares", "scic": True}, "capital"),
        ({"economic_activity": True, "public_service_obligations": True}, "sieg_mandate"),
        ({"initiative": "authority", "need_defined_by": "authority"}, "contract"),
        ({"initiative": "authority", "need_defined_by": "authority", "choice": "call"}, "call_for_projects"),
    ],
)
def test_contract_form(changes: dict[str, Any], form: str) -> None:
    assert run("contract_form", SUPPORT | changes)["form"] == form


@pytest.mark.parametrize(
    ("changes", "risks"),
    [
        ({}, []),
        ({"need_defined_by": "authority"}, ["requalification"]),
        ({"initiative": "authority"}, ["no_initiative"]),
        ({"choice": "call", "need_defined_by": "authority"}, ["requalification", "call_too_formatted"]),
        ({"economic_activity": True}, ["state_aid"]),
        ({"counterpart": "service"}, ["tailored"]),
        ({"counterpart": "shares"}, ["capital_not_scic"]),
        ({"counterpart": "shares", "scic": True}, []),
    ],
)
def test_risks_of_a_form(changes: dict[str, Any], risks: list[str]) -> None:
    assert codes(run("contract_form", SUPPORT | changes)["risks"]) == risks


@pytest.mark.parametrize(
    ("amount", "day", "obligations"),
    [
        (23000, "2021-06-01", ["decision", "financial_report"]),
        (23000.01, "2021-06-01", ["decision", "agreement", "open_data", "financial_report"]),
        (23000, TODAY, ["decision", "republican_commitment", "financial_report"]),
        (
            153000,
            TODAY,
            ["decision", "agreement", "open_data", "republican_commitment", "financial_report", "auditor"],
        ),
    ],
)
def test_what_follows_from_a_grant(amount: float, day: str, obligations: list[str]) -> None:
    assert codes(run("contract_form", SUPPORT | {"amount": amount, "on": day})["obligations"]) == obligations


def test_an_agreement_of_more_than_four_years_is_too_long() -> None:
    found = run("contract_form", SUPPORT | {"years": 5})
    assert "la ramener de 5 à 4 ans" in found["obligations"][-1]["text"]


# ── Solidarity lease ──

LEASE = {"surface": 60, "fee": 3, "price": 2600, "market_price": 4000, "on": TODAY}


@pytest.mark.parametrize("day", BOTH)
def test_terms_planned_by_est_ensemble(day: str) -> None:
    """A fee of 3 € a square metre a month, a price 30 to 40 % under the market."""
    found = run("brs", LEASE | {"on": day})
    assert (found["monthly_fee"], found["discount"], found["price"]) == (180, 0.35, 156000)
    assert found["monthly_total"] == pytest.approx(found["monthly_fee"] + found["monthly_loan"])
    assert found["monthly_saving"] > 0
    assert found["issues"] == []
    assert any("sans plafond légal en euros" in sentence for sentence in found["explanation"])


@pytest.mark.parametrize(
    ("changes", "issues"),
    [
        ({"lease_years": 17}, ["lease_years"]),
        ({"lease_years": 18}, []),
        ({"lease_years": 99}, []),
        ({"lease_years": 100}, ["lease_years"]),
        ({"fee": 20}, ["no_saving"]),
    ],
)
def test_issues_of_a_lease(changes: dict[str, int], issues: list[str]) -> None:
    assert codes(run("brs", LEASE | changes)["issues"]) == issues


def test_a_loan_of_100_000_euros_over_20_years_at_3_percent() -> None:
    assert monthly_payment(Decimal(100000), Decimal("0.03"), 20) == Decimal("554.60")
    assert monthly_payment(Decimal(24000), Decimal(0), 20) == Decimal("100.00")


@given(fees=st.tuples(*[st.decimals(0, 50, places=2)] * 2))
def test_a_higher_fee_never_costs_less(fees: tuple[Decimal, Decimal]) -> None:
    low, high = (run("brs", LEASE | {"fee": fee}) for fee in sorted(fees))
    assert low["monthly_total"] <= high["monthly_total"]
    assert low["market_monthly"] == high["market_monthly"]


# ── ESS company ──

YES = dict.fromkeys(
    (
        "purpose",
        "governance",
        "profits_kept",
        "reserves_locked",
        "liquidation",
        "utility",
        "no_amortisation",
        "statutes",
    ),
    True,
)
ACCOUNTS = {"profit": 100000, "to_dev_fund": 20000, "to_reserves": 50000}


@pytest.mark.parametrize(
    ("data", "status", "issues"),
    [
        (YES | ACCOUNTS, "conform", []),
        (YES | ACCOUNTS | {"to_dev_fund": 19999.99}, "not_conform", ["dev_fund"]),
        (YES | ACCOUNTS | {"to_reserves": 49999.99}, "not_conform", ["reserves"]),
        (YES | ACCOUNTS | {"to_dev_fund": 0, "capital": 50000, "reserves": 10000}, "conform", []),
        (
            YES | ACCOUNTS | {"to_dev_fund": 0, "capital": 50000, "reserves": 9999},
            "not_conform",
            ["dev_fund"],
        ),
        (YES | {"profit": -5000}, "conform", []),
        (YES, "to_check", []),
        ({}, "to_check", []),
        (YES | ACCOUNTS | {"governance": False}, "not_conform", ["governance"]),
    ],
)
def test_ess_company(data: dict[str, Any], status: str, issues: list[str]) -> None:
    found = run("ess_company", {"on": TODAY, **data})
    assert (found["status"], codes(found["issues"]), found["conform"]) == (
        status,
        issues,
        status == "conform",
    )


def test_funds_are_not_asked_before_the_order_of_2015() -> None:
    found = run("ess_company", {"on": "2015-08-11", **YES})
    assert {"dev_fund", "reserves", "statutes"}.isdisjoint(codes(found["conditions"]))


@given(
    answers=st.dictionaries(st.sampled_from(sorted(YES)), st.booleans()), turned=st.sampled_from(sorted(YES))
)
def test_one_condition_not_met_is_enough(answers: dict[str, bool], turned: str) -> None:
    found = run("ess_company", {"on": TODAY, **answers, **ACCOUNTS, turned: False})
    assert found["status"] == "not_conform"


# ── Esus ──

ESUS = {
    "on": TODAY,
    "ess_enterprise": True,
    "listed": False,
    "social_utility": True,
    "statutes": True,
    "smic": 20000,
    "utility_costs": 66,
    "total_costs": 100,
}


@pytest.mark.parametrize(
    ("changes", "status", "issues"),
    [
        ({"top_pay": [200000, 125000, 125000, 125000, 125000]}, "conform", []),
        ({"top_pay": [200000.01, 1, 1, 1, 1]}, "not_conform", ["pay_max"]),
        ({"top_pay": [140000, 140000, 140000, 140000, 140000.05]}, "not_conform", ["pay_average"]),
        ({"top_pay": [150000]}, "to_check", []),
        ({"top_pay": [140000]}, "conform", []),
        ({"top_pay": [30000], "utility_costs": 65}, "not_conform", ["burden"]),
        ({"top_pay": [30000], "utility_costs": 65, "low_return": True}, "conform", []),
        ({"top_pay": [30000], "listed": True}, "not_conform", ["not_listed"]),
        ({}, "to_check", []),
    ],
)
def test_esus(changes: dict[str, Any], status: str, issues: list[str]) -> None:
    found = run("esus", ESUS | changes)
    assert (found["status"], codes(found["issues"])) == (status, issues)


@pytest.mark.parametrize(
    ("structure", "status"), [("aci", "by_right"), ("esat", "by_right"), ("rup", "to_check")]
)
def test_esus_by_right(structure: str, status: str) -> None:
    data = {"on": TODAY, "structure": structure, "ess_enterprise": True, "listed": False}
    assert run("esus", data)["status"] == status


@pytest.mark.parametrize(("age", "years"), [(2, 2), (3, 5), (None, None)])
def test_how_long_the_agreement_lasts(age: int | None, years: int | None) -> None:
    assert run("esus", ESUS | {"top_pay": [30000], "age_years": age})["years"] == years


def test_costs_above_the_whole_are_refused() -> None:
    with pytest.raises(RuleInputError, match="utility_costs"):
        run("esus", ESUS | {"utility_costs": 101})


@given(pays=st.lists(st.decimals(0, 300000, places=2), min_size=5, max_size=8), data=st.data())
def test_esus_does_not_depend_on_the_order_of_pays(pays: list[Decimal], data: st.DataObject) -> None:
    first = run("esus", ESUS | {"top_pay": pays})
    assert run("esus", ESUS | {"top_pay": data.draw(st.permutations(pays))}) == first
