"""Who may see the pages of accounts, and the predicates on people that rooms above share."""

from django.http import HttpRequest

from essor.accounts.enums import AGENT, ELECTED, EXPERT, MANAGER
from essor.accounts.rights import rights_of
from essor.kernel.access import everyone, signed_in

__all__ = [
    "agent_of_authority",
    "content_editor",
    "elected_of_authority",
    "everyone",
    "expert_of_authority",
    "installation_admin",
    "member_of_authority",
    "signed_in",
    "team_manager",
    "team_reader",
]


def _has(request: HttpRequest, *roles: str) -> bool:
    """True when the person has one of the roles in the authority of the address, today."""
    authority = getattr(request, "authority", None)
    return authority is not None and rights_of(request).has(authority.pk, *roles)


def installation_admin(request: HttpRequest) -> bool:
    """Les administratrices et administrateurs de l’installation."""
    return rights_of(request).is_installation_admin


def content_editor(request: HttpRequest) -> bool:
    """Les personnes chargées des contenus communs, et l’administration de l’installation."""
    rights = rights_of(request)
    return rights.is_editor or rights.is_installation_admin


def agent_of_authority(request: HttpRequest) -> bool:
    """Les agentes et agents de cette collectivité, pendant la durée de leur rôle."""
    return _has(request, AGENT)


def elected_of_authority(request: HttpRequest) -> bool:
    """Les élues et élus de cette collectivité, pendant la durée de leur mandat."""
    return _has(request, ELECTED)


def expert_of_authority(request: HttpRequest) -> bool:
    """Les expertes et experts extérieurs auxquels cette collectivité a donné accès, pendant la durée de leur rôle."""
    return _has(request, EXPERT)


def member_of_authority(request: HttpRequest) -> bool:
    """Toute personne qui a aujourd’hui un rôle ou un mandat dans cette collectivité."""
    authority = getattr(request, "authority", None)
    return authority is not None and bool(rights_of(request).roles_in(authority.pk))


def team_reader(request: HttpRequest) -> bool:
    """Les agentes, agents, élues, élus et responsables d’équipe de cette collectivité, et l’administration."""
    return _has(request, AGENT, ELECTED) or team_manager(request)


def team_manager(request: HttpRequest) -> bool:
    """Les responsables de l’équipe de cette collectivité, et l’administration de l’installation."""
    if getattr(request, "authority", None) is None:
        return False
    return _has(request, MANAGER) or rights_of(request).is_installation_admin
