"""Organisations that look alike: for who adds one, and for who looks for duplicates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from essor.accounts.models import Authority
from essor.kernel.text import sort_key
from essor.registry.look_alikes import Pair, bare, closest, pairs
from essor.registry.models import (
    DistinctPair,
    Edition,
    EstablishmentFacts,
    Identifier,
    Merge,
    Organisation,
    OrganisationFacts,
)
from essor.registry.overlay_rows import Laid
from essor.territories.models import Territory, TerritoryQuerySet

ALIKE_SHOWN = 8
KEPT_SECONDS = 900  # the pairs of a territory are looked for again after this
MAX_PAIRS = 2000
ADDRESSES_SHOWN = 3


@dataclass(frozen=True)
class Alike:
    """An organisation of the register that looks like one being added, and why."""

    facts: OrganisationFacts
    why: str
    certain: bool  # it bears the same number: it is the same


def look_alikes(
    name: str, commune: Territory | None, numbers: Mapping[str, str] | None = None
) -> list[Alike]:
    """Organisations of the register that look like this one: same number, then close names in the commune.

    `numbers` maps schemes of identifiers to values. Three queries at most.
    """
    found: dict[int, tuple[str, bool]] = {}
    same_number = Q()
    for scheme, value in (numbers or {}).items():
        if value:
            same_number |= Q(scheme=scheme, value=value)
    if same_number:
        for identifier in Identifier.objects.filter(same_number):
            words = _("Même %(scheme)s") % {"scheme": identifier.get_scheme_display()}
            found.setdefault(identifier.organisation_id, (words, True))
    if commune is not None:
        for pk, score in closest(bare(name), _names(commune), ALIKE_SHOWN):
            words = _("Même nom, même commune") if score == 100 else _("Nom proche, même commune")
            found.setdefault(pk, (words, False))
    key = sort_key(name)
    elsewhere = _seen().filter(organisation__sort_key=key)
    for pk in elsewhere.values_list("pk", flat=True)[:ALIKE_SHOWN]:
        found.setdefault(pk, (_("Même nom, dans une autre commune"), False))
    rows = _seen(present=None).filter(pk__in=found).select_related("commune", "organisation").in_bulk()
    return [Alike(rows[pk], *said) for pk, said in found.items() if pk in rows]


def _seen(*, present: bool | None = True) -> QuerySet[OrganisationFacts]:
    """Organisations that agents may be shown: one hidden at somebody's request is hidden from them too."""
    rows = OrganisationFacts.objects.filter(organisation__is_public=True)
    return rows if present is None else rows.filter(present=present)


def _names(commune: Territory) -> dict[int, str]:
    rows = _seen().filter(commune=commune).values_list("pk", "name")
    return {pk: bare(name) for pk, name in rows}


def proposals(authority: Authority | None) -> list[Pair]:
    """Pairs that may be duplicates in the authority's territory (everywhere without one).

    Those of which one lacks a SIREN come first, then the likeliest.

    Pairs said distinct, and pairs of which one was merged, hidden or closed, are left out. The search itself is kept
    some minutes: these are looked at each time.
    """
    found: list[Pair] = cache.get_or_set(_key(authority), lambda: _look_for(authority), KEPT_SECONDS) or []
    distinct = set(DistinctPair.objects.values_list("first", "second"))
    merged = set(Merge.objects.filter(undone_at__isnull=True).values_list("absorbed", flat=True))
    seen = set(
        _seen()
        .filter(pk__in={pk for pair in found for pk in (pair.first, pair.second)})
        .values_list("pk", flat=True)
    )
    return [
        pair
        for pair in found
        if (pair.first, pair.second) not in distinct
        and not {pair.first, pair.second} & merged
        and {pair.first, pair.second} <= seen
    ]


def _key(authority: Authority | None) -> str:
    edition = Edition.objects.filter(state=Edition.State.IN_FORCE).values_list("pk", "loaded_at").first()
    last = Organisation.objects.order_by("-pk").values_list("pk", flat=True).first()
    loaded = f"{edition[0]}-{edition[1]:%Y%m%d%H%M%S%f}" if edition and edition[1] else "none"
    return f"registry.duplicates.{authority.pk if authority else 0}.{loaded}.{last}"


