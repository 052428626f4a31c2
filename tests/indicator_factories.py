"""Made-up indicators and values for tests."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from essor.accounts.actions.invitations import hash_of
from essor.indicators.definition import canonical, year
from essor.indicators.models import BoardItem, CollectToken, Observation, StoredIndicator, Target
from tests.factories import AuthorityFactory, TerritoryFactory, UserFactory

OUTCOME: dict[str, Any] = {
    "code": "devenir",
    "label": "Devenir",
    "values": [["reemploi", "Réemploi"], ["recyclage", "Recyclage"], ["rendu", "Rendu"]],
    "partition": True,
}


class IndicatorFactory(DjangoModelFactory[StoredIndicator]):
    """Tonnes collected each year, published; `share=True` gives it a denominator."""

    class Meta:
        model = StoredIndicator

    class Params:
        share = factory.Trait(unit="%", denominator="tonnes reçues", dimensions=[OUTCOME])

    code = factory.Sequence(lambda n: f"collecte.essai_{n}")
    origin = "collected"
    label = factory.Sequence(lambda n: f"Indicateur d’essai {n}")
    unit = "tonnes"
    direction = "up"
    numerator = "tonnes"
    source = "Essai"
    is_public = True
    created_at = factory.LazyFunction(timezone.now)


class ObservationFactory(DjangoModelFactory[Observation]):
    """One value of 2020; `cut={"devenir": "rendu"}` makes it a part."""

    class Meta:
        model = Observation

    class Params:
        number = 2020
        cut = factory.LazyFunction(dict)

    code = "collecte.essai"
    version = 1
    start = factory.LazyAttribute(lambda row: year(row.number).start)
    end = factory.LazyAttribute(lambda row: year(row.number).end)
    territory = factory.SubFactory(TerritoryFactory)
    parts = factory.LazyAttribute(lambda row: canonical(row.cut))
    numerator = Decimal(122)
    source = "Essai"
    day = date(2021, 6, 1)
    written_at = factory.LazyFunction(timezone.now)


class BoardItemFactory(DjangoModelFactory[BoardItem]):
    """An indicator that somebody follows."""

    class Meta:
        model = BoardItem

    user = factory.SubFactory(UserFactory)
    authority = factory.SubFactory(AuthorityFactory)
    territory = factory.SubFactory(TerritoryFactory)
    code = "collecte.essai"


class TargetFactory(DjangoModelFactory[Target]):
    """A target of an authority."""

    class Meta:
        model = Target

    authority = factory.SubFactory(AuthorityFactory)
    territory = factory.SubFactory(TerritoryFactory)
    code = "collecte.essai"
    value = Decimal(200)
    day = date(2030, 1, 1)


class TokenFactory(DjangoModelFactory[CollectToken]):
    """A token of the installation that runs for a month; `secret` is what its program sends."""

    class Meta:
        model = CollectToken

    class Params:
        secret = factory.Sequence(lambda n: f"secret-{n}")

    name = "Logiciel de pesée"
    token_hash = factory.LazyAttribute(lambda row: hash_of(row.secret))
    hint = factory.LazyAttribute(lambda row: row.secret[:6])
    expires_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))
    created_at = factory.LazyFunction(timezone.now)
