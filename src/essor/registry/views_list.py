"""The list of the register, the same on the common pages and in an authority's frame."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from essor.kernel.access import access, everyone
from essor.kernel.french import day
from essor.registry import links, list_query, queries, words
from essor.registry import places as place_names
from essor.registry.access import works_on_register
from essor.registry.enums import SizeBand
from essor.registry.filters import MAX_WORDS, Filters, Place, Section
from essor.registry.list_query import PAGE_SIZES, ListQuery
from essor.registry.models import Edition, OrganisationFacts
from essor.registry.queries import PlaceLevels
from essor.registry.search import reader
from essor.registry.tag_words import labels_of
from essor.territories.models import Territory

TAGS_SHOWN = 3


class CountedPaginator(Paginator):  # type: ignore[type-arg]
    """A paginator that is told the number of rows, which the facets already know."""

    def __init__(self, rows: Any, per_page: int, count: int) -> None:
        super().__init__(rows, per_page)
        self.__dict__["count"] = count


class _Rows:
    """The rows of the list, read a page at a time."""

    def __init__(self, filters: Filters, total: int) -> None:
        self.filters, self.total = filters, total

    def __getitem__(self, wanted: slice) -> list[OrganisationFacts]:
        return queries.search_page(self.filters, self.total, wanted.start, wanted.stop - wanted.start)


@access(everyone)
@require_safe
def organisation_list(request: HttpRequest) -> HttpResponse:
    """The organisations of the register, filtered by what the address says."""
    home = _home(request)
    asked = list_query.read(request.GET, home, timezone.localdate())
    edition = queries.edition_in_force()
    if edition is None:
        return render(request, "registry/list_empty.html", {"page_title": _("Registre de l’ESS")})
    with reader.held():
        context = _context(request, asked, home, edition)
    return render(request, _template(request), context)


def _template(request: HttpRequest) -> str:
    """The same set as a table, or on the map with a short list beside."""
    on_map = request.resolver_match is not None and request.resolver_match.url_name == "map"
    return "registry/map.html" if on_map else "registry/list.html"


def _home(request: HttpRequest) -> Territory | None:
    authority = getattr(request, "authority", None)
    return authority.territory if authority else None


def _context(
    request: HttpRequest, asked: ListQuery, home: Territory | None, edition: Edition
) -> dict[str, Any]:
    filters = asked.filters
    facets = queries.facets(filters)
    places = queries.place_levels(edition)
    page = CountedPaginator(_Rows(filters, facets.total), asked.size, facets.total).get_page(asked.page)
    return {
        "page_title": _("Registre de l’ESS"),
        "lead": _lead(filters, edition),
        "edition": edition,
        "filters": filters,
        "facets": list_query.facet_groups(facets),
        "employers": facets.employers,
        "places": places,
        "asked_place": _asked_place(filters, home, places),
        "written_place": place_names.written(filters.place)
        if filters.place and not _is_home(filters, home)
        else "",
        "suggestions_url": reverse("territories:suggestions"),
        "chips": list_query.chips(asked, home),
        "clear_url": request.path,
        "tabs": _tabs(asked, home, facets.by_section),
        "count": facets.total,
        "count_words": _("organisation"),
        "sort_options": [
            {"value": sort.value, "label": sort.label, "selected": sort is filters.sort}
            for sort in list_query.sorts(filters)
        ],
        "rows": _rows(request, page, filters),
        "page_obj": page,
        "page_sizes": [(size, size == asked.size) for size in PAGE_SIZES]
        if facets.total > PAGE_SIZES[0]
        else None,
        "unknown_place": asked.unknown_place,
        "simplified": queries.is_simplified(),
        "to_check": filters.section is Section.TO_CHECK,
        "near": filters.near,
        "written_near": _written_near(filters),
        "usual_distance": list_query.USUAL_DISTANCE,
        "distances": [
            (km, km == (filters.near.kilometres if filters.near else list_query.USUAL_DISTANCE))
            for km in list_query.DISTANCES
        ],
        **_help(asked, home, facets.total),
        "save_url": _save_url(request, asked, home),
        "add_url": _add_url(request),
        "canonical_url": links.canonical(request, "list"),
    }


def _is_home(filters: Filters, home: Territory | None) -> bool:
    return home is not None and filters.place is not None and filters.place.ref == home.ref


def _asked_place(filters: Filters, home: Territory | None, places: PlaceLevels | None) -> Place | None:
    """The place asked when the filter's own choices do not hold it: a département, a commune without organisation."""
    place = filters.place
    if place is None or places is None or _is_home(filters, home):
        return None
    offered = any(ref == place.ref for _label, refs in places for ref, _name in refs)
    return None if offered else place


