"""When a question is asked: tests of earlier answers, all or any of them. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

IS, ANSWERED = "is", "answered"
AT_LEAST, AT_MOST, MORE_THAN, LESS_THAN = "at_least", "at_most", "more_than", "less_than"
COMPARISONS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    AT_LEAST: lambda found, bound: found >= bound,
    AT_MOST: lambda found, bound: found <= bound,
    MORE_THAN: lambda found, bound: found > bound,
    LESS_THAN: lambda found, bound: found < bound,
}


@dataclass(frozen=True)
class Test:
    """A test of one answer: `is` one of the values; `answered` or not; a number against a bound.

    `values` are codes or booleans for `is`, one boolean for `answered`, one decimal for a comparison (a share as
    a part of 1).
    """

    question: str
    compare: str
    values: tuple[str | bool | Decimal, ...]


@dataclass(frozen=True)
class Group:
    """Tests together: all of them when `every`, else at least one."""

    every: bool
    parts: tuple["Condition", ...]


Condition = Test | Group


def is_answered(value: Any) -> bool:
    """Whether an answer says something: no and zero do."""
    return value is not None and value != "" and value != [] and value != {}


def tests(condition: Condition | None) -> Iterator[Test]:
    """Every test of a condition."""
    if isinstance(condition, Test):
        yield condition
    elif condition is not None:
        for part in condition.parts:
            yield from tests(part)


def holds(condition: Condition | None, answers: Mapping[str, Any]) -> bool:
    """Whether the condition holds for these answers; none always does."""
    if condition is None:
        return True
    if isinstance(condition, Group):
        found = (holds(part, answers) for part in condition.parts)
        return all(found) if condition.every else any(found)
    return _passes(condition, answers.get(condition.question))


def _passes(test: Test, value: Any) -> bool:
    if test.compare == ANSWERED:
        return is_answered(value) is bool(test.values[0])
    if not is_answered(value):
        return False
    if test.compare == IS:
        given = value if isinstance(value, list) else [value]
        return any(type(one) is type(wanted) and one == wanted for one in given for wanted in test.values)
    number, bound = as_number(value), as_number(test.values[0])
    return number is not None and bound is not None and COMPARISONS[test.compare](number, bound)


def as_number(value: Any) -> Decimal | None:
    """The number kept as an answer, or None."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    try:
        found = Decimal(value)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def residual(
    condition: Condition | None, answers: Mapping[str, Any], open_codes: frozenset[str]
) -> Condition | bool:
    """What is left of a condition once the answers to the questions that are not in `open_codes` are known.

    True or False when nothing is left to be seen: the page then needs no script to show or hide the question.
    """
    if condition is None:
        return True
    if isinstance(condition, Test):
        return condition if condition.question in open_codes else holds(condition, answers)
    left: list[Condition] = []
    for part in condition.parts:
        found = residual(part, answers, open_codes)
        if isinstance(found, bool):
            if found is not condition.every:  # one that fails, or one that is enough
                return found
        else:
            left.append(found)
    if not left:
        return condition.every
    return left[0] if len(left) == 1 else Group(condition.every, tuple(left))


def as_data(condition: Condition) -> dict[str, Any]:
    """The condition as the script of the page reads it."""
    if isinstance(condition, Group):
        return {"every": condition.every, "parts": [as_data(part) for part in condition.parts]}
    values = [str(value) if isinstance(value, Decimal) else value for value in condition.values]
    return {"question": condition.question, "compare": condition.compare, "values": values}
