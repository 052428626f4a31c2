"""Adding an organisation that no source knows: what looks like it is shown first."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from essor.accounts.frame import PersonRequest
from essor.accounts.screens import add_errors
from essor.kernel.access import access
from essor.registry import links
from essor.registry.access import works_on_register
from essor.registry.actions_additions import NewOrganisation, add_organisation
from essor.registry.forms_work import ASKED, AddForm
from essor.registry.queries_duplicates import Alike, look_alikes
from essor.registry.work_pages import frame_of

FACTS = (
    "name", "acronym", "legal_form", "commune", "address", "postal_code", "sector", "purpose", "website", "created_on",
    "siren", "rna", "statement", "source",
)  # fmt: skip


@access(works_on_register)
def add(request: PersonRequest) -> HttpResponse:
    """The form; when something looks alike, the agent says that it is another before it is added."""
    posted = request.POST if request.method == "POST" else None
    form = AddForm(posted)
    alikes: list[Alike] = []
    if posted is not None and form.is_valid():
        data = form.cleaned_data
        alikes = look_alikes(data["name"], data["commune"], {"siren": data["siren"], "rna": data["rna"]})
        if alikes and posted.get("distinct") != "on":
            form = AddForm(posted, alikes=True)
        else:
            try:
                made = add_organisation(request.user, frame_of(request), new_organisation(data))
            except ValidationError as error:
                add_errors(form, error)
            else:
                messages.success(request, _("« %(name)s » est au registre.") % {"name": made.name})
                return HttpResponseRedirect(links.address(request, "organisation", made.pk))
    context = {
        "page_title": _("Ajouter une organisation"),
        "lead": _(
            "Pour un collectif, un groupe-projet, une association trop récente : ce qu’aucune source publique ne "
            "connaît encore. Elle paraît aussitôt au registre, marquée comme ajoutée par votre collectivité."
        ),
        "form": form,
        "alikes": [(each, links.address(request, "organisation", each.facts.pk)) for each in alikes],
        "certain": any(each.certain for each in alikes),
        "submit_label": _("Ajouter au registre"),
        "cancel_url": links.address(request, "list"),
    }
    return render(request, "registry/upkeep/add.html", context, status=422 if form.errors else 200)


def new_organisation(data: dict[str, Any]) -> NewOrganisation:
    """What the form says, for the action."""
    answers = {code: data[code] for code in ASKED if data.get(code) in ("yes", "no")}
    return NewOrganisation(**{name: data[name] for name in FACTS}, answers=answers)
