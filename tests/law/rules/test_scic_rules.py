"""Scic: reserves, capital, colleges. The facts are those of the guides of 2021, on their date and on today's."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.law.rules import RuleError, run
from essor.law.rules.scic_capital import CAPPED, Holder, HolderKind, ScicCapitalInput, scic_capital
from essor.law.rules.scic_colleges import College, ScicCollegesInput, category_code, scic_colleges
from essor.law.rules.scic_reserves import ScicReservesInput, scic_reserves

DAYS = ["2021-06-01", "2026-11-22"]
euros = st.decimals(0, 10_000_000, places=2, allow_nan=False)
TODAY = date(2026, 11, 22)


# ── Reserves ──


@pytest.mark.parametrize("day", DAYS)
def test_57_5_percent_of_10_000_euros(day: str) -> None:
    answer = run("scic_reserves", {"surplus": 10000, "on": day})
    assert {
        key: answer[key] for key in ("minimum_impartible", "legal_reserve", "statutory_reserve", "share")
    } == {
        "minimum_impartible": 5750,
        "legal_reserve": 1500,
        "statutory_reserve": 4250,
        "share": 0.575,
    }
    assert answer["distributable"] == 4250
    assert answer["certainty_note"] == "à vérifier"
    assert "57,5\u00a0%" in answer["explanation"][-1]


@pytest.mark.parametrize(
    ("extra", "legal", "statutory"),
    [
        ({"statutory_share": 1}, "1500", "8500"),
        ({"losses": 4000}, "900", "2550"),
        ({"losses": 20000}, "0", "0"),
        ({"highest_capital": 50000, "legal_reserve_balance": 50000}, "0", "5000"),
        ({"highest_capital": 50000, "legal_reserve_balance": 49000}, "1000", "4500"),
        ({"highest_capital": 50000, "legal_reserve_balance": 10000}, "1500", "4250"),
    ],
)
def test_reserves_of_particular_cases(extra: dict[str, int], legal: str, statutory: str) -> None:
    answer = run("scic_reserves", {"surplus": 10000, "on": "2026-11-22", **extra})
    assert (answer["legal_reserve"], answer["statutory_reserve"]) == (Decimal(legal), Decimal(statutory))


@pytest.mark.parametrize("surplus", [0, -500])
def test_no_surplus_no_reserve(surplus: int) -> None:
    answer = run("scic_reserves", {"surplus": surplus, "on": "2026-11-22"})
    assert answer["minimum_impartible"] == 0
    assert answer["explanation"] == [
        "Il n’y a pas d’excédent à affecter : aucune mise en réserve n’est due pour cet exercice."
    ]


def test_statutes_cannot_ask_less_than_the_law() -> None:
    with pytest.raises(RuleError, match="ne peuvent pas mettre en réserve moins de 50\u00a0%"):
        run("scic_reserves", {"surplus": 10000, "on": "2026-11-22", "statutory_share": 0.4})


def test_no_scic_before_2001() -> None:
    with pytest.raises(RuleError, match="pas encore de valeur connue le 17 juillet 2001"):
        run("scic_reserves", {"surplus": 10000, "on": "2001-07-17"})


@given(first=euros, second=euros)
def test_more_surplus_never_less_reserve(first: Decimal, second: Decimal) -> None:
    low, high = sorted((first, second))
    answers = [scic_reserves(ScicReservesInput(surplus=amount, on=TODAY)) for amount in (low, high)]
    assert answers[0].minimum_impartible <= answers[1].minimum_impartible


@given(surplus=euros)
def test_reserves_and_rest_make_the_surplus_to_the_cent(surplus: Decimal) -> None:
    answer = scic_reserves(ScicReservesInput(surplus=surplus, on=TODAY))
    assert answer.legal_reserve + answer.statutory_reserve + answer.distributable == surplus
    assert abs(answer.minimum_impartible - surplus * Decimal("0.575")) < Decimal("0.02")


# ── Capital ──


def capital(public: str, other: str, day: date) -> ScicCapitalInput:
    return ScicCapitalInput(
        holders=(
            Holder(kind=HolderKind.COMMUNE, amount=Decimal(public), name="Ville"),
            Holder(kind=HolderKind.EMPLOYEE, amount=Decimal(other), name="Salariés"),
        ),
        on=day,
    )


@pytest.mark.parametrize(
    ("public", "other", "day", "conform"),
    [
        ("20", "80", date(2014, 7, 31), True),
        ("20.01", "79.99", date(2014, 7, 31), False),
        ("50", "50", date(2014, 7, 31), False),
        ("50", "50", date(2014, 8, 1), True),
        ("50", "50", date(2021, 6, 1), True),
        ("50.01", "49.99", date(2026, 11, 22), False),
    ],
)
def test_public_ceiling_before_and_since_2014(public: str, other: str, day: date, conform: bool) -> None:
    answer = scic_capital(capital(public, other, day))
    assert answer.conform is conform
    assert answer.public_share == Decimal(public) / 100
    assert answer.cap == (Decimal("0.2") if day < date(2014, 8, 1) else Decimal("0.5"))


def test_what_to_change_brings_the_capital_back_under_the_ceiling() -> None:
    answer = run(
        "scic_capital",
        {
            "on": "2026-11-22",
            "holders": [
                {"name": "Région", "kind": "region", "amount": 40000},
                {"name": "Syndicat", "kind": "grouping", "amount": 20000},
                {"name": "Salariés", "kind": "employee", "amount": 30000},
                {"name": "Ademe", "kind": "state", "amount": 10000},
            ],
        },
    )
    assert answer["conform"] is False
    assert answer["public_share"] == 0.6
    assert [issue["code"] for issue in answer["issues"]] == ["public_share_too_high"]
    assert "au moins 20\u202f000\u00a0€ de plus" in answer["issues"][0]["text"]
    assert any(
        "L’État et ses établissements publics nationaux ne sont pas comptés" in s
        for s in answer["explanation"]
    )


def test_empty_capital_is_told() -> None:
    answer = run("scic_capital", {"holders": [], "on": "2026-11-22"})
    assert (answer["conform"], [issue["code"] for issue in answer["issues"]]) == (False, ["no_capital"])


holders = st.lists(
    st.builds(Holder, kind=st.sampled_from(HolderKind), amount=euros, name=st.just("")),
    min_size=1,
    max_size=8,
)


@given(rows=holders, data=st.data())
def test_capital_does_not_depend_on_the_order(rows: list[Holder], data: st.DataObject) -> None:
    other = data.draw(st.permutations(rows))
    first, second = (scic_capital(ScicCapitalInput(holders=tuple(r), on=TODAY)) for r in (rows, other))
    assert (first.conform, first.public_share, first.issues) == (
        second.conform,
        second.public_share,
        second.issues,
    )


@given(rows=holders, more=euros)
def test_a_private_contribution_never_breaks_conformity(rows: list[Holder], more: Decimal) -> None:
    before = scic_capital(ScicCapitalInput(holders=tuple(rows), on=TODAY))
    added = Holder(kind=HolderKind.EMPLOYEE, amount=more)
    after = scic_capital(ScicCapitalInput(holders=(*rows, added), on=TODAY))
    assert after.public_share <= before.public_share
    assert after.conform or not before.conform


@given(public=st.decimals("0.01", 10**6, places=2), other=st.decimals(0, 10**6, places=2))
def test_the_remedy_is_enough_and_no_more(public: Decimal, other: Decimal) -> None:
    answer = scic_capital(capital(str(public), str(other), TODAY))
    if not answer.conform:
        assert scic_capital(capital(str(public), str(public), TODAY)).conform
        assert not scic_capital(capital(str(public), str(public - Decimal("0.01")), TODAY)).conform


def test_only_the_local_public_sector_is_capped() -> None:
    assert HolderKind.STATE not in CAPPED
    assert len(CAPPED) == 8


# ── Colleges ──

NOVAEDIA = [
    {"name": "Associations fondatrices", "weight": 20, "categories": ["fondateurs"]},
    {"name": "Salariés associés", "weight": 30, "categories": ["salariés"]},
    {"name": "Entreprises et associations locales", "weight": 20, "categories": ["partenaires"]},
    {"name": "Collectivités", "weight": 15, "categories": ["collectivités"]},
    {"name": "Habitants", "weight": 15, "categories": ["habitants"]},
]


@pytest.mark.parametrize("day", DAYS)
def test_five_colleges_as_novaedia_has(day: str) -> None:
    answer = run("scic_colleges", {"colleges": NOVAEDIA, "on": day})
    assert (answer["conform"], answer["issues"]) == (True, [])
    assert answer["weights"] == [0.2, 0.3, 0.2, 0.15, 0.15]
    assert answer["categories"] == [
        "fondateurs",
        "employees",
        "partenaires",
        "collectivites",
        "beneficiaries",
    ]


@pytest.mark.parametrize(
    ("weights", "codes"),
    [
        (["0.5", "0.4", "0.1"], []),
        (["50", "40", "10"], []),
        (["33.33", "33.33", "33.34"], []),
        (["0.51", "0.39", "0.10"], ["college_too_heavy"]),
        (["50", "41", "9"], ["college_too_light"]),
        (["60", "40"], ["too_few_colleges", "college_too_heavy"]),
        (["50", "40", "20"], ["weights_do_not_sum"]),
    ],
)
def test_weights(weights: list[str], codes: list[str]) -> None:
    names = (("salariés",), ("usagers",), ("bénévoles",))
    rows = tuple(College(weight=Decimal(w), categories=c) for w, c in zip(weights, names, strict=False))
    answer = scic_colleges(ScicCollegesInput(on=TODAY, colleges=rows, categories=("bénévoles",)))
    assert [issue.code for issue in answer.issues] == codes


@pytest.mark.parametrize(
    ("categories", "day", "codes"),
    [
        (["salariés", "bénéficiaires", "bénévoles"], "2026-11-22", []),
        (["producteurs", "clients", "bénévoles"], "2026-11-22", []),
        (["producteurs", "clients", "bénévoles"], "2013-01-01", ["missing_employees"]),
        (["bénévoles", "clients", "communes"], "2026-11-22", ["missing_employees_or_producers"]),
        (["salariés", "Salariées"], "2026-11-22", ["too_few_categories", "missing_beneficiaries"]),
        ([], "2026-11-22", ["too_few_categories", "missing_employees_or_producers", "missing_beneficiaries"]),
    ],
)
def test_member_categories(categories: list[str], day: str, codes: list[str]) -> None:
    answer = run("scic_colleges", {"categories": categories, "on": day})
    assert [issue["code"] for issue in answer["issues"]] == codes


def test_words_of_statutes() -> None:
    assert [category_code(word) for word in ("Salarié", " usagers ", "Producteurs", "Élus")] == [
        "employees",
        "beneficiaries",
        "producers",
        "elus",
    ]


@given(order=st.permutations(NOVAEDIA))
def test_colleges_do_not_depend_on_the_order(order: list[dict[str, object]]) -> None:
    answer = run("scic_colleges", {"colleges": order, "on": "2026-11-22"})
    assert answer["conform"] is True


@given(share=st.decimals("0.10", "0.50", places=4))
def test_shares_and_percentages_say_the_same(share: Decimal) -> None:
    rest = (1 - share) / 2
    answers = [
        scic_colleges(
            ScicCollegesInput(
                on=TODAY,
                colleges=tuple(
                    College(weight=w * scale, categories=(c,))
                    for w, c in zip((share, rest, rest), ("salariés", "usagers", "autres"), strict=True)
                ),
            )
        )
        for scale in (Decimal(1), Decimal(100))
    ]
    assert answers[0].conform is answers[1].conform is True
