"""Who may see the pages of the register, and who may act for an organisation."""

from collections.abc import Iterable
from datetime import date

from django.http import HttpRequest

from essor.accounts.access import agent_of_authority, installation_admin
from essor.accounts.enums import AGENT
from essor.accounts.rights import register_role_source, rights_of
from essor.kernel.access import everyone, signed_in
from essor.kernel.models import Job
from essor.registry.holding import acting_authority, holders
from essor.registry.models import OrganisationMembership

__all__ = [
    "ORGANISATION_MEMBER",
    "asked_qpv",
    "everyone",
    "handles_requests",
    "installation_admin",
    "organisation_member",
    "reads_history",
    "reads_history_of",
    "signed_in",
    "signed_in_outside_frames",
    "works_on_register",
    "writes_organisation",
]

ORGANISATION = "organisation"
QPV_JOB = "registry.qpv"
ORGANISATION_MEMBER = "organisation_member"


def reads_history(request: HttpRequest) -> bool:
    """Les personnes qui ont un rôle ou un mandat dans une collectivité, et l’administration de l’installation."""
    if not request.user.is_authenticated:
        return False
    rights = rights_of(request)
    return bool(rights.by_authority) or rights.is_installation_admin


def reads_history_of(request: HttpRequest, pk: int) -> bool:
    """Les personnes qui ont un rôle ou un mandat dans une collectivité dont le territoire contient l’organisation, et l’administration de l’installation."""  # noqa: E501 - a rule is one sentence
    if not reads_history(request):
        return False
    rights = rights_of(request)
    return rights.is_installation_admin or any(each.pk in rights.by_authority for each in holders(pk))


def asked_qpv(request: HttpRequest) -> bool:
    """La personne qui a donné le fichier à situer, et elle seule."""
    match = request.resolver_match
    if match is None or not request.user.is_authenticated:
        return False
    mine = Job.objects.filter(pk=match.kwargs["job_id"], kind=QPV_JOB, actor_id=request.user.pk)
    return mine.exists()


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


def _wanted(request: HttpRequest) -> int | None:
    match = request.resolver_match
    pk = match.kwargs.get("pk") if match else None
    return int(pk) if pk is not None else None


def writes_organisation(request: HttpRequest) -> bool:
    """Les membres de l’organisation, les agentes et agents d’une collectivité dont le territoire la contient, et l’administration de l’installation."""  # noqa: E501 - a rule is one sentence
    pk = _wanted(request)
    if pk is None or not request.user.is_authenticated:
        return False
    rights = rights_of(request)
    return (
        ORGANISATION_MEMBER in rights.roles_on(ORGANISATION, pk)
        or rights.is_installation_admin
        or acting_authority(rights, pk, getattr(request, "authority", None)) is not None
    )


def handles_requests(request: HttpRequest) -> bool:
    """Les agentes et agents de cette collectivité, et l’administration de l’installation."""
    authority = getattr(request, "authority", None)
    if authority is None or not request.user.is_authenticated:
        return False
    rights = rights_of(request)
    return rights.has(authority.pk, AGENT) or rights.is_installation_admin


def signed_in_outside_frames(request: HttpRequest) -> bool:
    """Toute personne connectée, sur les pages communes."""
    return request.user.is_authenticated and getattr(request, "authority", None) is None
