"""Writing the profile of an organisation, and settling what the open data contradict."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from essor.accounts.frame import PersonRequest
from essor.accounts.screens import add_errors, run_form
from essor.kernel.access import access
from essor.registry import actions_profile as actions
from essor.registry import links, profile_rules, profiles
from essor.registry.access import writes_organisation
from essor.registry.forms_people import ProfileForm
from essor.registry.models import ProfileField
from essor.registry.people_parts import profile_panel
from essor.registry.people_screens import found_or_404, frame


@access(writes_organisation)
@never_cache
def profile_edit(request: PersonRequest, pk: int) -> HttpResponse:
    """Write the profile; the button « Aperçu » shows the page's block without keeping anything."""
    found = found_or_404(pk)
    entries = profiles.entries_of(pk)
    form = ProfileForm(request.POST or None, request.FILES or None, entries=entries)
    preview = None
    if "preview" in request.POST and form.is_valid():
        preview = _preview(form)
    percent, lacking = profile_rules.completeness({field: entry.value for field, entry in entries.items()})
    context: dict[str, Any] = {
        "entries": entries.values(),
        "conflicts": profiles.conflicts(entries, found.facts),
        "percent": percent,
        "lacking": [ProfileField(field).label for field in lacking],
        "preview": preview,
        "submit_label": _("Publier"),
    }
    context |= frame(request, found.organisation, _("Décrire l’organisation"))
    template = "registry/profile/edit.html"
    if preview is not None:
        return render(request, template, {"form": form, **context})

    def save(data: dict[str, Any]) -> None:
        logo, seen = data.pop("logo_file", None), data.pop("seen", None)
        actions.write_profile(request.user, found.organisation, data, logo=logo, seen=seen)

    return run_form(
        request,
        form,
        save,
        done=links.address(request, "organisation", pk),
        message=_("La page de l’organisation est à jour."),
        template=template,
        **context,
    )


def _preview(form: ProfileForm) -> dict[str, Any]:
    """The block of the page as it would be; what would be refused is left out of it, and told at its field."""
    written: dict[str, str] = {}
    for field in ProfileField.values:
        try:
            written[field] = actions.clean(field, str(form.cleaned_data.get(field) or ""))
        except ValidationError as error:
            written[field] = ""
            add_errors(form, error)
    return profile_panel(written)


@access(writes_organisation)
@require_POST
def profile_conflict(request: PersonRequest, pk: int) -> HttpResponse:
    """Keep the profile's word, or take over the open data's."""
    found = found_or_404(pk)
    keep = request.POST.get("choice") == "keep"
    try:
        actions.settle_conflict(request.user, found.organisation, request.POST.get("field", ""), keep=keep)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(
            request, _("Le profil est maintenu.") if keep else _("Les données publiques sont reprises.")
        )
    return HttpResponseRedirect(links.address(request, "profile", pk))
