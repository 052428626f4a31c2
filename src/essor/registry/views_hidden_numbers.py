"""Numbers hidden before the register has their organisation: which there are, and showing one again when it comes."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from essor.accounts.frame import FramedRequest
from essor.accounts.rights import rights_of
from essor.accounts.screens import run_form
from essor.kernel.access import access
from essor.kernel.french import day
from essor.kernel.periods import day_of, today
from essor.registry import actions_privacy
from essor.registry.access import handles_requests
from essor.registry.forms_people import FindHiddenForm, ReasonForm
from essor.registry.models import HidingRequest

PAGE_SIZE = 50


@access(handles_requests)
def hidden_numbers(request: FramedRequest) -> HttpResponse:
    """The authority's hidden numbers, all of them for the administration; one number is looked for by its mark.

    The number is sent, never written in the address: it is what somebody asked not to show.
    """
    everywhere = rights_of(request).is_installation_admin
    rows = actions_privacy.hidden_numbers(request.authority, everywhere=everywhere)
    form = FindHiddenForm(request.POST or None)
    found = request.method == "POST" and form.is_valid()
    if found:
        rows = rows.filter(identifier_hash=actions_privacy.identifier_hash(form.cleaned_data["number"]))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    slug = request.authority.slug
    context = {
        "page_title": _("Numéros masqués"),
        "crumbs": _crumbs(slug),
        "form": form,
        "found": found,
        "rows": [
            {"row": row, "url": reverse("request-hidden-number", args=[slug, row.pk])}
            for row in page.object_list
        ],
        "page_obj": page,
        "count": page.paginator.count,
        "count_words": _("numéro"),
        "all_url": request.path,
    }
    return render(
        request, "registry/requests/hidden_numbers.html", context, status=422 if form.errors else 200
    )


def _crumbs(slug: str, name: str = "") -> list[dict[str, str]]:
    here = {
        "label": _("Numéros masqués"),
        "url": reverse("request-hidden-numbers", args=[slug]) if name else "",
    }
    crumbs = [{"label": _("Demandes"), "url": reverse("requests", args=[slug])}, here]
    return [*crumbs, {"label": name, "url": ""}] if name else crumbs


@access(handles_requests)
def hidden_number(request: FramedRequest, pk: int) -> HttpResponse:
    """Lift the hiding of one number, with a reason."""
    waiting = HidingRequest.objects.filter(state=HidingRequest.State.ACCEPTED, organisation__isnull=True)
    row = get_object_or_404(waiting.select_related("decided_for"), pk=pk)
    if not actions_privacy.may_lift_number(request.user, row, today()):
        raise PermissionDenied
    slug = request.authority.slug
    hidden_on = day(day_of(row.decided_at)) if row.decided_at else ""
    return run_form(
        request,
        ReasonForm(request.POST or None),
        lambda data: actions_privacy.lift_number(request.user, request.authority, row, data["reason"]),
        done=reverse("request-hidden-numbers", args=[slug]),
        message=_("Le masquage est levé : l’organisation sera publique quand une édition l’amènera."),
        page_title=_("Lever le masquage d’un numéro"),
        crumbs=_crumbs(slug, _("Lever le masquage")),
        lead=_("Numéro masqué le %(day)s, pour ce motif : « %(reason)s ».")
        % {"day": hidden_on, "reason": row.reason},
        submit_label=_("Lever le masquage"),
    )
