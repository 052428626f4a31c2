"""The list of the register answered by the database alone: what takes the place of the index while there is none.

Slower, and blind to typos, activities, synonyms and corrected facts; the same filters, order and counts otherwise.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from essor.kernel.text import fold
from essor.registry.enums import SizeBand, Verdict
from essor.registry.filters import (
    MAX_WORDS,
    CreationBand,
    Facets,
    Filters,
    Group,
    Near,
    Quarter,
    Section,
    Sort,
    Zone,
    count_facets,
    with_tags,
)
from essor.registry.filters import Value as Choice
from essor.registry.models import (
    Establishment,
    EstablishmentFacts,
    Identifier,
    Organisation,
    OrganisationFacts,
    OrganisationTag,
)
from essor.registry.overlay_rows import hidden_addresses, moved_places, said_not_ess
from essor.registry.queries_edition import public_facts, register_communes
from essor.registry.search.select import KILOMETRES_A_DEGREE, metres_to
from essor.registry.tag_words import labels_among
from essor.territories.enums import Kind
from essor.territories.models import Territory

MIN_PLACE_WORD = 3
MANY = 2000


def _communes_named(word: str) -> list[int]:
    """Communes of the register with a word that begins so."""
    if len(word) < MIN_PLACE_WORD:
        return []
    return [pk for pk, name in register_communes() if f" {name}".find(f" {word}") >= 0]


def _place_condition(communes: Iterable[int]) -> Q:
    """Seated in one of the communes, or present there through an establishment."""
    ids = list(communes)
    there = EstablishmentFacts.objects.filter(present=True, commune__in=ids)
    return Q(commune__in=ids) | Q(organisation__in=there.values("establishment__organisation"))


def _number_condition(text: str) -> Q | None:
    """The organisation of a SIREN, a SIRET or an RNA number typed with or without spaces; None for other texts."""
    number = "".join(text.split()).upper()
    if number.isascii() and number.isdigit():
        if len(number) == 14:
            found = Establishment.objects.filter(siret=number)
            return Q(organisation__in=found.values("organisation"))
        if len(number) == 9:
            return Q(organisation__in=_bearing(Identifier.Scheme.SIREN, number))
    if len(number) == 10 and number[0] == "W" and number[1:].isalnum():
        return Q(organisation__in=_bearing(Identifier.Scheme.RNA, number))
    return None


def _bearing(scheme: str, value: str) -> QuerySet[Identifier, dict[str, int]]:
    return Identifier.objects.filter(scheme=scheme, value=value).values("organisation")


def _text_condition(text: str) -> Q:
    """Every word stands in a name, or begins a word of a commune where the organisation is."""
    by_number = _number_condition(text)
    if by_number is not None:
        return by_number
    condition = Q()
    for word in dict.fromkeys(fold(text).split()[:MAX_WORDS]):
        matches = Q(search_text__contains=word)
        if communes := _communes_named(word):
            matches |= _place_condition(communes)
        condition &= matches
    return condition


def _tag_condition(filters: Filters) -> Q:
    running = Q(until__isnull=True) | Q(until__gt=filters.day)
    borne = OrganisationTag.objects.filter(running, code__in=filters.tags)
    return Q(organisation__in=borne.values("organisation"))


def _matching(filters: Filters, *, with_tags: bool = True) -> QuerySet[OrganisationFacts]:
    """Public facts that match what the grouped count cannot decide: text, places, distance, tags, quarters, years."""
    rows = public_facts()
    if filters.text:
        rows = rows.filter(_text_condition(filters.text))
    if filters.place is not None and filters.place.commune_ids is not None:
        rows = rows.filter(_place_condition(filters.place.commune_ids))
    if with_tags and filters.tags:
        rows = rows.filter(_tag_condition(filters))
    if filters.epcis:
        rows = rows.filter(_place_condition(_communes_where(epci__code__in=filters.epcis)))
    if filters.communes:
        rows = rows.filter(_place_condition(_communes_where(code__in=filters.communes)))
    if filters.near is not None:
        rows = rows.filter(organisation__in=_near(filters.near))
    if filters.zone is not None:
        rows = rows.filter(organisation__in=_in_zone(filters.zone))
    if filters.quarters:
        rows = rows.filter(organisation__in=_in_quarters(filters.quarters))
    if filters.years:
        rows = rows.filter(_years_condition(filters.years))
    if filters.created_in is not None:
        rows = rows.filter(created_on__year=filters.created_in)
    if filters.in_quarter is not None:
        rows = rows.filter(organisation__in=filters.in_quarter.organisation_ids)
    return rows


def _communes_where(**condition: Any) -> list[int]:
    return list(Territory.objects.filter(kind=Kind.COMMUNE, **condition).values_list("pk", flat=True))


def _located() -> QuerySet[EstablishmentFacts]:
    """Establishments of which one may say where they are: neither hidden, nor moved to another commune since."""
    rows = EstablishmentFacts.objects.filter(present=True)
    return rows.exclude(establishment__organisation__in=hidden_addresses()).exclude(pk__in=moved_places())


def _near(near: Near) -> set[int]:
    """Organisations with an establishment within the distance."""
    rows = _located().filter(longitude__isnull=False, latitude__isnull=False)
    high = near.kilometres / KILOMETRES_A_DEGREE
    rows = rows.filter(latitude__gte=near.latitude - high, latitude__lte=near.latitude + high)
    found = list(rows.values_list("establishment__organisation", "longitude", "latitude"))
    if not found:
        return set()
    ids, longitudes, latitudes = zip(*found, strict=True)
    metres = metres_to(near, np.array(longitudes), np.array(latitudes))
    return {pk for pk, far in zip(ids, metres, strict=True) if far <= near.kilometres * 1000}


def _in_zone(zone: Zone) -> QuerySet[EstablishmentFacts, dict[str, int]]:
    """Organisations with an establishment in the part of the map."""
    rows = _located().filter(longitude__gte=zone.west, longitude__lte=zone.east)
    rows = rows.filter(latitude__gte=zone.south, latitude__lte=zone.north)
    return rows.values("establishment__organisation")


def _in_quarters(wanted: Iterable[str]) -> set[int]:
    """Organisations with an establishment in, or near, a quartier prioritaire."""
    asked = {Quarter(each).relation for each in wanted}
    rows = _located().exclude(qpv=[]).values_list("establishment__organisation", "qpv")
    return {
        pk
        for pk, quarters in rows
        if any((each["generation"], each["relation"]) in asked for each in quarters)
    }


def ids_in_quarter(code: str) -> frozenset[int]:
    """Organisations with an establishment inside one quartier prioritaire."""
    rows = _located().annotate(told=Cast("qpv", TextField())).filter(told__contains=code)
    found = rows.values_list("establishment__organisation", "qpv")
    return frozenset(
        pk
        for pk, quarters in found
        if any((each["code"], each["relation"]) == (code, "in") for each in quarters)
    )


def _years_condition(wanted: Iterable[str]) -> Q:
    condition = Q()
    for band in wanted:
        first, last = CreationBand(band).years
        condition |= Q(created_on__gte=date(first, 1, 1), created_on__lte=date(last, 12, 31))
    return condition


def _section_condition(section: Section) -> Q:
    """What an authority says is not of the ESS is to check, whatever the sources conclude."""
    concluded, contested = Q(verdict__in=section.verdicts), Q(organisation__in=said_not_ess())
    return concluded | contested if section is Section.TO_CHECK else concluded & ~contested


def _chosen(rows: QuerySet[OrganisationFacts], filters: Filters) -> QuerySet[OrganisationFacts]:
    """The rows with the facets' choices."""
    rows = rows.filter(_section_condition(filters.section))
    if filters.families:
        rows = rows.filter(family__in=filters.families)
    if filters.sectors:
        rows = rows.filter(sector__in=filters.sectors)
    if filters.sizes:
        rows = rows.filter(size_band__in=filters.bands)
    return rows.filter(is_employer=True) if filters.employer else rows


