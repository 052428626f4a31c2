"""Who may see the pages of the register, and who may act for an organisation."""

from collections.abc import Iterable
from datetime import date

from django.http import HttpRequest

from essor.accounts.access import agent_of_authority, installation_admin
from essor.accounts.rights import register_role_source, rights_of
from essor.kernel.access import everyone
from essor.registry.models import OrganisationMembership

__all__ = [
    "ORGANISATION_MEMBER",
    "everyone",
    "installation_admin",
    "organisation_member",
    "reads_history",
    "works_on_register",
]

ORGANISATION = "organisation"
ORGANISATION_MEMBER = "organisation_member"


def reads_history(request: HttpRequest) -> bool:
    """Les personnes qui ont un rôle ou un mandat dans une collectivité, et l’administration de l’installation."""
    if not request.user.is_authenticated:
        return False
    rights = rights_of(request)
    return bool(rights.by_authority) or rights.is_installation_admin


def works_on_register(request: HttpRequest) -> bool:
    """Les agentes et agents de cette collectivité, pour les organisations de son territoire, et l’administration."""
    return agent_of_authority(request) or installation_admin(request)


def organisation_member(request: HttpRequest) -> bool:
    """Les personnes qui agissent pour cette organisation, pendant la durée de leur rattachement."""
    match = request.resolver_match
    wanted = match.kwargs.get("pk") if match else None
    if wanted is None or not request.user.is_authenticated:
        return False
    return ORGANISATION_MEMBER in rights_of(request).roles_on(ORGANISATION, int(wanted))


def organisation_roles(user_id: int, day: date) -> Iterable[tuple[int, str]]:
    """(organisation id, role) of a person on a day: what `accounts.rights` asks of this room."""
    ids = (
        OrganisationMembership.objects.on(day)
        .filter(user_id=user_id)
        .values_list("organisation_id", flat=True)
    )
    return [(organisation_id, ORGANISATION_MEMBER) for organisation_id in ids]


register_role_source(ORGANISATION, organisation_roles)
