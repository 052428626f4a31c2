"""What a person may do depends on the day, and on the authority."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from essor.accounts.rights import Rights, register_role_source
from tests.factories import (
    AuthorityFactory,
    InstallationRoleFactory,
    MandateFactory,
    MembershipFactory,
    RoleGrantFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
START, END = date(2026, 3, 1), date(2026, 9, 1)
DAY_BEFORE, LAST_DAY = START - timedelta(days=1), END - timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "roles"), [(DAY_BEFORE, set()), (START, {"agent"}), (LAST_DAY, {"agent"}), (END, set())]
)
def test_a_role_counts_from_its_first_day_to_the_eve_of_its_end(day: date, roles: set[str]) -> None:
    grant = RoleGrantFactory(start=START, end=END)
    assert Rights(grant.membership.user_id, day).roles_in(grant.membership.authority_id) == roles


@pytest.mark.parametrize(("day", "roles"), [(DAY_BEFORE, set()), (START, {"elected"}), (END, set())])
def test_a_mandate_makes_elected_on_its_days(day: date, roles: set[str]) -> None:
    mandate = MandateFactory(start=START, end=END)
    assert Rights(mandate.membership.user_id, day).roles_in(mandate.membership.authority_id) == roles


def test_a_role_dies_with_the_membership() -> None:
    membership = MembershipFactory(start=START, end=END)
    RoleGrantFactory(membership=membership, start=START)
    assert Rights(membership.user_id, LAST_DAY).roles_in(membership.authority_id) == {"agent"}
    assert Rights(membership.user_id, END).roles_in(membership.authority_id) == set()


def test_a_role_in_one_authority_is_worth_nothing_in_another() -> None:
    membership = MembershipFactory(agent=True, manager=True)
    rights = Rights(membership.user_id, START)
    assert rights.has(membership.authority_id, "agent")
    assert rights.roles_in(AuthorityFactory().pk) == set()
    assert rights.roles_in(None) == set()


def test_roles_and_mandates_of_one_day_are_together() -> None:
    membership = MembershipFactory(agent=True, manager=True, elected=True, expert=True)
    found = Rights(membership.user_id, START).by_authority
    assert found == {membership.authority_id: {"agent", "manager", "elected", "expert"}}


@pytest.mark.parametrize(("day", "found"), [(DAY_BEFORE, False), (START, True), (END, False)])
def test_installation_roles_have_days_too(day: date, found: bool) -> None:
    role = InstallationRoleFactory(start=START, end=END)
    assert Rights(role.user_id, day).is_installation_admin is found


def test_user_properties_read_today() -> None:
    assert UserFactory(installation_admin=True).is_installation_admin
    assert UserFactory(editor=True).is_editor
    person = UserFactory()
    assert (person.is_installation_admin, person.is_editor) == (False, False)


def test_nobody_has_no_rights_and_asks_no_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        rights = Rights(None, START)
        assert (rights.installation, rights.by_authority, rights.is_editor) == (frozenset(), {}, False)


def test_two_queries_at_most(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    membership = MembershipFactory(agent=True, elected=True)
    other = MembershipFactory(user=membership.user, manager=True)
    rights = Rights(membership.user_id, START)
    with django_assert_num_queries(2):
        for _ in range(3):
            assert rights.needs_second_factor
            assert rights.has(other.authority_id, "manager")
            assert not rights.is_installation_admin


@pytest.mark.parametrize(
    ("traits", "needed"),
    [
        ({"agent": True}, True),
        ({"manager": True}, True),
        ({"elected": True}, False),
        ({"expert": True}, False),
    ],
)
def test_who_needs_a_second_factor(traits: dict[str, bool], needed: bool) -> None:
    membership = MembershipFactory(**traits)
    assert Rights(membership.user_id, START).needs_second_factor is needed


def test_a_room_above_gives_roles_on_its_own_subjects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("essor.accounts.rights._sources", {})
    register_role_source("essai", lambda user_id, day: [(7, "gardien"), (7, "lecteur"), (8, "lecteur")])
    rights = Rights(1, START)
    assert rights.roles_on("essai", 7) == {"gardien", "lecteur"}
    assert rights.roles_on("essai", 9) == set()
    assert rights.roles_on("inconnu", 7) == set()
    assert Rights(None, START).roles_on("essai", 7) == set()


@given(
    start=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    length=st.none() | st.integers(1, 800),
    day=st.dates(date(2019, 1, 1), date(2033, 1, 1)),
)
def test_the_query_and_the_period_agree(start: date, length: int | None, day: date) -> None:
    end = None if length is None else start + timedelta(days=length)
    membership = MembershipFactory.build(start=start, end=end)
    assert membership.period.contains(day) is (start <= day and (end is None or day < end))
    assert membership.last_day == (None if end is None else end - timedelta(days=1))
