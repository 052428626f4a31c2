"""What a person may do on the day of the request: read once, at most two queries, only when asked."""

from collections.abc import Callable, Iterable
from datetime import date

from django.db.models import CharField, Value
from django.http import HttpRequest
from django.utils.functional import cached_property

from essor.accounts.enums import AGENT, ELECTED, MANAGER, InstallationRoleKind
from essor.accounts.models import InstallationRole, Mandate, RoleGrant
from essor.accounts.models.dated import running
from essor.kernel.periods import today

# A source of rights on another kind of subject (an organisation…): (user id, day) -> (subject id, role) pairs.
RoleSource = Callable[[int, date], Iterable[tuple[int, str]]]
_sources: dict[str, RoleSource] = {}


def register_role_source(kind: str, source: RoleSource) -> None:
    """Let a room above say who holds which role on its own subjects; read by `Rights.roles_on(kind, id)`."""
    _sources[kind] = source


def authority_roles(user_id: int, day: date) -> dict[int, frozenset[str]]:
    """Roles of a person by authority on the day, in one query; a running mandate gives `elected`."""
    member = {"membership__user_id": user_id}
    granted = RoleGrant.objects.on(day).filter(running(day, "membership__"), **member)
    held = Mandate.objects.on(day).filter(running(day, "membership__"), **member)
    pairs = granted.values_list("membership__authority_id", "role").union(
        held.values_list("membership__authority_id", Value(ELECTED, output_field=CharField()))
    )
    found: dict[int, set[str]] = {}
    for authority_id, role in pairs:
        found.setdefault(authority_id, set()).add(role)
    return {authority_id: frozenset(roles) for authority_id, roles in found.items()}


class Rights:
    """Rights of one person on one day. Nobody (user id None) has none."""

    def __init__(self, user_id: int | None, day: date) -> None:
        self.user_id = user_id
        self.day = day
        self._scoped: dict[str, dict[int, frozenset[str]]] = {}

    @cached_property
    def installation(self) -> frozenset[str]:
        """Codes of the installation roles."""
        if self.user_id is None:
            return frozenset()
        rows = InstallationRole.objects.on(self.day).filter(user_id=self.user_id)
        return frozenset(rows.values_list("role", flat=True))

    @cached_property
    def by_authority(self) -> dict[int, frozenset[str]]:
        """Roles by authority id; an authority where the person has none is absent."""
        return {} if self.user_id is None else authority_roles(self.user_id, self.day)

    @property
    def is_installation_admin(self) -> bool:
        """True when the person administers the installation."""
        return InstallationRoleKind.ADMINISTRATOR in self.installation

    @property
    def is_editor(self) -> bool:
        """True when the person edits common contents."""
        return InstallationRoleKind.EDITOR in self.installation

    def roles_in(self, authority_id: int | None) -> frozenset[str]:
        """Roles in one authority; none without authority: a role in one authority is worth nothing in another."""
        return frozenset() if authority_id is None else self.by_authority.get(authority_id, frozenset())

    def has(self, authority_id: int | None, *roles: str) -> bool:
        """True when the person has one of the roles in the authority."""
        return not self.roles_in(authority_id).isdisjoint(roles)

    def roles_on(self, kind: str, subject_id: int) -> frozenset[str]:
        """Roles on a subject of another room (`register_role_source`); one query a kind."""
        if self.user_id is None or kind not in _sources:
            return frozenset()
        if kind not in self._scoped:
            found: dict[int, set[str]] = {}
            for subject, role in _sources[kind](self.user_id, self.day):
                found.setdefault(subject, set()).add(role)
            self._scoped[kind] = {subject: frozenset(roles) for subject, roles in found.items()}
        return self._scoped[kind].get(subject_id, frozenset())

    @property
    def needs_second_factor(self) -> bool:
        """True for those who act for an authority or for the installation: a password is not enough for them."""
        return bool(self.installation) or any(
            roles & {AGENT, MANAGER} for roles in self.by_authority.values()
        )


def rights_of(request: HttpRequest) -> Rights:
    """The rights of the request's person, read once a request."""
    rights: Rights | None = getattr(request, "rights", None)
    if rights is None or rights.user_id != request.user.pk:
        rights = Rights(request.user.pk, today())
        request.rights = rights  # type: ignore[attr-defined]
    return rights
