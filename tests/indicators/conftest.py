"""A place and an agent for the tests of values."""

from typing import Any

import pytest

from essor.territories.models import Territory
from tests.factories import AuthorityFactory, MembershipFactory, TerritoryFactory


@pytest.fixture
def orleans(db: None) -> Territory:
    return TerritoryFactory(name="Orléans", code="45234")


@pytest.fixture
def agent(db: None) -> Any:
    return MembershipFactory(
        authority=AuthorityFactory(slug="loiret", territory=TerritoryFactory()), agent=True
    )
