"""The aids: list, page of an aid, lists given by those who keep the common contents."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from essor.kernel.access import access, everyone
from essor.kernel.french import day
from essor.kernel.periods import today
from essor.kit.access_aids import imports_aids
from essor.kit.actions_aids import give_list
from essor.kit.enums_aids import Audience, LinkState
from essor.kit.forms_aids import AidListForm
from essor.kit.links_support import address
from essor.kit.models.aids import Aid, AidImport, AidQuerySet

PAGE = 25
LAST_IMPORTS = 20


def _asked(request: HttpRequest) -> dict[str, Any]:
    query = request.GET
    return {
        "q": query.get("q", "").strip()[:100],
        "pour": [code for code in query.getlist("pour") if code in Audience.values],
        "liste": [name[:100] for name in query.getlist("liste")[:20]],
        "closed": query.get("closes") == "oui",
        "calls": query.get("appels") == "oui",
    }


def _found(asked: dict[str, Any], but: str = "") -> AidQuerySet:
    rows: AidQuerySet = Aid.objects.matching(asked["q"])
    rows = rows.closed_on(today()) if asked["closed"] else rows.open_on(today())
    if asked["calls"]:
        rows = rows.filter(is_call=True)
    if asked["pour"] and but != "pour":
        rows = rows.for_audiences(asked["pour"])
    if asked["liste"] and but != "liste":
        rows = rows.filter(source__in=asked["liste"])
    return rows


@access(everyone)
@require_safe
def aids(request: HttpRequest) -> HttpResponse:
    """The aids open today, those that close first before the others; the closed ones when asked."""
    asked = _asked(request)
    rows = _found(asked).order_by(F("deadline").asc(nulls_last=True), "sort_key", "pk")
    page = Paginator(rows.defer("search_text"), PAGE).get_page(request.GET.get("page"))
    context = {
        "page_title": _("Aides publiques"),
        "asked": asked,
        "page_obj": page,
        "count": page.paginator.count,
        "count_words": _("aide,aides"),
        "facets": _facets(asked),
        "chips": _chips(asked, request.path),
        "rows": [_line(request, aid) for aid in page],
        "import_url": reverse("kit:aid-lists") if imports_aids(request) else "",
        "support_url": address(request, "support"),
        "is_empty": not page.paginator.count and not Aid.objects.exists(),
    }
    return render(request, "kit/support/aids.html", context)


def _facets(asked: dict[str, Any]) -> list[dict[str, Any]]:
    audiences: dict[str, int] = {}
    for codes, count in (
        _found(asked, but="pour").order_by().values_list("audience_codes").annotate(n=Count("pk"))
    ):
        for code in codes.strip("|").split("|"):
            audiences[code] = audiences.get(code, 0) + count
    lists = dict(_found(asked, but="liste").order_by().values_list("source").annotate(n=Count("pk")))
    return [
        {
            "name": "pour",
            "label": _("Pour qui"),
            "options": [
                {
                    "value": code,
                    "label": label,
                    "count": audiences.get(code, 0),
                    "selected": code in asked["pour"],
                }
                for code, label in Audience.choices
                if audiences.get(code) or code in asked["pour"]
            ],
        },
        {
            "name": "liste",
            "label": _("D’où elle vient"),
            "options": [
                {
                    "value": name,
                    "label": name,
                    "count": lists.get(name, 0),
                    "selected": name in asked["liste"],
                }
                for name in sorted({*lists, *asked["liste"]})
            ],
        },
    ]


def _chips(asked: dict[str, Any], path: str) -> list[dict[str, str]]:
    pairs = [("q", asked["q"], asked["q"])] if asked["q"] else []
    pairs += [("pour", code, str(Audience(code).label)) for code in asked["pour"]]
    pairs += [("liste", name, name) for name in asked["liste"]]
    if asked["calls"]:
        pairs.append(("appels", "oui", _("Appels à projets")))
    if asked["closed"]:
        pairs.append(("closes", "oui", _("Closes")))
    return [
        {
            "label": label,
            "remove_url": f"{path}?{urlencode([(n, v) for n, v, _label in pairs if (n, v) != (name, value)])}",
        }
        for name, value, label in pairs
    ]


def _line(request: HttpRequest, aid: Aid) -> dict[str, Any]:
    return {
        "aid": aid,
        "url": address(request, "aid", aid.pk),
        "audiences": aid.audience_labels(),
        "financers": ", ".join(aid.financers),
        "when": when(aid),
        "is_closed": aid.is_closed(today()),
        "is_dead": aid.link_state in (LinkState.DEAD, LinkState.UNREADABLE),
    }


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
