"""A form made by people: sections, typed questions, conditions. Pure; `reading` reads and writes it as a mapping."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from essor.kernel.questions.conditions import Condition

TEXT, LONG_TEXT, EMAIL, WHOLE, NUMBER = "text", "long_text", "email", "whole", "number"
AMOUNT, SHARE, DATE, YES_NO, CHOICE = "amount", "share", "date", "yes_no", "choice"
CHOICES, SCALE, TABLE, FILE = "choices", "scale", "table", "file"
TEXTS = frozenset({TEXT, LONG_TEXT, EMAIL})
NUMBERS = frozenset({WHOLE, NUMBER, AMOUNT, SHARE})
ONE_OF = frozenset({CHOICE, SCALE})
WITH_CHOICES = ONE_OF | {CHOICES}
# Their bounds count what is given: answers ticked, rows.
COUNTED = frozenset({CHOICES, TABLE})
LONGEST = {TEXT: 200, EMAIL: 254, LONG_TEXT: 5000}
MOST_ROWS = 100


@dataclass(frozen=True)
class Choice:
    """An answer proposed. On a scale, `help` is the long description of the stage."""

    code: str
    label: str
    help: str = ""


@dataclass(frozen=True)
class Question:
    """A typed question.

    `minimum` and `maximum` bound a number (a share as a part of 1), or how many answers or rows; `longest` is a
    number of signs, 0 for the usual one of the kind. `private` answers are for those who handle the form only:
    never in an address nor on a page that is shared.
    """

    code: str
    kind: str
    label: str
    help: str = ""
    required: bool = False
    choices: tuple[Choice, ...] = ()
    when: Condition | None = None
    columns: tuple["Question", ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    longest: int = 0
    unit: str = ""
    private: bool = False

    @property
    def most_signs(self) -> int:
        """How many signs a text may have."""
        return self.longest or LONGEST.get(self.kind, LONGEST[TEXT])

    @property
    def most_rows(self) -> int:
        """How many rows a table may have."""
        return int(self.maximum) if self.maximum is not None else MOST_ROWS

    def choice(self, code: object) -> Choice | None:
        """The choice of that code."""
        return next((each for each in self.choices if each.code == code), None)


@dataclass(frozen=True)
class Section:
    """Questions shown together, on one page when the form goes step by step."""

    code: str
    title: str
    questions: tuple[Question, ...]
    intro: str = ""
    when: Condition | None = None


@dataclass(frozen=True)
class Form:
    """A form, at a version."""

    code: str
    version: int
    title: str
    sections: tuple[Section, ...]
    intro: str = ""

    def questions(self) -> Iterator[Question]:
        """Every question, in order, without the columns of tables."""
        return (question for section in self.sections for question in section.questions)

    @cached_property
    def by_code(self) -> dict[str, Question]:
        """The questions by their code."""
        return {question.code: question for question in self.questions()}

    def section(self, code: str) -> Section | None:
        """The section of that code."""
        return next((each for each in self.sections if each.code == code), None)
