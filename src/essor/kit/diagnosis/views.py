"""Pages of those who run a campaign: the grid, the campaigns of an authority, opening, inviting, reminding, sharing."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from essor.accounts.access import elected_of_authority
from essor.accounts.models import Authority
from essor.kernel.access import access
from essor.kernel.limits import limited
from essor.kernel.periods import today
from essor.kit.diagnosis import actions, actions_agree, printing, queries
from essor.kit.diagnosis.access import agent_of_authority, everyone, team_reader
from essor.kit.diagnosis.addresses import step_links
from essor.kit.diagnosis.competence import NOT_ALLOWED, standings
from essor.kit.diagnosis.enums import STAGE_WORDS, STAGES
from essor.kit.diagnosis.forms import CampaignForm, InviteForm, OpeningForm
from essor.kit.diagnosis.grid import GridLever, grid
from essor.kit.diagnosis.models import Campaign, SharingConsent
from essor.kit.level_answers import level_of
from essor.kit.links_support import address
from essor.kit.views_support import authority_of, person_of


def framed_authority(request: HttpRequest) -> Authority:
    """The authority of the frame, which the predicate wants."""
    authority = authority_of(request)
    assert authority is not None  # noqa: S101 - the predicates of these pages want a frame
    return authority


def campaign_or_404(request: HttpRequest, pk: int) -> Campaign:
    """A campaign of the authority of the frame."""
    rows = Campaign.objects.select_related("authority__territory")
    return get_object_or_404(rows, pk=pk, authority=framed_authority(request))


@access(everyone)
@require_safe
def the_grid(request: HttpRequest) -> HttpResponse:
    """The grid to read: axes, levers, stages, evidence, the step after each."""
    authority = authority_of(request)
    level = level_of(authority.kind) if authority else ""
    known = grid()
    stands = standings(level, today()) if level else {}
    context = {
        "page_title": _("La grille de l’autodiagnostic"),
        "axes": [
            (axis, [_lever(request, lever, stands) for lever in known.of_axis(axis.code)])
            for axis in known.axes
        ],
        "count": len(known.levers),
        "source": known.source.text,
        "blank_url": address(request, "diagnosis-blank"),
        "contents_url": address(request, "contents"),
        "campaigns_url": address(request, "diagnosis") if team_reader(request) else "",
    }
    return render(request, "kit/diagnosis/grid.html", context)


def _lever(request: HttpRequest, lever: GridLever, stands: dict[str, Any]) -> dict[str, Any]:
    return {
        "lever": lever,
        "stages": [
            {
                "number": stage,
                "word": STAGE_WORDS[stage],
                "text": lever.stage(stage),
                "next": step_links(request, lever.step_from(stage)),
            }
            for stage in STAGES
        ],
        "standing": stands.get(lever.code),
    }


@access(everyone)
@limited("kit-pdf", "60/h/ip", visitors_only=True)
@require_safe
def blank(request: HttpRequest) -> HttpResponse:
    """The questionnaire to print, with all the levers."""
    return _blank(printing.blank_pdf(authority_of(request), list(grid().levers)))


@access(team_reader)
@require_safe
def campaign_blank(request: HttpRequest, pk: int) -> HttpResponse:
    """The questionnaire of a campaign to print."""
    campaign = campaign_or_404(request, pk)
    return _blank(printing.blank_pdf(campaign.authority, campaign.levers, campaign.title))


def _blank(content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="autodiagnostic-questionnaire.pdf"'
    return response


@access(team_reader)
@require_safe
def campaigns(request: HttpRequest) -> HttpResponse:
    """The campaigns of the authority, and what it shares."""
    authority = framed_authority(request)
    rows = [
        {"campaign": row, "url": address(request, "diagnosis-campaign", row.pk)}
        for row in queries.campaigns_of(authority)
    ]
    answers = agent_of_authority(request) or elected_of_authority(request)
    taking = next((row["campaign"] for row in rows if row["campaign"].takes_answers(today())), None)
    context = {
        "page_title": _("Autodiagnostic"),
        "respond_url": address(request, "diagnosis-respond", taking.pk) if taking and answers else "",
        "rows": rows,
        "count": len(rows),
        "is_open": any(not row["campaign"].is_agreed for row in rows),
        "open_url": address(request, "diagnosis-open") if agent_of_authority(request) else "",
        "grid_url": address(request, "diagnosis-grid"),
        "blank_url": address(request, "diagnosis-blank"),
        "consent": SharingConsent.objects.filter(authority=authority).first(),
        "share_url": address(request, "diagnosis-share") if agent_of_authority(request) else "",
    }
    return render(request, "kit/diagnosis/campaigns.html", context)


@access(agent_of_authority)
@require_http_methods(["GET", "HEAD", "POST"])
def open_campaign(request: HttpRequest) -> HttpResponse:
    """Open a campaign: title, last day, levers kept."""
    authority, day = framed_authority(request), today()
    form = OpeningForm(request.POST or None, day=day)
    stands = standings(level_of(authority.kind), day)
    kept = (
        request.POST.getlist("levers")
        if request.method == "POST"
        else [code for code, stand in stands.items() if stand.status != NOT_ALLOWED]
    )
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"] or _("Choix de la collectivité")
        left_out = {
            code: stand.why if stand.status == NOT_ALLOWED and stand.why else reason
            for code, stand in stands.items()
            if code not in kept
        }
        asked = actions.Opening(form.cleaned_data["title"], form.cleaned_data["closes_on"], kept, left_out)
        try:
            made = actions.open_campaign(person_of(request), authority, asked, day)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request, _("L’autodiagnostic est ouvert : invitez les personnes qui répondront.")
            )
            return HttpResponseRedirect(address(request, "diagnosis-invite", made.pk))
    known = grid()
    context = {
        "page_title": _("Ouvrir un autodiagnostic"),
        "form": form,
        "submit_label": _("Ouvrir l’autodiagnostic"),
        "cancel_url": address(request, "diagnosis"),
        "axes": [
            (
                axis,
                [
                    {"lever": lever, "kept": lever.code in kept, "standing": stands[lever.code]}
                    for lever in known.of_axis(axis.code)
                ],
            )
            for axis in known.axes
        ],
    }
    return render(request, "kit/diagnosis/open.html", context)


@access(agent_of_authority)
@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the title or the last day."""
    campaign = campaign_or_404(request, pk)
    form = CampaignForm(
        request.POST or None, initial={"title": campaign.title, "closes_on": campaign.closes_on}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_campaign(person_of(request), campaign, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("C’est changé."))
            return HttpResponseRedirect(address(request, "diagnosis-campaign", pk))
    context = {
        "page_title": _("Titre et dernier jour"),
        "form": form,
        "cancel_url": address(request, "diagnosis-campaign", pk),
    }
    return render(request, "kernel/form_page.html", context)


@access(agent_of_authority)
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite members of the team and outsiders; the link that partners share."""
    campaign, day = campaign_or_404(request, pk), today()
    people = queries.invitable(campaign, day)
    form = InviteForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        chosen = [form.people[key] for key in form.cleaned_data.get("members", [])]
        outsiders = [(email, form.cleaned_data["role"]) for email in form.cleaned_data["emails"]]
        try:
            count = actions.invite(person_of(request), campaign, actions.Invited(chosen, outsiders), day)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            told = ngettext("%(count)s invitation part.", "%(count)s invitations partent.", count)
            messages.success(request, told % {"count": count})
            return HttpResponseRedirect(address(request, "diagnosis-campaign", pk))
    context = {
        "page_title": _("Inviter à répondre"),
        "lead": campaign.title,
        "form": form,
        "submit_label": _("Envoyer les invitations"),
        "cancel_url": address(request, "diagnosis-campaign", pk),
        "link_url": request.build_absolute_uri(address(request, "diagnosis-link", campaign.link)),
    }
    return render(request, "kit/diagnosis/invite.html", context)


@access(agent_of_authority)
@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Write again to those who have not finished."""
    campaign = campaign_or_404(request, pk)
    try:
        count = actions.remind(campaign, today(), person_of(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        if count:
            told = ngettext("%(count)s rappel part.", "%(count)s rappels partent.", count)
            messages.success(request, told % {"count": count})
        else:
            messages.info(
                request,
                _(
                    "Personne à relancer : tout le monde a fini, ou vient d’être invité ou relancé (deux jours)."
                ),
            )
    return HttpResponseRedirect(address(request, "diagnosis-campaign", pk))


@access(agent_of_authority)
@require_POST
def share(request: HttpRequest) -> HttpResponse:
    """Accept, or stop, counting in the anonymous medians."""
    authority = framed_authority(request)
    if request.POST.get("partager") == "oui":
        actions.share(person_of(request), authority, today())
        messages.success(request, _("Vos stades convenus comptent, sans nom, dans les médianes."))
    else:
        actions.unshare(person_of(request), authority)
        messages.success(request, _("Vos stades convenus ne comptent plus dans les médianes."))
    return HttpResponseRedirect(address(request, "diagnosis"))


@access(agent_of_authority)
@require_POST
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """The diagnosis is over."""
    campaign = campaign_or_404(request, pk)
    try:
        actions_agree.finish(person_of(request), campaign, today())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        told = _("L’autodiagnostic est arrêté : ses valeurs serviront de point de départ au prochain.")
        messages.success(request, told)
    return HttpResponseRedirect(address(request, "diagnosis-campaign", pk))
