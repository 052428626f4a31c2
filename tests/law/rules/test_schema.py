"""Inputs of the rules: JSON Schema, reading, faults in French; the registry of rules."""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.law.labelled import Labelled
from essor.law.rules import RULES, RuleError, RuleInputError, rule
from essor.law.rules.schema import asked, json_schema, read_input


class Colour(Labelled):
    RED = "red", "Rouge"
    BLUE = "blue", "Bleu"


@dataclass(frozen=True, slots=True)
class Part:
    amount: Decimal = asked("Montant", kind="money", minimum=0)
    colour: Colour = asked("Couleur", default=Colour.RED)


@dataclass(frozen=True, slots=True)
class Form:
    name: str = asked("Nom", help="Son nom.")
    on: date = asked("Jour")
    parts: tuple[Part, ...] = asked("Parts", default=())
    share: Decimal | None = asked("Part", kind="share", default=None)
    count: int = asked("Nombre", default=1, minimum=1, maximum=9)
    sure: bool | None = asked("Sûr ?", default=None)


def test_schema_of_an_input() -> None:
    assert json_schema(Form) == {
        "type": "object",
        "properties": {
            "name": {"title": "Nom", "description": "Son nom.", "type": "string"},
            "on": {"title": "Jour", "type": "string", "format": "date"},
            "parts": {
                "title": "Parts",
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "amount": {"title": "Montant", "type": "number", "x-kind": "money", "minimum": 0},
                        "colour": {
                            "title": "Couleur",
                            "type": "string",
                            "enum": ["red", "blue"],
                            "oneOf": [{"const": "red", "title": "Rouge"}, {"const": "blue", "title": "Bleu"}],
                            "default": "red",
                        },
                    },
                    "required": ["amount"],
                    "additionalProperties": False,
                },
            },
            "share": {"title": "Part", "type": "number", "x-kind": "share", "minimum": 0, "maximum": 1},
            "count": {"title": "Nombre", "type": "integer", "minimum": 1, "maximum": 9, "default": 1},
            "sure": {"title": "Sûr ?", "type": "boolean"},
        },
        "required": ["name", "on"],
        "additionalProperties": False,
    }


def test_what_is_read() -> None:
    data = {
        "name": " Abeille ",
        "on": "2026-05-01",
        "parts": [{"amount": "1\u202f234,50 €", "colour": "blue"}, {"amount": 0.1}],
        "share": 0.575,
        "sure": False,
    }
    assert read_input(Form, data) == Form(
        name="Abeille",
        on=date(2026, 5, 1),
        parts=(Part(Decimal("1234.50"), Colour.BLUE), Part(Decimal("0.1"), Colour.RED)),
        share=Decimal("0.575"),
        count=1,
        sure=False,
    )


GOOD = {"name": "Abeille", "on": "2026-05-01"}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"name": None}, "name : à renseigner (Nom)."),
        ({"name": 3}, "name : un texte est attendu (lu : « 3 »)."),
        ({"on": "1er mai"}, "on : « 1er mai » n’est pas une date AAAA-MM-JJ."),
        ({"on": 20260501}, "on : « 20260501 » n’est pas une date AAAA-MM-JJ."),
        ({"nom": "x"}, "nom : champ inconnu (attendus : name, on, parts, share, count, sure)."),
        ({"share": 5}, "share : une part s’écrit entre 0 et 1 (lu : 5 ; 5 % s’écrit 0.05)."),
        ({"share": True}, "share : un nombre est attendu (lu : « True »)."),
        ({"share": "NaN"}, "share : le nombre « NaN » est hors de toute mesure."),
        ({"count": 1.5}, "count : un nombre entier est attendu (lu : « 1.5 »)."),
        ({"count": 10}, "count : la valeur doit être d’au plus 9 (lu : 10)."),
        ({"sure": "oui"}, "sure : true ou false est attendu (lu : « oui »)."),
        ({"parts": 3}, "parts : une liste est attendue (lu : « 3 »)."),
        ({"parts": [{"amount": -1}]}, "parts[1].amount : la valeur doit être d’au moins 0 (lu : -1)."),
        ({"parts": [3]}, "parts[1] : un objet JSON est attendu (lu : « 3 »)."),
        (
            {"parts": [{"amount": 1.005}]},
            "parts[1].amount : deux décimales au plus en euros (lu : 1.005).",
        ),
        (
            {"parts": [{"amount": 1, "colour": "vert"}]},
            "parts[1].colour : « vert » n’est pas admis (valeurs : red, blue).",
        ),
        (
            {"parts": [{"amount": 1, "colour": ["red"]}]},
            "parts[1].colour : « ['red'] » n’est pas admis (valeurs : red, blue).",
        ),
        ({"parts": [{"amount": "1e99"}]}, "parts[1].amount : le nombre « 1e99 » est hors de toute mesure."),
    ],
)
def test_faults_in_french(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(RuleInputError) as caught:
        read_input(Form, GOOD | changes)
    assert caught.value.problems == [problem]


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(RuleInputError) as caught:
        read_input(Form, {"count": 0, "parts": [{}, {"amount": "x"}]})
    assert len(caught.value.problems) == 5


@pytest.mark.parametrize("data", [None, [], "texte", 3])
def test_what_is_not_an_object_is_refused(data: Any) -> None:
    with pytest.raises(RuleInputError, match="un objet JSON est attendu"):
        read_input(Form, data)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(name=st.sampled_from(list(RULES)), data=st.data())
def test_hostile_input_is_answered_or_refused(name: str, data: st.DataObject) -> None:
    fields = st.sampled_from(sorted(RULES[name].input_schema["properties"]))
    given_data = data.draw(st.dictionaries(fields, json_values, max_size=6))
    with suppress(RuleInputError, RuleError):
        assert RULES[name].run(given_data)["explanation"]


def test_the_fourteen_rules() -> None:
    assert list(RULES) == [
        "competence",
        "contract_form",
        "state_aid",
        "reserved_contract",
        "scic_capital",
        "scic_colleges",
        "scic_reserves",
        "ess_company",
        "esus",
        "procurement_threshold",
        "agec",
        "spaser",
        "brs",
        "insertion_hours",
    ]
    for item in RULES.values():
        assert json.loads(json.dumps(item.input_schema))["title"] == item.title


def test_unknown_rule() -> None:
    with pytest.raises(RuleError, match="La règle « tva » n’existe pas"):
        rule("tva")