def _lead(filters: Filters, edition: Edition) -> str:
    said = {"day": day(edition.day)}
    if filters.place is not None:
        return _("Les structures de l’économie sociale et solidaire %(place)s, au %(day)s.") % {
            **said,
            "place": filters.place.of_name,
        }
    return _("Les structures de l’économie sociale et solidaire du territoire, au %(day)s.") % said


def _written_near(filters: Filters) -> str:
    """The place of the distance as its field shows it and reads it again."""
    near = filters.near
    if near is None:
        return ""
    return near.ref if near.ref[0] in "-0123456789" else f"{near.name.split(' (')[0]} ({near.ref})"


def _help(asked: ListQuery, home: Territory | None, total: int) -> dict[str, Any]:
    """What to try when the words are those of nothing, or of nearly nothing."""
    filters = asked.filters
    spelling = queries.spelling(filters)
    if not spelling.meant and (total or not filters.text):
        return {"close_words": spelling.close}
    tries = [replace(filters, text=spelling.meant)] if spelling.meant else []
    found = {"close_words": spelling.close, "meant": spelling.meant}
    if total == 0:
        tries += _wider(filters)
    elif not queries.gives_more(tries[0], filters):
        return {"close_words": spelling.close}  # the list has them all: nothing to propose
    counted = [(each, queries.count(each)) for each in tries]
    found["tries"] = [_try(each, count, home) for each, count in counted if count or total]
    return found


def _wider(filters: Filters) -> list[Filters]:
    """The same words without the filters, then the search without one of its words."""
    alone = Filters(day=filters.day, text=filters.text, section=filters.section, sort=filters.sort)
    words = filters.text.split()[:MAX_WORDS]
    fewer = [" ".join(words[:rank] + words[rank + 1 :]) for rank in range(len(words)) if len(words) > 1]
    wider = [alone] if replace(filters, day=alone.day) != alone else []
    return wider + [replace(filters, text=text) for text in fewer if text]


def _try(filters: Filters, count: int, home: Territory | None) -> dict[str, Any]:
    bare = filters == Filters(day=filters.day, text=filters.text, section=filters.section, sort=filters.sort)
    return {
        "text": filters.text,
        "count": count,
        "everywhere": bare,
        "url": "?" + urlencode(list_query.to_pairs(filters, home)),
    }


def _save_url(request: HttpRequest, asked: ListQuery, home: Territory | None) -> str:
    """Where a person who is signed in keeps this search; empty for others."""
    if not request.user.is_authenticated:
        return ""
    pairs = [*list_query.to_pairs(asked.filters, home), *asked.extra]
    return links.address(request, "search-save") + "?" + urlencode(pairs)


def _add_url(request: HttpRequest) -> str:
    """Where an agent adds an organisation that no source knows; empty for others."""
    works = request.user.is_authenticated and works_on_register(request)
    return links.address(request, "add") if works else ""


def _tabs(asked: ListQuery, home: Territory | None, counts: dict[str, int]) -> list[dict[str, Any]]:
    """The two parts of the list, with the same filters."""
    pairs = [pair for pair in list_query.to_pairs(asked.filters, home) if pair[0] != "verdict"]
    pairs += asked.extra
    return [
        {
            "label": section.label,
            "url": "?"
            + urlencode([*pairs, ("verdict", str(section.value))] if section is Section.TO_CHECK else pairs),
            "current": section is asked.filters.section,
            "count": counts[str(section.value)],
        }
        for section in Section
    ]


def _rows(request: HttpRequest, page: Page[OrganisationFacts], filters: Filters) -> list[dict[str, Any]]:
    found = list(page.object_list)
    ids = [facts.pk for facts in found]
    tags, metres = queries.tags_of(ids, filters), queries.metres(filters, ids)
    said = labels_of(tag.code for mine in tags.values() for tag in mine)
    return [
        _row(request, facts, [said[tag.code] for tag in tags.get(facts.pk, [])], metres.get(facts.pk))
        for facts in found
    ]


def _row(
    request: HttpRequest, facts: OrganisationFacts, labels: list[str], metres: float | None
) -> dict[str, Any]:
    return {
        "name": facts.name,
        "other_name": other_name(facts),
        "url": links.address(request, "organisation", facts.pk),
        "activity": words.activity_label(facts.naf),
        "sector": words.sector_label(facts.sector),
        "commune": facts.commune,
        "head_office_outside": facts.head_office_outside,
        "distance": words.distance_words(metres),
        "family": facts.family,
        "family_label": facts.get_family_display() if facts.family else "",
        "size": "" if facts.size_band == SizeBand.NN.value else facts.size_label,
        "tags": labels[:TAGS_SHOWN],
        "more_tags": max(0, len(labels) - TAGS_SHOWN),
    }


def other_name(facts: OrganisationFacts) -> str:
    """The acronym and the usual name when they say something that the name does not."""
    others = [facts.acronym, facts.usual_name]
    return " · ".join(
        name for name in dict.fromkeys(others) if name and name.casefold() not in facts.name.casefold()
    )
