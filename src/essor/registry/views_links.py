"""Successions, groups, closing: the screens."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from essor.accounts.frame import PersonRequest
from essor.accounts.screens import run_form
from essor.kernel.access import access
from essor.registry import actions_links, links
from essor.registry.access import works_on_register
from essor.registry.forms_work import LinkForm, ReasonForm, StateForm
from essor.registry.models import Organisation, OrganisationLink
from essor.registry.work_pages import frame_of, organisation_at_work


@access(works_on_register)
def link_add(request: PersonRequest, pk: int) -> HttpResponse:
    """Tie the organisation to another one."""
    organisation = organisation_at_work(request, pk)
    posted = request.method == "POST"
    form = LinkForm(request.POST if posted else None, request.FILES if posted else None)

    def act(data: dict[str, Any]) -> None:
        # It succeeds to the other: the other is the source. It belongs to the other: the other is the target.
        from_here = data["way"] in ("precedes", "belongs")
        source, target = (organisation, data["other"]) if from_here else (data["other"], organisation)
        new = actions_links.NewLink(
            kind=data["kind"],
            source=source,
            target=target,
            day=data["day"],
            note=data["note"],
            upload=data["upload"],
            document_is_public=data["document_is_public"],
        )
        actions_links.link(request.user, frame_of(request), new)

    return run_form(
        request,
        form,
        act,
        done=links.address(request, "organisation", pk),
        message=_("Le lien est sur les deux fiches."),
        page_title=_("Relier à une autre organisation"),
        lead=_("À propos de « %(name)s ». Les deux fiches restent, et chacune montre le lien.")
        % {"name": organisation.name},
        submit_label=_("Relier les deux fiches"),
    )


@access(works_on_register)
def link_undo(request: PersonRequest, link_id: int) -> HttpResponse:
    """Take a tie away."""
    tie = get_object_or_404(
        OrganisationLink.objects.select_related("source", "target"), pk=link_id, undone_at__isnull=True
    )
    actions_links.must_work_on_either(request.user, frame_of(request), tie.source_id, tie.target_id)
    return run_form(
        request,
        ReasonForm(request.POST if request.method == "POST" else None),
        lambda data: actions_links.undo_link(request.user, frame_of(request), tie, reason=data["reason"]),
        done=links.address(request, "organisation", tie.source_id),
        message=_("Le lien est retiré des deux fiches."),
        template="accounts/danger_form.html",
        page_title=_("Retirer un lien"),
        lead=_("%(kind)s : « %(source)s » et « %(target)s ».")
        % {"kind": tie.get_kind_display(), "source": tie.source.name, "target": tie.target.name},
        submit_label=_("Retirer le lien"),
    )


@access(works_on_register)
def state(request: PersonRequest, pk: int) -> HttpResponse:
    """Note that the organisation closed, or that it runs again."""
    organisation = organisation_at_work(request, pk)
    closing = organisation.state == Organisation.State.ACTIVE
    wanted = Organisation.State.CLOSED if closing else Organisation.State.ACTIVE
    return run_form(
        request,
        StateForm(request.POST if request.method == "POST" else None),
        lambda data: actions_links.declare_state(
            request.user, frame_of(request), organisation, state=str(wanted), **data
        ),
        done=links.address(request, "organisation", pk),
        message=_("La fermeture est notée.") if closing else _("La reprise d’activité est notée."),
        page_title=_("Noter la fermeture") if closing else _("Noter la reprise d’activité"),
        lead=_("À propos de « %(name)s ». Si une édition dit le contraire, la fiche montrera les deux.")
        % {"name": organisation.name},
        submit_label=_("Noter la fermeture") if closing else _("Noter la reprise"),
    )
