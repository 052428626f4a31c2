"""What the law says of a case written in a content file, asked of the rules and values of the day. Pure.

A quiz and a game never write the law's answer: they write the case and what answer would make it true.
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from essor.kit.front_matter import Reader
from essor.law import parameters as law
from essor.law.rules import RULES, RuleError, RuleInputError
from essor.law.rules.schema import read_input

# « status » of the competence rule that a level may act upon, perhaps after meeting a condition.
POSSIBLE = ("allowed", "conditional")
_SAMPLE_DAY = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class LawTest:
    """A case and the answers that make it hold: of a rule (`rule`, `case`, `field`), or of a legal value (`value`).

    `case` is JSON, so that a test can be a key. With `has`, the legal value is a list that holds the code; with
    `values`, the answer is one of them.
    """

    rule: str = ""
    case: str = ""
    field: str = ""
    values: tuple[Any, ...] = ()
    value: str = ""
    has: str = ""

    def ask(self, day: date, level: str = "") -> "LawAnswer":
        """What the law says on a day; `level` is that of the authority, for cases that leave it open."""
        if self.value:
            known = law.in_force(self.value, day)
            if self.has:
                return LawAnswer(known is not None and self.has in known.items)
            return LawAnswer(known is not None and known.value in self.values)
        answer = RULES[self.rule].apply(_read_case(self.rule, self.case, level, day))
        found = getattr(answer, self.field)
        found = found.value if isinstance(found, Enum) else found
        return LawAnswer(
            holds=found in self.values,
            found=str(found),
            said=str(getattr(answer, f"{self.field}_label", "")),
            reasons=answer.explanation,
            conditions=tuple(point.text for point in getattr(answer, "conditions", ())),
            ways=tuple(point.text for point in getattr(answer, "way_round", ())),
        )


@dataclass(frozen=True, slots=True)
class LawAnswer:
    """Whether the case holds, what the rule found (code and words), why, on what conditions, and the other ways."""

    holds: bool
    found: str = ""
    said: str = ""
    reasons: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()


@lru_cache(maxsize=1024)
def _read_case(rule: str, case: str, level: str, day: date) -> Any:
    """The input of a rule, read once a day: it holds facts only, the law is asked each time."""
    facts = {name: _dated(value, day) for name, value in json.loads(case).items()}
    if rule == "competence":
        facts.setdefault("level", level)
    return read_input(RULES[rule].form, facts | {"on": day.isoformat()})


def _dated(value: Any, day: date) -> Any:
    """A value of a case with « days_ago: 300 » turned into the day it means: content must not age."""
    if isinstance(value, list):
        return [_dated(item, day) for item in value]
    if isinstance(value, dict):
        kept = {name: _dated(item, day) for name, item in value.items() if name != "days_ago"}
        if "days_ago" in value:
            kept["granted_on"] = (day - timedelta(days=value["days_ago"])).isoformat()
        return kept
    return value


def read_law_test(data: object, where: str) -> LawTest:
    """The test written in a file. ContentError, in French, when the law cannot be asked so."""
    reader = Reader(data, where)
    if reader.raw("value") is not None:
        test = LawTest(
            value=reader.text("value"),
            has=reader.text("has", required=False),
            values=tuple(reader.items("is")),
        )
        reader.end()
        try:
            law.parameter(test.value)
        except law.UnknownParameterError as error:
            raise reader.fail("value", test.value, str(error)) from error
        return test
    rule = reader.choice("rule", RULES)
    competence = rule == "competence"
    case = reader.raw("case")
    if not isinstance(case, dict):
        raise reader.fail("case", case, _("Écrivez le cas, champ par champ."))
    test = LawTest(
        rule=rule,
        case=json.dumps(case, ensure_ascii=False),
        field=reader.text("field", required=not competence) or "status",
        values=tuple(reader.items("is")) or (POSSIBLE if competence else (True,)),
    )
    reader.end()
    _try(test, reader)
    return test


def _try(test: LawTest, reader: Reader) -> None:
    """Ask the rule once, so that a misspelt case is refused when the file is read and not on a screen."""
    try:
        test.ask(_SAMPLE_DAY, "commune")
    except (RuleError, RuleInputError) as error:
        raise reader.fail("case", test.case, str(error)) from error
    except AttributeError as error:
        raise reader.fail("field", test.field, _("La règle ne donne pas cette réponse.")) from error
