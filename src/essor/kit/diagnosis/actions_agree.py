"""What a meeting decides: the value agreed on a lever, then the whole diagnosis. This is what history keeps."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.models import User
from essor.kernel import audit
from essor.kit.diagnosis.actions import locked_open
from essor.kit.diagnosis.enums import State
from essor.kit.diagnosis.grid import grid
from essor.kit.diagnosis.models import AgreedValue, Campaign

audit.register(
    "kit.diagnosis.agreed", gettext_lazy("{actor} a inscrit le stade {stage} convenu pour « {lever} »")
)
audit.register("kit.diagnosis.finished", gettext_lazy("{actor} a arrêté l’autodiagnostic « {title} »"))


@dataclass(frozen=True)
class Agreement:
    """What is agreed on a lever; `revision` is the one that the person saw, 0 when nothing was agreed yet."""

    stage: int
    ambition: int | None = None
    note: str = ""
    step: str = ""
    who: str = ""
    due_on: date | None = None
    revision: int = 0


def agree(
    actor: User, campaign: Campaign, lever: str, said: Agreement, *, now: datetime | None = None
) -> AgreedValue:
    """Keep the value agreed on a lever. Raises ValidationError: another lever, or changed by someone meanwhile."""
    if lever not in campaign.levers:
        raise ValidationError(_("Ce levier ne fait pas partie de cet autodiagnostic."))
    with transaction.atomic():
        locked = locked_open(campaign)
        value = AgreedValue.objects.filter(campaign=locked, lever=lever).first()
        if (value.revision if value else 0) != said.revision:
            raise ValidationError(
                _(
                    "Quelqu’un vient d’inscrire une autre valeur pour ce levier. Relisez-la ci-dessous, puis "
                    "enregistrez de nouveau si vous la changez."
                ),
                code="overtaken",
            )
        value = value or AgreedValue(campaign=locked, lever=lever, revision=0)
        for name in ("stage", "ambition", "note", "step", "who", "due_on"):
            setattr(value, name, getattr(said, name))
        value.revision += 1
        value.full_clean()
        value.save()
        audit.record(
            "kit.diagnosis.agreed",
            actor_id=actor.pk,
            subject=locked,
            authority_id=locked.authority_id,
            data={"lever": grid().levers[lever].title, "stage": said.stage},
            at=now,
        )
    return value


def finish(actor: User, campaign: Campaign, day: date, *, now: datetime | None = None) -> None:
    """The diagnosis is over: no more answers, no more changes. ValidationError when no value was agreed."""
    with transaction.atomic():
        locked = locked_open(campaign)
        if not locked.values.exists():
            raise ValidationError(
                _(
                    "Aucune valeur n’est convenue : inscrivez-en au moins une avant d’arrêter l’autodiagnostic."
                )
            )
        locked.state, locked.agreed_on = State.AGREED, day
        locked.save()
        audit.record(
            "kit.diagnosis.finished",
            actor_id=actor.pk,
            subject=locked,
            authority_id=locked.authority_id,
            data={"title": locked.title},
            at=now,
        )
