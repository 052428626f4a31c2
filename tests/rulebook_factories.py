"""Made-up objects of the room of the law."""

from datetime import date
from decimal import Decimal
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from essor.law.certainty import Certainty
from essor.rulebook.actions_values import Draft
from essor.rulebook.asking import answer_of, plain
from essor.rulebook.catalogue import catalogue
from essor.rulebook.models import LocalLegalValue, Note
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


THRESHOLD = "procurement.no_publicity.supplies_services"
WORDS = "Fournitures et services : seuil sans publicité ni mise en concurrence (hors taxes)"


class LocalValueFactory(DjangoModelFactory[LocalLegalValue]):
    """A threshold of 50 000 € in place of the one shipped, since 1 September 2026."""

    class Meta:
        model = LocalLegalValue

    parameter = THRESHOLD
    start = date(2026, 9, 1)
    value = factory.LazyFunction(lambda: {"number": "50000"})
    unit = "currency-EUR"
    description = WORDS
    reference = "Délibération d’essai"
    certainty = "seen"
    reason = "Essai"


def draft(**changes: Any) -> Draft:
    """A value as an administrator writes it: 50 000 € from 1 September 2026."""
    said: dict[str, Any] = {
        "parameter": THRESHOLD,
        "start": date(2026, 9, 1),
        "value": Decimal(50000),
        "unit": "currency-EUR",
        "description": WORDS,
        "reference": "Délibération d’essai",
        "certainty": Certainty.SEEN,
        "reason": "Seuil interne plus prudent",
    }
    return Draft(**said | changes)
