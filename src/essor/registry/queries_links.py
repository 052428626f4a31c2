"""What ties an organisation to others: successions, groups, same address. A bounded number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from essor.kernel import french
from essor.registry.addresses import search_words, street_key
from essor.registry.models import EstablishmentFacts, Organisation, OrganisationLink
from essor.registry.overlay_rows import corrected_names, hidden_addresses
from essor.registry.queries import public_facts

PLACES_LOOKED_AT = 3
SHOWN = 12
CANDIDATES = 200


@dataclass(frozen=True)
class Tie:
    """A tie as the page of one of the two shows it: the words before the other's name, and after."""

    link: OrganisationLink
    words: str
    other: Organisation
    after: str


@dataclass(frozen=True)
class Neighbour:
    """An organisation at the same address."""

    pk: int
    name: str
    address: str


@dataclass(frozen=True)
class Ties:
    """All that links an organisation to others."""

    successions: list[Tie] = field(default_factory=list)
    groups: list[Tie] = field(default_factory=list)
    siblings: list[Organisation] = field(default_factory=list)
    neighbours: list[Neighbour] = field(default_factory=list)

    def __bool__(self) -> bool:
        """True when there is something to show."""
        return bool(self.successions or self.groups or self.siblings or self.neighbours)


def ties_of(organisation: Organisation, places: Iterable[EstablishmentFacts]) -> Ties:
    """What links the organisation to others that anybody may see; five queries at most."""
    rows = OrganisationLink.objects.filter(
        Q(source=organisation, target__is_public=True) | Q(target=organisation, source__is_public=True),
        undone_at__isnull=True,
    ).select_related("source", "target", "document")
    found = [_tie(row, organisation) for row in rows.order_by("-day", "-pk")]
    groups = [tie for tie in found if not tie.link.is_succession]
    return Ties(
        [tie for tie in found if tie.link.is_succession],
        groups,
        _siblings(organisation, [tie.link for tie in groups]),
        neighbours(organisation, places),
    )


def _tie(link: OrganisationLink, here: Organisation) -> Tie:
    onward = link.source_id == here.pk
    other = link.target if onward else link.source
    told = {
        (True, True): _("A pour successeur"),
        (True, False): _("A succédé à"),
        (False, True): _("Appartient à"),
        (False, False): _("A pour membre ou entité"),
    }[link.is_succession, onward]
    parts = [str(link.get_kind_display())]
    if link.day:
        parts.append(_("le %(day)s") % {"day": french.day(link.day)})
    return Tie(link, told, other, ", ".join([*parts, link.note] if link.note else parts))


def _siblings(organisation: Organisation, groups: Iterable[OrganisationLink]) -> list[Organisation]:
    """Other members of the groups it belongs to."""
    heads = [link.target_id for link in groups if link.source_id == organisation.pk]
    if not heads:
        return []
    links = OrganisationLink.objects.filter(
        target__in=heads, kind__in=OrganisationLink.GROUPS, undone_at__isnull=True
    )
    rows = Organisation.objects.filter(
        pk__in=links.values("source"), is_public=True, merged_into__isnull=True
    )
    return list(rows.exclude(pk=organisation.pk)[:SHOWN])


def neighbours(organisation: Organisation, places: Iterable[EstablishmentFacts]) -> list[Neighbour]:
    """Public organisations with an establishment at the address of one of these; three queries at most.

    Same commune and same numbered street once abbreviations are written out: an address without a number (« Le bourg »)
    says nothing. Only the first places are looked at, the head office first.
    """
    keys: dict[tuple[int, str], str] = {}
    for place in list(places)[:PLACES_LOOKED_AT]:
        key = street_key(place.address)
        if key and place.commune_id:
            keys.setdefault((place.commune_id, key), place.address)
    condition = Q()
    for commune, key in keys:
        number, word = search_words(key)
        numbered = Q(address__startswith=f"{number} ") | Q(address__contains=f" {number} ")
        condition |= Q(commune=commune, address__icontains=word) & numbered
    if not condition:
        return []
    # Who may be seen is asked for the few that are found: asked in the same query, it reads the whole register.
    rows = EstablishmentFacts.objects.filter(condition, present=True).order_by("pk")
    found: dict[int, str] = {}
    for commune, address, pk in rows.values_list("commune", "address", "establishment__organisation")[
        :CANDIDATES
    ]:
        if (commune, street_key(address)) in keys and pk != organisation.pk:
            found.setdefault(pk, address)
    if not found:
        return []
    shown = public_facts().filter(pk__in=found).exclude(pk__in=hidden_addresses())
    rows = list(shown.order_by("organisation__sort_key", "pk").values_list("pk", "name")[:SHOWN])
    names = corrected_names(pk for pk, _name in rows)
    return [Neighbour(pk, names.get(pk, name), found[pk]) for pk, name in rows]


def contradicted(organisation: Organisation, edition_day: date) -> bool:
    """True when agents noted the closing and the edition in force, more recent, still describes it as running."""
    return (
        organisation.state == Organisation.State.CLOSED
        and organisation.closed_on is not None
        and organisation.closed_on < edition_day
    )
