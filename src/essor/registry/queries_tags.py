"""Reads of tags put by people: what must be renewed, what a form offers, what the list's facet adds."""

from dataclasses import dataclass
from datetime import date, timedelta

from essor.accounts.models import Authority
from essor.registry.enums import Tag
from essor.registry.models import LocalLabel, TagProof
from essor.registry.tag_words import labels_of

AHEAD = timedelta(days=180)
BEHIND = timedelta(days=400)

# What people prove, in the order in which they look for it.
PROVEN: tuple[tuple[str, tuple[Tag, ...]], ...] = (
    (
        "Insertion par l’activité économique",
        (Tag.EI, Tag.AI, Tag.ACI, Tag.ETTI, Tag.GEIQ, Tag.EITI, Tag.INSERTION),
    ),
    ("Travail adapté et protégé", (Tag.EA, Tag.ESAT)),
    ("Coopératives", (Tag.SCIC, Tag.SCOP, Tag.CAE, Tag.CUMA)),
    ("Agréments et reconnaissances", (Tag.ESUS, Tag.PUBLIC_UTILITY, Tag.MISSION_COMPANY)),
    ("Lieux et coopérations", (Tag.THIRD_PLACE, Tag.PTCE, Tag.NEIGHBOURHOOD, Tag.EMPLOYERS_GROUP)),
    ("Suivi", (Tag.LOCAL,)),
)


def proven_codes() -> frozenset[str]:
    """Codes of the tags that people prove."""
    return frozenset(str(tag.value) for _group, tags in PROVEN for tag in tags)


@dataclass(frozen=True)
class Renewal:
    """A tag that ends soon, or ended."""

    proof: TagProof
    label: str
    days_left: int

    @property
    def over(self) -> bool:
        """True when it no longer holds."""
        return self.days_left <= 0


def renewals(authority: Authority | None, day: date) -> list[Renewal]:
    """Tags of the authority (of the installation without one) that end within six months or ended in the year.

    The soonest first. Two queries.
    """
    rows = TagProof.objects.filter(
        authority=authority,
        tag__until__gt=day - BEHIND,
        tag__until__lte=day + AHEAD,
        tag__organisation__merged_into__isnull=True,
    ).select_related("tag__organisation", "document")
    proofs = list(rows.order_by("tag__until", "tag__organisation__sort_key", "pk"))
    words = labels_of(proof.tag.code for proof in proofs)
    return [
        Renewal(proof, words[proof.tag.code], (proof.tag.until - day).days)
        for proof in proofs
        if proof.tag.until
    ]


def tag_groups(authority: Authority | None) -> list[tuple[str, list[tuple[str, str]]]]:
    """Tags that a form offers, by group, the authority's own labels last."""
    groups = [(title, [(str(tag.value), tag.label) for tag in tags]) for title, tags in PROVEN]
    if authority is not None:
        own = labels_given(authority)
        if own:
            groups.append((authority.name, [(label.code, label.name) for label in own]))
    return groups


def labels_given(authority: Authority) -> list[LocalLabel]:
    """The labels that an authority gives today."""
    return list(LocalLabel.objects.filter(authority=authority, is_active=True))