_OWN_ORDER = (Sort.SIZE, Sort.NEWEST, Sort.OLDEST)


def _ordered(rows: QuerySet[OrganisationFacts], sort: Sort) -> QuerySet[OrganisationFacts]:
    if sort is Sort.SIZE:  # « NN » (unknown) sorts after the digits: it must come last
        known = Case(When(size_band=SizeBand.NN.value, then=Value("")), default=F("size_band"))
        return rows.order_by(known.desc(), "organisation__sort_key", "pk")
    if sort is Sort.NEWEST:
        return rows.order_by(F("created_on").desc(nulls_last=True), "organisation__sort_key", "pk")
    if sort is Sort.OLDEST:
        return rows.order_by(F("created_on").asc(nulls_last=True), "organisation__sort_key", "pk")
    return rows.order_by("organisation__sort_key", "pk")


def search(filters: Filters) -> QuerySet[OrganisationFacts]:
    """Facts of the organisations of the list, filtered and ordered."""
    return _ordered(_chosen(_matching(filters), filters), filters.sort)


def matching_ids(filters: Filters) -> npt.NDArray[np.int64]:
    """Ids of all the organisations of the list, in any order."""
    rows = _chosen(_matching(filters), filters).order_by().values_list("pk", flat=True)
    return np.fromiter(rows.iterator(), dtype=np.int64)


