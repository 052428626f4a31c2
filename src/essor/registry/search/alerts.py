"""E-mails about saved searches: organisations that answer to one and did not the last time it was looked at."""

import zlib
from datetime import datetime

import numpy as np
import numpy.typing as npt
from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import ngettext

from essor.kernel import outbox
from essor.kernel.mailing import whole
from essor.kernel.periods import day_of
from essor.kernel.tick import every
from essor.registry import list_query, queries
from essor.registry.filters import Filters
from essor.registry.models import Edition, SavedSearch, SearchPending
from essor.registry.overlay_rows import lay_on_rows

NAMED = 20  # organisations that a message names
Ids = npt.NDArray[np.int64]


def pack(ids: Ids) -> bytes:
    """Ids in a few bytes: the steps from one to the next, compressed."""
    steps = np.diff(np.unique(ids), prepend=0).astype("<i8")
    return zlib.compress(steps.tobytes())


def unpack(data: bytes) -> Ids:
    """What `pack` packed; nothing for nothing."""
    if not data:
        return np.zeros(0, dtype=np.int64)
    found: Ids = np.cumsum(np.frombuffer(zlib.decompress(bytes(data)), dtype="<i8")).astype(np.int64)
    return found


def load_mark(edition: Edition | None) -> str:
    """What tells one load of the register from another."""
    return f"{edition.pk}@{edition.loaded_at:%Y%m%d%H%M%S%f}" if edition and edition.loaded_at else ""


def filters_of(search: SavedSearch, day: datetime) -> Filters:
    """The filters that the search asks for, in the frame it was saved in."""
    home = search.authority.territory if search.authority else None
    return list_query.read(QueryDict(search.query), home, day_of(day)).filters


def address(search: SavedSearch) -> str:
    """The list with the search."""
    if search.authority is None:
        path = reverse("registry:list")
    else:
        path = reverse("authority-registry:list", args=[search.authority.slug])
    return f"{path}?{search.query}" if search.query else path


@every("minute", "registry.search_alerts")
def after_edition(now: datetime) -> int:
    """Tell those who want it as soon as an edition is in force and the index has taken it in; how many were told."""
    edition = queries.edition_in_force()
    mark = load_mark(edition)
    if not mark or SearchPending.objects.filter(organisation_id=None).exists():
        return 0
    asked = SavedSearch.objects.filter(alert=SavedSearch.Alert.EDITION).exclude(checked_version=mark)
    return _tell_all(asked, mark, now)


@every("week", "registry.search_digest")
def weekly(now: datetime) -> int:
    """Tell those who want it once a week; how many were told."""
    mark = load_mark(queries.edition_in_force())
    return _tell_all(SavedSearch.objects.filter(alert=SavedSearch.Alert.WEEKLY), mark, now) if mark else 0


def _tell_all(searches: QuerySet[SavedSearch], mark: str, now: datetime) -> int:
    rows = searches.filter(user__is_active=True).select_related("user", "authority__territory")
    return sum(_tell(search, mark, now) for search in rows.order_by("pk"))


def _tell(search: SavedSearch, mark: str, now: datetime) -> bool:
    """Write the message when there is something new, and remember what was told, together."""
    ids, known = queries.matching_ids(filters_of(search, now)), unpack(search.known)
    new = np.setdiff1d(ids, known)
    with transaction.atomic():
        mine = SavedSearch.objects.select_for_update().filter(pk=search.pk, alert=search.alert)
        if not mine.filter(known=search.known).exists():
            return False  # told by another process, or no longer asked for
        values = {"checked_version": mark, "known": pack(np.union1d(ids, known))}
        if not len(new):
            mine.update(**values)
            return False
        _post(search, new)
        mine.update(**values, told_at=now)
    return True


def _post(search: SavedSearch, new: Ids) -> None:
    found = queries.public_facts().filter(pk__in=new[: 10 * NAMED].tolist()).select_related("commune")
    rows = list(found.order_by("organisation__sort_key", "pk")[:NAMED])
    lay_on_rows(rows)
    named = [
        {
            "name": row.name,
            "commune": row.commune.name if row.commune else "",
            "url": whole(reverse("registry:organisation", args=[row.pk])),
        }
        for row in rows
    ]
    heading = ngettext(
        "%(count)s nouvelle organisation pour « %(name)s »",
        "%(count)s nouvelles organisations pour « %(name)s »",
        len(new),
    ) % {"count": len(new), "name": search.name}
    stop_url = whole(reverse("registry:search-stop", args=[search.token]))
    context = {
        "heading": heading,
        "rows": named,
        "more": len(new) - len(named),
        "list_url": whole(address(search)),
        "stop_url": stop_url,
    }
    outbox.post(search.user.email, heading, "registry/mail/search_alert", context, stop_url=stop_url)
