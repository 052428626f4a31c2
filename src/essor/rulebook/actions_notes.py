"""What people do with the answers that their authority keeps: keep one, withdraw it, erase it."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.models import Authority, User
from essor.kernel import audit
from essor.registry.models import Organisation
from essor.rulebook.asking import Answer, plain
from essor.rulebook.catalogue import catalogue
from essor.rulebook.models import Note

audit.register("rulebook.note.kept", gettext_lazy("{actor} a gardé une réponse du droit : « {rule} »"))
audit.register("rulebook.note.withdrawn", gettext_lazy("{actor} a retiré une réponse gardée : « {rule} »"))
audit.register("rulebook.note.erased", gettext_lazy("{actor} a effacé une réponse gardée : « {rule} »"))


@dataclass(frozen=True)
class Kept:
    """What a person says of an answer that they keep."""

    title: str
    reference: str = ""
    organisation: Organisation | None = None


def keep_note(author: User, authority: Authority, answer: Answer, kept: Kept) -> Note:
    """Keep the answer as it is given today. `ValidationError` when the law of the day gave none."""
    if answer.raw is None:
        raise ValidationError(_("La règle n’a pas répondu : il n’y a rien à garder."))
    note = Note(
        authority=authority,
        rule=answer.asked.name,
        title=kept.title,
        reference=kept.reference,
        organisation=kept.organisation,
        given=plain(answer.given),
        answer=answer.raw,
        case=answer.case,
        shown=answer.shown,
        law_day=answer.day,
        author=author,
        created_at=timezone.now(),
    )
    note.full_clean()
    with transaction.atomic():
        note.save()
        _record("rulebook.note.kept", author, note)
    return note


def withdraw_note(author: User, note: Note, reason: str) -> None:
    """Say that the note no longer counts, and why; it stays readable. `ValidationError` when it is already so."""
    if not reason.strip():
        raise ValidationError({"reason": _("Dites pourquoi cette réponse ne vaut plus.")})
    with transaction.atomic():
        changed = Note.objects.filter(pk=note.pk, withdrawn_at__isnull=True).update(
            withdrawn_at=timezone.now(), withdrawn_by=author, withdrawn_because=reason.strip()
        )
        if not changed:
            raise ValidationError(_("Cette réponse est déjà retirée."))
        _record("rulebook.note.withdrawn", author, note, reason.strip())


def erase_note(author: User, note: Note) -> None:
    """Erase the note; the log keeps that it existed."""
    with transaction.atomic():
        _record("rulebook.note.erased", author, note)
        note.delete()


def _record(code: str, author: User, note: Note, reason: str = "") -> None:
    asked = catalogue().get(note.rule)
    audit.record(
        code,
        actor_id=author.pk,
        subject=note,
        authority_id=note.authority_id,
        data={"rule": asked.question if asked else note.rule},
        reason=reason,
    )
