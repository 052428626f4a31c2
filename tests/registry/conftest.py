"""What the tests of the register's screens share."""

import pytest
from django.test import Client

from tests.factories import MembershipFactory, UserFactory


@pytest.fixture
def admin_client() -> Client:
    """A client signed in as an administrator of the installation."""
    client = Client()
    client.force_login(UserFactory(installation_admin=True))
    return client


@pytest.fixture
def agent_client() -> Client:
    """A client signed in as an agent of an authority."""
    client = Client()
    client.force_login(MembershipFactory(agent=True).user)
    return client
