"""The accounts: one a role, refused outside a demonstration, the same when asked twice."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ImproperlyConfigured

from essor.accounts.enums import AGENT, ELECTED, EXPERT, MANAGER, InstallationRoleKind
from essor.accounts.models import Authority, Mandate, Membership, RoleGrant, Service, User
from essor.accounts.rights import Rights
from essor.demo.accounts import AUTHORITIES, FIRST_DAY, PASSWORD, PEOPLE, seed_people
from essor.kernel.colour import accent_problem
from essor.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeded(settings, reference_territories):
    settings.DEMO = True
    return seed_people()


def rights(email, day=FIRST_DAY):
    return Rights(User.objects.get(email=email).pk, day)


def test_each_role_has_an_account(seeded):
    given = {role for person in PEOPLE for role in person.roles}
    assert given == {AGENT, MANAGER, EXPERT}
    department = Authority.objects.get(slug="haute-garonne").pk
    assert rights("administration@essor.example.org").is_installation_admin
    assert User.objects.get(email="redaction@essor.example.org").installation_roles_on(FIRST_DAY) == {
        InstallationRoleKind.EDITOR
    }
    assert rights("agent@haute-garonne.example.org").has(department, AGENT)
    assert rights("elue@haute-garonne.example.org").has(department, ELECTED)
    assert rights("experte@haute-garonne.example.org").has(department, EXPERT)
    assert not rights("agente@toulouse-metropole.example.org").has(department, AGENT)
    assert Membership.objects.filter(user__email="visite@example.org").count() == 0


def test_addresses_are_reserved_for_documentation_and_names_invented(seeded):
    assert all(person.email.endswith("example.org") for person in PEOPLE)
    assert len({person.email for person in PEOPLE}) == len(PEOPLE) == User.objects.count()


def test_everybody_signs_in_with_the_documented_password(seeded, client):
    for person in PEOPLE:
        user = User.objects.get(email=person.email)
        assert user.check_password(PASSWORD)
        validate_password(PASSWORD, user)
    assert len(PASSWORD) >= 12


def test_running_it_again_changes_nothing(seeded):
    tables = (User, Authority, Service, Membership, RoleGrant, Mandate, AuditEntry)
    before = [table.objects.count() for table in tables]
    assert seed_people() == seeded
    assert [table.objects.count() for table in tables] == before


def test_authorities_are_marked_and_readable(seeded):
    assert list(Authority.objects.order_by("slug").values_list("slug", "is_demo")) == [
        ("haute-garonne", True), ("toulouse-metropole", True), ("ville-de-revel", True),
    ]  # fmt: skip
    assert [accent_problem(authority.accent) for authority in AUTHORITIES] == [None] * 3
    assert all("inventées" in text for text in Authority.objects.values_list("presentation", flat=True))


def test_it_is_refused_outside_a_demonstration(settings):
    settings.DEMO = False
    with pytest.raises(ImproperlyConfigured, match="ESSOR_DEMO=1"):
        seed_people()


def test_it_is_refused_beside_a_real_authority(settings, seeded):
    Authority.objects.filter(slug="ville-de-revel").update(is_demo=False)
    with pytest.raises(ImproperlyConfigured, match="autre collectivité"):
        seed_people()
    assert User.objects.count() == len(PEOPLE)
