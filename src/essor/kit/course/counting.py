"""Who followed the course in an authority: numbers by role, month and lesson, and the names that were allowed.

A person counts in the authorities where it had a role on the day it started: `course_counts` serves the screen, the
CSV and, later, indicators.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from essor.accounts.models import Authority, Mandate, Membership, RoleGrant
from essor.kit.course.library import lessons
from essor.kit.course.models import CourseChoice, LessonProgress
from essor.kit.course.rules_counts import Counts, Followed, count

GROUPS: dict[str, str | Promise] = {
    "elected": _("Élues et élus"),
    "agent": _("Agentes et agents"),
    "other": _("Autres rôles"),
}


def course_counts(authority: Authority, until: date) -> Counts:
    """Who followed the course in an authority until a day, that day included. Numbers only, small ones hidden."""
    return count(list(_followed(authority, until).values()), list(GROUPS), list(lessons()))


def named_followers(authority: Authority, until: date) -> list[tuple[str, int]]:
    """(name, quizzes passed) of those who allowed it and are members on that day, by name."""
    people = _followed(authority, until)
    rows = CourseChoice.objects.filter(
        is_named=True,
        user__in=list(people),
        user__memberships__in=Membership.objects.on(until).filter(authority=authority),
    ).select_related("user")
    found = {row.user_id: row.user for row in rows}
    ordered = sorted(found.values(), key=lambda user: (user.sort_key, user.pk))
    return [(user.full_name, len(people[user.pk].passed)) for user in ordered]


def _followed(authority: Authority, until: date) -> dict[int, Followed]:
    """What the people of an authority did, by account; three queries."""
    periods = _groups(authority)
    rows: dict[int, list[LessonProgress]] = defaultdict(list)
    progress = LessonProgress.objects.filter(
        user__in=list(periods), lesson__in=list(lessons()), read_on__lte=until
    )
    for row in progress:
        rows[row.user_id].append(row)
    found = {}
    for user_id, read in rows.items():
        started = min(row.read_on for row in read)
        group = _group_on(periods[user_id], started)
        if group:
            found[user_id] = _one(group, started, read, until)
    return found


def _one(group: str, started: date, rows: list[LessonProgress], until: date) -> Followed:
    passed = {row.lesson: row.passed_on for row in rows if row.passed_on and row.passed_on <= until}
    return Followed(
        group,
        started,
        max(passed.values()) if len(passed) == len(lessons()) else None,
        frozenset(row.lesson for row in rows),
        frozenset(passed),
    )


Period = tuple[str, date, date | None]


def _groups(authority: Authority) -> dict[int, list[Period]]:
    """When each person of an authority was in which group."""
    found: dict[int, list[Period]] = defaultdict(list)
    both = ("membership__user_id", "start", "end", "membership__start", "membership__end")
    for user_id, *days in Mandate.objects.filter(membership__authority=authority).values_list(*both):
        found[user_id].append(("elected", *_meeting(*days)))
    for role, user_id, *days in RoleGrant.objects.filter(membership__authority=authority).values_list(
        "role", *both
    ):
        found[user_id].append(("agent" if role in {"agent", "manager"} else "other", *_meeting(*days)))
    return found


def _meeting(start: date, end: date | None, other: date, other_end: date | None) -> tuple[date, date | None]:
    """The days of a role that are also days of its membership."""
    ends = [each for each in (end, other_end) if each]
    return max(start, other), min(ends) if ends else None


def _group_on(periods: Iterable[Period], day: date) -> str:
    """The group on a day, elected first; "" when the person had no role then."""
    running = {group for group, start, end in periods if start <= day and (end is None or day < end)}
    return next((group for group in GROUPS if group in running), "")
