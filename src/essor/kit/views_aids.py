"""The aids: list, page of an aid, lists given by those who keep the common contents."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from essor.kernel import goals
from essor.kernel.access import access, everyone
from essor.kernel.french import day
from essor.kernel.periods import today
from essor.kit import aids_list
from essor.kit.access_aids import imports_aids
from essor.kit.actions_aids import give_list
from essor.kit.enums_aids import LinkState
from essor.kit.forms_aids import AidListForm
from essor.kit.goals.links import shown_goals
from essor.kit.links_support import address
from essor.kit.models.aids import Aid, AidImport

PAGE = 25
LAST_IMPORTS = 20


@access(everyone)
@require_safe
def aids(request: HttpRequest) -> HttpResponse:
    """The aids open today, those that close first before the others; the closed ones when asked."""
    asked = aids_list.read(request.GET)
    day_read = today()
    rows = aids_list.found(asked, day_read).order_by(F("deadline").asc(nulls_last=True), "sort_key", "pk")
    page = Paginator(rows.defer("search_text"), PAGE).get_page(request.GET.get("page"))
    query = aids_list.address_of(asked)
    context = {
        "page_title": _("Aides publiques"),
        "asked": asked,
        "page_obj": page,
        "count": page.paginator.count,
        "count_words": _("aide,aides"),
        "facets": aids_list.facets(asked, day_read),
        "switches": [(name, label, name in asked.yes) for name, label in aids_list.YES.items()],
        "chips": aids_list.chips(asked, request.path),
        "rows": [_line(request, aid) for aid in page],
        "place_written": asked.unknown or (asked.place.name if asked.place else ""),
        "suggestions_url": reverse("territories:suggestions"),
        "import_url": reverse("kit:aid-lists") if imports_aids(request) else "",
        "support_url": address(request, "support"),
        "alert_url": address(request, "aid-alert-new") + (f"?{query}" if query else ""),
        "alerts_url": address(request, "aid-alerts") if request.user.is_authenticated else "",
        "is_empty": not page.paginator.count and not Aid.objects.exists(),
    }
    return render(request, "kit/support/aids.html", context)


def _line(request: HttpRequest, aid: Aid) -> dict[str, Any]:
    return {
        "aid": aid,
        "url": address(request, "aid", aid.pk),
        "audiences": aid.audience_labels(),
        "financers": ", ".join(aid.financers),
        "when": when(aid),
        "is_closed": aid.is_closed(today()),
        "is_dead": aid.link_state in (LinkState.DEAD, LinkState.UNREADABLE),
        "dead_words": dead_words(aid.link_state, aid.link_checked_on),
        "is_new": aid.is_news and aid.first_seen_on >= today() - timedelta(days=aids_list.NEW_DAYS),
    }


def dead_words(state: str, checked_on: date | None) -> str:
    """« Lien mort, vérifié le 3 mars 2026 »; nothing for an address that may answer."""
    if state == LinkState.UNREADABLE:
        return _("Adresse illisible dans la liste")
    if state != LinkState.DEAD:
        return ""
    return _("Lien mort, vérifié le %(day)s") % {"day": day(checked_on)} if checked_on else _("Lien mort")


def when(aid: Aid) -> str:
    """Until when the aid can be asked for, in words."""
    if aid.gone_on is not None:
        return _("Retirée de sa liste le %(day)s") % {"day": day(aid.gone_on)}
    if aid.deadline is None:
        return _("Sans date de clôture")
    if aid.deadline < today():
        return _("Close depuis le %(day)s") % {"day": day(aid.deadline)}
    return _("Jusqu’au %(day)s") % {"day": day(aid.deadline)}


@access(everyone)
@require_safe
def aid_page(request: HttpRequest, pk: int) -> HttpResponse:
    """An aid: for whom, until when, from whom, what it brings, its own page."""
    aid = get_object_or_404(Aid, pk=pk)
    shown = _line(request, aid)
    context = shown | {
        "page_title": aid.name,
        "crumbs": [
            {"label": _("Aides publiques"), "url": address(request, "aids")},
            {"label": aid.name, "url": ""},
        ],
        "kind": _("Appel à projets") if aid.is_call else _("Aide publique"),
        "state": _("Close") if shown["is_closed"] else _("Ouverte"),
        "state_tone": "no" if shown["is_closed"] else "ok",
        "goals": shown_goals(request, goals.read(aid.goal_codes)),
        "goals_url": reverse("kit:aid-goals", args=[pk]) if imports_aids(request) else "",
        "paragraphs": [part for part in aid.description.split("\n") if part.strip()],
        "facts": _facts(aid),
    }
    return render(request, "kit/support/aid.html", context)


def _facts(aid: Aid) -> list[dict[str, Any]]:
    link = aid.get_link_state_display()
    if aid.link_checked_on:
        link = _("%(state)s (vérifié le %(day)s)") % {"state": link, "day": day(aid.link_checked_on)}
    return [
        {"label": _("Pour qui"), "value": ", ".join(aid.audiences)},
        {"label": _("Quand"), "value": when(aid), "note": aid.get_recurrence_display() or ""},
        {"label": _("Ouverture"), "value": day(aid.opens_on) if aid.opens_on else ""},
        {"label": _("Financeurs"), "value": ", ".join(aid.financers)},
        {"label": _("Nature"), "value": ", ".join(aid.kinds)},
        {"label": _("Thèmes"), "value": ", ".join(aid.themes)},
        {"label": _("Territoire"), "value": aid.perimeter},
        {"label": _("Lien"), "value": link},
        {
            "label": _("Source"),
            "value": aid.source,
            "note": _("liste du %(day)s") % {"day": day(aid.seen_on)},
        },
    ]


@access(imports_aids)
@require_http_methods(["GET", "HEAD", "POST"])
def aid_lists(request: HttpRequest) -> HttpResponse:
    """The lists read, and a new one to give."""
    form = AidListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            job = give_list(
                request.user.pk,
                said["source"],
                said["file"],
                said["day"],
                is_complete=said["is_complete"],
                all_or_nothing=said["all_or_nothing"],
            )
            return HttpResponseRedirect(reverse("job", args=[job.pk]))
        except ValidationError as error:
            _add_errors(form, error)
    context = {
        "page_title": _("Listes d’aides"),
        "form": form,
        "submit_label": _("Déposer et lire"),
        "cancel_url": reverse("kit:aids"),
        "imports": AidImport.objects.defer("rejected")[:LAST_IMPORTS],
    }
    return render(request, "kit/support/aid_lists.html", context)


def _add_errors(form: AidListForm, error: ValidationError) -> None:
    if hasattr(error, "error_dict"):
        for name, errors in error.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
    else:
        form.add_error("file", error)


@access(imports_aids)
@require_safe
def aid_list(request: HttpRequest, pk: int) -> HttpResponse:
    """A list that was given: counts, rows refused and why."""
    given = get_object_or_404(AidImport, pk=pk)
    context = {
        "page_title": given.source,
        "crumbs": [
            {"label": _("Listes d’aides"), "url": reverse("kit:aid-lists")},
            {"label": given.source, "url": ""},
        ],
        "given": given,
    }
    return render(request, "kit/support/aid_list.html", context)
