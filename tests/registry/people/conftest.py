"""What the tests of people's part share: an authority, its agent, an organisation of its territory, a member."""

from dataclasses import dataclass

import pytest
from django.test import Client

from essor.accounts.models import Authority, User
from essor.registry.models import Organisation, OrganisationFacts
from tests.factories import (
    AuthorityFactory,
    MembershipFactory,
    OrganisationFactory,
    OrganisationMembershipFactory,
    TerritoryFactory,
    UserFactory,
)
from tests.people_factories import seat
from tests.registry_factories import PlaceFactory, edition_in_force


@dataclass
class Scene:
    """Two authorities that overlap, an agent of each, an agent elsewhere, an organisation with a member."""

    authority: Authority
    other: Authority
    agent: User
    other_agent: User
    stranger: User
    organisation: Organisation
    facts: OrganisationFacts
    member: User
    person: User


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()


def make_scene() -> Scene:
    edition_in_force()
    authority = AuthorityFactory(slug="ici", name="Département d’ici")
    epci = TerritoryFactory(kind="epci", epci_type="CC", name="Communauté du Lac")
    other = AuthorityFactory(slug="la", name="Communauté du Lac", kind="epci", territory=epci)
    organisation = OrganisationFactory(name="Foyer du Lac")
    facts = seat(organisation, authority, other, website="www.foyer-du-lac.example", siren="123456782")
    PlaceFactory(organisation=organisation, siret="12345678200017", commune=facts.commune)
    return Scene(
        authority,
        other,
        MembershipFactory(authority=authority, agent=True, user__full_name="Aline Agent").user,
        MembershipFactory(authority=other, agent=True).user,
        MembershipFactory(agent=True).user,
        organisation,
        facts,
        OrganisationMembershipFactory(organisation=organisation, user__full_name="Maud Membre").user,
        UserFactory(full_name="Paul Personne"),
    )


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
