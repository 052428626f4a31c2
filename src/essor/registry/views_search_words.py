"""The words that the search knows, and its index: for the editors of contents and the administration."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from essor.accounts.access import content_editor, installation_admin
from essor.accounts.models import User
from essor.accounts.rights import rights_of
from essor.kernel import jobs
from essor.kernel.access import access
from essor.kernel.text import fold
from essor.registry import actions_search as actions
from essor.registry.forms_search import WordsForm
from essor.registry.models import SearchPending, SearchSynonym
from essor.registry.search import synonyms, wiring, writer

PAGE = 25


@access(content_editor)
@require_safe
def search_words(request: HttpRequest) -> HttpResponse:
    """All the words: the package's, and those written here in their place."""
    asked = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:100]
    own = {row.key: row for row in synonyms.written()}
    lines = [_line(line, own.pop(line.key, None), packaged=True) for line in synonyms.packaged()]
    lines += [_line(_of(row), row, packaged=False) for row in own.values()]
    shown = [line for line in lines if _speaks_of(line, asked)]
    shown.sort(key=lambda line: (line["row"] is None, line["key"]))  # what was written here first
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    context = {
        "page_title": _("Mots de la recherche"),
        "lead": _("Ce que les gens écrivent pour trouver une activité, et ce que le registre comprend."),
        "lines": page.object_list,
        "page_obj": page,
        "count": len(shown),
        "asked": asked,
        "is_admin": rights_of(request).is_installation_admin,
        "state": writer.state(),
        "problem": wiring.problem(),
        "waiting": SearchPending.objects.count(),
    }
    return render(request, "registry/search_words.html", context)


def _speaks_of(line: dict[str, Any], asked: str) -> bool:
    """True when the line holds the words, in what is looked for or in what it means."""
    return fold(asked) in fold(f"{line['words']} {line['naf']} {line['equivalents']}")


def _of(row: SearchSynonym) -> synonyms.Synonym:
    return synonyms.Synonym(row.words, tuple(row.naf), tuple(row.equivalents))


def _line(line: synonyms.Synonym, row: SearchSynonym | None, *, packaged: bool) -> dict[str, Any]:
    used = _of(row) if row else line
    return {
        "key": used.key,
        "words": used.words,
        "naf": ", ".join(used.naf),
        "equivalents": ", ".join(used.equivalents),
        "row": row,
        "packaged": packaged,
        "hidden": not used.naf and not used.equivalents,
        "edit_url": reverse("registry-admin:search-words-edit") + f"?mots={used.key.replace(' ', '+')}",
    }


@access(content_editor)
@require_http_methods(["GET", "HEAD", "POST"])
def search_words_edit(request: HttpRequest) -> HttpResponse:
    """Write the line of some words: new ones, or those that the address names."""
    key = request.GET.get("mots", "").replace("\x00", "")
    lines = {line.key: line for line in synonyms.packaged()}
    lines |= {row.key: _of(row) for row in synonyms.written()}
    line = lines.get(key)
    initial = (
        {"words": line.words, "naf": ", ".join(line.naf), "equivalents": "\n".join(line.equivalents)}
        if line
        else {}
    )
    form = WordsForm(request.POST or None, initial=initial, fixed=line is not None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.write_words(_me(request), data["words"], data["naf"], data["equivalents"])
        except ValidationError as error:
            told = error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}
            for name, texts in told.items():
                form.add_error(name if name in form.fields else None, texts)
        else:
            messages.success(request, _("Les mots sont écrits : la recherche les comprend déjà."))
            return redirect("registry-admin:search-words")
    title = _("Mots « %(words)s »") % {"words": line.words} if line else _("Ajouter des mots")
    lead = _("Sans activité ni autre mot, la ligne n’a plus d’effet.") if line else ""
    context = {
        "page_title": title,
        "form": form,
        "lead": lead,
        "cancel_url": reverse("registry-admin:search-words"),
    }
    return render(request, "kernel/form_page.html", context)


@access(content_editor)
@require_http_methods(["GET", "HEAD", "POST"])
def search_words_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a line written here."""
    row = get_object_or_404(SearchSynonym, pk=pk)
    if request.method == "POST":
        actions.remove_words(_me(request), row)
        messages.success(request, _("La ligne est retirée."))
        return redirect("registry-admin:search-words")
    packaged = any(line.key == row.key for line in synonyms.packaged())
    context = {
        "page_title": _("Retirer « %(words)s » ?") % {"words": row.words},
        "lead": _("La ligne livrée avec Essor servira de nouveau.") if packaged else "",
        "form": forms.Form(),
        "submit_label": _("Retirer la ligne"),
        "cancel_url": reverse("registry-admin:search-words"),
    }
    return render(request, "kernel/form_page.html", context)


@access(installation_admin)
@require_POST
def search_rebuild(request: HttpRequest) -> HttpResponse:
    """Have the worker make the index again."""
    job = jobs.start("registry.index", actor_id=_me(request).pk)
    return redirect("job", job_id=job.pk)


def _me(request: HttpRequest) -> User:
    return cast(User, request.user)
