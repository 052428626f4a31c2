"""Who followed the course in an authority, in numbers; names only of those who allowed it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from essor.accounts.models import Authority
from essor.kernel.access import access
from essor.kernel.cells import csv_response
from essor.kernel.periods import today
from essor.kit.access_course import sees_counts
from essor.kit.course.counting import GROUPS, course_counts, named_followers
from essor.kit.course.library import lessons
from essor.kit.course.rules_counts import Cell, Counts
from essor.kit.fiche_links import address


def _authority(request: HttpRequest) -> Authority:
    authority = getattr(request, "authority", None)
    if authority is None:
        raise Http404(_("Ouvrez cette page dans l’espace d’une collectivité."))
    return authority  # type: ignore[no-any-return]


def told(cell: Cell) -> str:
    """A number in words; « non montré » does not say whether it is small or would give a small one away."""
    return _("non montré") if cell.shown is None else str(cell.shown)


def _tables(counts: Counts) -> list[dict[str, Any]]:
    """The tables of the screen: title, head, rows of (label, first, second), note."""
    return [
        {
            "title": _("Par rôle"),
            "head": (_("Rôle"), _("Ont commencé"), _("Ont terminé")),
            "rows": [(str(GROUPS[key]), *map(told, pair)) for key, pair in counts.groups.items()],
        },
        {
            "title": _("Par mois"),
            "head": (_("Mois"), _("Ont commencé"), _("Ont terminé")),
            "rows": [(_month(key), *map(told, pair)) for key, pair in counts.months.items()],
        },
        {
            "title": _("Par leçon"),
            "head": (_("Leçon"), _("L’ont lue"), _("Ont réussi le quiz")),
            "rows": [
                (f"{lessons()[key].rank}. {lessons()[key].title}", *map(told, pair))
                for key, pair in counts.lessons.items()
            ],
        },
    ]


def _month(key: str) -> str:
    day = date.fromisoformat(f"{key}-01")
    return date_format(day, "F Y")


@access(sees_counts)
@require_safe
def followers(request: HttpRequest) -> HttpResponse:
    """The counts, and the names that were allowed."""
    authority = _authority(request)
    counts = course_counts(authority, today())
    context = {
        "page_title": _("Qui a suivi la formation"),
        "started": told(counts.started),
        "finished": told(counts.finished),
        "tables": _tables(counts),
        "named": named_followers(authority, today()),
        "total": len(lessons()),
        "is_empty": counts.started.shown == 0,
        "csv_url": address(request, "kit:course-followers-csv"),
        "day": today(),
    }
    return render(request, "kit/course/followers.html", context)


@access(sees_counts)
@require_safe
def followers_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same numbers as a table, without any name."""
    counts = course_counts(_authority(request), today())
    head = [_("Tableau"), _("Ligne"), _("Ont commencé ou lu"), _("Ont terminé ou réussi")]
    return csv_response(f"formation-ess-{today().isoformat()}", head, _csv_rows(counts))


def _csv_rows(counts: Counts) -> Iterator[list[str]]:
    yield [_("Ensemble"), "", told(counts.started), told(counts.finished)]
    for table in _tables(counts):
        for row in table["rows"]:
            yield [table["title"], *row]
