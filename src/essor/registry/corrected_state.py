"""What an accepted correction « closed » does to the state of the organisation, and its undoing."""

from datetime import date

from django.utils.translation import gettext as _

from essor.accounts.actions.checks import Actor
from essor.accounts.models import Authority
from essor.kernel.periods import day_of
from essor.registry.actions_links import declare_state
from essor.registry.models import Correction, Organisation


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