def _look_for(authority: Authority | None) -> list[Pair]:
    rows = _seen().filter(commune__isnull=False)
    if authority is not None:
        rows = rows.filter(commune__in=communes_held(authority))
    names = rows.values_list("pk", "commune_id", "name")
    found = pairs((pk, commune, bare(name)) for pk, commune, name in names.iterator())[: 5 * MAX_PAIRS]
    # Two rows with a SIREN each are most often two persons: what one of them lacks comes first.
    with_siren = set(
        Identifier.objects.filter(
            scheme=Identifier.Scheme.SIREN,
            organisation__in={pk for pair in found for pk in (pair.first, pair.second)},
        ).values_list("organisation_id", flat=True)
    )
    return sorted(found, key=lambda pair: {pair.first, pair.second} <= with_siren)[:MAX_PAIRS]


def communes_held(authority: Authority) -> TerritoryQuerySet:
    """The communes of the authority's territory; none when it has no territory."""
    if authority.territory is None:
        return Territory.objects.none()
    return Territory.objects.communes_of(authority.territory)


@dataclass(frozen=True)
class Side:
    """One of two organisations seen side by side."""

    organisation: Organisation
    facts: OrganisationFacts
    numbers: list[str]
    addresses: list[str]
    address_hidden: bool
    tags: list[str]
    people: int
    since: date

    @property
    def is_added(self) -> bool:
        """True when an agent added it: no edition describes it."""
        return self.facts.origin == OrganisationFacts.Origin.AGENT


def sides(ids: Iterable[int]) -> dict[int, Side]:
    """What tells two rows apart, by id; the same number of queries for a pair and for a page of pairs.

    As the page of each says it: corrections are laid on, and an address hidden at somebody's request is shown to
    nobody (an agent who needs it lifts the hiding, which is logged).
    """
    wanted = list(ids)
    rows = OrganisationFacts.objects.filter(pk__in=wanted).select_related("organisation", "commune")
    rows = rows.prefetch_related(
        "organisation__identifiers", "organisation__tags", "organisation__memberships"
    )
    places: dict[int, list[EstablishmentFacts]] = {}
    present = EstablishmentFacts.objects.filter(present=True, establishment__organisation__in=wanted)
    for place in present.select_related("establishment", "commune").order_by("-is_head_office", "pk"):
        places.setdefault(place.establishment.organisation_id, []).append(place)
    laid = Laid(wanted)
    return {facts.pk: _side(facts, places.get(facts.pk, []), laid) for facts in rows}


def _side(facts: OrganisationFacts, places: list[EstablishmentFacts], laid: Laid) -> Side:
    laid.on_facts(facts)
    laid.on_places(facts.pk, places)
    hidden = laid.hidden(facts.pk).address
    organisation = facts.organisation
    return Side(
        organisation,
        facts,
        [str(each) for each in organisation.identifiers.all()],
        [] if hidden else [_address(place) for place in places[:ADDRESSES_SHOWN]],
        hidden,
        [each.code for each in organisation.tags.all()],
        len(organisation.memberships.all()),
        organisation.created_at.date(),
    )


def _address(place: EstablishmentFacts) -> str:
    parts = (place.address, place.postal_code, place.commune.name if place.commune else "")
    return " ".join(part for part in parts if part)


def find_for_agents(text: str, limit: int = 10) -> list[OrganisationFacts]:
    """Organisations named by a person: a number (SIREN, RNA, « n° 12 », address of a page), else a name.

    An exact name comes alone; otherwise names that hold every word, at most `limit`.
    """
    number = "".join(text.split()).upper()
    rows = _seen().select_related("commune", "organisation")
    if number.isascii() and number.isdigit() and len(number) == 9:
        return list(rows.filter(organisation__identifiers__value=number))
    if len(number) == 10 and number.startswith("W"):
        return list(rows.filter(organisation__identifiers__value=number))
    own = (
        number.removeprefix("N°")
        if number.startswith("N°")
        else number.rstrip("/").rpartition("/REGISTRE/")[2]
    )
    if own != number and own.isascii() and own.isdigit() and len(own) < 9:
        return list(rows.filter(pk=int(own)))
    key = sort_key(text)
    exact = list(rows.filter(organisation__sort_key=key)[:limit])
    if exact:
        return exact
    for word in key.split()[:8]:
        rows = rows.filter(search_text__contains=word)
    return list(rows.order_by("organisation__sort_key")[:limit]) if key else []
