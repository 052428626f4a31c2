"""The lessons and quizzes that come with Essor, how a try is marked, how people are counted without names."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.kit import markdown
from essor.kit.course import rules_counts, rules_quiz
from essor.kit.course.lesson import read_lesson
from essor.kit.course.library import LESSONS, QUIZZES, lessons, quizzes
from essor.kit.course.quiz_files import read_quiz
from essor.kit.course.rules_counts import SMALLEST, Followed, count, parts
from essor.kit.course.rules_quiz import Kind, Question, grade, is_pass, mark, needed, read_number
from essor.kit.front_matter import ContentError
from essor.kit.law_tests import LawTest, read_law_test

DAY = date(2026, 11, 22)
LESSON = (LESSONS / "01-comprendre.md").read_text(encoding="utf-8")
QUIZ = (QUIZZES / "comprendre.yaml").read_text(encoding="utf-8")


def right_answer(question: Question, day: date = DAY) -> tuple[str, ...]:
    """What a person who knows answers."""
    if question.kind is Kind.NUMBER:
        return (str(rules_quiz.right_number(question, day)),)
    if question.kind is Kind.ORDER:
        return tuple(str(rank) for rank in range(len(question.items)))
    return tuple(str(rank) for rank in rules_quiz.right_options(question, day))


def words(blocks: tuple[markdown.Block, ...]) -> int:
    return sum(len(run.text.split()) for run in markdown.runs_of(blocks))


# ── Content ──


def test_the_course_is_whole() -> None:
    assert [lesson.rank for lesson in lessons().values()] == list(range(1, 11))
    assert list(quizzes()) == list(lessons())


@pytest.mark.parametrize("code", list(lessons()))
def test_a_lesson_is_ten_minutes_of_reading(code: str) -> None:
    lesson = lessons()[code]
    told = len(lesson.objective.split()) + sum(map(words, lesson.texts))
    assert 600 <= told + words(markdown.parse(lesson.example.text)) <= 900
    assert 8 <= lesson.minutes <= 15
    assert lesson.example.source.place
    assert any(block.kind == "h2" for block in lesson.body)


def test_words_are_written_in_french_typography() -> None:
    files = [*LESSONS.glob("*.md"), *QUIZZES.glob("*.yaml")]
    assert [path.name for path in files if "'" in path.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize("lesson", list(lessons()))
def test_a_question_has_exactly_its_right_answers(lesson: str) -> None:
    for question in quizzes()[lesson]:
        for day in (DAY, date(2025, 6, 1), date(2027, 6, 1)):
            _has_its_right_answers(question, day)


def _has_its_right_answers(question: Question, day: date) -> None:
    right = right_answer(question, day)
    assert rules_quiz.is_answerable(question, day), question.code
    assert mark(question, right, day).right, question.code
    assert not mark(question, (), day).right, question.code
    if question.kind is Kind.SINGLE:
        others = set(map(str, range(len(question.options)))) - set(right)
        assert not any(mark(question, (other,), day).right for other in others), question.code
    if question.kind is Kind.ORDER:
        shown = tuple(map(str, rules_quiz.shown_order(question)))
        assert not mark(question, shown, day).right, question.code
    if question.kind is Kind.NUMBER:
        expected = rules_quiz.right_number(question, day)
        assert expected is not None
        assert not mark(question, (str(expected * 2 + 1),), day).right, question.code


def test_an_answer_follows_the_law() -> None:
    """The threshold of purchases without publicity moved in 2026: so did the answer."""
    question = quizzes()["acheter"][0]
    assert rules_quiz.right_number(question, date(2021, 9, 1)) == 40_000
    assert rules_quiz.right_number(question, DAY) == 60_000


def test_the_law_is_asked_of_the_level() -> None:
    grant = read_law_test(
        {"rule": "competence", "case": {"domain": "economic_development", "support": "business_grant"}}, "x"
    )
    assert [grant.ask(DAY, level).found for level in ("departement", "region")] == ["not_allowed", "allowed"]
    assert not grant.ask(DAY, "departement").holds
    assert grant.ask(DAY, "departement").ways
    assert LawTest(value="ess.families", has="association").ask(DAY).holds


# ── Marking ──


def test_seventy_per_cent_pass() -> None:
    assert [needed(out_of) for out_of in (4, 5, 6, 10)] == [3, 4, 5, 7]
    assert not is_pass(0, 0)


def test_numbers_are_read_as_they_are_written() -> None:
    assert [read_number(text) for text in ("23 000", "23\u202f000\u00a0€", "57,5 %", "", "abc", "NaN")] == [
        Decimal(23_000), Decimal(23_000), Decimal("57.5"), None, None, None,
    ]  # fmt: skip


def test_a_number_has_its_tolerance() -> None:
    question = Question("x-1", Kind.NUMBER, "?", (), number=Decimal(200), tolerance=Decimal("0.05"))
    assert [mark(question, (text,), DAY).right for text in ("190", "210", "211", "")] == [
        True,
        True,
        False,
        False,
    ]


@given(st.text(max_size=40))
def test_whatever_is_typed_is_marked(text: str) -> None:
    for question in quizzes()["competences"]:
        mark(question, (text,), DAY)


@given(st.sets(st.sampled_from([question.code for question in quizzes()["financer"]])))
def test_the_score_counts_right_answers(known: set[str]) -> None:
    questions = quizzes()["financer"]
    result = grade(
        questions, {each.code: right_answer(each) for each in questions if each.code in known}, DAY
    )
    assert (result.score, result.out_of) == (len(known), len(questions))
    assert result.passed == (len(known) * 10 >= len(questions) * 7)


# ── Counts ──


@given(st.lists(st.integers(0, 9), min_size=1, max_size=6))
def test_no_small_group_is_shown_nor_found_by_subtraction(counts: list[int]) -> None:
    shown = parts(counts)
    hidden = [number for number, cell in zip(counts, shown, strict=True) if cell.is_hidden]
    assert all(cell.shown is None or cell.shown == 0 or cell.shown >= SMALLEST for cell in shown)
    total = rules_counts.alone(sum(counts))
    if hidden and not total.is_hidden:
        # The hidden numbers are found only through the total: together they are no small group and never one alone.
        assert sum(hidden) >= SMALLEST
        assert len(hidden) > 1
    assert [cell.shown for cell in shown if not cell.is_hidden] == [
        number for number, cell in zip(counts, shown, strict=True) if not cell.is_hidden
    ]


def test_people_are_counted() -> None:
    def one(group: str, month: int, passed: int) -> Followed:
        codes = frozenset(list(lessons())[:passed])
        return Followed(group, date(2026, month, 3), date(2026, 6, 1) if passed == 10 else None, codes, codes)

    people = [one("agent", 5, 10)] * 4 + [one("agent", 6, 2)] * 3 + [one("elected", 6, 10)] * 3
    found = count(people, ["elected", "agent", "other"], list(lessons()))
    assert (found.started.shown, found.finished.shown) == (10, 7)
    assert {key: tuple(cell.shown for cell in pair) for key, pair in found.groups.items()} == {
        "elected": (3, 3), "agent": (7, 4), "other": (0, 0),
    }  # fmt: skip
    assert {key: tuple(cell.shown for cell in pair) for key, pair in found.months.items()} == {
        "2026-05": (4, 0), "2026-06": (6, 7),
    }  # fmt: skip
    assert [cell.shown for cell in found.lessons["agir"]] == [7, 7]
    assert [cell.shown for cell in found.lessons["comprendre"]] == [10, 10]


# ── Faults ──


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("figures: K01", "figures: K99"), "champ « figures » : « K99 »"),
        (("further: [K01, K02]", "further: []"), "trois points clés"),
        (("further: [K01, K02]", "further: [K99]"), "champ « further »"),
        (("{{ law:ess.families }}", "{{ law:ess.unknown }}"), "ess.unknown"),
        (("regle:ess_company", "regle:rien"), "ne mène nulle part"),
        (("L’ESS en France", "Quelqu’un"), "champ « who »"),
        (("code: comprendre", "couleur: bleu\ncode: comprendre"), "Ce champ n’existe pas"),
    ],
)
def test_a_fault_in_a_lesson_says_where(change: tuple[str, str], said: str) -> None:
    with pytest.raises(ContentError) as caught:
        read_lesson(LESSON.replace(*change, 1), "01.md", 1)
    assert said in str(caught.value).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("kind: multiple", "kind: vrai-faux"), "question 1, champ « kind »"),
        (("right: true", "right: false"), "au moins deux réponses"),
        (("law: ess.company.reserves", "law: ess.rien"), "ess.rien"),
        (("{value: ess.families, has: association}", "{value: ess.rien, has: association}"), "ess.rien"),
        (("questions:", "autre: 1\nquestions:"), "Ce champ n’existe pas"),
        (("[la fiche K01](fiche:K01)", "[la fiche](fiche:K99)"), "ne mène nulle part"),
        (('right: false}\n    why: "La loi nomme', '}\n    why: "La loi nomme'), "Dites « right: true »"),
    ],
)
def test_a_fault_in_a_quiz_says_where(change: tuple[str, str], said: str) -> None:
    with pytest.raises(ContentError) as caught:
        read_quiz(QUIZ.replace(*change, 1), "comprendre.yaml", "comprendre")
    assert said in str(caught.value).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"rule": "competence", "case": {"domain": "lune", "support": "purchase"}}, "champ « case »"),
        ({"rule": "spaser", "case": {"purchases": 1}, "field": "couleur"}, "champ « field »"),
        ({"rule": "rien", "case": {}}, "champ « rule »"),
        ({"rule": "spaser", "case": 3, "field": "compulsory"}, "Écrivez le cas"),
    ],
)
def test_a_case_that_the_law_cannot_answer_is_refused(data: dict[str, object], said: str) -> None:
    with pytest.raises(ContentError) as caught:
        read_law_test(data, "x")
    assert said in str(caught.value).replace("\u00a0", " ")
