"""Tags with their proof, labels of the authority, and what must be renewed."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from essor.accounts.frame import PersonRequest
from essor.accounts.screens import run_form
from essor.kernel.access import access
from essor.kernel.cells import csv_response
from essor.kernel.periods import today
from essor.registry import actions_tags, links
from essor.registry.access import works_on_register
from essor.registry.forms_work import LabelForm, ReasonForm, TagForm
from essor.registry.models import LocalLabel, OrganisationTag
from essor.registry.queries_tags import Renewal, labels_given, renewals
from essor.registry.tag_words import label_of
from essor.registry.work_pages import frame_of, organisation_at_work, work_address

PROOF_FIELDS = ("origin", "since", "until", "number", "upload", "document_is_public")


def _proof(data: dict[str, Any]) -> actions_tags.Proof:
    return actions_tags.Proof(**{name: data[name] for name in PROOF_FIELDS})


@access(works_on_register)
def tag_put(request: PersonRequest, pk: int) -> HttpResponse:
    """Put a tag on an organisation."""
    organisation = organisation_at_work(request, pk)
    authority = frame_of(request)
    posted = request.method == "POST"
    form = TagForm(request.POST if posted else None, request.FILES if posted else None, authority=authority)
    return run_form(
        request,
        form,
        lambda data: actions_tags.put_tag(request.user, authority, organisation, data["code"], _proof(data)),
        done=links.address(request, "organisation", pk),
        message=_("L’étiquette est sur la fiche."),
        page_title=_("Mettre une étiquette"),
        lead=_("À propos de « %(name)s ». Une étiquette dit ce qui la prouve, et jusqu’à quand elle vaut.")
        % {"name": organisation.name},
        submit_label=_("Mettre l’étiquette"),
    )


def _tag(request: PersonRequest, tag_id: int) -> OrganisationTag:
    """A tag with its proof, on an organisation of the territory."""
    rows = OrganisationTag.objects.select_related("proof__document", "organisation")
    tag = get_object_or_404(rows, pk=tag_id, proof__isnull=False)
    organisation_at_work(request, tag.organisation_id)
    return tag


@access(works_on_register)
def tag_renew(request: PersonRequest, tag_id: int) -> HttpResponse:
    """Change the validity and the proof of a tag."""
    tag, authority = _tag(request, tag_id), frame_of(request)
    posted = request.method == "POST"
    form = TagForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        authority=authority,
        fixed=True,
        initial={
            "origin": tag.proof.origin,
            "number": tag.proof.number,
            "since": tag.since,
            "until": tag.until,
            "document_is_public": tag.proof.document_is_public,
            "seen": tag.proof.version,
        },
    )
    return run_form(
        request,
        form,
        lambda data: actions_tags.renew_tag(request.user, authority, tag, _proof(data), seen=data["seen"]),
        done=links.address(request, "organisation", tag.organisation_id),
        message=_("L’étiquette est à jour."),
        page_title=_("Renouveler « %(tag)s »") % {"tag": label_of(tag.code)},
        lead=_("À propos de « %(name)s ».%(kept)s")
        % {
            "name": tag.organisation.name,
            "kept": _(" Sans nouvelle pièce, « %(document)s » reste.") % {"document": tag.proof.document.name}
            if tag.proof.document
            else "",
        },
        submit_label=_("Enregistrer l’étiquette"),
    )


@access(works_on_register)
def tag_withdraw(request: PersonRequest, tag_id: int) -> HttpResponse:
    """End a tag today."""
    tag, authority = _tag(request, tag_id), frame_of(request)
    return run_form(
        request,
        ReasonForm(request.POST if request.method == "POST" else None),
        lambda data: actions_tags.withdraw_tag(request.user, authority, tag, reason=data["reason"]),
        done=links.address(request, "organisation", tag.organisation_id),
        message=_("L’étiquette est terminée : elle reste sur la fiche, marquée comme telle."),
        template="accounts/danger_form.html",
        page_title=_("Mettre fin à « %(tag)s »") % {"tag": label_of(tag.code)},
        lead=_("À propos de « %(name)s ».") % {"name": tag.organisation.name},
        submit_label=_("Mettre fin à l’étiquette"),
    )


@access(works_on_register)
@require_safe
def tag_renewals(request: PersonRequest) -> HttpResponse:
    """Tags that end soon, or ended in the year."""
    authority = frame_of(request)
    rows = renewals(authority, today())
    context = {
        "page_title": _("Étiquettes à renouveler"),
        "lead": _(
            "Celles que votre collectivité a mises et qui finissent dans les six mois, ou ont fini depuis un an."
        ),
        "rows": [
            {
                "renewal": row,
                "organisation_url": links.address(request, "organisation", row.proof.tag.organisation_id),
                "renew_url": work_address(authority, "tag-renew", row.proof.tag_id),
            }
            for row in rows
        ],
        "count": len(rows),
        "count_words": _("étiquette,étiquettes"),
        "csv_url": work_address(authority, "tag-renewals-csv"),
        "labels_url": work_address(authority, "labels") if authority else "",
    }
    return render(request, "registry/upkeep/renewals.html", context)


@access(works_on_register)
@require_safe
def tag_renewals_csv(request: PersonRequest) -> StreamingHttpResponse:
    """The same in a sheet."""
    head = [
        "organisation",
        "numero_fiche",
        "etiquette",
        "numero",
        "origine",
        "debut",
        "fin",
        "jours_restants",
    ]
    return csv_response("etiquettes-a-renouveler", head, map(_line, renewals(frame_of(request), today())))


def _line(row: Renewal) -> list[object]:
    tag, proof = row.proof.tag, row.proof
    said = [tag.organisation.name, tag.organisation_id, row.label, proof.number, proof.origin]
    return [*said, tag.since, tag.until, row.days_left]


@access(works_on_register)
def labels(request: PersonRequest) -> HttpResponse:
    """The labels that the authority gives: named here, retired here."""
    authority = frame_of(request)
    if authority is None:
        raise Http404(_("Un label appartient à une collectivité : ouvrez la page de la vôtre."))
    return run_form(
        request,
        LabelForm(request.POST if request.method == "POST" else None),
        lambda data: actions_tags.name_label(request.user, authority, data["name"], data["description"]),
        done=work_address(authority, "labels"),
        message=_("Le label est dans la liste des étiquettes."),
        template="registry/upkeep/labels.html",
        page_title=_("Labels de la collectivité"),
        labels=[
            (label, work_address(authority, "label-retire", label.pk)) for label in labels_given(authority)
        ],
        submit_label=_("Créer le label"),
        renewals_url=work_address(authority, "tag-renewals"),
    )


@access(works_on_register)
@require_POST
def label_retire(request: PersonRequest, label_id: int) -> HttpResponse:
    """Take a label out of the list."""
    authority = frame_of(request)
    label = get_object_or_404(LocalLabel, pk=label_id, authority=authority)
    actions_tags.retire_label(request.user, label)
    return HttpResponseRedirect(work_address(authority, "labels"))
