"""Made-up progress and attestations for tests."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from essor.accounts.models import User
from essor.kit.course.library import lessons
from essor.kit.course.models import Attestation, LessonProgress
from tests.factories import UserFactory

DAY = date(2026, 3, 2)


class ProgressFactory(DjangoModelFactory[LessonProgress]):
    """A lesson read; `passed=True` passed the same day, in one try."""

    class Meta:
        model = LessonProgress

    class Params:
        passed = factory.Trait(
            passed_on=factory.SelfAttribute("read_on"), tries=1, best=5, best_of=5, last=5, last_of=5
        )

    user = factory.SubFactory(UserFactory)
    lesson = "comprendre"
    read_on = DAY
    last_on = factory.SelfAttribute("read_on")


class AttestationFactory(DjangoModelFactory[Attestation]):
    """An attestation in force."""

    class Meta:
        model = Attestation

    user = factory.SubFactory(UserFactory)
    full_name = "Lucie Fontsafran"
    day = DAY
    code = factory.Sequence(lambda n: f"ABCD-EFGH-{n + 2222:04}".replace("0", "2").replace("1", "2"))


def finish(user: User, day: date = DAY) -> None:
    """Make a person pass every quiz on a day."""
    for lesson in lessons():
        ProgressFactory(user=user, lesson=lesson, read_on=day, passed=True)