def count(filters: Filters) -> int:
    """How many organisations the list has."""
    return _chosen(_matching(filters), filters).count()


def page_ids(filters: Filters, total: int, start: int, size: int) -> list[int]:
    """Ids of `size` rows from `start` on; `total` is how many there are, which tells the quickest way to them."""
    return list(_ordered_ids(filters, total)[start : start + size])


def _ordered_ids(filters: Filters, total: int) -> QuerySet[Any, int]:
    """Ids in order. Many rows by name: following the index of names, one soon has a page; few: sort what matches."""
    chosen = _chosen(_matching(filters), filters)
    if filters.sort not in _OWN_ORDER and total > MANY:
        named = Organisation.objects.filter(Exists(chosen.filter(pk=OuterRef("pk"))))
        return named.order_by("sort_key", "pk").values_list("pk", flat=True)
    return _ordered(chosen, filters.sort).values_list("pk", flat=True)


def facets(filters: Filters) -> Facets:
    """The list's counts, in two queries. Places, quarters and years are not counted: those chosen are shown."""
    columns = ("family", "sector", "size_band", "shown_verdict", "is_employer")
    to_check = When(organisation__in=said_not_ess(), then=Value(Verdict.TO_CHECK.value))
    rows = _matching(filters).annotate(shown_verdict=Case(to_check, default=F("verdict")))
    grouped = rows.values_list(*columns).annotate(n=Count("pk")).order_by(*columns)
    counts = _tag_counts(filters)
    facets = count_facets([Group(*row) for row in grouped], filters)
    found = with_tags(facets, counts, filters, labels_among([*counts, *filters.tags]))
    return replace(
        found,
        epcis=_chosen_places(Kind.EPCI, filters.epcis),
        communes=_chosen_places(Kind.COMMUNE, filters.communes),
        quarters=_uncounted(Quarter.choices(), filters.quarters),
        years=_uncounted(CreationBand.choices(), filters.years),
    )


def _chosen_places(kind: Kind, codes: Sequence[str]) -> list[Choice]:
    if not codes:
        return []
    rows = Territory.objects.active().filter(kind=kind, code__in=codes)
    return [Choice(row.code, row.name, None, selected=True) for row in rows]


def _uncounted(choices: Sequence[tuple[str, str]], chosen: Sequence[str]) -> list[Choice]:
    return [Choice(code, label, None, code in chosen) for code, label in choices]


def _tag_counts(filters: Filters) -> Counter[str]:
    """How many organisations bear each running tag, the other filters kept."""
    running = Q(until__isnull=True) | Q(until__gt=filters.day)
    rows = _chosen(_matching(filters, with_tags=False), filters).filter(pk=OuterRef("organisation"))
    counts = (
        OrganisationTag.objects.filter(running)
        .filter(Exists(rows))
        .values_list("code")
        .annotate(n=Count("organisation", distinct=True))
        .order_by("code")
    )
    return Counter(dict(counts))
