"""The lessons and quizzes that come with Essor: read once, in order."""

from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from essor.kit.course.lesson import Lesson, read_lesson
from essor.kit.course.quiz_files import read_quiz
from essor.kit.course.rules_quiz import Question
from essor.kit.front_matter import ContentError

HERE = Path(__file__).parent
LESSONS, QUIZZES = HERE / "lessons", HERE / "quizzes"
QUIZ_MINUTES = 3


@cache
def lessons() -> dict[str, Lesson]:
    """Lessons by code, in the order of the course. ContentError when one does not read."""
    read = [
        read_lesson(path.read_text(encoding="utf-8"), path.name, rank)
        for rank, path in enumerate(sorted(LESSONS.glob("*.md")), start=1)
    ]
    found = {lesson.code: lesson for lesson in read}
    if len(found) != len(read):
        raise ContentError(_("Deux leçons portent le même code."))
    return found


@cache
def quizzes() -> dict[str, tuple[Question, ...]]:
    """The questions of each lesson. ContentError when one does not read, or when a lesson has no quiz."""
    found = {}
    for code in lessons():
        path = QUIZZES / f"{code}.yaml"
        if not path.is_file():
            raise ContentError(_("La leçon « %s » n’a pas de quiz.") % code)
        found[code] = read_quiz(path.read_text(encoding="utf-8"), path.name, code)
    return found
