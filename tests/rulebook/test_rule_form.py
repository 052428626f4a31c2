"""The form made from the schema of a rule: what goes in comes out, whatever the rule; faults stand on their field."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from essor.law.rules import RuleInputError
from essor.rulebook.asking import sent_of
from essor.rulebook.catalogue import catalogue
from essor.rulebook.fields import is_table
from essor.rulebook.rule_form import MARK, RuleForm, address_of, completed, edited

RULES = list(catalogue())
WORDS = st.text(alphabet="abcdefgh éàç’-", min_size=1, max_size=20).map(str.strip).filter(bool)


def values(about: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Any value of a field that a form can hold."""
    kind = about["type"]
    if kind == "array":
        return st.lists(values(about["items"]), max_size=3, unique=about["items"]["type"] == "string")
    if kind == "object":
        return cases(about).filter(
            lambda row: any(value != usual(about, name) for name, value in row.items())
        )
    if "enum" in about:
        return st.sampled_from(about["enum"])
    if kind == "boolean":
        return st.booleans()
    if about.get("format") == "date":
        return st.dates().map(lambda day: day.isoformat())
    if kind == "integer":
        return st.integers(about.get("minimum", -1000), about.get("maximum", 1000))
    if kind == "number":
        share = about["x-kind"] == "share"
        return st.decimals(0, 1 if share else 10**7, places=4 if share else 2)
    return WORDS


def usual(about: dict[str, Any], name: str) -> Any:
    return about["properties"][name].get("default")


