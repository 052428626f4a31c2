"""Colleagues of the agents (invented, without password) and what elected members and agents did of the course."""

from datetime import date, timedelta

from django.db import transaction

from essor.accounts.actions import add_member, create_user
from essor.accounts.enums import AGENT
from essor.accounts.models import Authority, User
from essor.demo.accounts import FIRST_DAY
from essor.demo.scenes.cast import Cast
from essor.kernel.periods import today
from essor.kit.course.actions import choose_naming, issue_attestation, read_lesson, record_try
from essor.kit.course.library import lessons, quizzes
from essor.kit.course.models import LessonProgress
from essor.kit.course.rules_quiz import Mark, Result, asked_on

TITLE = "Conseillère ou conseiller départemental"
# Who, elected or not, lessons passed, days ago when they started.
COLLEAGUES = (
    ("Agathe Ventadoisel", False, 10, 96),
    ("Bastien Courbeluzerne", False, 10, 92),
    ("Chloé Pradelombre", False, 10, 88),
    ("Damien Rivegentiane", False, 6, 61),
    ("Estelle Monteglantine", False, 5, 58),
    ("Farid Sauzebruine", False, 3, 34),
    ("Gwenaëlle Combefeuille", False, 2, 12),
    ("Hugo Brancheseigle", False, 1, 5),
    ("Irène Valgirolle", True, 10, 90),
    ("Jules Cazesarrasin", True, 10, 85),
    ("Karima Boisdaubier", True, 4, 40),
    ("Laurent Pechoseille", True, 2, 9),
)
DAYS_A_LESSON = 3


def play() -> None:
    """Play the scene once."""
    if LessonProgress.objects.exists():
        return
    cast = Cast()
    elected = cast.person("elue@haute-garonne.example.org")
    manager = cast.person("responsable@haute-garonne.example.org")
    with transaction.atomic():
        for rank, (name, is_elected, passed, days) in enumerate(COLLEAGUES, start=1):
            person = _colleague(
                cast.department, f"collegue{rank}@haute-garonne.example.org", name, is_elected
            )
            _follow(person, passed, days)
        _follow(elected, len(lessons()), 80)
        _follow(manager, 7, 45)
        _follow(cast.agent, 3, 20, failing=True)
        _follow(cast.metropolitan_agent, 2, 15)
        choose_naming(manager, True, today())
        issue_attestation(elected, elected.full_name, cast.department, today() - timedelta(days=50))


def _colleague(authority: Authority, email: str, name: str, is_elected: bool) -> User:
    user = create_user(None, email, name, None)
    add_member(
        None, authority, user, day=FIRST_DAY, roles=() if is_elected else (AGENT,),
        mandate_title=TITLE if is_elected else "",
    )  # fmt: skip
    return user


def _follow(user: User, passed: int, days: int, *, failing: bool = False) -> None:
    """Pass so many lessons, one every three days, from so many days ago; `failing` misses one and reads one."""
    first = today() - timedelta(days=days)
    codes = list(lessons())
    for rank, code in enumerate(codes[:passed]):
        day = min(first + timedelta(days=rank * DAYS_A_LESSON), today())
        record_try(user, code, _result(code, day, wrong=rank % 2), day)
    if failing:
        record_try(user, codes[passed], _result(codes[passed], today(), wrong=3), today() - timedelta(days=2))
        read_lesson(user, codes[passed + 1], today() - timedelta(days=1))


def _result(lesson: str, day: date, wrong: int) -> Result:
    """The result of somebody who got so many questions wrong; what they answered is never kept."""
    questions = asked_on(quizzes()[lesson], day)
    return Result(tuple(Mark(question, (), rank >= wrong) for rank, question in enumerate(questions)))
