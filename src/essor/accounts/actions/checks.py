"""What every action of the room checks first: who asks."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from essor.accounts import access
from essor.accounts.enums import MANAGER
from essor.accounts.models import Authority, User
from essor.accounts.rights import Rights
from essor.accounts.roles import role_label
from essor.kernel import french

# Who acts: a person, or None for the installation itself (command line, demonstration).
Actor = User | None


def actor_id(actor: Actor) -> int | None:
    """Id of who acts, for the audit log."""
    return None if actor is None else actor.pk


def told(day: date) -> str:
    """The day as sentences of the log write it: « 3 mars 2026 »."""
    return french.day(day)


def told_roles(roles: Iterable[str], *, elected: bool) -> str:
    """The roles as sentences of the log write them, in the order of their codes."""
    labels = [role_label(role) for role in sorted(roles)] + ([_("élue ou élu")] if elected else [])
    return ", ".join(labels)[:200]


def must_manage_team(actor: Actor, authority: Authority, day: date) -> None:
    """Refuse, with the rule, who does not manage the team of this authority on the day."""
    if actor is None:
        return
    rights = Rights(actor.pk, day)
    if not (rights.has(authority.pk, MANAGER) or rights.is_installation_admin):
        raise PermissionDenied(access.team_manager.__doc__)


def must_administer(actor: Actor, day: date) -> None:
    """Refuse, with the rule, who does not administer the installation on the day."""
    if actor is not None and not Rights(actor.pk, day).is_installation_admin:
        raise PermissionDenied(access.installation_admin.__doc__)
