"""What accepted corrections do beyond what pages show: closing the organisation, and its undoing; a tag that lacked."""

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from essor.accounts.actions.checks import Actor
from essor.accounts.models import Authority
from essor.kernel.periods import day_of, today
from essor.registry.actions_links import declare_state
from essor.registry.actions_tags import Proof, put_tag
from essor.registry.models import Correction, Organisation, OrganisationTag


def close(actor: Actor, authority: Authority | None, row: Correction, reason: str) -> None:
    """Note the closing as agents do, from the day it was said; one that is closed already stays as it is.

    What is written is public: the evidence of who said it is not repeated.
    """
    organisation = Organisation.objects.get(pk=row.organisation_id)
    if organisation.state == Organisation.State.CLOSED:
        return
    member = row.origin == Correction.Origin.MEMBER
    said = _("L’organisation l’a dit.") if member else _("Une agente ou un agent l’a constaté.")
    declare_state(
        actor,
        authority,
        organisation,
        state=Organisation.State.CLOSED,
        day=day_of(row.created_at),
        reason=reason.strip() or said,
        source=_("Correction acceptée"),
    )


def reopen(actor: Actor, authority: Authority | None, row: Correction, reason: str, day: date) -> None:
    """Note that it runs again, when it is this correction that closed it."""
    organisation = Organisation.objects.get(pk=row.organisation_id)
    last = organisation.state_declarations.first()
    if organisation.state != Organisation.State.CLOSED or last is None or row.decided_at is None:
        return
    if last.declared_at >= row.decided_at:
        declare_state(
            actor,
            authority,
            organisation,
            state=Organisation.State.ACTIVE,
            day=day,
            reason=reason.strip() or _("La correction qui la disait fermée est abandonnée."),
            source=_("Correction abandonnée"),
        )


def bears(organisation: Organisation, code: str) -> bool:
    """True when the organisation bears the tag today."""
    running = Q(until__isnull=True) | Q(until__gt=today())
    return OrganisationTag.objects.filter(running, organisation=organisation, code=code).exists()


def put_proposed_tag(actor: Actor, authority: Authority | None, row: Correction) -> OrganisationTag:
    """Put the tag that was proposed, for the authority that confirms it. Raises as `actions_tags.put_tag`.

    The evidence and its document stay with the request, which erases them in time; the agent adds number, dates and
    document to the tag itself.
    """
    member = row.origin == Correction.Origin.MEMBER
    origin = _("Demande de l’organisation, vérifiée") if member else _("Constat d’une agente ou d’un agent")
    return put_tag(actor, authority, row.organisation, row.value, Proof(origin=origin))
