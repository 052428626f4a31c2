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
from essor.registry.digest import token_of
from essor.registry.models import AlertSubscription, LocalLabel, SavedSearch, SearchSynonym
from tests import factories, people_factories, registry_factories, rulebook_factories

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
AGENTS = frozenset({AGENT, ADMIN})

# Partner directories: those of the installation on the common pages, those of the authority in its frame.
DIRECTORY_PAGES = (
    "directories",
    "directory-new",
    "directory",
    "directory-mapping",
    "directory-work",
    "directory-review",
    "directory-accept",
    "directory-decide",
)
WRITERS = frozenset({ORGANISATION, AGENT, ADMIN})
HANDLERS = frozenset({AGENT, ADMIN})

# The table. The name of an address, with its namespace → the roles that may see it.
ALLOWED: dict[str, frozenset[str]] = {
    # portal
    "home": EVERYONE,
    "robots": EVERYONE,
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
    "sign-up": EVERYONE,
    "sign-up-open": EVERYONE,
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
    "territories:backdrop": EVERYONE,
    # the register, on the common pages and in an authority's frame
    "registry:list": EVERYONE,
    "registry:method": EVERYONE,
    "registry:qpv": EVERYONE,
    "registry:qpv-file": SIGNED_IN,
    "registry:self-assessment": EVERYONE,
    "registry:self-assessment-pdf": EVERYONE,
    "registry:organisation": EVERYONE,
    "registry:report-error": EVERYONE,
    "authority-registry:list": EVERYONE,
    "authority-registry:method": EVERYONE,
    "authority-registry:qpv": EVERYONE,
    "authority-registry:qpv-file": SIGNED_IN,
    "authority-registry:self-assessment": EVERYONE,
    "authority-registry:self-assessment-pdf": EVERYONE,
    "authority-registry:organisation": EVERYONE,
    "authority-registry:report-error": EVERYONE,
    # agents' work on the organisations of their territory; the administration's, on the common pages
    "registry:add": ADMINISTRATION,
    "registry:duplicates": ADMINISTRATION,
    "registry:merge": ADMINISTRATION,
    "registry:merge-distinct": ADMINISTRATION,
    "registry:merge-undo": ADMINISTRATION,
    "registry:merge-find": ADMINISTRATION,
    "registry:link-add": ADMINISTRATION,
    "registry:link-undo": ADMINISTRATION,
    "registry:state": ADMINISTRATION,
    "registry:tag-put": ADMINISTRATION,
    "registry:tag-renewals": ADMINISTRATION,
    "registry:tag-renewals-csv": ADMINISTRATION,
    "registry:tag-renew": ADMINISTRATION,
    "registry:tag-withdraw": ADMINISTRATION,
    "registry:labels": ADMINISTRATION,
    "registry:label-retire": ADMINISTRATION,
    "authority-registry:add": AGENTS,
    "authority-registry:duplicates": AGENTS,
    "authority-registry:merge": AGENTS,
    "authority-registry:merge-distinct": AGENTS,
    "authority-registry:merge-undo": AGENTS,
    "authority-registry:merge-find": AGENTS,
    "authority-registry:link-add": AGENTS,
    "authority-registry:link-undo": AGENTS,
    "authority-registry:state": AGENTS,
    "authority-registry:tag-put": AGENTS,
    "authority-registry:tag-renewals": AGENTS,
    "authority-registry:tag-renewals-csv": AGENTS,
    "authority-registry:tag-renew": AGENTS,
    "authority-registry:tag-withdraw": AGENTS,
    "authority-registry:labels": AGENTS,
    "authority-registry:label-retire": AGENTS,
    **{f"registry:{name}": ADMINISTRATION for name in DIRECTORY_PAGES},
    **{f"authority-registry:{name}": frozenset({AGENT, ADMIN}) for name in DIRECTORY_PAGES},
    # people's part: members of the organisation, agents of the authority that holds it
    "registry:mine": SIGNED_IN,
    "registry:claim-proof": SIGNED_IN,
    "registry:claim": EVERYONE,
    "registry:hide": EVERYONE,
    "registry:claim-withdraw": SIGNED_IN,
    "registry:correction-withdraw": SIGNED_IN,
    "registry:members": frozenset({ORGANISATION}),
    "registry:leave": frozenset({ORGANISATION}),
    "registry:profile": WRITERS,
    "registry:profile-conflict": WRITERS,
    "registry:correct": WRITERS,
    "authority-registry:mine": SIGNED_IN,
    "authority-registry:claim-proof": SIGNED_IN,
    "authority-registry:claim": EVERYONE,
    "authority-registry:hide": EVERYONE,
    "authority-registry:claim-withdraw": SIGNED_IN,
    "authority-registry:correction-withdraw": SIGNED_IN,
    "authority-registry:members": frozenset({ORGANISATION}),
    "authority-registry:leave": frozenset({ORGANISATION}),
    "authority-registry:profile": WRITERS,
    "authority-registry:profile-conflict": WRITERS,
    "authority-registry:correct": WRITERS,
    "requests": HANDLERS,
    "request-hide-number": HANDLERS,
    "request-claim": HANDLERS,
    "request-correction": HANDLERS,
    "request-hiding": HANDLERS,
    "registry:map": EVERYONE,
    "registry:map-embed": EVERYONE,
    "registry:map-embed-code": EVERYONE,
    "registry:map-tile": EVERYONE,
    "registry:map-place": EVERYONE,
    "registry:export-columns": EVERYONE,
    "registry:export": EVERYONE,
    "registry:contact": EVERYONE,
    "authority-registry:map": EVERYONE,
    "authority-registry:map-embed": EVERYONE,
    "authority-registry:map-embed-code": EVERYONE,
    "authority-registry:map-tile": EVERYONE,
    "authority-registry:map-place": EVERYONE,
    "authority-registry:export-columns": EVERYONE,
    "authority-registry:export": EVERYONE,
    "authority-registry:contact": EVERYONE,
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
    "registry-admin:edition-changes": ADMINISTRATION,
    "registry-admin:edition-changes-csv": ADMINISTRATION,
    "registry-admin:edition-compare": ADMINISTRATION,
    "registry-admin:edition-go-back": ADMINISTRATION,
    "registry-alerts:list": frozenset({AGENT}),
    "registry-alerts:csv": frozenset({AGENT}),
    "registry-alerts:subscription": frozenset({AGENT}),
    "registry-alerts:review": frozenset({AGENT}),
    "alerts-unsubscribe": EVERYONE,
    "registry-admin:perimeters": ADMINISTRATION,
    "registry-admin:perimeter": ADMINISTRATION,
    "registry-admin:perimeter-new": ADMINISTRATION,
    # the values of the law
    **{
        f"{space}:{name}": EVERYONE
        for space in ("rulebook", "authority-rulebook")
        for name in ("values", "value", "value-json", "changes", "changes-feed")
    },
    "rulebook-admin:local-values": ADMINISTRATION,
    "rulebook-admin:local-parameter-new": ADMINISTRATION,
    "rulebook-admin:local-value-new": ADMINISTRATION,
    "rulebook-admin:local-value-withdraw": ADMINISTRATION,
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


def _alert(world: World) -> Any:
    return world.once("alert", lambda: registry_factories.AlertFactory(territory=world.authority.territory))


def _unsubscribe_token(world: World) -> str:
    agent = world.people[AGENT]
    assert agent is not None
    return token_of(AlertSubscription(user=agent, authority=world.authority))


def _held(world: World, number: int = 1) -> int:
    """An organisation of the register on the authority's territory."""

    def make() -> int:
        commune = factories.TerritoryFactory(departement=world.authority.territory)
        return registry_factories.FactsFactory(commune=commune).pk

    return world.once(f"held {number}", make)


def _merge(world: World) -> Any:
    return world.once("merge", lambda: registry_factories.MergeFactory(kept_id=_held(world, 3)))


def _link(world: World) -> Any:
    make = lambda: registry_factories.LinkFactory(source_id=_held(world), target_id=_held(world, 2))  # noqa: E731
    return world.once("link", make)


def _proven_tag(world: World) -> Any:
    make = lambda: registry_factories.ProofFactory(  # noqa: E731
        tag__organisation_id=_held(world), authority=world.authority
    )
    return world.once("tag", make).tag


def _label(world: World) -> Any:
    return world.once(
        "label", lambda: LocalLabel.objects.create(authority=world.authority, name="Label d’ici")
    )


def _search(world: World) -> SavedSearch:
    # Another person's search is not found, which its own tests show; here, who may ask at all.
    return world.once("search", lambda: SavedSearch.objects.create(user=_person(world), name="Essai"))


def _words(world: World) -> SearchSynonym:
    return world.once("words", lambda: SearchSynonym.objects.create(key="essai", words="essai", naf=["88"]))


def _installation_role(world: World) -> Any:
    return world.once("installation role", lambda: factories.InstallationRoleFactory(user=_person(world)))


def _directory(world: World, *, framed: bool) -> Any:
    authority = world.authority if framed else None
    return world.once(f"directory {framed}", lambda: factories.DirectoryFactory(authority=authority))


def _directory_job(world: World, *, framed: bool) -> Job:
    given = factories.DirectoryImportFactory.create
    make = lambda: Job.objects.create(  # noqa: E731
        kind="registry.directory",
        params={"import": given(directory=_directory(world, framed=framed)).pk},
        created_at=timezone.now(),
    )
    return world.once(f"directory job {framed}", make)


def _directory_arguments(frame: str, *, framed: bool) -> dict[str, Callable[[World], Any]]:
    """Makers for the pages of the directories in one frame."""
    row = lambda world: factories.DirectoryRowFactory(directory=_directory(world, framed=framed))  # noqa: E731
    return {
        **{
            f"{frame}:{name}:pk": lambda world: _directory(world, framed=framed).pk
            for name in DIRECTORY_PAGES
        },
        f"{frame}:directory-work:job_id": lambda world: _directory_job(world, framed=framed).pk,
        f"{frame}:directory-decide:row_id": lambda world: world.once(f"row {framed}", lambda: row(world)).pk,
    }


def _claim(world: World) -> Any:
    return world.once("claim", lambda: people_factories.ClaimFactory(organisation=world.made["organisation"]))


def _correction(world: World) -> Any:
    return world.once(
        "correction", lambda: people_factories.CorrectionFactory(organisation=world.made["organisation"])
    )


def _hiding(world: World) -> Any:
    return world.once(
        "hiding", lambda: people_factories.HidingFactory(organisation=world.made["organisation"])
    )


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
    "territories:backdrop:version": lambda world: "essai",
    "territories:backdrop:kind": lambda world: world.authority.territory.kind,
    "territories:backdrop:code": lambda world: world.authority.territory.code,
    "registry:map-tile:version": lambda world: "essai",
    "authority-registry:map-tile:version": lambda world: "essai",
    "z": lambda world: 0,
    "x": lambda world: 0,
    "y": lambda world: 0,
    "place": lambda world: "0",
    "extension": lambda world: "csv",
    "registry:organisation:pk": lambda world: world.made["organisation"].pk,
    "registry:contact:pk": lambda world: world.made["organisation"].pk,
    "registry:report-error:pk": lambda world: world.made["organisation"].pk,
    "authority-registry:organisation:pk": lambda world: world.made["organisation"].pk,
    "authority-registry:contact:pk": lambda world: world.made["organisation"].pk,
    "authority-registry:report-error:pk": lambda world: world.made["organisation"].pk,
    **{
        f"{space}:{name}:pk": _held
        for space in ("registry", "authority-registry")
        for name in ("merge-find", "link-add", "state", "tag-put")
    },
    "first": _held,
    "second": lambda world: _held(world, 2),
    "merge_id": lambda world: _merge(world).pk,
    "link_id": lambda world: _link(world).pk,
    "tag_id": lambda world: _proven_tag(world).pk,
    "label_id": lambda world: _label(world).pk,
    **_directory_arguments("registry", framed=False),
    **_directory_arguments("authority-registry", framed=True),
    "registry:claim:pk": lambda world: world.made["organisation"].pk,
    "registry:hide:pk": lambda world: world.made["organisation"].pk,
    "registry:members:pk": lambda world: world.made["organisation"].pk,
    "registry:leave:pk": lambda world: world.made["organisation"].pk,
    "registry:profile:pk": lambda world: world.made["organisation"].pk,
    "registry:profile-conflict:pk": lambda world: world.made["organisation"].pk,
    "registry:correct:pk": lambda world: world.made["organisation"].pk,
    "registry:claim-proof:token": lambda world: "essai",
    "authority-registry:claim:pk": lambda world: world.made["organisation"].pk,
    "authority-registry:hide:pk": lambda world: world.made["organisation"].pk,
    "authority-registry:members:pk": lambda world: world.made["organisation"].pk,
    "authority-registry:leave:pk": lambda world: world.made["organisation"].pk,
    "authority-registry:profile:pk": lambda world: world.made["organisation"].pk,
    "authority-registry:profile-conflict:pk": lambda world: world.made["organisation"].pk,
    "authority-registry:correct:pk": lambda world: world.made["organisation"].pk,
    "authority-registry:claim-proof:token": lambda world: "essai",
    "claim_id": lambda world: _claim(world).pk,
    "correction_id": lambda world: _correction(world).pk,
    "request-claim:pk": lambda world: _claim(world).pk,
    "request-correction:pk": lambda world: _correction(world).pk,
    "request-hiding:pk": lambda world: _hiding(world).pk,
    "sign-up-open:token": lambda world: "essai",
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
    **{
        f"registry-admin:{name}:pk": lambda world: _edition(world).pk
        for name in ("edition-changes", "edition-changes-csv", "edition-compare", "edition-go-back")
    },
    "registry-alerts:review:pk": lambda world: _alert(world).pk,
    "alerts-unsubscribe:token": _unsubscribe_token,
    "registry-admin:perimeter:version": lambda world: "2026-11",
    "registry-admin:perimeter-new:base": lambda world: "2026-11",
    "identifier": lambda world: "procurement.no_publicity.supplies_services",
    "rulebook-admin:local-value-withdraw:pk": lambda world: (
        world.once("local value", rulebook_factories.LocalValueFactory).pk
    ),
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
    people_factories.seat(organisation, authority)
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
