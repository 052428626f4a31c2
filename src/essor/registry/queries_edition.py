"""The edition that the register shows, its public facts, its communes."""

from datetime import datetime
from functools import lru_cache

from django.db.models import Exists, OuterRef, Q, QuerySet

from essor.registry.models import Edition, EstablishmentFacts, Organisation, OrganisationFacts
from essor.territories.enums import Kind
from essor.territories.models import Territory


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
def communes_of_load(edition_id: int, loaded_at: datetime | None) -> tuple[tuple[int, str], ...]:
    """Id and folded name of every commune where the edition in force has an organisation; read once a load."""
    present = EstablishmentFacts.objects.filter(present=True, commune=OuterRef("pk"))
    seated = OrganisationFacts.objects.filter(present=True, commune=OuterRef("pk"))
    rows = Territory.objects.filter(kind=Kind.COMMUNE).filter(Exists(present) | Exists(seated))
    return tuple(rows.values_list("pk", "sort_key"))


def register_communes() -> tuple[tuple[int, str], ...]:
    """Communes of the register in force: (id, folded name)."""
    edition = edition_in_force()
    return communes_of_load(edition.pk, edition.loaded_at) if edition else ()
