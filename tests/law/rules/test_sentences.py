"""Sentences that were read as a lawyer would: what they must not say, and what they must."""

import pytest

from essor.law.rules import RULES, RuleInputError, run

DAY = "2026-11-22"


def test_every_result_has_french_words() -> None:
    lacking = [
        f"{rule.name}.{name}"
        for rule in RULES.values()
        for name, about in rule.answer_schema["properties"].items()
        if not about["title"].strip()
    ]
    assert lacking == []


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("scic_reserves", {"surplus": 1, "on": DAY}),
        ("spaser", {"purchases": 1, "on": DAY}),
        ("agec", {"family": "paper", "on": DAY}),
        ("state_aid", {"undertaking": "A", "on": DAY}),
    ],
)
def test_the_schema_of_an_answer_names_what_the_answer_holds(name: str, given: dict[str, object]) -> None:
    assert {*RULES[name].answer_schema["properties"]} | {"rule", "certainty", "certainty_note"} == {
        *run(name, given)
    }


def test_an_excess_is_not_read_as_the_ceiling() -> None:
    aids = [{"amount": 500000, "granted_on": "2025-01-02"}]
    issue = run("state_aid", {"undertaking": "A", "aids": aids, "on": DAY})["issues"][0]["text"]
    assert issue.startswith("Les aides déjà reçues dépassent de 200\u202f000\u00a0€ le plafond : ")


def test_an_agreement_that_cannot_be_given_has_no_duration() -> None:
    answer = run(
        "esus", {"structure": "ei", "ess_enterprise": False, "listed": False, "age_years": 5, "on": DAY}
    )
    assert (answer["status"], answer["years"]) == ("not_conform", None)
    assert not any("silence" in sentence or "vaut" in sentence for sentence in answer["explanation"])


def test_a_capital_without_shares_is_told_as_such() -> None:
    answer = run("scic_capital", {"holders": [], "on": DAY})
    assert [point["code"] for point in answer["issues"]] == ["no_capital"]
    assert not any("sur 0" in sentence for sentence in answer["explanation"])


def test_a_part_above_the_whole_is_told_on_its_own_field() -> None:
    with pytest.raises(RuleInputError) as caught:
        run("agec", {"family": "textiles", "total": 100, "reuse": 300, "recycled": 20, "on": DAY})
    assert caught.value.problems == ["reuse : cette part ne dépasse pas la dépense de l’année."]


@pytest.mark.parametrize(("hours", "words"), [(1607, "1 équivalent temps"), (3214, "2 équivalents temps")])
def test_equivalents_agree_with_their_number(hours: int, words: str) -> None:
    case = {"amount": 1_000_000, "labour_share": 1, "hourly_cost": 10, "hours": hours, "on": DAY}
    assert any(words in sentence for sentence in run("insertion_hours", case)["explanation"])


@pytest.mark.parametrize(
    ("buyer", "words"), [("local_authority", "par délibération"), ("state", "le schéma et le publier")]
)
def test_only_local_authorities_deliberate(buyer: str, words: str) -> None:
    answer = run("spaser", {"purchases": 60_000_000, "buyer": buyer, "on": DAY})
    assert words in answer["obligations"][0]["text"]
