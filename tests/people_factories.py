"""Made-up requests of people on organisations, and organisations seated in an authority's territory."""

from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from essor.accounts.models import Authority
from essor.registry.models import (
    Claim,
    Correction,
    HidingRequest,
    Organisation,
    OrganisationFacts,
    ProfileEntry,
)
from tests.factories import OrganisationFactory, TerritoryFactory, UserFactory
from tests.registry_factories import FactsFactory


def seat(organisation: Organisation, *authorities: Authority, **facts: Any) -> OrganisationFacts:
    """Give the organisation facts in a commune that all the authorities' territories (of apart levels) contain."""
    parents = {authority.territory.kind: authority.territory for authority in authorities}
    commune = TerritoryFactory(name="Auterive", **parents)
    return FactsFactory(organisation=organisation, name=organisation.name, commune=commune, **facts)


class ClaimFactory(DjangoModelFactory[Claim]):
    """A person asks an authority to let them act for an organisation."""

    class Meta:
        model = Claim

    organisation = factory.SubFactory(OrganisationFactory)
    user = factory.SubFactory(UserFactory)
    way = Claim.Way.AGENT
    state = Claim.State.WAITING
    job_title = "présidente"
    created_at = factory.LazyFunction(timezone.now)


class CorrectionFactory(DjangoModelFactory[Correction]):
    """A member says that the name is wrong."""

    class Meta:
        model = Correction

    organisation = factory.SubFactory(OrganisationFactory)
    field = "name"
    before = "ANCIEN NOM"
    value = "Nouveau Nom"
    evidence = "Journal officiel"
    origin = Correction.Origin.MEMBER
    author = factory.SubFactory(UserFactory)
    created_at = factory.LazyFunction(timezone.now)


class HidingFactory(DjangoModelFactory[HidingRequest]):
    """A person asks that the address is no longer shown."""

    class Meta:
        model = HidingRequest

    organisation = factory.SubFactory(OrganisationFactory)
    scope = HidingRequest.Scope.ADDRESS
    ground = "Le siège est mon domicile."
    requester_email = "voisine@exemple.fr"
    created_at = factory.LazyFunction(timezone.now)


class EntryFactory(DjangoModelFactory[ProfileEntry]):
    """A member described the organisation."""

    class Meta:
        model = ProfileEntry

    organisation = factory.SubFactory(OrganisationFactory)
    field = "description"
    value = "Nous réparons des vélos."
    written_by = factory.SubFactory(UserFactory)
    written_at = factory.LazyFunction(timezone.now)
