"""Saying that the register is wrong: a report in words by anybody, a correction by a member or an agent."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from essor.accounts.frame import PersonRequest
from essor.accounts.screens import confirm, run_form
from essor.kernel.access import access, everyone, signed_in
from essor.kernel.limits import limited
from essor.registry import actions_corrections as actions
from essor.registry import actions_privacy, links
from essor.registry import queries_organisation as reads
from essor.registry.access import writes_organisation
from essor.registry.forms_people import CorrectionForm, HidingForm, ReportForm
from essor.registry.models import CorrectedField, Correction, Establishment
from essor.registry.people_parts import correctable, is_association
from essor.registry.people_screens import found_or_404, frame


@access(everyone)
@never_cache
@limited("report", "10/h/ip,30/d/ip")
def report_error(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what is wrong, in words; where the source itself is corrected."""
    found = found_or_404(pk)
    user: Any = request.user if request.user.is_authenticated else None
    return run_form(
        request,
        ReportForm(request.POST or None),
        lambda data: actions.report(found.organisation, **data, user=user),
        done=links.address(request, "organisation", pk),
        message=_("Merci : votre signalement attend une agente ou un agent de la collectivité."),
        template="registry/report_error.html",
        submit_label=_("Envoyer le signalement"),
        name=found.facts.name,
        siren=found.siren,
        association=is_association(found),
        hide_url=links.address(request, "hide", pk),
        canonical_url=links.canonical(request, "report-error", pk),
        **frame(request, found.organisation, _("Signaler une erreur")),
    )


@access(writes_organisation)
@never_cache
def correct(request: PersonRequest, pk: int) -> HttpResponse:
    """Propose a correction: first which fact, then what it should be."""
    found = found_or_404(pk)
    places = reads.establishments_of(found.organisation)
    asked = request.POST.get("field") or request.GET.get("fait", "")
    context = frame(request, found.organisation, _("Proposer une correction"))
    context["association"] = is_association(found)
    if asked not in CorrectedField.values or asked == CorrectedField.OTHER:
        return render(
            request, "registry/correction/choose.html", {**context, "choices": correctable(found, places)}
        )
    fact = CorrectedField(asked)

    def propose(data: dict[str, Any]) -> None:
        chosen = data.get("establishment")
        place = Establishment.objects.filter(pk=chosen, organisation=pk).first() if chosen else None
        actions.propose(
            request.user,
            found.organisation,
            fact,
            data.get("value", ""),
            data["evidence"],
            establishment=place,
            document=data["document"],
        )

    return run_form(
        request,
        CorrectionForm(request.POST or None, request.FILES or None, fact=fact, places=places),
        propose,
        done=links.address(request, "organisation", pk),
        message=_("La correction est proposée : une agente ou un agent la regarde."),
        template="registry/correction/propose.html",
        submit_label=_("Proposer la correction"),
        fact=next(each for each in correctable(found, places) if each["field"] == fact),
        **context,
    )


@access(signed_in)
def correction_withdraw(request: PersonRequest, correction_id: int) -> HttpResponse:
    """Take one's correction back."""
    rows = Correction.objects.select_related("organisation")
    found = get_object_or_404(rows, pk=correction_id, author=request.user)
    return confirm(
        request,
        lambda: actions.withdraw_correction(request.user, found),
        done=links.address(request, "mine"),
        message=_("Votre proposition est retirée."),
        page_title=_("Retirer votre proposition ?"),
        lead=found.organisation.name,
        submit_label=_("Retirer ma proposition"),
    )


@access(everyone)
@never_cache
@limited("hide", "5/h/ip,10/d/ip")
def hide(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask that an organisation, its address or its contacts are no longer shown."""
    found = found_or_404(pk)
    user: Any = request.user if request.user.is_authenticated else None
    return run_form(
        request,
        HidingForm(request.POST or None),
        lambda data: actions_privacy.ask_hiding(found.organisation, **data, user=user),
        done=links.address(request, "organisation", pk),
        message=_("Votre demande est reçue : la collectivité répond sous un mois."),
        template="registry/privacy/ask.html",
        submit_label=_("Envoyer la demande"),
        **frame(request, found.organisation, _("Demander à ne plus apparaître")),
    )
