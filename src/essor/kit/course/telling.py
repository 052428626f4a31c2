"""What a lesson, a question and a result say on a page or in a document, with the law of the day."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from essor.kernel.french import number
from essor.kernel.periods import today
from essor.kit import fiche_links as links
from essor.kit import legal_values, markdown
from essor.kit.course.lesson import Lesson
from essor.kit.course.rules_quiz import Kind, Mark, Question, right_number, right_options
from essor.kit.library import fiches


class Teller:
    """Writes Markdown in the frame of a request, with today's law and links to its pages."""

    def __init__(self, request: HttpRequest) -> None:
        day = today()
        self._lead = links.target_address(request)
        # A lesson speaks of today only: no « à la date du guide » beside a value.
        self._write = legal_values.as_html(day, day, links.law_page(request))

    def html(self, blocks: tuple[markdown.Block, ...]) -> SafeString:
        """A text as HTML."""
        return markdown.to_html(blocks, self._lead, self._write)


def plain(line: markdown.Line) -> str:
    """A line without marks nor links, today's values in words: what a label can hold."""
    write = legal_values.as_text(today(), today())
    return "".join(write(run.law) if run.law else run.text for run in line)


def lesson_texts(request: HttpRequest, lesson: Lesson) -> dict[str, Any]:
    """What the page of a lesson shows of its file."""
    teller = Teller(request)
    return {
        "points": teller.html(lesson.points),
        "body": teller.html(lesson.body),
        "tomorrow": teller.html(lesson.tomorrow),
        "example": lesson.example,
        "example_text": teller.html(markdown.parse(lesson.example.text)),
        "example_fiche": links.address(request, "kit:fiche", code=lesson.example_fiche),
        "further": [
            (fiches()[code], links.address(request, "kit:fiche", code=code)) for code in lesson.further
        ],
    }


@dataclass(frozen=True, slots=True)
class Told:
    """A question marked: what was answered, the right answer in words, why."""

    ask: str
    right: bool
    given: tuple[str, ...]
    expected: tuple[str, ...]
    why: SafeString


def told(request: HttpRequest, mark: Mark) -> Told:
    """A mark as the result page says it."""
    question = mark.question
    return Told(
        question.ask,
        mark.right,
        _given(question, mark.given),
        expected(question),
        Teller(request).html(question.why),
    )


def _given(question: Question, given: tuple[str, ...]) -> tuple[str, ...]:
    if question.kind is Kind.NUMBER:
        return tuple(f"{each} {question.unit}".strip() for each in given if each)
    known = (
        question.items
        if question.kind is Kind.ORDER
        else tuple(plain(each.text) for each in question.options)
    )
    return tuple(known[int(each)] for each in given if each.isdigit() and int(each) < len(known))


def expected(question: Question) -> tuple[str, ...]:
    """The right answer of today, in words."""
    if question.kind is Kind.NUMBER:
        value = right_number(question, today())
        return (f"{number(value)}\u00a0{question.unit}",) if value is not None else (_("plus en vigueur"),)
    if question.kind is Kind.ORDER:
        return question.items
    return tuple(plain(question.options[rank].text) for rank in right_options(question, today()))
