"""« Demandes »: what people ask of an authority about the organisations of its territory, and its answers."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from essor.accounts.frame import FramedRequest
from essor.accounts.screens import add_errors, chips, facet, run_form
from essor.kernel.access import access
from essor.kernel.periods import today
from essor.registry import (
    actions_claims,
    actions_corrections,
    actions_privacy,
    overlay,
    requests_queue,
    transitions,
)
from essor.registry.access import handles_requests
from essor.registry.forms_people import HideNumberForm, ReasonForm
from essor.registry.holding import holders
from essor.registry.models import (
    SAID_ONCE,
    Claim,
    CorrectedField,
    Correction,
    HidingRequest,
    OrganisationMembership,
)

PAGE_SIZE = 50
KINDS = {
    requests_queue.CLAIM: "request-claim",
    requests_queue.CORRECTION: "request-correction",
    requests_queue.HIDING: "request-hiding",
}
_LABELS: dict[str, Callable[[], str]] = {
    requests_queue.CLAIM: lambda: _("Agir pour une organisation"),
    requests_queue.CORRECTION: lambda: _("Correction ou signalement"),
    requests_queue.HIDING: lambda: _("Masquage"),
}


@access(handles_requests)
def queue(request: FramedRequest) -> HttpResponse:
    """What waits, oldest first; what was decided."""
    part = (
        requests_queue.DECIDED
        if request.GET.get("etat") == requests_queue.DECIDED
        else requests_queue.WAITING
    )
    counts = requests_queue.waiting_counts(request.authority)
    kinds = facet("sorte", _("Sorte de demande"), [(kind, _LABELS[kind]()) for kind in KINDS], request.GET)
    if part == requests_queue.WAITING:
        for option in kinds["options"]:
            option["count"] = counts[option["value"]]
    lines = requests_queue.Requests(request.authority, request.GET.getlist("sorte"), part, today())
    page = Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page"))
    slug = request.authority.slug
    context = {
        "page_title": _("Demandes"),
        "rows": [
            {
                "line": line,
                "kind": _LABELS[line.kind](),
                "url": reverse(KINDS[line.kind], args=[slug, line.pk]),
            }
            for line in page.object_list
        ],
        "page_obj": page,
        "count": page.paginator.count,
        "count_words": _("demande"),
        "facets": [kinds],
        "chips": chips(request, [kinds]),
        "tabs": _tabs(part, sum(counts.values())),
        "decided": part == requests_queue.DECIDED,
        "hide_url": reverse("request-hide-number", args=[slug]),
        "hidden_url": reverse("request-hidden-numbers", args=[slug]),
    }
    return render(request, "registry/requests/queue.html", context)


def _tabs(part: str, waiting: int) -> list[dict[str, Any]]:
    """What waits, what was decided."""
    decided = part == requests_queue.DECIDED
    return [
        {"label": _("À examiner"), "url": "?", "current": not decided, "count": waiting},
        {"label": _("Décidées"), "url": f"?etat={requests_queue.DECIDED}", "current": decided},
    ]


def _held(request: FramedRequest, organisation_id: int | None) -> None:
    """404 when the authority's territory does not hold the organisation: its agents know nothing of it."""
    held = {each.pk for each in holders(organisation_id)} if organisation_id else set()
    if request.authority.pk not in held:
        raise Http404(_("Cette demande ne concerne pas une organisation de votre territoire."))


def _decide(
    request: FramedRequest, row: Any, acts: dict[str, Callable[[str], Any]], template: str, **context: Any
) -> HttpResponse:
    """Show a request and its form; the pressed button names the act, the reason goes with it."""
    form = ReasonForm(request.POST or None)
    act = acts.get(request.POST.get("act", ""))
    if request.method == "POST" and form.is_valid() and act is not None:
        try:
            act(form.cleaned_data["reason"])
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(
                request,
                _("Votre décision est enregistrée ; la personne est prévenue.")
                if _has_address(row)
                else _("Votre décision est enregistrée. Personne n’a laissé d’adresse où répondre."),
            )
            return HttpResponseRedirect(reverse("requests", args=[request.authority.slug]))
    organisation = row.organisation
    others = [each for each in holders(organisation.pk) if each.pk != request.authority.pk]
    context = {
        "form": form,
        "row": row,
        "organisation": organisation,
        "acts": set(acts),
        "others": others,
        "queue_url": reverse("requests", args=[request.authority.slug]),
        "organisation_url": reverse(
            "authority-registry:organisation", args=[request.authority.slug, organisation.pk]
        ),
        **context,
    }
    return render(request, template, context, status=422 if form.errors else 200)


