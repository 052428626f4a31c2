"""Acting for an organisation: asking, proving, leaving, inviting a colleague."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from essor.accounts.frame import PersonRequest
from essor.accounts.screens import ConfirmForm, add_errors, confirm, run_form
from essor.kernel.access import access, everyone, signed_in
from essor.kernel.limits import limited
from essor.kernel.periods import today
from essor.registry import actions_claims as actions
from essor.registry import links
from essor.registry.access import organisation_member
from essor.registry.forms_people import AgentProofForm, ColleagueForm, EmailProofForm
from essor.registry.holding import holders
from essor.registry.models import Claim, Correction, Organisation, OrganisationMembership
from essor.registry.people_screens import found_or_404, frame

OPEN = [Claim.State.PROVING, Claim.State.WAITING]


@access(everyone)
@never_cache
@limited("claim", "20/h/ip")
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask to act for an organisation: by an address of its domain, or by an authority's approval."""
    organisation = found_or_404(pk).organisation
    title = _("Agir pour cette organisation")
    if not request.user.is_authenticated:
        here = request.get_full_path()
        context = {"login_url": f"{reverse('account_login')}?next={here}", "next": here}
        return render(request, "registry/claim/sign_in.html", frame(request, organisation, title, **context))
    user: Any = request.user
    running = Claim.objects.filter(user=user, organisation=organisation, state__in=OPEN).first()
    domains = sorted(actions.proof_domains(organisation))
    way = request.POST.get("way", "")
    email_form = EmailProofForm(request.POST if way == "email" else None, prefix="mail")
    agent_form = AgentProofForm(
        request.POST if way == "agent" else None, request.FILES if way == "agent" else None, prefix="agent"
    )
    form = email_form if way == "email" else agent_form
    if request.method == "POST" and form.is_valid():
        try:
            if way == "email":
                actions.ask_by_email(user, organisation, **form.cleaned_data)
            else:
                actions.ask_agents(user, organisation, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            return HttpResponseRedirect(request.path)
    context = {
        "member": actions.is_member(user.pk, pk, today()),
        "running": running,
        "domains": domains,
        "email_form": email_form,
        "agent_form": agent_form,
        "authorities": holders(pk),
        "mine_url": links.address(request, "mine"),
    }
    wrong = bool(email_form.errors or agent_form.errors)
    return render(
        request,
        "registry/claim/claim.html",
        frame(request, organisation, title, **context),
        status=422 if wrong else 200,
    )


@access(signed_in)
@never_cache
def claim_proof(request: PersonRequest, token: str) -> HttpResponse:
    """The link of the message: one press makes the person act for the organisation."""
    found = actions.find_proof(token, timezone.now())
    if found is None:
        context = {"page_title": _("Ce lien ne fonctionne plus"), "mine_url": links.address(request, "mine")}
        return render(request, "registry/claim/gone.html", context, status=410)
    return run_form(
        request,
        ConfirmForm(request.POST if request.method == "POST" else None),
        lambda _data: actions.prove(token, request.user),
        done=links.address(request, "organisation", found.organisation_id),
        message=_("Vous agissez désormais pour cette organisation : complétez sa page."),
        page_title=_("Agir pour « %(name)s »") % {"name": found.organisation.name},
        lead=_("Vous êtes en session avec %(email)s.") % {"email": request.user.email},
        submit_label=_("Confirmer"),
    )


@access(signed_in)
def mine(request: PersonRequest) -> HttpResponse:
    """My organisations, my requests and what became of them."""
    day = today()
    context = {
        "page_title": _("Mes organisations"),
        "memberships": OrganisationMembership.objects.on(day)
        .filter(user=request.user)
        .select_related("organisation")
        .order_by("organisation__sort_key"),
        "claims": Claim.objects.filter(user=request.user)
        .select_related("organisation")
        .order_by("-created_at")[:50],
        "corrections": Correction.objects.filter(author=request.user)
        .select_related("organisation")
        .order_by("-created_at")[:50],
        "list_url": links.address(request, "list"),
    }
    return render(request, "registry/claim/mine.html", context)


@access(signed_in)
def claim_withdraw(request: PersonRequest, claim_id: int) -> HttpResponse:
    """Take one's request back."""
    found = get_object_or_404(Claim.objects.select_related("organisation"), pk=claim_id, user=request.user)
    return confirm(
        request,
        lambda: actions.withdraw_claim(request.user, found),
        done=links.address(request, "mine"),
        message=_("Votre demande est retirée."),
        page_title=_("Retirer votre demande ?"),
        lead=found.organisation.name,
        submit_label=_("Retirer ma demande"),
    )


@access(organisation_member)
def members(request: PersonRequest, pk: int) -> HttpResponse:
    """Who acts for the organisation, for its members: invite a colleague, leave."""
    organisation = get_object_or_404(Organisation, pk=pk)
    day = today()
    rows = OrganisationMembership.objects.on(day).filter(organisation=organisation).select_related("user")
    invited = Claim.objects.filter(
        organisation=organisation,
        way=Claim.Way.INVITATION,
        state=Claim.State.PROVING,
        token_expires_at__gt=timezone.now(),
    )
    return run_form(
        request,
        ColleagueForm(request.POST or None),
        lambda data: actions.invite_colleague(request.user, organisation, data["email"]),
        done=request.path,
        message=_("L’invitation part par message électronique."),
        template="registry/claim/members.html",
        submit_label=_("Envoyer l’invitation"),
        members=rows.order_by("user__sort_key"),
        invited=invited,
        leave_url=links.address(request, "leave", pk),
        **frame(request, organisation, _("Membres de l’organisation")),
    )


@access(organisation_member)
def leave(request: PersonRequest, pk: int) -> HttpResponse:
    """Stop acting for the organisation."""
    organisation = get_object_or_404(Organisation, pk=pk)
    return confirm(
        request,
        lambda: actions.leave(request.user, organisation),
        done=links.address(request, "mine"),
        message=_("Vous n’agissez plus pour cette organisation."),
        page_title=_("Ne plus agir pour « %(name)s » ?") % {"name": organisation.name},
        lead=_("Les autres membres seront prévenus. Ce que vous avez écrit reste sur la page."),
        submit_label=_("Ne plus agir pour elle"),
    )
