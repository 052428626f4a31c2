"""« Chez nous »: what an authority adds to a fiche, shown in its own frame only."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from essor.accounts.access import agent_of_authority
from essor.kernel.access import access
from essor.kit import fiche_links as links
from essor.kit import library
from essor.kit.editing import actions
from essor.kit.editing.actions import LONGEST_NOTE, ChangedMeanwhileError, Thing
from essor.kit.editing.differences import differences
from essor.kit.editing.forms import LIVE
from essor.kit.editing.screens import me, preview, told
from essor.kit.editing.told import told as in_words
from essor.kit.models.content import ContentKind, ContentVersion


class NoteForm(forms.Form):
    """What an authority says of a fiche."""

    body = forms.CharField(
        label=_("Chez nous"),
        help_text=_("Vos contacts, vos exemples, votre façon de faire. Vide : rien n’est montré."),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12, **LIVE}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)


@access(agent_of_authority)
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, code: str) -> HttpResponse:
    """Write « Chez nous » on a fiche; its versions below, each to take again."""
    fiche = library.fiches().get(code)
    if fiche is None:
        raise Http404(_t("Cette fiche n’existe pas : choisissez-la dans le sommaire de la boîte à outils."))
    thing = Thing(ContentKind.NOTE, code, getattr(request, "authority", None))
    latest = thing.latest()
    form, change = _form(request, thing, latest), None
    if request.method == "POST" and "apercu" in request.POST:
        body = request.POST.get("body", "")
        if request.headers.get("HX-Request"):
            return render(request, "kit/editing/preview.html", {"preview": preview(request, body)})
        form = NoteForm(initial={"body": body, "seen": request.POST.get("seen", 0)})
    elif request.method == "POST" and form.is_valid():
        try:
            actions.write_note(me(request), thing, form.cleaned_data["body"], seen=form.cleaned_data["seen"])
        except ValidationError as error:
            form.add_error("body", error)
        except ChangedMeanwhileError as error:
            change = _change(thing, form, error.latest)
        else:
            messages.success(request, _t("« Chez nous » est à jour."))
            return HttpResponseRedirect(links.address(request, "kit:fiche", code=code))
    versions = list(thing.versions())
    body = str(form["body"].value() or "")
    context = {
        "page_title": _t("Chez nous : %s") % fiche.title,
        "crumbs": [
            {"label": fiche.title, "url": links.address(request, "kit:fiche", code=code)},
            {"label": _t("Chez nous"), "url": ""},
        ],
        "lead": _t("Ces lignes sont lues dans vos pages et dans vos PDF, pas chez les autres collectivités."),
        "form": form,
        "change": change,
        "preview": preview(request, body) if body else "",
        "told": told(versions),
        "submit_label": _t("Mettre en ligne"),
        "cancel_url": links.address(request, "kit:fiche", code=code),
        "note_url": links.address(request, "kit-authority:note", code=code),
    }
    return render(request, "kit/editing/note.html", context)


def _form(request: HttpRequest, thing: Thing, latest: ContentVersion | None) -> NoteForm:
    """The form, from the version in force or from the one that the address names."""
    asked = request.GET.get("version", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0
    taken = thing.versions().filter(number=number).first() if number else latest
    initial = {"body": taken.text if taken else "", "seen": latest.number if latest else 0}
    return NoteForm(request.POST if request.method == "POST" else None, initial=initial)


def _change(thing: Thing, form: NoteForm, latest: ContentVersion) -> Any:
    """What somebody else wrote meanwhile; sending again keeps what the second one wrote."""
    read = thing.versions().filter(number=form.cleaned_data["seen"]).first()
    before, after = (in_words(thing.kind, each.text if each else "") for each in (read, latest))
    form.add_error(
        None,
        _t("Quelqu’un a écrit pendant que vous écriviez. Reportez ce qu’il faut garder, puis enregistrez."),
    )
    form.data = form.data.copy()  # type: ignore[assignment]
    form.data["seen"] = str(latest.number)  # type: ignore[index]
    return told([latest])[0], differences(before, after)
