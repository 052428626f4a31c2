"""Correcting a fiche or a recipe in the screen: the list of texts, the form, its preview."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from essor.accounts.access import content_editor
from essor.kernel.access import access
from essor.kernel.periods import day_of
from essor.kit import fiche_links as links
from essor.kit import library, recipe_library
from essor.kit.editing import actions, texts
from essor.kit.editing.actions import ChangedMeanwhileError, Thing
from essor.kit.editing.differences import differences, merged
from essor.kit.editing.forms import FicheEditor
from essor.kit.editing.forms_recipe import RecipeEditor
from essor.kit.editing.in_force import digest
from essor.kit.editing.rows import Editor
from essor.kit.editing.screens import (
    addresses,
    body_of,
    is_overtaken,
    me,
    page_of,
    preview,
    thing_or_404,
    title_of,
    told,
)
from essor.kit.editing.told import told as in_words
from essor.kit.front_matter import ContentError
from essor.kit.models.content import ContentKind, ContentVersion

# Where the fields of a form stand in its page; the text, the rows and the reason have their own places.
GROUPS = {
    "head": ("title", "summary", "origin", "year", "kind", "amount", "amount_words"),
    "middle": ("needs", "helpers", "warning", "parameters", "guide", "place"),
    "filed": ("field", "levels", "sectors", "odd", "rules", "see", "fiches"),
}


@dataclass(frozen=True)
class Row:
    """A text of the list: `corrected` with its version, `overtaken` by a new text of the package, or unread."""

    title: str
    urls: dict[str, str]
    told: Any
    overtaken: bool
    unread: bool


@access(content_editor)
@require_safe
def text_list(request: HttpRequest) -> HttpResponse:
    """What was corrected here, those that a new version of Essor overtakes first; the texts that may be."""
    rows = list(
        ContentVersion.objects.filter(authority__isnull=True, is_latest=True).order_by("kind", "code")
    )
    read = {ContentKind.FICHE: library.corrected(), ContentKind.RECIPE: recipe_library.corrected()}
    found = []
    for each in told(rows):
        thing = Thing(each.version.kind, each.version.code)
        if not actions.exists(thing):
            continue
        unread = not each.version.is_reset and thing.code not in read[ContentKind(thing.kind)]
        found.append(Row(title_of(thing), addresses(thing), each, is_overtaken(thing, each.version), unread))
    found.sort(key=lambda row: (not row.overtaken, row.told.version.is_reset))
    context = {
        "page_title": _("Textes de la boîte à outils"),
        "rows": found,
        "running": sum(not row.told.version.is_reset for row in found),
        "overtaken": sum(row.overtaken for row in found),
        "fiches": [
            (each.code, each.title, addresses(Thing(ContentKind.FICHE, each.code))["edit_url"])
            for each in library.fiches().values()
        ],
    }
    return render(request, "kit/editing/texts.html", context)


@access(content_editor)
@require_http_methods(["GET", "HEAD", "POST"])
def text_edit(request: HttpRequest, what: str, code: str) -> HttpResponse:
    """The form of a fiche or of a recipe: save it, see it, add a row."""
    thing = thing_or_404(what, code)
    latest = thing.latest()
    merging = request.GET.get("fusion") == "oui" and is_overtaken(thing, latest)
    before = _before(thing, latest, merging=merging)
    make = FicheEditor if thing.kind == ContentKind.FICHE else RecipeEditor
    if request.method != "POST":
        editor: Editor = make(before, seen=latest.number if latest else 0)
        return _page(request, thing, editor, body_of(before), merging=merging)
    if "apercu" in request.POST or request.POST.get("ajouter"):
        body, guide = request.POST.get("body", ""), request.POST.get("guide", "")
        if request.headers.get("HX-Request") and "apercu" in request.POST:
            return render(request, "kit/editing/preview.html", {"preview": preview(request, body, guide)})
        return _page(request, thing, make(before, request.POST, redraw=True), body, merging=merging)
    editor = make(before, request.POST)
    if editor.is_valid():
        answer = _save(request, thing, editor, merging=merging)
        if answer is not None:
            return answer
    return _page(request, thing, editor, request.POST.get("body", ""), merging=merging)


def _before(thing: Thing, latest: ContentVersion | None, *, merging: bool) -> dict[str, Any]:
    """What the form starts from: the text in force, or what both sides wrote since the same text."""
    try:
        texts.read(thing.kind, thing.code, thing.text_now())  # one that reads no more would not fill the form
        ours = texts.parts(thing.kind, thing.text_now())
        if merging and latest is not None:
            base = texts.parts(thing.kind, latest.base_text)
            return merged(base, texts.parts(thing.kind, thing.package_text), ours)
    except ContentError:
        return texts.parts(thing.kind, thing.package_text)
    return ours


def _save(request: HttpRequest, thing: Thing, editor: Editor, *, merging: bool) -> HttpResponse | None:
    """Put the text in force and lead to its page; None when the form has something to say."""
    form = editor.form
    try:
        actions.correct(
            me(request),
            thing,
            texts.text_of(thing.kind, editor.said()),
            form.cleaned_data["reason"],
            seen=form.cleaned_data["seen"],
            rebased=merging,
        )
    except ContentError as error:
        editor.refuse(error)
    except ValidationError as error:
        form.add_error(None, error)
    except ChangedMeanwhileError as error:
        _tell_change(thing, editor, error.latest)
    else:
        messages.success(request, _("La correction est en ligne."))
        return HttpResponseRedirect(page_of(request, thing))
    return None


def _tell_change(thing: Thing, editor: Editor, latest: ContentVersion) -> None:
    """Show the second author what the first one changed; sending again keeps what the second one wrote."""
    seen = editor.form.cleaned_data["seen"]
    read = thing.versions().filter(number=seen).first()
    before = read.text if read and not read.is_reset else thing.package_text
    after = latest.text if not latest.is_reset else thing.package_text
    editor.change = (
        told([latest])[0],
        differences(in_words(thing.kind, before), in_words(thing.kind, after)),
    )
    editor.form.add_error(
        None,
        _(
            "Quelqu’un a corrigé ce texte pendant que vous écriviez. Reportez ce qu’il faut garder dans votre "
            "texte, puis enregistrez : le vôtre prendra sa place."
        ),
    )
    editor.form.data = editor.form.data.copy()
    editor.form.data["seen"] = str(latest.number)


def _page(request: HttpRequest, thing: Thing, editor: Editor, body: str, *, merging: bool) -> HttpResponse:
    latest = thing.latest()
    title = title_of(thing)
    context = {
        "page_title": _("Corriger « %s »") % title,
        "crumbs": _crumbs(request, thing, title),
        "editor": editor,
        "form": editor.form,
        "groups": {
            name: [editor.form[field] for field in fields if field in editor.form.fields]
            for name, fields in GROUPS.items()
        },
        "is_fiche": thing.kind == ContentKind.FICHE,
        "merging": merging,
        "overtaken": is_overtaken(thing, latest) and not merging,
        "latest": told([latest])[0] if latest else None,
        "preview": preview(request, body, str(editor.form["guide"].value() or "")) if body else "",
        "cancel_url": page_of(request, thing),
        **addresses(thing),
    }
    return render(request, "kit/editing/edit.html", context)


def _crumbs(request: HttpRequest, thing: Thing, title: str) -> list[dict[str, str]]:
    return [
        {"label": _("Boîte à outils"), "url": links.address(request, "kit:contents")},
        {"label": title, "url": page_of(request, thing)},
        {"label": _("Corriger"), "url": ""},
    ]


def notice(request: HttpRequest, thing: Thing) -> dict[str, Any]:
    """What the page of a fiche or of a recipe tells: that its text is ours, and to editors how to correct it.

    No query of its own: the correction in force is known with the text.
    """
    found = library if thing.kind == ContentKind.FICHE else recipe_library
    row = found.corrected().get(thing.code)
    may = content_editor(request)
    return {
        "corrected_on": day_of(row.at) if row else None,
        "overtaken": may and row is not None and row.base != digest(thing.package_text),
        "may_correct": may,
        **(addresses(thing) if may else {}),
    }
