"""The world in which every address is asked by every role: its people, the things that addresses speak of, the plan.

A room that brings addresses adds the makers of its things here, and their lines to the tables of `tests/rights`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from essor.accounts.models import Authority, Membership, User
from essor.kernel.models import Job
from essor.registry.digest import token_of
from essor.registry.models import AlertSubscription, LocalLabel, SavedSearch, SearchSynonym
from tests import factories, kit_factories, people_factories, registry_factories, rulebook_factories

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


def _local_value(world: World) -> Any:
    return world.once("local value", rulebook_factories.LocalValueFactory)


def _supporter(world: World, *, framed: bool) -> Any:
    authority = world.authority if framed else None
    return world.once(f"supporter {framed}", lambda: kit_factories.SupporterFactory(authority=authority))


def _path_token(world: World, *, framed: bool) -> str:
    authority = world.authority if framed else None
    make = lambda: kit_factories.OrientationRequestFactory(authority=authority)  # noqa: E731
    return str(world.once(f"path {framed}", make).token)


def _note(world: World) -> Any:
    make = lambda: rulebook_factories.NoteFactory(authority=world.authority)  # noqa: E731
    return world.once("note", make)


def _claim(world: World) -> Any:
    return world.once("claim", lambda: people_factories.ClaimFactory(organisation=world.made["organisation"]))


def _correction(world: World) -> Any:
    return world.once(
        "correction", lambda: people_factories.CorrectionFactory(organisation=world.made["organisation"])
    )


def _hidden_number(world: World) -> Any:
    """A number hidden by the authority, of which no organisation is known."""
    values = {"state": "accepted", "decided_for": world.authority, "reason": "courrier"}
    return world.once(
        "hidden-number",
        lambda: people_factories.HidingFactory(organisation=None, identifier_hash="ab" * 32, **values),
    )


def _hiding(world: World) -> Any:
    return world.once(
        "hiding", lambda: people_factories.HidingFactory(organisation=world.made["organisation"])
    )


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
