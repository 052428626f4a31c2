"""Accounts of the installation, for its administrators."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from essor.accounts import actions, queries
from essor.accounts.access import installation_admin
from essor.accounts.enums import InstallationRoleKind
from essor.accounts.forms import EndForm, InstallationRoleForm
from essor.accounts.frame import PersonRequest
from essor.accounts.models import InstallationRole, User
from essor.accounts.screens import chips, confirm, facet, run_form
from essor.kernel import audit
from essor.kernel.access import access
from essor.kernel.periods import today

PAGE_SIZE = 50


@access(installation_admin)
def people(request: PersonRequest) -> HttpResponse:
    """Accounts, by name."""
    states = [("inactifs", _("Comptes désactivés")), ("roles", _("Avec un rôle d’installation"))]
    facets = [facet("etat", _("Comptes"), states, request.GET)]
    rows = queries.people(request.GET.get("q", "")[:100], set(request.GET.getlist("etat")), today())
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page_title": _("Comptes"),
        "people": page.object_list,
        "page_obj": page,
        "count": page.paginator.count,
        "count_words": _("compte,comptes"),
        "facets": facets,
        "chips": chips(request, facets),
        "facets_hold_query": True,
    }
    return render(request, "accounts/people.html", context)


@access(installation_admin)
def person(request: PersonRequest, pk: int) -> HttpResponse:
    """One account: roles everywhere, security, what happened."""
    found = get_object_or_404(User, pk=pk)
    context = {
        "page_title": found.full_name,
        "person": found,
        "members": queries.running_memberships(found, today()),
        "roles": found.installation_roles.not_past(today()),
        "second_factor": queries.has_second_factor(found),
        "timeline": audit.entries_for(found, limit=50),
    }
    return render(request, "accounts/person.html", context)


@access(installation_admin)
def role_add(request: PersonRequest, pk: int) -> HttpResponse:
    """Give a role over the installation."""
    found = get_object_or_404(User, pk=pk)
    return run_form(
        request,
        InstallationRoleForm(request.POST or None),
        lambda data: actions.grant_installation_role(request.user, found, data["role"], day=today()),
        done=reverse("installation-person", kwargs={"pk": pk}),
        message=_("Le rôle est donné."),
        page_title=_("Donner un rôle d’installation à %(name)s") % {"name": found.full_name},
        lead=_(
            "L’administration voit et règle toute l’installation : donnez ce rôle à très peu de personnes."
        ),
        submit_label=_("Donner ce rôle"),
    )


@access(installation_admin)
def role_end(request: PersonRequest, pk: int) -> HttpResponse:
    """End a role over the installation."""
    role = get_object_or_404(InstallationRole.objects.select_related("user"), pk=pk)
    label = InstallationRoleKind(role.role).label
    return run_form(
        request,
        EndForm(request.POST or None),
        lambda data: actions.end_installation_role(request.user, role, end=data["end"], day=today()),
        done=reverse("installation-person", kwargs={"pk": role.user_id}),
        message=_("La fin du rôle est enregistrée."),
        page_title=_("Retirer le rôle « %(role)s » à %(name)s")
        % {"role": label, "name": role.user.full_name},
        submit_label=_("Retirer ce rôle"),
        template="accounts/danger_form.html",
    )


def _confirm_on(
    request: PersonRequest, found: User, act: Callable[[Any, User], None], **words: str
) -> HttpResponse:
    """A confirmed act on an account, back to its page."""
    done = reverse("installation-person", kwargs={"pk": found.pk})
    return confirm(request, lambda: act(request.user, found), done=done, **words)


@access(installation_admin)
def deactivate(request: PersonRequest, pk: int) -> HttpResponse:
    """Stop an account."""
    found = get_object_or_404(User, pk=pk)
    return _confirm_on(
        request,
        found,
        actions.deactivate,
        message=_("Le compte est désactivé."),
        page_title=_("Désactiver le compte de %(name)s ?") % {"name": found.full_name},
        lead=_(
            "La personne ne pourra plus se connecter, sa session s’arrête. Ses actes restent signés de son nom."
        ),
        submit_label=_("Désactiver ce compte"),
    )


@access(installation_admin)
def reactivate(request: PersonRequest, pk: int) -> HttpResponse:
    """Let a person sign in again."""
    found = get_object_or_404(User, pk=pk)
    return _confirm_on(
        request,
        found,
        actions.reactivate,
        message=_("Le compte est réactivé."),
        page_title=_("Réactiver le compte de %(name)s ?") % {"name": found.full_name},
        lead=_("La personne pourra de nouveau se connecter, avec les rôles qui courent encore."),
        submit_label=_("Réactiver ce compte"),
    )


@access(installation_admin)
def reset_second_factor(request: PersonRequest, pk: int) -> HttpResponse:
    """Remove a lost second factor."""
    found = get_object_or_404(User, pk=pk)
    return _confirm_on(
        request,
        found,
        actions.reset_second_factor,
        message=_(
            "La double authentification est réinitialisée : la personne la réglera à sa prochaine connexion."
        ),
        page_title=_("Réinitialiser la double authentification de %(name)s ?") % {"name": found.full_name},
        lead=_("À ne faire qu’après avoir vérifié de vive voix que la demande vient bien de cette personne."),
        submit_label=_("Réinitialiser"),
    )
