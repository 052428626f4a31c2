"""What is changed for one person of a team, and the services: each a form, each refusal shown in it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from essor.accounts import actions, queries
from essor.accounts.access import team_manager, team_reader
from essor.accounts.forms import EndForm, MandateForm, MoveForm, RoleForm, ServiceForm
from essor.accounts.frame import FramedRequest
from essor.accounts.models import Mandate, Membership, RoleGrant, Service
from essor.accounts.roles import role_label
from essor.accounts.screens import run_form
from essor.accounts.urls_of import framed, member_url, team_url
from essor.kernel.access import access
from essor.kernel.periods import today


def _membership(request: FramedRequest, pk: int) -> Membership:
    rows = Membership.objects.select_related("user", "authority")
    return get_object_or_404(rows, pk=pk, authority=request.authority)


@access(team_manager)
def role_add(request: FramedRequest, pk: int) -> HttpResponse:
    """Give a role to a person."""
    membership = _membership(request, pk)

    def act(data: dict[str, Any]) -> None:
        actions.grant_role(
            request.user, membership, data["role"], start=data["start"], end=data["end"], day=today()
        )

    return run_form(
        request,
        RoleForm(request.POST or None),
        act,
        done=member_url(request, pk),
        message=_("Le rôle est donné."),
        page_title=_("Donner un rôle à %(name)s") % {"name": membership.user.full_name},
        submit_label=_("Donner ce rôle"),
    )


@access(team_manager)
def role_end(request: FramedRequest, pk: int) -> HttpResponse:
    """End a role."""
    rows = RoleGrant.objects.select_related("membership__authority", "membership__user")
    grant = get_object_or_404(rows, pk=pk, membership__authority=request.authority)
    return run_form(
        request,
        EndForm(request.POST or None),
        lambda data: actions.end_role(request.user, grant, end=data["end"], day=today()),
        done=member_url(request, grant.membership_id),
        message=_("La fin du rôle est enregistrée."),
        page_title=_("Retirer le rôle « %(role)s »") % {"role": role_label(grant.role)},
        lead=_("%(name)s ne pourra plus faire ce que ce rôle permet. L’historique garde la trace du rôle.")
        % {"name": grant.membership.user.full_name},
        submit_label=_("Retirer ce rôle"),
        template="accounts/danger_form.html",
    )


@access(team_manager)
def mandate_add(request: FramedRequest, pk: int) -> HttpResponse:
    """Add a mandate to a person."""
    membership = _membership(request, pk)

    def act(data: dict[str, Any]) -> None:
        actions.add_mandate(
            request.user,
            membership,
            title=data["title"],
            delegation=data["delegation"],
            start=data["start"],
            end=data["end"],
            day=today(),
        )

    return run_form(
        request,
        MandateForm(request.POST or None),
        act,
        done=member_url(request, pk),
        message=_("Le mandat est ajouté."),
        page_title=_("Ajouter un mandat à %(name)s") % {"name": membership.user.full_name},
        lead=_("Pendant son mandat, la personne a les droits d’une élue ou d’un élu dans Essor."),
        submit_label=_("Ajouter ce mandat"),
    )


@access(team_manager)
def mandate_end(request: FramedRequest, pk: int) -> HttpResponse:
    """End a mandate."""
    rows = Mandate.objects.select_related("membership__authority", "membership__user")
    mandate = get_object_or_404(rows, pk=pk, membership__authority=request.authority)
    return run_form(
        request,
        EndForm(request.POST or None),
        lambda data: actions.end_mandate(request.user, mandate, end=data["end"], day=today()),
        done=member_url(request, mandate.membership_id),
        message=_("La fin du mandat est enregistrée."),
        page_title=_("Mettre fin au mandat « %(title)s »") % {"title": mandate.title},
        lead=_("%(name)s n’aura plus les droits liés à ce mandat.")
        % {"name": mandate.membership.user.full_name},
        submit_label=_("Mettre fin au mandat"),
        template="accounts/danger_form.html",
    )


@access(team_manager)
def member_move(request: FramedRequest, pk: int) -> HttpResponse:
    """Change the service of a person."""
    membership = _membership(request, pk)
    return run_form(
        request,
        MoveForm(
            request.POST or None, authority=request.authority, initial={"service": membership.service_id}
        ),
        lambda data: actions.change_service(
            request.user, membership, data["service"], start=data["start"], day=today()
        ),
        done=team_url(request),
        message=_("Le changement de service est enregistré."),
        page_title=_("Changer %(name)s de service") % {"name": membership.user.full_name},
        lead=_("Ses rôles et ses mandats continuent. L’historique garde le service précédent."),
        submit_label=_("Changer de service"),
        cancel_url=member_url(request, pk),
    )


@access(team_manager)
def member_end(request: FramedRequest, pk: int) -> HttpResponse:
    """A person leaves the team."""
    membership = _membership(request, pk)
    return run_form(
        request,
        EndForm(request.POST or None),
        lambda data: actions.end_membership(request.user, membership, end=data["end"], day=today()),
        done=team_url(request),
        message=_("Le départ est enregistré."),
        page_title=_("Enregistrer le départ de %(name)s") % {"name": membership.user.full_name},
        lead=_(
            "Ses rôles et ses mandats prennent fin avec son appartenance. Ce qu’elle ou il a fait reste signé."
        ),
        submit_label=_("Enregistrer le départ"),
        cancel_url=member_url(request, pk),
        template="accounts/danger_form.html",
    )


@access(team_reader)
def services(request: FramedRequest) -> HttpResponse:
    """The services of the authority, with how many people each has."""
    context = {
        "page_title": _("Services"),
        "services": queries.services_with_people(request.authority, today()),
        "manages": team_manager(request),
    }
    return render(request, "accounts/services.html", context)


@access(team_manager)
def service_add(request: FramedRequest) -> HttpResponse:
    """Create a service."""
    return run_form(
        request,
        ServiceForm(request.POST or None),
        lambda data: actions.create_service(request.user, request.authority, data["name"], day=today()),
        done=framed(request, "team-services"),
        message=_("Le service est créé."),
        page_title=_("Créer un service"),
        submit_label=_("Créer le service"),
    )


def _service(request: FramedRequest, pk: int) -> Service:
    return get_object_or_404(Service.objects.select_related("authority"), pk=pk, authority=request.authority)


@access(team_manager)
def service_rename(request: FramedRequest, pk: int) -> HttpResponse:
    """Rename a service."""
    service = _service(request, pk)
    return run_form(
        request,
        ServiceForm(request.POST or None, initial={"name": service.name}),
        lambda data: actions.rename_service(request.user, service, data["name"], day=today()),
        done=framed(request, "team-services"),
        message=_("Le service est renommé."),
        page_title=_("Renommer un service"),
        submit_label=_("Renommer"),
    )


@access(team_manager)
def service_close(request: FramedRequest, pk: int) -> HttpResponse:
    """Close a service."""
    service = _service(request, pk)
    return run_form(
        request,
        EndForm(request.POST or None),
        lambda data: actions.close_service(request.user, service, end=data["end"], day=today()),
        done=framed(request, "team-services"),
        message=_("La fermeture du service est enregistrée."),
        page_title=_("Fermer le service « %(name)s »") % {"name": service.name},
        lead=_("Plus personne ne pourra y être affecté. L’historique garde le service."),
        submit_label=_("Fermer le service"),
        template="accounts/danger_form.html",
    )