def _has_address(row: Claim | Correction | HidingRequest) -> bool:
    """Whether somebody can be told of the decision: a person who is signed in, or an address left with the request."""
    if isinstance(row, Claim):
        return row.user_id is not None
    if isinstance(row, Correction):
        return bool(row.author_id or row.reporter_email)
    return bool(row.user_id or row.requester_email)


@access(handles_requests)
def request_claim(request: FramedRequest, pk: int) -> HttpResponse:
    """A person asks to act for an organisation."""
    rows = Claim.objects.select_related("organisation", "user", "document", "decided_by", "decided_for")
    row = get_object_or_404(rows, pk=pk, way=Claim.Way.AGENT)
    _held(request, row.organisation_id)
    authority = request.authority
    acts = {
        "accept": lambda reason: actions_claims.accept_claim(request.user, authority, row, reason),
        "refuse": lambda reason: actions_claims.refuse_claim(request.user, authority, row, reason),
    }
    members = OrganisationMembership.objects.on(today()).filter(organisation=row.organisation_id)
    return _decide(
        request,
        row,
        {key: acts[key] for key in transitions.acts(transitions.CLAIM, row.state, "agent")},
        "registry/requests/claim.html",
        page_title=_("Agir pour « %(name)s »") % {"name": row.organisation.name},
        members=members.select_related("user"),
        domains=sorted(actions_claims.proof_domains(row.organisation)),
    )


@access(handles_requests)
def request_correction(request: FramedRequest, pk: int) -> HttpResponse:
    """A correction or a report."""
    rows = Correction.objects.select_related(
        "organisation", "establishment", "author", "document", "decided_by", "decided_for"
    )
    row = get_object_or_404(rows, pk=pk)
    _held(request, row.organisation_id)
    authority, user = request.authority, request.user
    acts = {
        "accept": lambda reason: actions_corrections.accept_correction(user, authority, row, reason),
        "refuse": lambda reason: actions_corrections.refuse_correction(user, authority, row, reason),
        "keep": lambda reason: actions_corrections.settle_dispute(user, authority, row, reason, keep=True),
        "drop": lambda reason: actions_corrections.settle_dispute(user, authority, row, reason, keep=False),
    }
    told = overlay.notes([row])[0]
    allowed = transitions.acts(transitions.CORRECTION, row.state, "agent")
    if row.field in SAID_ONCE:
        allowed = tuple(each for each in allowed if each != "drop")
    correct_url = reverse("authority-registry:correct", args=[authority.slug, row.organisation_id])
    return _decide(
        request,
        row,
        {key: acts[key] for key in allowed},
        "registry/requests/correction.html",
        page_title=_("%(what)s : « %(name)s »")
        % {
            "what": _("Signalement") if row.field == CorrectedField.OTHER else row.get_field_display(),
            "name": row.organisation.name,
        },
        told=told,
        is_report=row.field == CorrectedField.OTHER,
        reported=dict(CorrectedField.choices).get(row.before, row.before),
        correct_url=correct_url,
    )


@access(handles_requests)
def request_hiding(request: FramedRequest, pk: int) -> HttpResponse:
    """A request not to be shown."""
    rows = HidingRequest.objects.select_related("organisation", "user", "decided_by", "decided_for")
    row = get_object_or_404(rows, pk=pk)
    _held(request, row.organisation_id)
    authority, user = request.authority, request.user
    acts = {
        "accept": lambda reason: actions_privacy.accept_hiding(user, authority, row, reason),
        "refuse": lambda reason: actions_privacy.refuse_hiding(user, authority, row, reason),
        "lift": lambda reason: actions_privacy.lift_hiding(user, authority, row, reason),
    }
    return _decide(
        request,
        row,
        {key: acts[key] for key in transitions.acts(transitions.HIDING, row.state, "agent")},
        "registry/requests/hiding.html",
        page_title=_("Masquer : « %(name)s »") % {"name": str(row.organisation)},
    )


@access(handles_requests)
def hide_number(request: FramedRequest) -> HttpResponse:
    """Hide at once the organisation of a number, whether the register has it or not."""
    return run_form(
        request,
        HideNumberForm(request.POST or None),
        lambda data: actions_privacy.hide_number(
            request.user, request.authority, data["number"], data["reason"]
        ),
        done=reverse("requests", args=[request.authority.slug]),
        message=_("L’organisation est masquée ; elle le restera aux prochaines éditions."),
        page_title=_("Masquer une organisation par son numéro"),
        lead=_(
            "Quand la demande arrive autrement que par le site. La fiche disparaît du registre public aussitôt."
        ),
        submit_label=_("Masquer"),
    )
