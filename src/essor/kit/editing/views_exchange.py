"""Corrections that leave as files, and those that come."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from essor.accounts.access import content_editor
from essor.kernel.access import access
from essor.kernel.periods import today
from essor.kit.editing.exchange import export_all, import_all
from essor.kit.editing.screens import me


class CorrectionsForm(forms.Form):
    """A file of corrections."""

    file = forms.FileField(
        label=_("Fichier"),
        help_text=_("Le ZIP d’une autre installation, une fiche .md ou une recette .yaml ; 10 Mo au plus."),
        widget=forms.ClearableFileInput(attrs={"accept": ".zip,.md,.yaml,.yml"}),
    )


@access(content_editor)
@require_safe
def texts_export(request: HttpRequest) -> HttpResponse:
    """All the corrections of the installation."""
    response = HttpResponse(export_all(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="corrections-{today().isoformat()}.zip"'
    return response


@access(content_editor)
@require_http_methods(["GET", "HEAD", "POST"])
def texts_import(request: HttpRequest) -> HttpResponse:
    """Read corrections written elsewhere: all of them or none."""
    form = CorrectionsForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            done = import_all(me(request), upload.name, upload.read())
        except ValidationError as error:
            form.add_error("file", error)
        else:
            messages.success(
                request,
                _t("%(corrected)s textes corrigés, %(same)s disaient déjà la même chose.")
                % {"corrected": len(done.corrected), "same": len(done.same)},
            )
            return HttpResponseRedirect(reverse("kit-admin:texts"))
    context = {
        "page_title": _t("Importer des corrections"),
        "lead": _t(
            "Chaque texte lu devient une version, en ligne aussitôt. Une seule faute, et rien n’est changé."
        ),
        "form": form,
        "submit_label": _t("Lire et mettre en ligne"),
        "cancel_url": reverse("kit-admin:texts"),
    }
    return render(request, "kernel/form_page.html", context)