def cases(schema: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Any input of a rule, as its schema says."""
    needed = {name: values(schema["properties"][name]) for name in schema["required"]}
    others = {name: values(about) for name, about in schema["properties"].items() if name not in needed}
    return st.fixed_dictionaries(needed, optional=others)


def full(schema: dict[str, Any], case: dict[str, Any]) -> dict[str, Any]:
    """The case with the usual answers, without empty lists: two cases that say the same are equal."""
    found = {}
    for name, about in schema["properties"].items():
        value = case.get(name, about.get("default"))
        if is_table(about) and value:
            value = [full(about["items"], row) for row in value]
        elif about["type"] == "array" and value and "x-suggested" in about["items"]:
            value = sorted(value)
        elif about["type"] == "number" and value is not None:
            value = Decimal(str(value))
        if value not in (None, []):
            found[name] = value
    return found


@pytest.mark.parametrize("name", RULES)
@given(data=st.data())
def test_any_case_of_a_rule_goes_through_the_form_and_comes_back(name: str, data: st.DataObject) -> None:
    asked = catalogue()[name]
    schema = asked.rule.input_schema
    case = data.draw(cases(schema))
    sent = completed(asked, sent_of(asked, case))
    form = RuleForm(asked, sent, {}, bound=True)
    form.asked = replace(asked, when={})  # here, every field matters
    assert form.is_valid(), (
        form.main.errors,
        [row.form.errors for table in form.tables for row in table.rows],
    )
    assert full(schema, form.input()) == full(schema, case)


@pytest.mark.parametrize("name", RULES)
@given(data=st.data())
def test_the_address_of_a_case_gives_it_back(name: str, data: st.DataObject) -> None:
    asked = catalogue()[name]
    case = data.draw(cases(asked.rule.input_schema))
    read = parse_qsl(address_of(asked.rule.input_schema, case), keep_blank_values=True)
    expected = [
        pair
        for key, values in sent_of(asked, case).lists()
        if key != MARK
        for pair in [(key, v) for v in values]
    ]
    assert sorted(read) == sorted((key, text.replace("\u202f", "")) for key, text in expected)


def sent(text: str) -> QueryDict:
    return QueryDict(text)


def answered(name: str, text: str) -> RuleForm:
    asked = catalogue()[name]
    form = RuleForm(asked, completed(asked, sent(text)), {}, bound=True)
    if form.is_valid():
        try:
            asked.rule.run(form.input())
        except RuleInputError as error:
            form.place(error.problems)
    return form


def test_numbers_typed_in_french_reach_the_rule_exact() -> None:
    form = answered(
        "insertion_hours", "amount=1+000+000,50+€&labour_share=50+%25&hourly_cost=40&rate=5&on=2026-01-05"
    )
    assert form.input() == {
        "amount": Decimal("1000000.50"),
        "labour_share": Decimal("0.50"),
        "hourly_cost": Decimal(40),
        "rate": Decimal("0.05"),
        "on": "2026-01-05",
        "post": "legal",
    }


def test_what_cannot_be_read_stands_on_its_field() -> None:
    form = answered("scic_reserves", "surplus=beaucoup&on=2026-05-01")
    assert list(form.main.errors) == ["surplus"]
    assert form.errors


def test_what_the_rule_refuses_stands_on_its_field_and_row() -> None:
    form = answered(
        "scic_capital",
        "holders-1-kind=&holders-1-amount=&holders-4-kind=commune&holders-4-amount=10"
        "&holders-7-kind=employee&holders-7-amount=-5&on=2026-05-01",
    )
    rows = form.tables[0].rows
    assert [list(row.form.errors) for row in rows] == [[], [], ["amount"]]
    assert "au moins 0" in rows[2].form.errors["amount"][0]


def test_what_ties_two_fields_stands_above_the_form_in_its_words() -> None:
    form = answered("insertion_hours", "amount=1000&labour_share=50&hourly_cost=40&on=2026-05-01")
    assert form.refused == [
        "Donner soit « Part des heures réservée à l’insertion », soit « Heures d’insertion voulues », et un seul des "
        "deux."
    ]


def test_a_loan_that_needs_its_equivalent_is_told_on_its_row() -> None:
    form = answered(
        "state_aid",
        "undertaking=A&on=2026-05-01&aids-2-amount=10&aids-2-granted_on=2025-01-01"
        "&aids-5-amount=500000&aids-5-granted_on=2025-01-02&aids-5-instrument=loan",
    )
    rows = form.tables[0].rows
    assert [list(row.form.errors) for row in rows] == [[], ["gross_grant_equivalent"]]
    message = rows[1].form.errors["gross_grant_equivalent"][0]
    assert "« Part du prêt couverte par des sûretés »" in message
    assert "gross_grant_equivalent" not in message


def test_a_question_that_does_not_matter_is_left_out() -> None:
    form = answered(
        "contract_form",
        "initiative=authority&need_defined_by=authority&counterpart=service&scic=true&choice=call&reservable=true"
        "&on=2026-05-01",
    )
    assert form.input() == {
        "initiative": "authority",
        "need_defined_by": "authority",
        "counterpart": "service",
        "reservable": True,
        "on": "2026-05-01",
    }


def test_a_field_of_a_row_that_does_not_matter_is_left_out() -> None:
    form = answered(
        "state_aid",
        "undertaking=A&on=2026-05-01&aids-1-amount=10&aids-1-granted_on=2025-01-01&aids-1-instrument=grant"
        "&aids-1-years=5",
    )
    assert form.input()["aids"] == [
        {"amount": Decimal(10), "granted_on": "2025-01-01", "regime": "general", "instrument": "grant"}
    ]


def test_categories_are_checked_or_written() -> None:
    form = answered(
        "scic_colleges",
        "on=2026-05-01&categories=employees&categories=beneficiaries&categories_autres=amis%2C+voisins",
    )
    assert form.input()["categories"] == ["employees", "beneficiaries", "amis", "voisins"]


def test_rows_are_added_and_removed_without_a_script() -> None:
    typed = "holders-1-amount=5&holders-2-amount=7&holders-12-amount=9&on=2026-05-01"
    added = RuleForm(catalogue()["scic_capital"], edited(sent(f"{typed}&ajouter=holders")), {}, bound=False)
    assert [row.form.prefix for row in added.tables[0].rows] == [
        "holders-1",
        "holders-2",
        "holders-12",
        "holders-13",
    ]
    removed = RuleForm(
        catalogue()["scic_capital"], edited(sent(f"{typed}&retirer=holders-1")), {}, bound=False
    )
    rows = removed.tables[0].rows
    assert [(row.form.prefix, row.form["amount"].value()) for row in rows] == [
        ("holders-2", "7"),
        ("holders-12", "9"),
    ]
    assert not added.errors


def test_rows_have_an_end() -> None:
    many = "&".join(f"holders-{number}-amount=1" for number in range(1, 400))
    assert len(RuleForm(catalogue()["scic_capital"], sent(many), {}, bound=False).tables[0].rows) == 100
