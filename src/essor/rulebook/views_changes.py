"""What changes in the law: the page, and the feed that others follow."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from essor.kernel.access import access
from essor.kernel.periods import today
from essor.law.changes import Change, changes_between
from essor.rulebook import changes_feed
from essor.rulebook.access import everyone
from essor.rulebook.days import GUIDES, month_before, read_day, year_after, year_before
from essor.rulebook.links import address, canonical, pages_of
from essor.rulebook.local_law import version
from essor.rulebook.models import LocalLegalValue
from essor.rulebook.values_list import Shown, shown

FEED_AGE = 900  # seconds during which a reader need not ask again


@dataclass(frozen=True)
class Day:
    """The changes of a day."""

    day: date
    changes: list[Shown]


@access(everyone)
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """What changed since a day, and what will change in the twelve months to come."""
    now = today()
    since = read_day(request.GET.get("depuis", "")) or year_before(now)
    found = changes_between(since, year_after(now))
    pages = pages_of(request)
    context = {
        "page_title": _("Ce qui change dans le droit"),
        "since": since,
        "today": now,
        "wrong_day": bool(request.GET.get("depuis")) and read_day(request.GET["depuis"]) is None,
        "presets": _presets(since, now),
        "soon": _by_day([change for change in found if change.day > now], pages),
        "past": _by_day([change for change in found if change.day <= now], pages)[::-1],
        "count": sum(change.day <= now for change in found),
        "values_url": address(request, "values"),
        "feed_url": address(request, "changes-feed"),
        "canonical_url": canonical(request, "changes"),
    }
    return render(request, "rulebook/values/changes.html", context)


def _by_day(found: list[Change], pages: Callable[[str], str]) -> list[Day]:
    return [Day(day, shown(mine, pages)) for day, mine in groupby(found, key=lambda change: change.day)]


def _presets(since: date, now: date) -> list[dict[str, Any]]:
    choices = [
        (month_before(now), _("depuis un mois")),
        (year_before(now), _("depuis un an")),
        *((date(year, 1, 1), _("depuis les guides de %(year)s") % {"year": year}) for year in GUIDES),
    ]
    return [
        {"label": label, "url": f"?depuis={day.isoformat()}", "current": day == since}
        for day, label in choices
    ]


class _Asked:
    """What the feed holds on the day of the request, computed once for its validators and its body."""

    def __init__(self, request: HttpRequest) -> None:
        self.today = today()
        self.since = read_day(request.GET.get("depuis", "")) or year_before(self.today)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        return changes_between(self.since, year_after(self.today))

    @cached_property
    def written(self) -> dict[tuple[str, date], datetime]:
        """Moments at which local values were written or withdrawn, by parameter and day: one query."""
        rows = LocalLegalValue.objects.values_list("parameter", "start").annotate(
            Max("created_at"), Max("withdrawn_at")
        )
        return {
            (parameter, start): max(moment for moment in (created, withdrawn) if moment)
            for parameter, start, created, withdrawn in rows.order_by()
        }

    @cached_property
    def updated(self) -> datetime:
        """The newest moment of all that the feed says, withdrawals included."""
        entries = [changes_feed.updated_at(change, self.today, self.written) for change in self.changes]
        return max([changes_feed.shipped_at(), *entries, *self.written.values()])


def _asked(request: HttpRequest) -> _Asked:
    found: _Asked | None = getattr(request, "asked_changes", None)
    if found is None:
        found = _Asked(request)
        request.asked_changes = found  # type: ignore[attr-defined]
    return found


def _etag(request: HttpRequest) -> str:
    asked = _asked(request)
    return changes_feed.etag_of(asked.since, asked.today, version(), request.get_full_path())


def _last_modified(request: HttpRequest) -> datetime:
    return _asked(request).updated


@access(everyone)
@require_safe
@condition(etag_func=_etag, last_modified_func=_last_modified)
def feed(request: HttpRequest) -> HttpResponse:
    """The changes as an Atom feed, from `?depuis=` (a year ago) to a year ahead; answers 304 when nothing changed."""
    asked = _asked(request)
    text = changes_feed.write(
        asked.changes,
        today=asked.today,
        page=canonical(request, "changes"),
        address=request.build_absolute_uri(),
        values={change.parameter: canonical(request, "value", change.parameter) for change in asked.changes},
        written=asked.written,
        updated=asked.updated,
    )
    response = HttpResponse(text, content_type="application/atom+xml; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={FEED_AGE}"
    return response
