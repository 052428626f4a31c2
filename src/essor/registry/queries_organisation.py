"""Reads of one organisation: identity, facts, establishments, tags, history."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from essor.registry import merged
from essor.registry.explanations import Unit
from essor.registry.history_words import Event, commune_names, events
from essor.registry.models import (
    EditionChange,
    EstablishmentFacts,
    Identifier,
    MergedRow,
    Organisation,
    OrganisationFacts,
    OrganisationTag,
)
from essor.registry.rules_history import ORGANISATION, ChangeKind
from essor.registry.tag_words import put_by_people
from essor.territories.models import Qpv

CHANGES_SHOWN = 200
ESUS_LIST = "esus"


@dataclass(frozen=True)
class Found:
    """A public organisation and what the last edition that had it said of it."""

    organisation: Organisation
    facts: OrganisationFacts
    identifiers: dict[str, list[str]] = field(default_factory=dict)

    @property
    def in_force(self) -> bool:
        """True when the edition in force has it."""
        return self.facts.present

    @property
    def siren(self) -> str:
        """Its SIREN, empty when it has none."""
        return next(iter(self.identifiers.get(Identifier.Scheme.SIREN, [])), "")


def find_organisation(pk: int) -> Found | None:
    """A public organisation that an edition described at least once; None otherwise."""
    rows = OrganisationFacts.objects.filter(pk=pk, organisation__is_public=True)
    facts = rows.select_related("organisation__addition__authority", "commune").first()
    if facts is None:
        return None
    identifiers: dict[str, list[str]] = {}
    for scheme, value in (
        Identifier.objects.filter(organisation=pk).order_by("pk").values_list("scheme", "value")
    ):
        identifiers.setdefault(scheme, []).append(value)
    if len(identifiers.get(Identifier.Scheme.SIREN, [])) > 1:
        identifiers[Identifier.Scheme.SIREN].sort(key=_received(pk).__contains__)
    return Found(facts.organisation, facts, identifiers)


def _received(pk: int) -> set[str]:
    """Numbers that an organisation received from duplicates: they come after its own."""
    rows = MergedRow.objects.filter(
        model="registry.identifier", moved=True, merge__kept=pk, merge__undone_at__isnull=True
    )
    ids = [int(row) for row in rows.values_list("row", flat=True)]
    return set(Identifier.objects.filter(pk__in=ids).values_list("value", flat=True))


def by_siren(siren: str) -> Found | None:
    """The public organisation of a SIREN in the edition in force, None when it is not there."""
    identifier = Identifier.objects.filter(scheme=Identifier.Scheme.SIREN, value=siren).first()
    found = find_organisation(identifier.organisation_id) if identifier else None
    return found if found and found.in_force else None


def establishments_of(organisation: Organisation) -> list[EstablishmentFacts]:
    """Establishments that the edition in force has, the head office first; one query."""
    rows = EstablishmentFacts.objects.filter(present=True, establishment__organisation=organisation)
    found = list(rows.select_related("establishment", "commune").annotate(brought=merged.is_received()))
    return merged.in_order(found, {place.pk for place in found if place.brought})


def tags_of_organisation(organisation: Organisation) -> list[OrganisationTag]:
    """Its tags, past ones too."""
    rows = OrganisationTag.objects.filter(organisation=organisation)
    return list(rows.select_related("proof__document", "proof__authority").order_by("code", "source"))


def qpv_names(codes: Sequence[str]) -> dict[str, str]:
    """Names of the priority neighbourhoods of these codes."""
    return dict(Qpv.objects.filter(code__in=set(codes)).values_list("code", "name"))


def unit_of(found: Found, tags: Sequence[OrganisationTag], day: date) -> Unit:
    """What bears on the qualification, for the rules; tags that ended before the day are left aside.

    So are the tags that people put: the verdict of an edition is that of public sources. An added one has no other.
    An Esus agreement stays when it ended: the rules say so, with its date.
    """
    facts = found.facts
    added = facts.origin == OrganisationFacts.Origin.AGENT
    return Unit(
        siren=found.siren,
        legal_category=facts.legal_category,
        naf=facts.naf,
        verdict=facts.verdict,
        conditions=[condition for condition in facts.conditions if isinstance(condition, dict)],
        tags=[
            (tag.code, tag.source, tag.since, tag.until)
            for tag in tags
            if (tag.until is None or tag.until > day or tag.source == ESUS_LIST)
            and (added or not put_by_people(tag.source))
        ],
    )


def history(organisation: Organisation, without: Sequence[str] = ()) -> list[Event]:
    """What the editions changed, one event an edition, latest first; fields `without` are hidden at somebody's request.

    What changed in an establishment that the edition no longer has is left out: it may have asked not to be public.
    """
    present = organisation.establishments.filter(facts__present=True).values("siret")
    rows = EditionChange.objects.filter(
        Q(subject=ORGANISATION) | Q(subject__in=present) | Q(kind=ChangeKind.PLACE_CLOSED.value),
        organisation=organisation,
    ).select_related("switch__edition")
    rows = rows.exclude(field__in=without) if without else rows
    changes = list(rows.order_by("-switch_id", "id")[:CHANGES_SHOWN])
    return events(changes, commune_names(changes))
