"""Every address × every role: who may see what, against a table written by hand.

A new address fails here until it has its line in `ALLOWED`; an address with arguments that nobody gives yet fails until
`ARGUMENTS` has a maker for it. Pages are asked by a real client; those that only take POST are posted to, and what they
do is undone.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from essor.accounts.models import Authority, Membership, User
from essor.kernel.models import Job
from essor.registry.models import SavedSearch, SearchSynonym
from tests import factories

VISITOR, PERSON, AGENT, OTHER_AGENT, MANAGER, ELECTED, EXPERT, ORGANISATION, EDITOR, ADMIN = ROLES = (
    "visitor",
    "signed in without role",
    "agent",
    "agent of another authority",
    "manager",
    "elected",
    "expert",
    "organisation member",
    "editor",
    "installation administrator",
)
NAMED = re.compile(r"<(?:\w+:)?(\w+)>")
EVERYONE = frozenset(ROLES)
SIGNED_IN = EVERYONE - {VISITOR}
ADMINISTRATION = frozenset({ADMIN})
TEAM = frozenset({AGENT, MANAGER, ELECTED, EXPERT})
TEAM_READERS = frozenset({AGENT, MANAGER, ELECTED, ADMIN})
EDITORS = frozenset({EDITOR, ADMIN})
MANAGERS = frozenset({MANAGER, ADMIN})

# The table. The name of an address, with its namespace → the roles that may see it.
ALLOWED: dict[str, frozenset[str]] = {
    # portal
    "home": EVERYONE,
    "authority-home": EVERYONE,
    "agent-home": TEAM,
    # the house
    "health": EVERYONE,
    "theme": EVERYONE,
    "file": EVERYONE,  # the argument is a logo; files of other usages have their own tests
    "job": frozenset({AGENT, ADMIN}),  # the argument is a job that the agent started
    "job-state": frozenset({AGENT, ADMIN}),
    "job-cancel": frozenset({AGENT, ADMIN}),
    "job-retry": frozenset({AGENT, ADMIN}),
    # one's own account
    "account": SIGNED_IN,
    "account-profile": SIGNED_IN,
    "account-export": SIGNED_IN,
    "invitation": EVERYONE,
    "account_login": EVERYONE,
    "account_logout": EVERYONE,
    "account_inactive": EVERYONE,
    "account_reset_password": EVERYONE,
    "account_reset_password_done": EVERYONE,
    "account_reset_password_from_key": EVERYONE,
    "account_reset_password_from_key_done": EVERYONE,
    "mfa_authenticate": EVERYONE,
    "account_change_password": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    # the installation
    "installation": ADMINISTRATION,
    "installation-journal": ADMINISTRATION,
    "installation-authority-add": ADMINISTRATION,
    "installation-authority": ADMINISTRATION,
    "installation-people": ADMINISTRATION,
    "installation-person": ADMINISTRATION,
    "installation-role-add": ADMINISTRATION,
    "installation-role-end": ADMINISTRATION,
    "installation-person-deactivate": ADMINISTRATION,
    "installation-person-reactivate": ADMINISTRATION,
    "installation-person-second-factor": ADMINISTRATION,
    # the team of an authority
    "team": TEAM_READERS,
    "team-member": TEAM_READERS,
    "team-services": TEAM_READERS,
    "team-invite": MANAGERS,
    "team-invitation-resend": MANAGERS,
    "team-invitation-revoke": MANAGERS,
    "team-member-move": MANAGERS,
    "team-member-end": MANAGERS,
    "team-role-add": MANAGERS,
    "team-role-end": MANAGERS,
    "team-mandate-add": MANAGERS,
    "team-mandate-end": MANAGERS,
    "team-service-add": MANAGERS,
    "team-service-rename": MANAGERS,
    "team-service-close": MANAGERS,
    # territories
    "territories:index": EVERYONE,
    "territories:suggestions": EVERYONE,
    "territories:territory": EVERYONE,
    # the register, on the common pages and in an authority's frame
    "registry:list": EVERYONE,
    "registry:method": EVERYONE,
    "registry:self-assessment": EVERYONE,
    "registry:self-assessment-pdf": EVERYONE,
    "registry:organisation": EVERYONE,
    "registry:report-error": EVERYONE,
    "authority-registry:list": EVERYONE,
    "authority-registry:method": EVERYONE,
    "authority-registry:self-assessment": EVERYONE,
    "authority-registry:self-assessment-pdf": EVERYONE,
    "authority-registry:organisation": EVERYONE,
    "authority-registry:report-error": EVERYONE,
    "registry:searches": SIGNED_IN,
    "registry:search-save": SIGNED_IN,
    "registry:search-edit": SIGNED_IN,
    "registry:search-erase": SIGNED_IN,
    "registry:search-stop": EVERYONE,
    "authority-registry:searches": SIGNED_IN,
    "authority-registry:search-save": SIGNED_IN,
    "authority-registry:search-edit": SIGNED_IN,
    "authority-registry:search-erase": SIGNED_IN,
    "authority-registry:search-stop": EVERYONE,
    "registry-admin:search-words": EDITORS,
    "registry-admin:search-words-edit": EDITORS,
    "registry-admin:search-words-remove": EDITORS,
    "registry-admin:search-rebuild": ADMINISTRATION,
    "registry-admin:editions": ADMINISTRATION,
    "registry-admin:build": ADMINISTRATION,
    "registry-admin:work": ADMINISTRATION,
    "registry-admin:edition": ADMINISTRATION,
    "registry-admin:edition-put-in-force": ADMINISTRATION,
    "registry-admin:edition-rejected": ADMINISTRATION,
    "registry-admin:edition-rejected-csv": ADMINISTRATION,
    "registry-admin:perimeters": ADMINISTRATION,
    "registry-admin:perimeter": ADMINISTRATION,
    "registry-admin:perimeter-new": ADMINISTRATION,
}


@dataclass
class World:
    """Two authorities, a person of each role, and the things that addresses speak of."""

    authority: Authority
    people: dict[str, User | None]
    made: dict[str, Any] = field(default_factory=dict)

    def once(self, key: str, make: Callable[[], Any]) -> Any:
        """The thing made under this key, the same for the whole walk."""
        if key not in self.made:
            self.made[key] = make()
        return self.made[key]


@dataclass(frozen=True)
class Route:
    """An address of the plan."""

    name: str
    arguments: tuple[str, ...]


def routes() -> list[Route]:
    """All the addresses, each with its qualified name."""
    return list(_walk(get_resolver().url_patterns, (), ()))


def _walk(patterns: list[Any], names: tuple[str, ...], arguments: tuple[str, ...]) -> Iterator[Route]:
    for pattern in patterns:
        # Read from the words: Django lends one table of converters to all patterns written alike.
        known = (*arguments, *NAMED.findall(str(pattern.pattern)))
        if isinstance(pattern, URLResolver):
            inner = (*names, pattern.namespace) if pattern.namespace else names
            yield from _walk(pattern.url_patterns, inner, known)
        else:
            assert isinstance(pattern, URLPattern)
            yield Route(":".join((*names, str(pattern.name))), known)


def _member(world: World) -> Membership:
    return world.once(
        "member", lambda: factories.MembershipFactory(authority=world.authority, agent=True, elected=True)
    )


def _person(world: World) -> User:
    return world.once("person", factories.UserFactory)


def _job(world: World) -> Job:
    agent = world.people[AGENT]
    assert agent is not None
    make = lambda: Job.objects.create(kind="essai", actor_id=agent.pk, created_at=timezone.now())  # noqa: E731
    return world.once("job", make)


def _invitation(world: World) -> Any:
    return world.once(
        "invitation", lambda: factories.InvitationFactory(authority=world.authority, token="essai")
    )


def _logo(world: World) -> Any:
    return world.once("logo", factories.LogoFactory)


def _service(world: World) -> Any:
    return world.once("service", lambda: factories.ServiceFactory(authority=world.authority))


def _edition(world: World) -> Any:
    # In force: the page of one just built compares its files with the register, which has its own tests.
    return world.once("edition", lambda: factories.EditionFactory(in_force=True))


def _search(world: World) -> SavedSearch:
    # Another person's search is not found, which its own tests show; here, who may ask at all.
    return world.once("search", lambda: SavedSearch.objects.create(user=_person(world), name="Essai"))


def _words(world: World) -> SearchSynonym:
    return world.once("words", lambda: SearchSynonym.objects.create(key="essai", words="essai", naf=["88"]))


def _installation_role(world: World) -> Any:
    return world.once("installation role", lambda: factories.InstallationRoleFactory(user=_person(world)))


# What each argument is, by address and argument, else by argument alone. A room that brings addresses adds makers here.
ARGUMENTS: dict[str, Callable[[World], Any]] = {
    "authority": lambda world: world.authority.slug,
    "slug": lambda world: world.authority.slug,
    "theme:version": lambda world: "abcdef0123",
    "file:file_id": lambda world: _logo(world).pk,
    "job_id": lambda world: _job(world).pk,
    "invitation:token": lambda world: _invitation(world) and "essai",
    "account_reset_password_from_key:uidb36": lambda world: "1",
    "account_reset_password_from_key:key": lambda world: "abc-def",
    "installation-person:pk": lambda world: _person(world).pk,
    "installation-role-add:pk": lambda world: _person(world).pk,
    "installation-role-end:pk": lambda world: _installation_role(world).pk,
    "installation-person-deactivate:pk": lambda world: _person(world).pk,
    "installation-person-reactivate:pk": lambda world: _person(world).pk,
    "installation-person-second-factor:pk": lambda world: _person(world).pk,
    "team-member:pk": lambda world: _member(world).pk,
    "team-member-move:pk": lambda world: _member(world).pk,
    "team-member-end:pk": lambda world: _member(world).pk,
    "team-role-add:pk": lambda world: _member(world).pk,
    "team-mandate-add:pk": lambda world: _member(world).pk,
    "team-role-end:pk": lambda world: _member(world).grants.get().pk,
    "team-mandate-end:pk": lambda world: _member(world).mandates.get().pk,
    "team-invitation-resend:pk": lambda world: _invitation(world).pk,
    "team-invitation-revoke:pk": lambda world: _invitation(world).pk,
    "team-service-rename:pk": lambda world: _service(world).pk,
    "team-service-close:pk": lambda world: _service(world).pk,
    "territories:territory:kind": lambda world: world.authority.territory.kind,
    "territories:territory:code": lambda world: world.authority.territory.code,
    "registry:organisation:pk": lambda world: world.made["organisation"].pk,
    "registry:report-error:pk": lambda world: world.made["organisation"].pk,
    "authority-registry:organisation:pk": lambda world: world.made["organisation"].pk,
    "authority-registry:report-error:pk": lambda world: world.made["organisation"].pk,
    "registry:search-edit:pk": lambda world: _search(world).pk,
    "registry:search-erase:pk": lambda world: _search(world).pk,
    "authority-registry:search-edit:pk": lambda world: _search(world).pk,
    "authority-registry:search-erase:pk": lambda world: _search(world).pk,
    "registry:search-stop:token": lambda world: _search(world).token,
    "authority-registry:search-stop:token": lambda world: _search(world).token,
    "registry-admin:search-words-remove:pk": lambda world: _words(world).pk,
    "registry-admin:edition:pk": lambda world: _edition(world).pk,
    "registry-admin:edition-put-in-force:pk": lambda world: _edition(world).pk,
    "registry-admin:edition-rejected:pk": lambda world: _edition(world).pk,
    "registry-admin:edition-rejected-csv:pk": lambda world: _edition(world).pk,
    "registry-admin:perimeter:version": lambda world: "2026-11",
    "registry-admin:perimeter-new:base": lambda world: "2026-11",
}


def maker(route: Route, argument: str) -> Callable[[World], Any] | None:
    return ARGUMENTS.get(f"{route.name}:{argument}") or ARGUMENTS.get(argument)


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def make_world() -> World:
    """The world of the walk: an authority, a person of each role, an organisation."""
    authority = factories.AuthorityFactory(slug="ici")
    organisation = factories.OrganisationFactory()
    people: dict[str, User | None] = {
        VISITOR: None,
        PERSON: factories.UserFactory(),
        AGENT: factories.MembershipFactory(authority=authority, agent=True).user,
        OTHER_AGENT: factories.MembershipFactory(agent=True, manager=True, elected=True).user,
        MANAGER: factories.MembershipFactory(authority=authority, manager=True).user,
        ELECTED: factories.MembershipFactory(authority=authority, elected=True).user,
        EXPERT: factories.MembershipFactory(authority=authority, expert=True).user,
        ORGANISATION: factories.UserFactory(),
        EDITOR: factories.UserFactory(editor=True),
        ADMIN: factories.UserFactory(installation_admin=True),
    }
    factories.OrganisationMembershipFactory(organisation=organisation, user=people[ORGANISATION])
    return World(authority, people, {"organisation": organisation})


def test_every_address_has_its_line_in_the_table() -> None:
    """The table and the address plan say the same names, each once."""
    names = [route.name for route in routes()]
    assert sorted(names) == sorted(ALLOWED)
    assert len(set(names)) == len(names)


def test_every_argument_has_amaker() -> None:
    """Every address can be asked."""
    lacking = [
        f"{route.name}:{name}" for route in routes() for name in route.arguments if maker(route, name) is None
    ]
    assert lacking == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_role_sees_what_the_table_says(role: str, world: World) -> None:
    """One role walks all addresses."""
    cache.clear()
    client = Client()
    user = world.people[role]
    if user is not None:
        client.force_login(user)
    wrong = []
    for route in routes():
        address = reverse(route.name, kwargs={name: maker(route, name)(world) for name in route.arguments})  # type: ignore[misc]
        allowed = _asks(client, address)
        if allowed != (role in ALLOWED[route.name]):
            wrong.append(f"{route.name}: {'vue' if allowed else 'refusée'}")
    assert wrong == []


def _asks(client: Client, address: str) -> bool:
    """True when the page was given; what it does is undone."""
    with transaction.atomic():
        response = client.get(address)
        if response.status_code == 405:
            response = client.post(address)
        transaction.set_rollback(True)
    assert response.status_code < 500, address
    to_sign_in = response.status_code == 302 and response["Location"].startswith(
        reverse("account_login") + "?next="
    )
    return response.status_code != 403 and not to_sign_in
