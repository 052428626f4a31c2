"""Reads of one organisation: identity, facts, establishments, tags, history."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from essor.registry.enums import Family, SizeBand, Verdict
from essor.registry.explanations import Unit
from essor.registry.loading.tables import FOLLOWED, FOLLOWED_ESTABLISHMENT
from essor.registry.models import (
    EditionChange,
    EstablishmentFacts,
    Identifier,
    MergedRow,
    Organisation,
    OrganisationFacts,
    OrganisationTag,
)
from essor.registry.tag_words import put_by_people
from essor.registry.words import activity_label, spaced
from essor.territories.models import Qpv, Territory

CHANGES_SHOWN = 200


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


def establishments_of(organisation: Organisation) -> QuerySet[EstablishmentFacts]:
    """Establishments that the edition in force has, the head office first."""
    rows = EstablishmentFacts.objects.filter(present=True, establishment__organisation=organisation)
    return rows.select_related("establishment", "commune").order_by("-is_head_office", "postal_code", "pk")


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
            if (tag.until is None or tag.until > day) and (added or not put_by_people(tag.source))
        ],
    )


@dataclass(frozen=True)
class Event:
    """One thing that happened, as the timeline shows it."""

    day: date
    sentence: str
    author: str = ""
    reason: str = ""


def history(organisation: Organisation) -> list[Event]:
    """What the editions changed, latest first.

    Changes of an establishment that the edition no longer has are left out: it may have asked not to be public.
    """
    present = organisation.establishments.filter(facts__present=True).values("siret")
    rows = EditionChange.objects.filter(
        Q(subject="organisation") | Q(subject__in=present), organisation=organisation
    ).select_related("edition")
    changes = list(rows.order_by("-edition__day", "-edition_id", "id")[:CHANGES_SHOWN])
    communes = _commune_names(changes)
    return [Event(change.edition.day, _sentence(change, communes)) for change in changes]


def _commune_names(changes: Sequence[EditionChange]) -> dict[str, str]:
    ids = {
        value for c in changes if c.field == "commune_id" for value in (c.before, c.after) if value.isdigit()
    }
    return {str(pk): name for pk, name in Territory.objects.filter(pk__in=ids).values_list("pk", "name")}


def _sentence(change: EditionChange, communes: dict[str, str]) -> str:
    if change.field == "presence":
        entered = bool(change.after)
        return _("Entrée dans le registre") if entered else _("Sortie du registre : l’édition ne l’a plus")
    if change.field == "origin":
        return _("Ajoutée par une collectivité, elle est désormais décrite par les données publiques")
    before, after = (_word(change.field, value, communes) for value in (change.before, change.after))
    label = {**FOLLOWED_ESTABLISHMENT, **FOLLOWED}.get(change.field, change.field)
    what = label[:1].upper() + label[1:]
    if change.subject != "organisation":
        what = _("%(what)s de l’établissement %(siret)s") % {"what": what, "siret": spaced(change.subject)}
    if not before:
        return _("%(what)s : « %(after)s »") % {"what": what, "after": after}
    if not after:
        return _("%(what)s : « %(before)s » n’est plus renseigné") % {"what": what, "before": before}
    return _("%(what)s : de « %(before)s » à « %(after)s »") % {
        "what": what,
        "before": before,
        "after": after,
    }


def _word(name: str, value: str, communes: dict[str, str]) -> str:
    """A stored value in words."""
    if not value:
        return ""
    if name == "commune_id":
        return communes.get(value, value)
    if name == "naf":
        return activity_label(value)
    if name == "is_head_office":
        return _("oui") if value.lower() in ("1", "t", "true") else _("non")
    known = {"family": Family.choices(), "verdict": Verdict.choices(), "size_band": SizeBand.choices()}
    return dict(known.get(name, ())).get(value, value)
