"""Invitations: sent, sent again, cancelled, accepted once. The table keeps only the hash of the link."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from essor.accounts import mail
from essor.accounts.actions.checks import Actor, actor_id, must_manage_team, told_roles
from essor.accounts.actions.people import create_user
from essor.accounts.actions.team import check_roles, check_service, open_membership
from essor.accounts.models import Authority, Invitation, Membership, Service, User
from essor.accounts.models.user import fold_email
from essor.kernel import audit
from essor.kernel.periods import day_of

VALIDITY = timedelta(days=14)
MOST_AT_ONCE = 50


@dataclass(frozen=True)
class Offer:
    """What an invitation gives once accepted."""

    roles: tuple[str, ...] = ()
    service: Service | None = None
    mandate_title: str = ""


def hash_of(token: str) -> str:
    """What the table keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """A link's secret, that nobody guesses."""
    return secrets.token_urlsafe(32)


def problem_with(authority: Authority, email: str, now: datetime) -> str:
    """Why this address cannot be invited now, "" when it can. Says nothing of accounts in other authorities."""
    try:
        validate_email(email)
    except ValidationError:
        return _("« %(email)s » n’est pas une adresse électronique.") % {"email": email}
    if Membership.objects.not_past(day_of(now)).filter(authority=authority, user__email=email).exists():
        return _("« %(email)s » fait déjà partie de l’équipe.") % {"email": email}
    waiting = Invitation.objects.filter(authority=authority, email=email, expires_at__gt=now)
    if waiting.filter(accepted_at__isnull=True, revoked_at__isnull=True).exists():
        return _("« %(email)s » est déjà invitée : renvoyez plutôt l’invitation en attente.") % {
            "email": email
        }
    return ""


@transaction.atomic
def invite(
    actor: Actor, authority: Authority, emails: Iterable[str], offer: Offer, *, now: datetime | None = None
) -> list[Invitation]:
    """Invite several addresses with the same offer: all or none; ValidationError names each address that cannot be."""
    now = now or timezone.now()
    day = day_of(now)
    must_manage_team(actor, authority, day)
    check_roles(offer.roles)
    check_service(authority, offer.service, day)
    if not offer.roles and not offer.mandate_title:
        raise ValidationError(_("Donnez au moins un rôle, ou un mandat."))
    folded = list(dict.fromkeys(fold_email(email) for email in emails))
    if not 0 < len(folded) <= MOST_AT_ONCE:
        raise ValidationError(
            _("Invitez entre une et %(most)s personnes à la fois.") % {"most": MOST_AT_ONCE}
        )
    if problems := [problem for email in folded if (problem := problem_with(authority, email, now))]:
        raise ValidationError(problems)
    return [_send_new(actor, authority, email, offer, now) for email in folded]


def _send_new(actor: Actor, authority: Authority, email: str, offer: Offer, now: datetime) -> Invitation:
    expired = Invitation.objects.filter(authority=authority, email=email, accepted_at=None, revoked_at=None)
    expired.update(revoked_at=now)
    token = new_token()
    invitation = Invitation.objects.create(
        email=email,
        authority=authority,
        service=offer.service,
        roles=sorted(set(offer.roles)),
        mandate_title=offer.mandate_title,
        token_hash=hash_of(token),
        invited_by=actor,
        created_at=now,
        expires_at=now + VALIDITY,
    )
    mail.post_invitation(invitation, token)
    roles = told_roles(invitation.roles, elected=bool(invitation.mandate_title))
    _log(actor, "accounts.invitation.sent", invitation, {"roles": roles})
    return invitation


def _log(actor: Actor, code: str, invitation: Invitation, data: dict[str, str] | None = None) -> None:
    authority_id = invitation.authority_id
    audit.record(code, actor_id=actor_id(actor), subject=invitation, authority_id=authority_id, data=data)


