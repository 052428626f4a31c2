"""Requests not to be shown: asked by anybody, decided with a reason, held from an edition to the next."""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from essor.accounts.actions.checks import Actor, actor_id
from essor.accounts.enums import AGENT
from essor.accounts.models import Authority, User
from essor.accounts.rights import Rights
from essor.kernel import audit
from essor.kernel.periods import day_of
from essor.registry import changes, people_mail, transitions
from essor.registry.actions_claims import must_decide, tell_others
from essor.registry.models import HidingRequest, Identifier, Organisation
from essor.registry.profile_rules import tidy
from essor.registry.workflow import move

MOST_WAITING = 5
_SCHEMES = (Identifier.Scheme.SIREN, Identifier.Scheme.RNA)


def identifier_hash(value: str) -> str:
    """What is kept of a SIREN or RNA number that nothing bears yet: a keyed hash, useless to who has not the key."""
    plain = "".join(value.split()).upper()
    return hmac.new(settings.SECRET_KEY.encode(), f"hiding:{plain}".encode(), hashlib.sha256).hexdigest()


def _what(row: HidingRequest) -> dict[str, str]:
    return {"what": str(row.get_scope_display()).lower()}


@transaction.atomic
def ask_hiding(
    organisation: Organisation,
    scope: str,
    ground: str,
    email: str = "",
    *,
    user: User | None = None,
    now: datetime | None = None,
) -> HidingRequest:
    """Anybody concerned asks that something is no longer shown (RGPD, article 21)."""
    ground = tidy(ground)[:2000]
    if len(ground) < 10:
        raise ValidationError(
            {"ground": _("Dites en une phrase pourquoi, et à quel titre vous le demandez.")}
        )
    if email:
        validate_email(email)
    waiting = HidingRequest.objects.filter(organisation=organisation, state=HidingRequest.State.WAITING)
    if waiting.count() >= MOST_WAITING:
        raise ValidationError(_("Des demandes attendent déjà pour cette organisation."))
    row = HidingRequest.objects.create(
        organisation=organisation, scope=scope, ground=ground, requester_email=email, user=user,
        created_at=now or timezone.now(), identifier_hash=_hash_of(organisation),
    )  # fmt: skip
    audit.record(
        "registry.hiding.asked", actor_id=user.pk if user else None, subject=organisation, data=_what(row)
    )
    return row


def _hash_of(organisation: Organisation) -> str:
    rows = Identifier.objects.filter(organisation=organisation, scheme__in=_SCHEMES).order_by("-scheme", "pk")
    value = rows.values_list("value", flat=True).first()
    return identifier_hash(value) if value else ""


@transaction.atomic
def accept_hiding(
    actor: Actor, authority: Authority | None, row: HidingRequest, reason: str, *, now: datetime | None = None
) -> None:
    """Hide: the organisation leaves list, page, search and exports, or only its address or contacts do."""
    now = now or timezone.now()
    organisation = _organisation(row)
    must_decide(actor, authority, organisation, day_of(now))
    _decide(actor, authority, row, "accept", reason, now)
    if row.scope == HidingRequest.Scope.WHOLE:
        _make_private(row)
    _answer(row, _("acceptée"), reason)
    changes.tell([organisation.pk])
    tell_others(organisation, authority, actor, now, _("demande de masquage acceptée"))


@transaction.atomic
def refuse_hiding(
    actor: Actor, authority: Authority | None, row: HidingRequest, reason: str, *, now: datetime | None = None
) -> None:
    """Leave everything shown, with a reason that is sent to who asked."""
    now = now or timezone.now()
    must_decide(actor, authority, _organisation(row), day_of(now))
    _decide(actor, authority, row, "refuse", reason, now)
    _answer(row, _("refusée"), reason)


@transaction.atomic
def lift_hiding(
    actor: Actor, authority: Authority | None, row: HidingRequest, reason: str, *, now: datetime | None = None
) -> None:
    """Show again what was hidden; an organisation that another request still hides stays hidden."""
    now = now or timezone.now()
    organisation = _organisation(row)
    must_decide(actor, authority, organisation, day_of(now))
    _decide(actor, authority, row, "lift", reason, now)
    others = HidingRequest.objects.filter(
        organisation=organisation, scope=HidingRequest.Scope.WHOLE, state=HidingRequest.State.ACCEPTED
    )
    if row.made_private and not others.exists():
        Organisation.objects.filter(pk=organisation.pk).update(is_public=True)
    elif row.made_private:
        others.filter(pk=others.values("pk")[:1]).update(made_private=True)
    changes.tell([organisation.pk])


