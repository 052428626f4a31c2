"""The week's alerts by e-mail, to the agents who ask; nothing is sent when there is nothing."""

from datetime import datetime

from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from essor.kernel import outbox
from essor.kernel.mailing import whole
from essor.kernel.tick import every
from essor.registry.actions_alerts import is_agent, unsubscribe
from essor.registry.alerts import AlertFilter, alerts_of, filtered
from essor.registry.models import AlertSubscription

SALT = "registry.alerts.unsubscribe"
SHOWN = 30


@every("week", "registry.alert_digest")
def send_digests(now: datetime) -> int:
    """Write the messages of the week; gives how many. Run twice, it tells nothing twice."""
    ids = list(AlertSubscription.objects.order_by("pk").values_list("pk", flat=True))
    return sum(_send(pk) for pk in ids)


@transaction.atomic
def _send(pk: int) -> bool:
    row = (
        AlertSubscription.objects.select_for_update(of=("self",))
        .select_related("user", "authority__territory")
        .filter(pk=pk)
        .first()
    )
    if row is None:
        return False
    if not row.user.is_active or not is_agent(row.user, row.authority):
        row.delete()  # no longer an agent there: nobody has to ask for it
        return False
    fresh = filtered(alerts_of(row.authority), AlertFilter()).filter(pk__gt=row.told_up_to)
    found = list(fresh)
    if not found:
        return False
    row.told_up_to = max(alert.pk for alert in found)
    row.save(update_fields=["told_up_to"])
    stop_url = whole(reverse("alerts-unsubscribe", args=[token_of(row)]))
    subject = ngettext(
        "%(count)s alerte du registre à regarder", "%(count)s alertes du registre à regarder", len(found)
    ) % {"count": len(found)}
    outbox.post(
        row.user.email,
        subject,
        "registry/mail/alerts",
        {
            "heading": subject,
            "why": _("Vous avez demandé les alertes hebdomadaires du registre pour %(authority)s.")
            % {"authority": row.authority.name},
            "sentences": [alert.sentence for alert in found[:SHOWN]],
            "others": max(0, len(found) - SHOWN),
            "alerts_url": whole(reverse("registry-alerts:list", args=[row.authority.slug])),
            "unsubscribe_url": stop_url,
        },
        stop_url=stop_url,
    )
    return True


def token_of(row: AlertSubscription) -> str:
    """What the message's link says: who no longer wants which messages; it ends nothing else."""
    return signing.dumps([row.user_id, row.authority_id], salt=SALT)


def read_token(token: str) -> tuple[int, int] | None:
    """(person, authority) of a link, None for one that is not ours."""
    try:
        user_id, authority_id = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return int(user_id), int(authority_id)


def stop(token: str) -> bool:
    """End the messages that a link speaks of; False when the link is not ours, or nobody asks for them any more."""
    read = read_token(token)
    return read is not None and unsubscribe(*read)
