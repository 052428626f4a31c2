"""Things of the room of the law, for tests."""

from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from essor.rulebook.asking import answer_of, plain
from essor.rulebook.catalogue import catalogue
from essor.rulebook.models import Note
from tests.factories import AuthorityFactory, UserFactory

_ANSWER = answer_of(catalogue()["scic_reserves"], {"surplus": 10000, "on": "2026-05-01"})


class NoteFactory(DjangoModelFactory[Note]):
    """The reserves of a Scic, kept by someone of the authority."""

    class Meta:
        model = Note

    authority = factory.SubFactory(AuthorityFactory)
    author = factory.SubFactory(UserFactory)
    rule = "scic_reserves"
    title = factory.Sequence(lambda n: f"Réserves de la Scic {n}")
    given: Any = factory.LazyFunction(lambda: plain(_ANSWER.given))
    answer: Any = factory.LazyFunction(lambda: dict(_ANSWER.raw or {}))
    case: Any = factory.LazyFunction(lambda: list(_ANSWER.case))
    shown: Any = factory.LazyFunction(lambda: dict(_ANSWER.shown))
    law_day = factory.LazyFunction(lambda: _ANSWER.day)
    created_at = factory.LazyFunction(timezone.now)
