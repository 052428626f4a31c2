"""Made-up objects of the room of the law."""

from datetime import date
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from essor.law.certainty import Certainty
from essor.rulebook.actions_values import Draft
from essor.rulebook.models import LocalLegalValue

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
