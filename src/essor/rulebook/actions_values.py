"""What the administration does to the law of the installation: add a dated value, withdraw one. Nothing is erased."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.actions.checks import Actor, actor_id, must_administer
from essor.kernel import audit, french
from essor.kernel.periods import today
from essor.law import parameters as law
from essor.law.certainty import Certainty
from essor.rulebook import typed
from essor.rulebook.local_law import as_local_value, shipped_from
from essor.rulebook.models import LocalLegalValue
from essor.rulebook.models.local_value import TAKEN

audit.register(
    "rulebook.value.added",
    gettext_lazy("{actor} a ajouté une valeur du droit : {parameter}, à partir du {day} : {text}"),
)
audit.register(
    "rulebook.value.withdrawn",
    gettext_lazy(
        "{actor} a retiré une valeur du droit ajoutée ici : {parameter}, à partir du {day} : {text}"
    ),
)


@dataclass(frozen=True)
class Draft:
    """A value as its author wrote it. `value` None ends the one before."""

    parameter: str
    start: date
    value: law.Value | None
    unit: str
    description: str
    reference: str
    certainty: Certainty
    reason: str
    note: str = ""
    href: str = ""

    def as_local_value(self) -> law.LocalValue:
        """The form that the law reads."""
        return law.LocalValue(
            parameter=self.parameter,
            start=self.start,
            value=list(self.value) if isinstance(self.value, tuple) else self.value,
            reference=self.reference,
            certainty=self.certainty,
            note=self.note,
            description=self.description,
            unit=self.unit,
            href=self.href,
        )

    @property
    def text(self) -> str:
        """The value in French words, « prend fin » when there is none. Raises `LegalParameterError`."""
        return text_of(self.as_local_value())


def text_of(value: law.LocalValue) -> str:
    """A local value in French words: « 60 000 € », « prend fin ». Raises `LegalParameterError`."""
    if value.value is None:
        return str(_("prend fin"))
    return law.with_values_added([value])[value.parameter].at(value.start).text


def add_value(actor: Actor, draft: Draft) -> LocalLegalValue:
    """Put a value in force in this installation, with its reference and its reason, and log it.

    Raises `PermissionDenied` unless the actor administers the installation, `ValidationError` when the law cannot
    read the value or when a local value already begins that day.
    """
    must_administer(actor, today())
    _check(draft)
    try:
        with transaction.atomic():
            row = LocalLegalValue.objects.create(
                parameter=draft.parameter,
                start=draft.start,
                value=typed.stored(draft.value),
                unit=draft.unit,
                description=draft.description,
                reference=draft.reference.strip(),
                href=draft.href,
                certainty=draft.certainty.value,
                note=draft.note.strip(),
                reason=draft.reason.strip(),
                seen=shipped_from(draft.parameter, draft.start),
                created_by_id=actor_id(actor),
            )
            audit.record(
                "rulebook.value.added",
                actor_id=actor_id(actor),
                subject=row,
                data=_told(draft.parameter, draft.start, draft.text),
                reason=draft.reason.strip(),
            )
    except IntegrityError as error:
        raise ValidationError({"start": str(TAKEN)}) from error
    return row


def _check(draft: Draft) -> None:
    if not draft.reference.strip():
        raise ValidationError({"reference": _("Citez le texte ou la décision qui fonde la valeur.")})
    if not draft.reason.strip():
        raise ValidationError({"reason": _("Dites pourquoi vous ajoutez cette valeur.")})
    try:
        law.with_values_added([draft.as_local_value()])
    except law.LegalParameterError as error:
        raise ValidationError(str(error)) from error
    known = law.shipped(draft.parameter)
    if known is not None and known.unit != draft.unit:
        raise ValidationError(_("L’unité de ce paramètre ne change pas."))
    if LocalLegalValue.objects.running().filter(parameter=draft.parameter, start=draft.start).exists():
        raise ValidationError({"start": str(TAKEN)})


def withdraw_value(actor: Actor, row: LocalLegalValue, reason: str) -> LocalLegalValue:
    """Take a local value out of force: the law is read again as Essor ships it. The line stays, with the reason.

    Raises `PermissionDenied`, or `ValidationError` without reason or when it is withdrawn already.
    """
    must_administer(actor, today())
    if not reason.strip():
        raise ValidationError({"reason": _("Dites pourquoi vous retirez cette valeur.")})
    with transaction.atomic():
        done = (
            LocalLegalValue.objects.running()
            .filter(pk=row.pk)
            .update(
                withdrawn_at=timezone.now(), withdrawn_by_id=actor_id(actor), withdrawn_reason=reason.strip()
            )
        )
        if not done:
            raise ValidationError(_("Cette valeur est déjà retirée."))
        row.refresh_from_db()
        audit.record(
            "rulebook.value.withdrawn",
            actor_id=actor_id(actor),
            subject=row,
            data=_told(row.parameter, row.start, told_value(row)),
            reason=reason.strip(),
        )
    return row


def told_value(row: LocalLegalValue) -> str:
    """The value of a line in French words; as it is stored when the law no longer reads it."""
    try:
        return text_of(as_local_value(row))
    except law.LegalParameterError:
        return str(row.value)


def _told(parameter: str, start: date, text: str) -> dict[str, str]:
    return {"parameter": parameter, "day": french.day(start), "text": text[:200]}
