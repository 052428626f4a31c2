"""Which authorities hold an organisation: those whose territory has its seat or one of its establishments."""

from datetime import date

from django.db.models import Exists, OuterRef, Q

from essor.accounts.enums import AGENT
from essor.accounts.models import Authority, User
from essor.accounts.models.dated import running
from essor.accounts.rights import Rights
from essor.registry.models import EstablishmentFacts, Organisation, OrganisationFacts
from essor.territories.models import COMMUNE_PARENT, Territory


def held_by(authority: Authority, of: str = "organisation_id") -> Q:
    """Rows whose organisation (the column `of`) is seated or present in the authority's territory.

    Asked row by row: for the few rows of a queue this costs a thousandth of listing the territory's organisations.
    """
    if authority.territory is None:
        return Q(pk__in=[])
    communes = Territory.objects.communes_of(authority.territory).values("pk")
    seated = OrganisationFacts.objects.filter(pk=OuterRef(of), commune__in=communes)
    there = EstablishmentFacts.objects.filter(
        present=True, establishment__organisation=OuterRef(of), commune__in=communes
    )
    return Q(Exists(seated)) | Q(Exists(there))


def holds(authority: Authority, organisation_id: int) -> bool:
    """True when the authority's territory holds the organisation: its seat, or an establishment; one query."""
    return Organisation.objects.filter(held_by(authority, "pk"), pk=organisation_id).exists()


def holders(organisation_id: int) -> list[Authority]:
    """The authorities whose territory holds the organisation, by name; two queries."""
    seated = OrganisationFacts.objects.filter(pk=organisation_id).values("commune")
    there = EstablishmentFacts.objects.filter(present=True, establishment__organisation=organisation_id)
    communes = Territory.objects.filter(Q(pk__in=seated) | Q(pk__in=there.values("commune")))
    parents: set[int] = set()
    for row in communes.values_list("pk", *(f"{name}_id" for name in COMMUNE_PARENT.values())):
        parents.update(pk for pk in row if pk)
    if not parents:
        return []
    return list(Authority.objects.filter(Q(territory__in=parents) | Q(territory__kind="france")))


def acting_authority(rights: Rights, organisation_id: int, preferred: Authority | None) -> Authority | None:
    """The authority for which an agent acts on the organisation: that of the frame when it holds it, else the first."""
    agent_in = {pk for pk, roles in rights.by_authority.items() if AGENT in roles}
    if not agent_in:
        return None
    mine = [each for each in holders(organisation_id) if each.pk in agent_in]
    return next((each for each in mine if preferred is not None and each.pk == preferred.pk), None) or next(
        iter(mine), None
    )


def agents_of(authority: Authority, day: date, limit: int = 5) -> list[User]:
    """Some of the authority's agents on the day, for a word by mail: those in charge of the team first."""
    member = running(day, "memberships__")
    granted = running(day, "memberships__grants__")
    rows = User.objects.filter(member, granted, memberships__authority=authority, is_active=True)
    managers = list(rows.filter(memberships__grants__role="manager").distinct()[:limit])
    return managers or list(rows.filter(memberships__grants__role=AGENT).distinct()[:limit])
