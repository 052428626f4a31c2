"""Reads of the register's list: one page in order, its counts, the ids of the whole set, tags, places.

The index of `search` answers; while it is missing or damaged, the database does (`queries_plain`). A list, a map and
an export that take the same `Filters` show the same organisations.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from django.db.models import Q
from django.utils.translation import gettext_lazy

from essor.registry import queries_plain as plain
from essor.registry.filters import Facets, Filters
from essor.registry.models import Edition, OrganisationFacts, OrganisationTag
from essor.registry.overlay_rows import lay_on_rows
from essor.registry.queries_edition import (
    communes_of_load,
    edition_in_force,
    public_facts,
    register_communes,
)
from essor.registry.search import reader
from essor.registry.search.select import Selection
from essor.registry.search.spelling import meant
from essor.registry.search.view import Damaged
from essor.territories.models import Territory

__all__ = [
    "PlaceLevels",
    "Spelling",
    "count",
    "edition_in_force",
    "facets",
    "is_simplified",
    "matching_ids",
    "metres",
    "place_levels",
    "public_facts",
    "register_communes",
    "search_page",
    "spelling",
    "tags_of",
]

MAX_PLACE_OPTIONS = 1500
ROW_FIELDS = (
    "organisation_id",
    "name",
    "acronym",
    "usual_name",
    "naf",
    "sector",
    "family",
    "verdict",
    "size_band",
    "size_year",
    "created_on",
    "head_office_outside",
    "commune__name",
    "commune__code",
    "commune__kind",
)


def is_simplified() -> bool:
    """True while the database answers alone: neither typos, nor words of the trades, nor corrected facts."""
    return reader.current() is None


def matching_ids(filters: Filters) -> npt.NDArray[np.int64]:
    """Ids of all the organisations of the set shown, in any order: what a map and an export take.

    At most one question to the index (two when the words are those of nearly nothing); its answer is kept, so that the
    tiles of one map ask it once. Without words, arithmetic on columns alone.
    """
    selection = _selection(filters)
    return plain.matching_ids(filters) if selection is None else selection.ids()


def facets(filters: Filters) -> Facets:
    """The list's counts."""
    selection = _selection(filters)
    return plain.facets(filters) if selection is None else selection.facets()


def count(filters: Filters) -> int:
    """How many organisations the list has."""
    selection = _selection(filters)
    return plain.count(filters) if selection is None else selection.total


def search_page(filters: Filters, total: int, start: int, size: int) -> list[OrganisationFacts]:
    """`size` rows of the list from `start` on, in order; `total` is how many there are, as `facets` counted them.

    A row that the database no longer shows is left out, whatever the index still says. Accepted corrections are
    written on the rows.
    """
    selection = _selection(filters)
    ids = plain.page_ids(filters, total, start, size) if selection is None else selection.page(start, size)
    rows = public_facts().filter(pk__in=ids).select_related("commune").only(*ROW_FIELDS)
    found = {row.pk: row for row in rows}
    lay_on_rows(found.values())
    return [found[pk] for pk in ids if pk in found]


def metres(filters: Filters, ids: Iterable[int]) -> dict[int, float]:
    """Distance of organisations from the point asked, in metres; empty when none is asked."""
    selection = _selection(filters) if filters.near else None
    return selection.metres(list(ids)) if selection else {}


@dataclass(frozen=True)
class Spelling:
    """How the words were taken: close ones were needed; another writing that the register knows, or nothing."""

    close: bool = False
    meant: str = ""


def spelling(filters: Filters) -> Spelling:
    """What to say of the words of a search."""
    selection = _selection(filters) if filters.text else None
    if selection is None or selection.hits is None:
        return Spelling()
    if selection.total and not selection.hits.close:
        return Spelling()
    return Spelling(selection.hits.close and bool(selection.total), meant(selection.view, filters.text))


def gives_more(wider: Filters, filters: Filters) -> bool:
    """True when a search gives organisations that another does not."""
    return not set(matching_ids(wider).tolist()) <= set(matching_ids(filters).tolist())


def _selection(filters: Filters) -> Selection | None:
    """The search on the index; None when there is no index that can be read.

    Kept while the index does not change: a list, its counts and its map ask for it together.
    """
    view = reader.current()
    if view is None:
        return None
    try:
        found: Selection = view.remember(("selection", filters), lambda: Selection(view, filters))
    except Damaged:
        reader.refuse(view)
        return None
    return found


def tags_of(organisation_ids: Iterable[int], filters: Filters) -> dict[int, list[OrganisationTag]]:
    """Running tags of the rows of a page, one a code."""
    running = Q(until__isnull=True) | Q(until__gt=filters.day)
    found: dict[int, list[OrganisationTag]] = {}
    for tag in OrganisationTag.objects.filter(running, organisation__in=list(organisation_ids)).order_by(
        "code", "id"
    ):
        mine = found.setdefault(tag.organisation_id, [])
        if all(other.code != tag.code for other in mine):
            mine.append(tag)
    return found


# Levels of territories that the filter by place offers: (label, ((reference, name), …)).
PlaceLevels = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def place_levels(edition: Edition) -> PlaceLevels | None:
    """What the filter by place offers without JavaScript: intercommunalités then communes of the register.

    None when they are too many for a list: the page then asks for a name.
    """
    if len(communes_of_load(edition.pk, edition.loaded_at)) > MAX_PLACE_OPTIONS:
        return None
    return _place_levels(edition.pk, edition.loaded_at)


@lru_cache(maxsize=4)
def _place_levels(edition_id: int, loaded_at: datetime | None) -> PlaceLevels:
    """References and names of the EPCI and of the communes of the register, by name; read once a load."""
    communes = Territory.objects.filter(pk__in=[pk for pk, _name in communes_of_load(edition_id, loaded_at)])
    epcis = Territory.objects.filter(pk__in=communes.values("epci"))
    levels = ((gettext_lazy("Intercommunalités"), epcis), (gettext_lazy("Communes"), communes))
    found = ((str(label), tuple((each.ref, each.name) for each in rows)) for label, rows in levels)
    return tuple((label, refs) for label, refs in found if refs)
