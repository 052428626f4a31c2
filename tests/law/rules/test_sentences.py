"""Sentences that were read as a lawyer would: what they must not say, and what they must."""

import re

import pytest

from essor.law.rules import RULES, RuleError, RuleInputError, run

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


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("competence", {"level": "commune", "domain": "housing", "support": "guarantee"}),
        ("procurement_threshold", {"nature": "services", "amount": 1}),
        ("scic_reserves", {"surplus": 1}),
        ("scic_capital", {"holders": []}),
        ("spaser", {"purchases": 1}),
        ("state_aid", {"undertaking": "A"}),
        ("ess_company", {}),
        ("esus", {}),
    ],
)
def test_a_refusal_speaks_to_people(name: str, given: dict[str, object]) -> None:
    """No identifier of a parameter: « (cooperatives.scic.authorised) » says nothing to who reads it."""
    with pytest.raises(RuleError, match=r"La règle ne répond pas pour ce jour\.$") as caught:
        run(name, given | {"on": "1980-01-01"})
    assert not re.search(r"[a-z]+[._][a-z_]+[._]", str(caught.value))


def test_the_aid_considered_has_its_own_rest() -> None:
    said = " ".join(run("state_aid", {"undertaking": "A", "planned": 50000, "on": DAY})["explanation"])
    assert "Il reste 300\u202f000\u00a0€" in said
    assert "; 250\u202f000\u00a0€ après l’aide envisagée, 50\u202f000\u00a0€." in said


def test_an_aid_out_of_the_period_is_told() -> None:
    aids = [{"amount": 1000, "granted_on": day} for day in ("2020-01-01", "2027-01-01", "2026-01-01")]
    said = run("state_aid", {"undertaking": "A", "aids": aids, "on": DAY})["explanation"]
    assert "2 aides octroyées hors de ces jours ne sont pas comptées." in said


@pytest.mark.parametrize("day", ["2023-06-01", "2026-11-22"])
def test_the_declaration_is_asked_until_the_register_is_full(day: str) -> None:
    said = [
        line
        for line in run("state_aid", {"undertaking": "A", "on": day})["explanation"]
        if "déclaration" in line
    ]
    assert len(said) == 1
    assert ("tant que le registre ne couvre pas trois années" in said[0]) is (day > "2026")


@pytest.mark.parametrize(("amount", "told"), [(152_999, False), (153_000, True), (153_001, True)])
def test_the_auditor_is_asked_from_the_threshold_on(amount: int, told: bool) -> None:
    """The boundary is not certain: « à partir de », marked « à vérifier », with what to check in the note."""
    given = {"initiative": "organisation", "need_defined_by": "organisation", "counterpart": "none"}
    answer = run("contract_form", given | {"amount": amount, "on": DAY})
    duties = [point["text"] for point in answer["obligations"] if point["code"] == "auditor"]
    assert bool(duties) is told
    said = " ".join([*duties, *answer["explanation"]])
    assert "À partir de 153\u202f000\u00a0€ de subventions publiques en argent par an" in said
    assert "L612-4 et D612-5, depuis le 1er janvier 2006, à vérifier" in said
    note = next(row["note"] for row in answer["references"] if row["parameter"] == "grants.auditor.threshold")
    assert "« dépasse »" in note


def test_a_guarantee_does_not_go_through_the_region() -> None:
    case = {"level": "commune", "domain": "economic_development", "on": DAY}
    told = {
        support: " ".join(
            point["text"] for point in run("competence", case | {"support": support})["conditions"]
        )
        for support in ("guarantee", "association_grant")
    }
    assert ["passer par la région" in told[support] for support in told] == [False, True]
