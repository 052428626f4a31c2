"""The rules as people ask them: question, field of action, order of the form, cases to try (`data/rules.yaml`)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from essor.kernel.french import unbroken
from essor.law import strict_yaml
from essor.law.rules import RULES, Rule

FILE = Path(__file__).parent / "data" / "rules.yaml"
# The guides' fields of action, in their order, as the rail has them.
FIELDS = ("Financer", "Acheter", "Coopérer", "Loger")
DAY = "on"

Conditions = Mapping[str, Mapping[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Example:
    """A case to try: its input in JSON form, and results that it gives."""

    title: str
    source: str
    input: Mapping[str, Any]
    expects: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule and how it is asked. `when`: fields that matter only after certain answers to others."""

    rule: Rule[Any]
    question: str
    sentence: str
    field: str
    first: tuple[str, ...]
    radios: frozenset[str]
    when: Conditions
    examples: tuple[Example, ...]

    @property
    def name(self) -> str:
        """The name of the rule, which is also its address."""
        return self.rule.name


@cache
def catalogue() -> Mapping[str, Asked]:
    """The rules by name, in the order of the list."""
    return {
        name: _asked(name, row)
        for name, row in strict_yaml.load(FILE.read_text(encoding="utf-8"), FILE.name).items()
    }


def by_field() -> list[tuple[str, list[Asked]]]:
    """The rules under each field of action that has some."""
    return [(field, [item for item in catalogue().values() if item.field == field]) for field in FIELDS]


def _typeset(text: str) -> str:
    """The text with no-break spaces inside numbers and before their units."""
    inside = re.sub(r"(?<=\d) (?=\d{3}\b)", "\u202f", text)
    return re.sub(r"(?<=\d) (?=[€%]|m²|M€|ans?\b)|(?<=art\.) (?=\w)", "\u00a0", inside)


def _asked(name: str, row: Mapping[str, Any]) -> Asked:
    return Asked(
        rule=RULES[name],
        question=unbroken(row["question"]),
        sentence=_typeset(row["sentence"]),
        field=row["field"],
        first=tuple(row["first"]),
        radios=frozenset(row.get("radios", ())),
        when=row.get("when", {}),
        examples=tuple(
            Example(_typeset(case["title"]), _typeset(case["source"]), case["input"], case["expects"])
            for case in row.get("examples", ())
        ),
    )