@transaction.atomic
def hide_number(
    actor: Actor, authority: Authority | None, number: str, reason: str, *, now: datetime | None = None
) -> HidingRequest:
    """Hide at once the organisation of a SIREN or RNA number, in the register or not: it stays so when it comes.

    A number that nothing bears is hidden by an administrator of the installation alone: no territory holds it yet.
    """
    now = now or timezone.now()
    plain = "".join(number.split()).upper()
    siren = plain.isdigit() and len(plain) == 9
    if not siren and not (len(plain) == 10 and plain[0] == "W" and plain[1:].isalnum()):
        raise ValidationError(
            {"number": _("Écrivez un SIREN (9 chiffres) ou un numéro RNA (W et 9 signes).")}
        )
    borne = Identifier.objects.filter(value=plain, scheme__in=_SCHEMES).select_related("organisation").first()
    organisation = borne.organisation if borne else None
    if organisation is not None:
        must_decide(actor, authority, organisation, day_of(now))
    elif actor is not None and not actor.is_installation_admin:
        raise ValidationError(
            {
                "number": _(
                    "Aucune organisation n’a ce numéro : demandez à l’administration de l’installation."
                )
            }
        )
    row = HidingRequest.objects.create(
        organisation=organisation, identifier_hash=identifier_hash(plain), scope=HidingRequest.Scope.WHOLE,
        ground=reason, user=actor, created_at=now,
    )  # fmt: skip
    _decide(actor, authority, row, "accept", reason, now)
    if organisation is not None:
        _make_private(row)
        changes.tell([organisation.pk])
    return row


@transaction.atomic
def lift_number(
    actor: Actor, authority: Authority | None, row: HidingRequest, reason: str, *, now: datetime | None = None
) -> None:
    """Let the organisation of a number that nothing bears yet be shown when it comes.

    Raises `PermissionDenied` but for an administrator of the installation and the agents of the authority that hid
    it, `ValidationError` when the register has the organisation meanwhile or somebody lifted it.
    """
    now = now or timezone.now()
    if not may_lift_number(actor, row, day_of(now)):
        raise PermissionDenied(
            _("La collectivité qui a masqué ce numéro, ou l’administration, lève le masquage.")
        )
    row.refresh_from_db(from_queryset=HidingRequest.objects.select_for_update())
    if row.organisation_id is not None:
        raise ValidationError(
            _(
                "Une édition vient d’amener cette organisation : levez le masquage depuis sa demande, « Décidées »."
            )
        )
    _decide(actor, authority, row, "lift", reason, now)


def may_lift_number(actor: Actor, row: HidingRequest, day: date) -> bool:
    """True for the administration of the installation and the agents of the authority for which it was hidden."""
    if actor is None:
        return True
    rights = Rights(actor.pk, day)
    mine = row.decided_for_id is not None and rights.has(row.decided_for_id, AGENT)
    return mine or rights.is_installation_admin


def hidden_numbers(authority: Authority, *, everywhere: bool) -> QuerySet[HidingRequest]:
    """Hidings that wait for the organisation of their number, latest first: the authority's, or all of them."""
    rows = HidingRequest.objects.filter(state=HidingRequest.State.ACCEPTED, organisation__isnull=True)
    rows = rows if everywhere else rows.filter(decided_for=authority)
    return rows.select_related("decided_by", "decided_for").order_by("-decided_at", "-pk")


def _organisation(row: HidingRequest) -> Organisation:
    if row.organisation is None:
        raise ValidationError(_("Aucune organisation du registre n’a encore ce numéro."))
    return row.organisation


def _make_private(row: HidingRequest) -> None:
    changed = Organisation.objects.filter(pk=row.organisation_id, is_public=True).update(is_public=False)
    if changed:
        row.made_private = True
        row.save(update_fields=["made_private"])


def _decide(
    actor: Actor, authority: Authority | None, row: HidingRequest, act: str, reason: str, now: datetime
) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("Dites pourquoi : la décision se garde avec son motif.")})
    done = {"decided_at": now, "decided_by": actor, "decided_for": authority, "reason": reason.strip()}
    move(row, transitions.HIDING, act, **done)
    codes = {
        "accept": "registry.hiding.accepted",
        "refuse": "registry.hiding.refused",
        "lift": "registry.hiding.lifted",
    }
    audit.record(
        codes[act],
        actor_id=actor_id(actor),
        subject=row.organisation or row,
        authority_id=authority.pk if authority else None,
        data=_what(row),
        reason=reason.strip(),
    )


def _answer(row: HidingRequest, outcome: str, reason: str) -> None:
    to = row.requester_email or (row.user.email if row.user else "")
    name = row.organisation.name if row.organisation else ""
    people_mail.post(
        to,
        _("Votre demande de masquage est %(outcome)s") % {"outcome": outcome},
        [
            _("À propos de « %(name)s ».") % {"name": name},
            _("Motif : %(reason)s") % {"reason": reason.strip()},
        ],
    )


def reapply(ids: Iterable[int] | None) -> int:
    """Hide again what an edition brought back, in its transaction; gives how many organisations were hidden."""
    accepted = HidingRequest.objects.filter(
        state=HidingRequest.State.ACCEPTED, scope=HidingRequest.Scope.WHOLE
    )
    wanted = None if ids is None else set(ids)
    waiting = {row.identifier_hash: row for row in accepted.filter(organisation__isnull=True)}
    if waiting:
        numbers = Identifier.objects.filter(scheme__in=_SCHEMES)
        if wanted is not None:
            numbers = numbers.filter(organisation__in=wanted)
        for organisation_id, value in numbers.values_list("organisation_id", "value").iterator():
            if row := waiting.pop(identifier_hash(value), None):
                row.organisation_id = organisation_id
                row.save(update_fields=["organisation"])
    rows = accepted.filter(organisation__is_public=True).select_related("organisation")
    if wanted is not None:
        rows = rows.filter(organisation__in=wanted)
    found = list(rows)
    for row in found:
        _make_private(row)
        audit.record("registry.hiding.reapplied", actor_id=None, subject=row.organisation or row)
    return len(found)
