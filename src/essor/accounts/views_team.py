"""The team of an authority: its list, one person, invitations."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from essor.accounts import actions, queries
from essor.accounts.access import team_manager, team_reader
from essor.accounts.forms import InviteForm, role_filter_choices
from essor.accounts.frame import FramedRequest
from essor.accounts.models import Invitation, Membership
from essor.accounts.screens import chips, confirm, facet, run_form
from essor.accounts.urls_of import team_url
from essor.kernel.access import access
from essor.kernel.periods import today

PAGE_SIZE = 50


def _filter(request: FramedRequest) -> queries.TeamFilter:
    """What the address asks for; values that mean nothing are left out."""
    services = tuple(
        int(value) for value in request.GET.getlist("service") if value.isdecimal() and len(value) < 10
    )
    return queries.TeamFilter(
        words=request.GET.get("q", "")[:100],
        roles=tuple(request.GET.getlist("role")),
        services=services,
        past="passees" in request.GET.getlist("etat"),
    )


@access(team_reader)
def team(request: FramedRequest) -> HttpResponse:
    """Members with their roles and mandates on the day, or those who left."""
    day, wanted = today(), _filter(request)
    page = Paginator(queries.team(request.authority, day, wanted), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    services = [(str(service.pk), service.name) for service in queries.services_of(request.authority, day)]
    facets = [
        facet("role", _("Rôle"), role_filter_choices(), request.GET),
        facet("service", _("Service"), services, request.GET),
        facet("etat", _("Présence"), [("passees", _("Personnes parties"))], request.GET),
    ]
    manages = team_manager(request)
    context = {
        "page_title": _("Équipe"),
        "members": queries.with_roles(cast(QuerySet[Membership], page.object_list), day, past=wanted.past),
        "page_obj": page,
        "count": page.paginator.count,
        "count_words": _("personne,personnes"),
        "facets": facets,
        "chips": chips(request, facets),
        "facets_hold_query": True,
        "past": wanted.past,
        "manages": manages,
        "invitations": queries.waiting_invitations(request.authority) if manages else [],
        "now": timezone.now(),
        "day": day,
    }
    return render(request, "accounts/team.html", context)


@access(team_reader)
def member(request: FramedRequest, pk: int) -> HttpResponse:
    """One person in the team: roles, mandates, what happened."""
    membership = get_object_or_404(
        Membership.objects.select_related("user", "service"), pk=pk, authority=request.authority
    )
    others = list(queries.other_memberships(membership))
    context = {
        "page_title": membership.user.full_name,
        "membership": membership,
        "grants": queries.grants_of(membership),
        "mandates": queries.mandates_of(membership),
        "others": others,
        "current": next((other for other in others if other.period.contains(today())), None),
        "timeline": queries.story_of(membership.user_id, request.authority.pk),
        "manages": team_manager(request),
        "running": membership.is_running,
        "day": today(),
    }
    return render(request, "accounts/member.html", context)


@access(team_manager)
def invite(request: FramedRequest) -> HttpResponse:
    """Invite one or several people."""
    form = InviteForm(request.POST or None, authority=request.authority)

    def act(data: dict[str, list[str]]) -> None:
        sent = actions.invite(request.user, request.authority, data["emails"], form.offer())
        count = len(sent)
        text = ngettext("%(count)s invitation envoyée.", "%(count)s invitations envoyées.", count) % {
            "count": count
        }
        messages.success(request, text)

    return run_form(
        request,
        form,
        act,
        done=team_url(request),
        page_title=_("Inviter dans l’équipe"),
        lead=_("Chaque personne reçoit un lien personnel, valable quatorze jours, pour ouvrir son compte."),
        submit_label=_("Envoyer les invitations"),
    )


def _invitation(request: FramedRequest, pk: int) -> Invitation:
    return get_object_or_404(
        Invitation.objects.select_related("authority"), pk=pk, authority=request.authority
    )


@access(team_manager)
@require_POST
def invitation_resend(request: FramedRequest, pk: int) -> HttpResponse:
    """Send a new link; the earlier one no longer works."""
    try:
        actions.resend(request.user, _invitation(request, pk))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(
            request, _("L’invitation est repartie avec un nouveau lien ; l’ancien ne fonctionne plus.")
        )
    return redirect(team_url(request))


@access(team_manager)
def invitation_revoke(request: FramedRequest, pk: int) -> HttpResponse:
    """Cancel an invitation."""
    invitation = _invitation(request, pk)
    return confirm(
        request,
        lambda: actions.revoke(request.user, invitation),
        done=team_url(request),
        message=_("L’invitation est annulée."),
        page_title=_("Annuler l’invitation de %(email)s ?") % {"email": invitation.email},
        lead=_("Le lien envoyé ne fonctionnera plus. Vous pourrez inviter cette personne de nouveau."),
        submit_label=_("Annuler l’invitation"),
        cancel_label=_("Garder l’invitation"),
    )
