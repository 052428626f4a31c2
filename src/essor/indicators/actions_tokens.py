"""What agents do with the tokens of programs: make, revoke; and what a token opens."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.actions.invitations import hash_of, new_token
from essor.accounts.models import Authority, User
from essor.indicators import catalogue
from essor.indicators.definition import Indicator
from essor.indicators.models import CollectToken
from essor.kernel import audit
from essor.kernel.periods import today

audit.register(
    "indicators.token_made", gettext_lazy("{actor} a fait le jeton de collecte « {program} », jusqu’au {day}")
)
audit.register(
    "indicators.token_revoked", gettext_lazy("{actor} a révoqué le jeton de collecte « {program} »")
)

LONGEST = timedelta(days=366)
MOST = 50
HINT = 6
USED_EVERY = timedelta(minutes=1)


def make_token(
    actor: User, authority: Authority | None, name: str, codes: Sequence[str], expires_on: date
) -> tuple[CollectToken, str]:
    """A token of an authority (of the installation for None), and its secret, which nothing says again.

    `codes`: the indicators that it opens; none for all those of its owner. Raises ValidationError.
    """
    if not today() <= expires_on <= today() + LONGEST:
        raise ValidationError({"expires_on": _("Choisissez un jour d’ici un an.")})
    owner = authority.pk if authority else None
    known = catalogue.everything()
    if any(code not in known or known[code].authority_id != owner for code in codes):
        raise ValidationError({"codes": _("Choisissez des indicateurs qui sont à vous.")})
    secret = new_token()
    with transaction.atomic():
        running = CollectToken.objects.filter(
            authority=authority, revoked_at__isnull=True, expires_on__gte=today()
        )
        if running.count() >= MOST:
            raise ValidationError(
                _("Il y a déjà cinquante jetons en service : révoquez ceux qui ne servent plus.")
            )
        row = CollectToken(
            authority=authority,
            name=" ".join(name.split()),
            codes=sorted(set(codes)),
            token_hash=hash_of(secret),
            hint=secret[:HINT],
            expires_on=expires_on,
            created_by=actor,
            created_at=timezone.now(),
        )
        row.full_clean(exclude=["token_hash"])
        row.save()
        audit.record(
            "indicators.token_made",
            actor_id=actor.pk,
            subject=row,
            authority_id=owner,
            data={"program": row.name, "day": expires_on},
        )
    return row, secret


def revoke_token(actor: User, row: CollectToken) -> None:
    """Close a token at once; nothing changes when it is closed already."""
    with transaction.atomic():
        changed = CollectToken.objects.filter(pk=row.pk, revoked_at__isnull=True).update(
            revoked_at=timezone.now()
        )
        if changed:
            audit.record(
                "indicators.token_revoked",
                actor_id=actor.pk,
                subject=row,
                authority_id=row.authority_id,
                data={"program": row.name},
            )


def token_of(secret: str) -> CollectToken | None:
    """The token in service of a secret; None for one that is unknown, revoked or over."""
    if not secret or len(secret) > 200:
        return None
    rows = CollectToken.objects.filter(
        token_hash=hash_of(secret), revoked_at__isnull=True, expires_on__gte=today()
    )
    return rows.select_related("authority").first()


def used(row: CollectToken) -> None:
    """Note that a token served, to the minute."""
    now = timezone.now()
    if row.last_used_at is None or now - row.last_used_at >= USED_EVERY:
        CollectToken.objects.filter(pk=row.pk).update(last_used_at=now)


def opens(row: CollectToken, indicator: Indicator) -> bool:
    """True when the token opens this indicator: of the same owner, and chosen where some were."""
    return indicator.authority_id == row.authority_id and (not row.codes or indicator.code in row.codes)