def _locked_open(invitation_id: int) -> Invitation:
    """The invitation, locked until the end of the transaction; refuse one that is accepted or cancelled."""
    invitation = (
        Invitation.objects.select_for_update(of=("self",)).select_related("authority").get(pk=invitation_id)
    )
    if invitation.accepted_at or invitation.revoked_at:
        raise ValidationError(_("Cette invitation a déjà été acceptée ou annulée."))
    return invitation


@transaction.atomic
def resend(actor: Actor, invitation: Invitation, *, now: datetime | None = None) -> None:
    """Send a new link, for fourteen days again; the earlier link no longer works."""
    now = now or timezone.now()
    must_manage_team(actor, invitation.authority, day_of(now))
    invitation = _locked_open(invitation.pk)
    token = new_token()
    invitation.token_hash, invitation.expires_at = hash_of(token), now + VALIDITY
    invitation.save(update_fields=["token_hash", "expires_at"])
    mail.post_invitation(invitation, token)
    _log(actor, "accounts.invitation.resent", invitation)


@transaction.atomic
def revoke(actor: Actor, invitation: Invitation, *, now: datetime | None = None) -> None:
    """Cancel an invitation that was not accepted: its link no longer works."""
    now = now or timezone.now()
    must_manage_team(actor, invitation.authority, day_of(now))
    invitation = _locked_open(invitation.pk)
    invitation.revoked_at = now
    invitation.save(update_fields=["revoked_at"])
    _log(actor, "accounts.invitation.revoked", invitation)


def find_open(token: str, now: datetime) -> Invitation | None:
    """The invitation that this link opens now; None when it was used, cancelled, replaced or is too old."""
    rows = Invitation.objects.select_related("authority", "service", "invited_by")
    return rows.filter(
        token_hash=hash_of(token), accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now
    ).first()


@transaction.atomic
def accept(
    token: str,
    *,
    signed_in: User | None,
    full_name: str = "",
    password: str = "",
    now: datetime | None = None,
) -> User:
    """Use an invitation: the person signed in, or a new account, joins the team.

    A link works once, even pressed twice at the same moment.
    """
    now = now or timezone.now()
    invitation = find_open(token, now)
    if invitation is None or not _take(invitation, now):
        raise ValidationError(
            _("Ce lien d’invitation ne fonctionne plus. Demandez-en un nouveau à votre collectivité.")
        )
    user = _who_accepts(invitation, signed_in, full_name, password)
    Invitation.objects.filter(pk=invitation.pk).update(accepted_by=user)
    _log(user, "accounts.invitation.accepted", invitation)
    open_membership(
        None,
        invitation.authority,
        user,
        start=day_of(now),
        roles=invitation.roles,
        service=_service_now(invitation, now),
        mandate_title=invitation.mandate_title,
    )
    return user


def _take(invitation: Invitation, now: datetime) -> bool:
    """Mark the invitation accepted; False when another transaction did it first: one statement decides."""
    waiting = Invitation.objects.filter(
        pk=invitation.pk, accepted_at__isnull=True, revoked_at__isnull=True, token_hash=invitation.token_hash
    )
    return waiting.update(accepted_at=now) == 1


def _service_now(invitation: Invitation, now: datetime) -> Service | None:
    """The service of the offer, unless it was closed since."""
    service = invitation.service
    return service if service and service.period.contains(day_of(now)) else None


def _who_accepts(invitation: Invitation, signed_in: User | None, full_name: str, password: str) -> User:
    """The account that joins; an existing one must be signed in, so that a stolen link never opens it."""
    if signed_in is not None:
        if signed_in.email != invitation.email:
            raise ValidationError(
                _("Cette invitation est pour une autre adresse : déconnectez-vous, puis rouvrez le lien.")
            )
        return signed_in
    if User.objects.filter(email=invitation.email).exists():
        raise ValidationError(_("Vous avez déjà un compte : connectez-vous pour accepter l’invitation."))
    validate_password(password, User(email=invitation.email, full_name=full_name))
    return create_user(None, invitation.email, full_name, password)
