"""The versions of a text: their list, the difference between two, going back, the package's text again or anew."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from essor.accounts.access import content_editor
from essor.kernel.access import access
from essor.kit.editing import actions
from essor.kit.editing.actions import ChangedMeanwhileError, Thing
from essor.kit.editing.differences import differences, threefold
from essor.kit.editing.screens import addresses, is_overtaken, me, page_of, thing_or_404, title_of, told
from essor.kit.editing.told import told as in_words
from essor.kit.front_matter import ContentError
from essor.kit.models.content import ContentVersion

MEANWHILE = "Quelqu’un vient d’écrire une autre version : relisez-la avant de recommencer."


@access(content_editor)
@require_safe
def text_versions(request: HttpRequest, what: str, code: str) -> HttpResponse:
    """All the versions of a text, and what differs between two of them."""
    thing = thing_or_404(what, code)
    versions = list(thing.versions())
    one, other = _compared(request, versions)
    context = {
        "page_title": _("Versions de « %s »") % title_of(thing),
        "crumbs": _crumbs(request, thing),
        "told": told(versions),
        "one": one,
        "other": other,
        "differences": differences(_words(thing, versions, one), _words(thing, versions, other)),
        "choices": [
            (0, _("Texte d’Essor")),
            *((each.number, _("Version %s") % each.number) for each in versions),
        ],
        "what": what,
        "code": code,
        "seen": versions[0].number if versions else 0,
        **addresses(thing),
    }
    return render(request, "kit/editing/versions.html", context)


def _compared(request: HttpRequest, versions: list[ContentVersion]) -> tuple[int, int]:
    """The numbers asked (0: the package's text); without asking, the last two."""
    known = [0, *(each.number for each in versions)]

    def asked(name: str, usual: int) -> int:
        value = request.GET.get(name, "")
        return int(value) if value.isascii() and value.isdigit() and int(value[:9]) in known else usual

    last = max(known)
    return asked("de", max(last - 1, 0)), asked("a", last)


def _words(thing: Thing, versions: list[ContentVersion], number: int) -> dict[str, list[str]]:
    found = next((each for each in versions if each.number == number), None)
    return in_words(thing.kind, found.text if found and not found.is_reset else thing.package_text)


def _crumbs(request: HttpRequest, thing: Thing) -> list[dict[str, str]]:
    return [
        {"label": title_of(thing), "url": page_of(request, thing)},
        {"label": _("Versions"), "url": ""},
    ]


def _seen(request: HttpRequest) -> int:
    value = request.POST.get("seen", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else 0


@access(content_editor)
@require_POST
def text_go_back(request: HttpRequest, what: str, code: str, number: int) -> HttpResponse:
    """Put an earlier version in force again."""
    thing = thing_or_404(what, code)
    if not thing.versions().filter(number=number).exists():
        raise Http404(_("Cette version n’existe pas."))
    try:
        actions.go_back(me(request), thing, number, seen=_seen(request))
    except ChangedMeanwhileError:
        messages.error(request, _(MEANWHILE))
    except (ContentError, ValidationError) as error:
        messages.error(request, _told_fault(error))
    else:
        messages.success(request, _("Cette version est de nouveau celle que l’on lit."))
        return HttpResponseRedirect(page_of(request, thing))
    return HttpResponseRedirect(addresses(thing)["versions_url"])


def _told_fault(error: Exception) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


@access(content_editor)
@require_http_methods(["GET", "HEAD", "POST"])
def text_reset(request: HttpRequest, what: str, code: str) -> HttpResponse:
    """Give the package's text back, after showing what goes."""
    thing = thing_or_404(what, code)
    latest = thing.latest()
    if request.method == "POST":
        return _done(request, thing, "reset")
    ours = bool(latest and not latest.is_reset)
    context = {
        "page_title": _("Revenir au texte d’Essor pour « %s » ?") % title_of(thing),
        "lead": _("Vos versions restent dans la liste : vous pourrez y revenir.")
        if ours
        else _("Le texte lu est déjà celui d’Essor."),
        "form": forms.Form(),
        "submit_label": _("Revenir au texte d’Essor"),
        "cancel_url": addresses(thing)["versions_url"],
        "differences": differences(
            in_words(thing.kind, thing.text_now()), in_words(thing.kind, thing.package_text)
        ),
        "seen": latest.number if latest else 0,
    }
    return render(request, "kit/editing/reset.html", context)


@access(content_editor)
@require_http_methods(["GET", "HEAD", "POST"])
def text_upgrade(request: HttpRequest, what: str, code: str) -> HttpResponse:
    """A new text of the package over a corrected one: who changed what, then keep, take or merge."""
    thing = thing_or_404(what, code)
    if request.method == "POST":
        return _done(request, thing, "keep" if "garder" in request.POST else "reset")
    latest = thing.latest()
    if latest is None or not is_overtaken(thing, latest):
        messages.info(request, _("Le texte d’Essor n’a pas changé depuis votre correction."))
        return HttpResponseRedirect(addresses(thing)["versions_url"])
    told_by = (latest.base_text, thing.package_text, latest.text)
    fields = threefold(*(in_words(thing.kind, text) for text in told_by))
    context: dict[str, Any] = {
        "page_title": _("Essor a changé « %s »") % title_of(thing),
        "crumbs": _crumbs(request, thing),
        "fields": fields,
        "both": [each.label for each in fields if each.who == "both"],
        "seen": latest.number,
        **addresses(thing),
    }
    return render(request, "kit/editing/upgrade.html", context)


def _done(request: HttpRequest, thing: Thing, act: str) -> HttpResponse:
    """Keep our text, or give the package's back; then the page of the text."""
    try:
        if act == "keep":
            actions.keep_ours(me(request), thing, seen=_seen(request))
            messages.success(request, _("Votre texte reste. Le prochain changement d’Essor vous sera dit."))
        else:
            actions.reset(me(request), thing, seen=_seen(request))
            messages.success(request, _("Le texte d’Essor est de nouveau celui que l’on lit."))
    except ChangedMeanwhileError:
        messages.error(request, _(MEANWHILE))
        return HttpResponseRedirect(addresses(thing)["versions_url"])
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return HttpResponseRedirect(page_of(request, thing))
