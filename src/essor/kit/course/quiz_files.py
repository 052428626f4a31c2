"""Quizzes out of their files: `quizzes/<lesson>.yaml`; a fault names file, question, value and remedy. Pure."""

from decimal import Decimal

from django.utils.translation import gettext as _

from essor.kernel.french import unbroken
from essor.kit import markdown
from essor.kit.course.lesson import check_text
from essor.kit.course.rules_quiz import Kind, Option, Question
from essor.kit.front_matter import ContentError, Reader, mapping
from essor.kit.law_tests import read_law_test
from essor.law import parameters as law

FEWEST, MOST = 4, 6  # questions of a quiz


def read_quiz(text: str, file: str, lesson: str) -> tuple[Question, ...]:
    """The questions of a file. ContentError, in French, at the first fault."""
    reader = Reader(mapping(text, file), file)
    rows = reader.items("questions")
    reader.end()
    if not FEWEST <= len(rows) <= MOST:
        raise reader.fail("questions", len(rows), _("Écrivez de quatre à six questions."))
    return tuple(
        _question(row, _("%(file)s, question %(rank)s") % {"file": file, "rank": rank}, f"{lesson}-{rank}")
        for rank, row in enumerate(rows, start=1)
    )


def _question(row: object, where: str, code: str) -> Question:
    reader = Reader(row, where)
    kind = Kind(reader.choice("kind", [kind.value for kind in Kind]))
    ask = reader.text("ask", longest=300)
    why = markdown.parse(reader.text("why"))
    check_text(why, where)
    if kind is Kind.NUMBER:
        question = _number(reader, code, ask, why)
    elif kind is Kind.ORDER:
        items = reader.texts("items")
        if not 3 <= len(set(items)) == len(items):
            raise reader.fail("items", len(items), _("Écrivez au moins trois éléments, tous différents."))
        question = Question(code, kind, ask, why, items=items)
    else:
        options = tuple(
            _option(each, f"{where}, {rank}") for rank, each in enumerate(reader.items("options"), start=1)
        )
        _check_options(options, kind, reader)
        question = Question(code, kind, ask, why, options=options)
    reader.end()
    return question


def _number(reader: Reader, code: str, ask: str, why: tuple[markdown.Block, ...]) -> Question:
    answer = Reader(reader.raw("answer"), f"{reader.where}, answer")
    known = answer.text("law", required=False)
    number = None if known else Decimal(answer.text("value", longest=20))
    tolerance = Decimal(answer.text("tolerance", required=False, longest=8) or "0")
    answer.end()
    if known:
        try:
            law.parameter(known)
        except law.UnknownParameterError as error:
            raise ContentError(f"{reader.where} : {error}") from error
    unit = reader.text("unit", required=False, longest=20)
    return Question(
        code, Kind.NUMBER, ask, why, law=known, number=number, tolerance=tolerance, unit=unit
    )  # fmt: skip


def _option(row: object, where: str) -> Option:
    reader = Reader(row, where)
    text = markdown.line_of(unbroken(reader.text("text", longest=200)))
    check_text((markdown.Block("p", (text,)),), where)
    told, right = reader.raw("when"), reader.raw("right")
    reader.end()
    if (told is None) == (right is None):
        raise reader.fail(
            "right", right, _("Dites « right: true », « right: false », ou « when » avec le cas.")
        )
    return Option(text, bool(right), read_law_test(told, f"{where}, when") if told is not None else None)


def _check_options(options: tuple[Option, ...], kind: Kind, reader: Reader) -> None:
    fixed = sum(option.right for option in options)
    asked = any(option.when for option in options)
    if len(options) < 2 or ((fixed != 1 if kind is Kind.SINGLE else not fixed) and not asked):
        raise reader.fail(
            "options",
            len(options),
            _("Il faut au moins deux réponses, dont une juste (une seule pour un choix unique)."),
        )
