"""The homes: of the installation, of an authority, of those who work there."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from essor.accounts import journal
from essor.accounts.access import agent_of_authority, member_of_authority, team_manager
from essor.accounts.frame import FramedRequest
from essor.accounts.models import Authority
from essor.accounts.queries import waiting_invitations
from essor.accounts.rights import rights_of
from essor.accounts.roles import role_label
from essor.kernel.access import access, everyone
from essor.portal.doors import AT_WORK, PUBLIC, address, opened
from essor.portal.figures import register_figures
from essor.registry import alerts, requests_queue
from essor.registry.access import handles_requests


@dataclass(frozen=True)
class Waiting:
    """Something that waits for the person: a sentence that leads there."""

    text: str
    url: str


@access(everyone)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the installation is, a search in the register, its authorities."""
    context = {
        "authorities": Authority.objects.select_related("territory"),
        "figures": register_figures(None),
        "doors": opened(request, PUBLIC),
        "search_url": address(request, "registry:list"),
    }
    return render(request, "portal/home.html", context)


@access(everyone)
@require_safe
def authority_home(request: FramedRequest) -> HttpResponse:
    """The public home of an authority: who it is, what the register counts on its territory, where to begin."""
    authority = request.authority
    context = {
        "lead": authority.presentation
        or _("Les organisations de l’économie sociale et solidaire du territoire, et comment les rejoindre."),
        "figures": register_figures(authority.territory),
        "doors": opened(request, PUBLIC),
        "search_url": address(request, "registry:list"),
    }
    return render(request, "portal/authority_home.html", context)


@access(member_of_authority)
@require_safe
def agent_home(request: FramedRequest) -> HttpResponse:
    """What waits for the person, quick actions, the latest acts of the authority."""
    roles = rights_of(request).roles_in(request.authority.pk)
    context = {
        "role_labels": [role_label(role) for role in sorted(roles)],
        "waiting": _waiting(request),
        "doors": opened(request, AT_WORK),
        "timeline": journal.latest(limit=6, authority_id=request.authority.pk),
        "timeline_title": _("Derniers actes de la collectivité"),
    }
    return render(request, "portal/agent_home.html", context)


def _waiting(request: FramedRequest) -> list[Waiting]:
    """What waits for the person in this authority: expired invitations, requests, alerts of the register."""
    return [*_expired_invitations(request), *_requests(request), *_alerts(request)]


def _requests(request: FramedRequest) -> list[Waiting]:
    number = (
        sum(requests_queue.waiting_counts(request.authority).values()) if handles_requests(request) else 0
    )
    if not number:
        return []
    text = ngettext(
        "%(count)s demande à propos du registre à examiner.",
        "%(count)s demandes à propos du registre à examiner.",
        number,
    ) % {"count": number}
    return [Waiting(text, reverse("requests", kwargs={"authority": request.authority.slug}))]


def _alerts(request: FramedRequest) -> list[Waiting]:
    number = alerts.waiting(request.authority) if agent_of_authority(request) else 0
    if not number:
        return []
    text = ngettext(
        "%(count)s alerte du registre à regarder.", "%(count)s alertes du registre à regarder.", number
    ) % {"count": number}
    return [Waiting(text, reverse("registry-alerts:list", kwargs={"authority": request.authority.slug}))]


def _expired_invitations(request: FramedRequest) -> list[Waiting]:
    if not team_manager(request):
        return []
    expired = waiting_invitations(request.authority).filter(expires_at__lte=timezone.now()).count()
    if not expired:
        return []
    text = ngettext(
        "%(count)s invitation a expiré sans réponse : renvoyez-la ou annulez-la.",
        "%(count)s invitations ont expiré sans réponse : renvoyez-les ou annulez-les.",
        expired,
    ) % {"count": expired}
    return [Waiting(text, reverse("team", kwargs={"authority": request.authority.slug}))]
