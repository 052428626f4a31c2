"""Answers to a form: what is asked, what was typed, what is missing, how it reads in French. Pure.

Answers are a mapping of question codes to JSON values (amounts and numbers as texts, a share as a part of 1); what
hangs on a hidden question is hidden too.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from essor.kernel.questions.conditions import holds, is_answered
from essor.kernel.questions.definition import FILE, TABLE, Form, Question, Section
from essor.kernel.questions.kinds import kind_of

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Fault:
    """What is wrong with the answer to a question, in French."""

    question: str
    message: str


@dataclass(frozen=True)
class Asked:
    """A section that is asked, with its questions that are."""

    section: Section
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Shown:
    """An answer as people read it. A table has its `columns` and `rows` besides the text; a file its `file_id`."""

    section: Section
    question: Question
    text: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    file_id: str = ""

    @property
    def label(self) -> str:
        """The question."""
        return self.question.label


def visible(form: Form, answers: Answers) -> tuple[Asked, ...]:
    """The sections and questions asked, given these answers, in order; a section with none is left out."""
    seen: dict[str, Any] = {}  # a hidden question counts as not answered
    found = []
    for section in form.sections:
        if not holds(section.when, seen):
            continue
        asked = []
        for question in section.questions:
            if holds(question.when, seen):
                asked.append(question)
                if question.code in answers:
                    seen[question.code] = answers[question.code]
        if asked:
            found.append(Asked(section, tuple(asked)))
    return tuple(found)


def kept(form: Form, answers: Answers) -> dict[str, Any]:
    """The answers to the questions asked: what a submission keeps. Those of hidden questions are dropped."""
    return {
        question.code: answers[question.code]
        for asked in visible(form, answers)
        for question in asked.questions
        if is_answered(answers.get(question.code))
    }


def clean(
    form: Form,
    section: Section,
    raw: Mapping[str, Any],
    answers: Answers | None = None,
    *,
    complete: bool = False,
) -> tuple[dict[str, Any], tuple[Fault, ...]]:
    """Read what was typed in a section: values by question (None when nothing is said), faults in French.

    A question that is not in `raw` is left as it was; one that has a fault has no value. With `complete`, a
    required question that is asked, given the other `answers`, must be answered. Never raises.
    """
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for question in section.questions:
        if question.code not in raw:
            continue
        try:
            typed = raw[question.code]
            values[question.code] = None if typed is None else kind_of(question).read(question, typed)
        except ValueError as error:
            faults.append(Fault(question.code, str(error)))
    if complete:
        wrong = {fault.question for fault in faults}
        both = dict(answers or {}) | values
        faults += [
            Fault(question.code, lacking(question))
            for question in missing(form, both)
            if question in section.questions and question.code not in wrong
        ]
        hidden = _hidden(form, section, both)
        faults = [fault for fault in faults if fault.question not in hidden]
    order = {question.code: place for place, question in enumerate(section.questions)}
    return values, tuple(sorted(faults, key=lambda fault: order[fault.question]))


def _hidden(form: Form, section: Section, answers: Answers) -> Collection[str]:
    asked = {question.code for one in visible(form, answers) for question in one.questions}
    return {question.code for question in section.questions} - asked


def lacking(question: Question) -> str:
    """What to say when a required answer is missing."""
    if question.kind in ("choice", "scale", "yes_no"):
        return _("Choisissez une réponse.")
    if question.kind == "choices":
        return _("Choisissez au moins une réponse.")
    if question.kind == FILE:
        return _("Choisissez un fichier.")
    return _("Une ligne au moins est attendue.") if question.kind == TABLE else _("Une réponse est attendue.")


def missing(form: Form, answers: Answers) -> tuple[Question, ...]:
    """The required questions asked that have no answer."""
    return tuple(
        question
        for asked in visible(form, answers)
        for question in asked.questions
        if question.required and not is_answered(answers.get(question.code))
    )


def progress(form: Form, answers: Answers) -> tuple[int, int]:
    """How many questions asked are answered, and how many are asked."""
    asked = [question for one in visible(form, answers) for question in one.questions]
    return sum(is_answered(answers.get(question.code)) for question in asked), len(asked)


def shown(form: Form, answers: Answers, *, private: bool = True) -> tuple[Shown, ...]:
    """Each question asked and its answer in French (« » when there is none), for pages, PDF and CSV.

    `private` False leaves the private ones out, for a page that is shared.
    """
    return tuple(
        _shown(asked.section, question, answers.get(question.code))
        for asked in visible(form, answers)
        for question in asked.questions
        if private or not question.private
    )


def _shown(section: Section, question: Question, value: Any) -> Shown:
    if not is_answered(value):
        return Shown(section, question, "")
    text = kind_of(question).show(question, value)
    if question.kind == FILE:
        return Shown(section, question, text, file_id=value["id"])
    if question.kind != TABLE:
        return Shown(section, question, text)
    rows = tuple(
        tuple(
            kind_of(column).show(column, row[column.code]) if column.code in row else ""
            for column in question.columns
        )
        for row in value
    )
    return Shown(section, question, text, tuple(column.label for column in question.columns), rows)


def written(question: Question, value: Any) -> Any:
    """What the field of the question holds for a kept answer, as people typed it."""
    return kind_of(question).write(question, value) if is_answered(value) else None
