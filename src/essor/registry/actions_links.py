"""Successions, groups, closing and reopening: what agents say of the life of organisations."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.actions.checks import Actor, actor_id
from essor.accounts.models import Authority
from essor.kernel import audit, files, french
from essor.kernel.periods import today
from essor.registry import changes
from essor.registry.files import PROOF, PROOF_KINDS
from essor.registry.link_rules import closes_cycle
from essor.registry.models import Organisation, OrganisationLink, StateDeclaration
from essor.registry.territory_rights import must_work_on, told_name

audit.register("registry.link.made", gettext_lazy("{actor} a relié cette fiche à « {name} » ({kind}, {day})"))
audit.register(
    "registry.link.undone", gettext_lazy("{actor} a retiré le lien de cette fiche avec « {name} » ({kind})")
)
audit.register("registry.state.closed", gettext_lazy("{actor} a noté la fermeture au {day} ({source})"))
audit.register(
    "registry.state.active", gettext_lazy("{actor} a noté la reprise d’activité au {day} ({source})")
)


@dataclass(frozen=True)
class NewLink:
    """A tie: of which nature, between which two, from which day, with what proves it."""

    kind: str
    source: Organisation
    target: Organisation
    day: date | None = None
    note: str = ""
    upload: Any = None
    document_is_public: bool = False


def link(actor: Actor, authority: Authority | None, new: NewLink) -> OrganisationLink:
    """Tie two organisations: the predecessor (or member) to the successor (or group).

    The actor works on one of the two at least. Raises `PermissionDenied`, or `ValidationError` for a tie with itself,
    one that exists, a succession without date or one that leads back to where it starts.
    """
    _must_work_on_one(actor, authority, new)
    if new.source.pk == new.target.pk:
        raise ValidationError(_("Une organisation ne peut pas être liée à elle-même."))
    if new.kind in OrganisationLink.SUCCESSIONS and new.day is None:
        raise ValidationError({"day": _("Une succession a une date d’effet.")})
    try:
        with transaction.atomic():
            _lock(new)
            _refuse_cycle(new)
            made = OrganisationLink.objects.create(
                kind=new.kind,
                source=new.source,
                target=new.target,
                day=new.day,
                note=new.note.strip()[:300],
                document=files.store(
                    new.upload,
                    purpose=PROOF,
                    allowed=PROOF_KINDS,
                    authority_id=authority.pk if authority else None,
                    uploaded_by=actor_id(actor),
                )
                if new.upload
                else None,
                document_is_public=new.document_is_public,
                authority=authority,
                created_by_id=actor_id(actor),
            )
            _record("registry.link.made", actor, authority, made)
    except IntegrityError as error:
        raise ValidationError(_("Ce lien existe déjà.")) from error
    return made


def undo_link(actor: Actor, authority: Authority | None, tie: OrganisationLink, *, reason: str) -> None:
    """Take a tie away, with its reason; it stays in the history. Raises as `link` does."""
    must_work_on_either(actor, authority, tie.source_id, tie.target_id)
    if not reason.strip():
        raise ValidationError({"reason": _("Dites pourquoi vous retirez ce lien.")})
    with transaction.atomic():
        rows = OrganisationLink.objects.filter(pk=tie.pk, undone_at__isnull=True)
        done = rows.update(
            undone_at=timezone.now(), undone_by_id=actor_id(actor), undone_reason=reason.strip()
        )
        if not done:
            raise ValidationError(_("Ce lien a déjà été retiré."))
        _record("registry.link.undone", actor, authority, tie, reason)


def declare_state(
    actor: Actor,
    authority: Authority | None,
    organisation: Organisation,
    *,
    state: str,
    day: date,
    reason: str,
    source: str,
) -> StateDeclaration:
    """Note that an organisation closed on a day, or runs again, with reason and source.

    Raises `PermissionDenied`, or `ValidationError` for a day to come, a state that it already has, a missing word.
    """
    must_work_on(actor, authority, [organisation.pk], today())
    problems = {}
    if day > today():
        problems["day"] = _("La date ne peut pas être à venir.")
    if not reason.strip():
        problems["reason"] = _("Donnez le motif.")
    if not source.strip():
        problems["source"] = _("Dites d’où vient l’information.")
    if audit.PERSONAL_VALUES.search(source):
        problems["source"] = _("N’écrivez ici ni adresse électronique ni numéro de téléphone.")
    if problems:
        raise ValidationError(problems)
    with transaction.atomic():
        row = Organisation.objects.select_for_update().get(pk=organisation.pk)
        if row.state == state:
            raise ValidationError(_("C’est déjà l’état de cette organisation."))
        row.state = state
        row.closed_on = day if state == Organisation.State.CLOSED else None
        row.save(update_fields=["state", "closed_on"])
        made = StateDeclaration.objects.create(
            organisation=row,
            state=state,
            day=day,
            reason=reason.strip(),
            source=source.strip()[:200],
            authority=authority,
            declared_by_id=actor_id(actor),
        )
        closed = state == Organisation.State.CLOSED
        audit.record(
            "registry.state.closed" if closed else "registry.state.active",
            actor_id=actor_id(actor),
            subject=row,
            authority_id=authority.pk if authority else None,
            data={"day": french.day(day), "source": source.strip()[:200]},
            reason=reason.strip(),
        )
        changes.tell([row.pk])
    return made


def must_work_on_either(actor: Actor, authority: Authority | None, first: int, second: int) -> None:
    """Refuse (`PermissionDenied`) who may work on neither of the two."""
    try:
        must_work_on(actor, authority, [first], today())
    except PermissionDenied:
        must_work_on(actor, authority, [second], today())


def _must_work_on_one(actor: Actor, authority: Authority | None, new: NewLink) -> None:
    must_work_on_either(actor, authority, new.source.pk, new.target.pk)


def _lock(new: NewLink) -> None:
    """Ties are written one at a time around an organisation: two opposite ones cannot both pass the check."""
    rows = (
        Organisation.objects.select_for_update().filter(pk__in=[new.source.pk, new.target.pk]).order_by("pk")
    )
    if any(row.merged_into_id for row in rows):
        raise ValidationError(
            _("L’une des deux fiches a été fusionnée avec une autre : reliez celle qui reste.")
        )


def _refuse_cycle(new: NewLink) -> None:
    kinds = (
        OrganisationLink.SUCCESSIONS if new.kind in OrganisationLink.SUCCESSIONS else OrganisationLink.GROUPS
    )
    ties = OrganisationLink.objects.filter(kind__in=kinds, undone_at__isnull=True)
    if closes_cycle(ties.values_list("source", "target"), new.source.pk, new.target.pk):
        raise ValidationError(
            _(
                "« %(target)s » mène déjà à « %(source)s » par d’autres liens : celui-ci ferait une boucle. "
                "Vérifiez le sens."
            )
            % {"source": new.source.name, "target": new.target.name}
        )


def _record(
    code: str, actor: Actor, authority: Authority | None, tie: OrganisationLink, reason: str = ""
) -> None:
    """One entry, on the source's side; the page of the target reads the tie itself."""
    audit.record(
        code,
        actor_id=actor_id(actor),
        subject=tie.source,
        authority_id=authority.pk if authority else None,
        data={
            "name": told_name(tie.target),
            "kind": str(tie.get_kind_display()),
            "day": french.day(tie.day) if tie.day else _("sans date"),
        },
        reason=reason.strip(),
    )
    changes.tell([tie.source_id, tie.target_id])
