"""Quizzes: what a question asks, which answers are right on a day, how a try is marked. Pure.

A question is right or wrong, one point each. A right answer that depends on the law is asked of the law of the day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from hashlib import sha256

from essor.kit import markdown
from essor.kit.law_tests import LawTest
from essor.law import parameters as law

PASS_SHARE = Decimal("0.7")
_HUNDRED = Decimal(100)


class Kind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    NUMBER = "number"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Option:
    """A possible answer; `when` asks the law whether it is right, else `right` says so."""

    text: markdown.Line
    right: bool = False
    when: LawTest | None = None

    def is_right(self, day: date) -> bool:
        """Whether it is right on that day."""
        return self.when.ask(day).holds if self.when else self.right


@dataclass(frozen=True, slots=True)
class Question:
    """A question. `law` gives the number of the day, `number` a fixed one; `tolerance` is a share of it, 0 if exact.

    `items` of an order are written in the right order.
    """

    code: str
    kind: Kind
    ask: str
    why: tuple[markdown.Block, ...]
    options: tuple[Option, ...] = ()
    items: tuple[str, ...] = ()
    law: str = ""
    number: Decimal | None = None
    tolerance: Decimal = Decimal(0)
    unit: str = ""


Given = str | Sequence[str]


@dataclass(frozen=True, slots=True)
class Mark:
    """What was given to a question, and whether it is right."""

    question: Question
    given: tuple[str, ...]
    right: bool


@dataclass(frozen=True, slots=True)
class Result:
    """A try: one mark a question."""

    marks: tuple[Mark, ...]

    @property
    def score(self) -> int:
        """Right answers."""
        return sum(mark.right for mark in self.marks)

    @property
    def out_of(self) -> int:
        """Questions."""
        return len(self.marks)

    @property
    def passed(self) -> bool:
        """Whether at least 70 % of the answers are right."""
        return is_pass(self.score, self.out_of)


def is_pass(score: int, out_of: int) -> bool:
    """Whether a score is enough: 70 % or more of at least one question."""
    return out_of > 0 and Decimal(score) >= PASS_SHARE * out_of


def needed(out_of: int) -> int:
    """The smallest score that passes."""
    return next(score for score in range(out_of + 1) if is_pass(score, out_of))


def shown_order(question: Question) -> tuple[int, ...]:
    """In which order options or items are shown: always the same for a question, never the one of the file."""
    count = len(question.options) or len(question.items)
    ranks = sorted(range(count), key=lambda rank: sha256(f"{question.code}/{rank}".encode()).digest())
    if question.kind is Kind.ORDER and ranks == list(range(count)):
        ranks.reverse()  # an order shown in its right order would give its answer away
    return tuple(ranks)


def right_options(question: Question, day: date) -> tuple[int, ...]:
    """Ranks, in the file, of the right options on a day."""
    return tuple(rank for rank, option in enumerate(question.options) if option.is_right(day))


def right_number(question: Question, day: date) -> Decimal | None:
    """The number expected on a day, a share being told in per cent; None when the law has none in force."""
    if not question.law:
        return question.number
    value = law.in_force(question.law, day)
    if value is None:
        return None
    return value.decimal * _HUNDRED if value.unit == "/1" else value.decimal


def read_number(text: str) -> Decimal | None:
    """The number that a person typed: « 23 000 », « 57,5 % », « 300 000 € »; None when it is none."""
    kept = "".join(text.replace("€", "").replace("%", "").split()).replace(",", ".")
    try:
        number = Decimal(kept)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < Decimal(10) ** 15 else None


def is_answerable(question: Question, day: date) -> bool:
    """Whether the question has a right answer on that day: one for a single choice, a number in force…"""
    if question.kind is Kind.NUMBER:
        return right_number(question, day) is not None
    if question.kind is Kind.SINGLE:
        return len(right_options(question, day)) == 1
    return question.kind is Kind.ORDER or bool(right_options(question, day))


def asked_on(questions: Sequence[Question], day: date) -> tuple[Question, ...]:
    """The questions that the law of the day lets one answer."""
    return tuple(question for question in questions if is_answerable(question, day))


def mark(question: Question, given: Sequence[str], day: date) -> Mark:
    """Mark one question. `given`: ranks of options, the number typed, or ranks of items in the order chosen."""
    told = tuple(given)
    if question.kind is Kind.NUMBER:
        right = _number_fits(question, told[0] if told else "", day)
    elif question.kind is Kind.ORDER:
        right = told == tuple(str(rank) for rank in range(len(question.items)))
    else:
        right = set(told) == {str(rank) for rank in right_options(question, day)}
    return Mark(question, told, right)


def _number_fits(question: Question, typed: str, day: date) -> bool:
    number, expected = read_number(typed), right_number(question, day)
    if number is None or expected is None:
        return False
    return abs(number - expected) <= abs(expected) * question.tolerance


def grade(questions: Sequence[Question], given: Mapping[str, Sequence[str]], day: date) -> Result:
    """Mark a try: what was given by code of question; a question left out is wrong."""
    return Result(tuple(mark(question, given.get(question.code, ()), day) for question in questions))
