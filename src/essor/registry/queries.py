"""Reads of the register: the list and its counts, one organisation, the editions.

`search` is the only place that knows how names are matched; the full-text index will take its place behind the same
function.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

import numpy as np
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy

from essor.kernel.text import fold
from essor.registry.enums import SizeBand
from essor.registry.filters import MAX_WORDS, Facets, Filters, Group, Sort, count_facets, with_tags
from essor.registry.models import (
    Edition,
    Establishment,
    EstablishmentFacts,
    Identifier,
    Organisation,
    OrganisationFacts,
    OrganisationTag,
)
from essor.registry.tag_words import labels_among
from essor.territories.enums import Kind
from essor.territories.models import Territory

MIN_PLACE_WORD = 3
MAX_PLACE_OPTIONS = 1500
MANY = 2000
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


def edition_in_force() -> Edition | None:
    """The edition that the register shows, None while none was put in force."""
    return Edition.objects.filter(state=Edition.State.IN_FORCE).first()


def public_facts() -> QuerySet[OrganisationFacts]:
    """Facts of the organisations that anybody may see; those that an agent noted as closed have a page, and no line.

    The few that are not public, or closed, are taken out by their ids: a join would read the identity of them all.
    """
    away = Q(is_public=False) | Q(state=Organisation.State.CLOSED)
    hidden = Organisation.objects.filter(away).values("pk")
    return OrganisationFacts.objects.filter(present=True).exclude(organisation__in=hidden)


@lru_cache(maxsize=4)
def _communes(edition_id: int, loaded_at: datetime | None) -> tuple[tuple[int, str], ...]:
    """Id and folded name of every commune where the edition in force has an organisation; read once a load."""
    present = EstablishmentFacts.objects.filter(present=True, commune=OuterRef("pk"))
    seated = OrganisationFacts.objects.filter(present=True, commune=OuterRef("pk"))
    rows = Territory.objects.filter(kind=Kind.COMMUNE).filter(Exists(present) | Exists(seated))
    return tuple(rows.values_list("pk", "sort_key"))


def register_communes() -> tuple[tuple[int, str], ...]:
    """Communes of the register in force: (id, folded name)."""
    edition = edition_in_force()
    return _communes(edition.pk, edition.loaded_at) if edition else ()


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
    """Public facts that match what the grouped count cannot decide: text, place, tags."""
    rows = public_facts()
    if filters.text:
        rows = rows.filter(_text_condition(filters.text))
    if filters.place is not None and filters.place.commune_ids is not None:
        rows = rows.filter(_place_condition(filters.place.commune_ids))
    if with_tags and filters.tags:
        rows = rows.filter(_tag_condition(filters))
    return rows


def _chosen(rows: QuerySet[OrganisationFacts], filters: Filters) -> QuerySet[OrganisationFacts]:
    """The rows with the facets' choices."""
    rows = rows.filter(verdict__in=filters.section.verdicts)
    if filters.families:
        rows = rows.filter(family__in=filters.families)
    if filters.sectors:
        rows = rows.filter(sector__in=filters.sectors)
    if filters.sizes:
        rows = rows.filter(size_band__in=filters.bands)
    return rows.filter(is_employer=True) if filters.employer else rows


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
    """Public organisations of the list (their facts, with commune), filtered and ordered."""
    rows = _chosen(_matching(filters), filters)
    return _ordered(rows, filters.sort).select_related("commune").only(*ROW_FIELDS)


def search_page(filters: Filters, total: int, start: int, size: int) -> list[OrganisationFacts]:
    """`size` rows of `search` from `start` on; `total` is how many there are, which tells the quickest way to them."""
    ids = list(_ordered_ids(filters, total)[start : start + size])
    rows = OrganisationFacts.objects.filter(pk__in=ids).select_related("commune").only(*ROW_FIELDS)
    found = {row.pk: row for row in rows}
    return [found[pk] for pk in ids if pk in found]


def _ordered_ids(filters: Filters, total: int) -> QuerySet[Any, int]:
    """Ids in order. Many rows by name: following the index of names, one soon has a page; few: sort what matches."""
    chosen = _chosen(_matching(filters), filters)
    if filters.sort is Sort.NAME and total > MANY:
        named = Organisation.objects.filter(Exists(chosen.filter(pk=OuterRef("pk"))))
        return named.order_by("sort_key", "pk").values_list("pk", flat=True)
    return _ordered(chosen, filters.sort).values_list("pk", flat=True)


def facets(filters: Filters) -> Facets:
    """The list's counts, in two queries."""
    columns = ("family", "sector", "size_band", "verdict", "is_employer")
    grouped = _matching(filters).values_list(*columns).annotate(n=Count("pk")).order_by(*columns)
    found = count_facets([Group(*row) for row in grouped], filters)
    counts = _tag_counts(filters)
    return with_tags(found, counts, filters, labels_among({*counts, *filters.tags}))


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
    if len(_communes(edition.pk, edition.loaded_at)) > MAX_PLACE_OPTIONS:
        return None
    return _place_levels(edition.pk, edition.loaded_at)


@lru_cache(maxsize=4)
def _place_levels(edition_id: int, loaded_at: datetime | None) -> PlaceLevels:
    """References and names of the EPCI and of the communes of the register, by name; read once a load."""
    communes = Territory.objects.filter(pk__in=[pk for pk, _name in _communes(edition_id, loaded_at)])
    epcis = Territory.objects.filter(pk__in=communes.values("epci"))
    levels = ((gettext_lazy("Intercommunalités"), epcis), (gettext_lazy("Communes"), communes))
    found = ((str(label), tuple((each.ref, each.name) for each in rows)) for label, rows in levels)
    return tuple((label, refs) for label, refs in found if refs)


def matching_ids(filters: Filters) -> np.ndarray:
    """Ids (int64) of the organisations of the set that the list shows, in no order."""
    ids = _chosen(_matching(filters), filters).values_list("pk", flat=True)
    return np.fromiter(ids.iterator(chunk_size=5000), dtype=np.int64)
