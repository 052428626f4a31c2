"""Who may work on an organisation: agents of an authority whose territory holds it, and the administration."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from essor.accounts.actions.checks import Actor
from essor.accounts.enums import AGENT
from essor.accounts.models import Authority
from essor.accounts.rights import Rights, rights_of
from essor.kernel.audit import PERSONAL_VALUES
from essor.registry.holding import holds
from essor.registry.models import EstablishmentFacts, Organisation, OrganisationFacts
from essor.territories.models import Territory

RULE = (
    "Les agentes et agents d’une collectivité, pour les organisations de son territoire, et l’administration de "
    "l’installation."
)


def communes_of(organisation_ids: Iterable[int]) -> dict[int, set[int]]:
    """Communes where each organisation is seated or has an establishment; two queries."""
    ids = list(organisation_ids)
    found: dict[int, set[int]] = {pk: set() for pk in ids}
    seats = OrganisationFacts.objects.filter(pk__in=ids, commune__isnull=False).values_list(
        "pk", "commune_id"
    )
    places = EstablishmentFacts.objects.filter(
        establishment__organisation__in=ids, present=True, commune__isnull=False
    ).values_list("establishment__organisation_id", "commune_id")
    for pk, commune in (*seats, *places):
        found[pk].add(commune)
    return found


def within(authority: Authority, communes: Iterable[int]) -> bool:
    """True when one of the communes is in the authority's territory."""
    if authority.territory is None:
        return False
    ids = [commune for commune in communes if commune is not None]
    return Territory.objects.communes_of(authority.territory).filter(pk__in=ids).exists()


def must_work_in(actor: Actor, authority: Authority | None, communes: Iterable[int], day: date) -> None:
    """Refuse (`PermissionDenied`) who is not an agent, on the day, of an authority with one of these communes."""
    if actor is None:
        return
    rights = Rights(actor.pk, day)
    if rights.is_installation_admin:
        return
    if authority is None or not rights.has(authority.pk, AGENT):
        raise PermissionDenied(RULE)
    if not within(authority, communes):
        raise PermissionDenied(_("Cette organisation n’est pas sur le territoire de votre collectivité."))


def must_work_on(
    actor: Actor, authority: Authority | None, organisation_ids: Iterable[int], day: date
) -> None:
    """Refuse (`PermissionDenied`) who may not work, on the day, on each of these organisations."""
    for communes in communes_of(organisation_ids).values():
        must_work_in(actor, authority, communes, day)


def working_authority(request: HttpRequest, organisation_id: int) -> Authority | None:
    """The authority for which the person of the request may work on the organisation as an agent; None for nobody.

    On an authority's pages it is that authority; on common pages, the first of the person's that holds it.
    """
    rights = rights_of(request)
    mine = [pk for pk, roles in rights.by_authority.items() if AGENT in roles]
    framed: Authority | None = getattr(request, "authority", None)
    if framed is not None:
        return framed if framed.pk in mine and holds(framed, organisation_id) else None
    found = (
        Authority.objects.filter(Q(pk__in=mine)).select_related("territory").order_by("pk") if mine else []
    )
    return next((authority for authority in found if holds(authority, organisation_id)), None)


def told_name(organisation: Organisation) -> str:
    """The organisation as the log may write it: no address nor telephone number, at most 150 characters."""
    name = organisation.name[:150]
    return f"n° {organisation.pk}" if PERSONAL_VALUES.search(name) else name
