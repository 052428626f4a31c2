"""The administration of the installation: how it goes, its authorities, its journal."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from essor.accounts import actions, journal, queries
from essor.accounts.access import installation_admin
from essor.accounts.forms_authority import AuthorityForm
from essor.accounts.frame import PersonRequest
from essor.accounts.models import Authority
from essor.accounts.screens import chips, facet, run_form
from essor.kernel.access import access
from essor.kernel.health import worker_alive
from essor.kernel.periods import today

PAGE_SIZE = 50


@access(installation_admin)
def dashboard(request: PersonRequest) -> HttpResponse:
    """How the installation goes: authorities, people in charge, work in progress, e-mails waiting, latest acts."""
    context = {
        "page_title": _("Installation"),
        "authorities": queries.authorities_with_members(today()),
        "roles": queries.installation_roles(today()),
        "health": queries.health(),
        "alive": {"worker": worker_alive(timezone.now())},
        "jobs": queries.latest_jobs(),
        "timeline": journal.latest(limit=8),
        "timeline_title": _("Derniers actes"),
    }
    return render(request, "accounts/installation.html", context)


@access(installation_admin)
def authority_add(request: PersonRequest) -> HttpResponse:
    """Create an authority."""
    form = AuthorityForm(request.POST or None, request.FILES or None)
    return run_form(
        request,
        form,
        lambda data: actions.create_authority(request.user, **form.fields_of(request.user, data)),
        done=reverse("installation"),
        message=_("La collectivité est créée : invitez maintenant une première personne dans son équipe."),
        template="accounts/authority_form.html",
        page_title=_("Créer une collectivité"),
        submit_label=_("Créer la collectivité"),
    )


@access(installation_admin)
def authority_edit(request: PersonRequest, slug: str) -> HttpResponse:
    """Change the identity of an authority."""
    authority = get_object_or_404(Authority.objects.select_related("territory", "logo"), slug=slug)
    form = AuthorityForm(request.POST or None, request.FILES or None, authority=authority)
    return run_form(
        request,
        form,
        lambda data: actions.update_authority(request.user, authority, **form.fields_of(request.user, data)),
        done=reverse("installation"),
        message=_("L’identité de la collectivité est enregistrée."),
        template="accounts/authority_form.html",
        page_title=_("Modifier %(name)s") % {"name": authority.name},
        edited=authority,
    )


@access(installation_admin)
def audit_journal(request: PersonRequest) -> HttpResponse:
    """Every act of the installation, in sentences."""
    wanted = journal.wanted_by(request.GET)
    page = Paginator(journal.entries(wanted), PAGE_SIZE).get_page(request.GET.get("page"))
    authorities = [(str(pk), name) for pk, name in Authority.objects.values_list("pk", "name")]
    facets = [
        facet("collectivite", _("Collectivité"), authorities, request.GET),
        facet("domaine", _("Domaine"), journal.domains(), request.GET),
        facet("periode", _("Période"), journal.PERIODS, request.GET),
    ]
    context = {
        "page_title": _("Journal"),
        "lead": _("Qui a fait quoi, et quand. Rien ne s’y efface."),
        "lines": journal.told(page.object_list),
        "page_obj": page,
        "count": page.paginator.count,
        "count_words": _("acte,actes"),
        "facets": facets,
        "chips": chips(request, facets),
    }
    return render(request, "accounts/journal.html", context)
