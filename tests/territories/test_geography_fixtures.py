"""The fixtures of geography give what they say."""

import pytest

from essor.territories import queries
from essor.territories.models import Territory

pytestmark = pytest.mark.django_db


def test_subset_holds_haute_garonne_and_special_cases(reference_territories):
    assert len(queries.communes("departement:31")) == 586
    assert Territory.objects.of_kind("region").count() == 18
    assert Territory.objects.of_kind("departement").count() == 101
    assert queries.resolve("ept:200057867").name == "Plaine Commune"


def test_subset_is_gone_after_each_test():
    assert not Territory.objects.exists()
