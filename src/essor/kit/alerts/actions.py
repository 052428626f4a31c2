"""What people do with alerts on aids: keep, confirm, change, stop, erase; and the visitor's double agreement."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.models import Authority, User
from essor.kernel import audit, outbox
from essor.kernel.mailing import whole
from essor.kernel.periods import today
from essor.kit.alerts import telling
from essor.kit.alerts.models import AidAlert

MOST = 30  # a person's
MOST_WAITING = 3  # an address's: nobody is flooded by what others type
WAITING_DAYS = 7

audit.register("kit.aid_alert.saved", gettext_lazy("{actor} a gardé une alerte sur les aides"))
audit.register("kit.aid_alert.confirmed", gettext_lazy("Une alerte sur les aides a été confirmée"))
audit.register("kit.aid_alert.changed", gettext_lazy("Une alerte sur les aides a été changée"))
audit.register("kit.aid_alert.stopped", gettext_lazy("Une alerte sur les aides a été arrêtée"))
audit.register("kit.aid_alert.erased", gettext_lazy("{actor} a effacé une alerte sur les aides"))


@dataclass(frozen=True)
class Wanted:
    """What a person says of an alert: its name, when to write, what to tell."""

    name: str
    rhythm: str
    new: bool = True
    days_30: bool = False
    days_7: bool = False


def _take(alert: AidAlert, wanted: Wanted) -> None:
    if not (wanted.new or wanted.days_30 or wanted.days_7):
        raise ValidationError({"new": _("Choisissez au moins une raison de vous écrire.")})
    alert.name, alert.rhythm = wanted.name, wanted.rhythm
    alert.wants_new, alert.wants_30, alert.wants_7 = wanted.new, wanted.days_30, wanted.days_7
    alert.full_clean(exclude=["token"])


def save_alert(user: User, wanted: Wanted, query: str, authority: Authority | None) -> AidAlert:
    """Keep a person's alert: it sends messages at once. What answers today is known.

    Raises ValidationError for a name already taken, or one alert too many.
    """
    alert = AidAlert(user=user, query=query, authority=authority, created_on=today())
    alert.state, alert.confirmed_on = AidAlert.State.ACTIVE, today()
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if AidAlert.objects.filter(user=user).count() >= MOST:
            raise ValidationError(_("Vous gardez déjà %(count)s alertes : effacez-en une.") % {"count": MOST})
        _take(alert, wanted)
        telling.know_today(alert, today())
        alert.save()
        audit.record("kit.aid_alert.saved", actor_id=user.pk, subject=alert)
    return alert


def ask_alert(email: str, wanted: Wanted, query: str, authority: Authority | None) -> None:
    """Keep a visitor's alert, silent until they confirm it from the message that this sends.

    The same is done and said whatever the address already has; beyond three alerts not confirmed, nothing is sent.
    The message repeats nothing that was typed: anyone may type anyone's address.
    """
    alert = AidAlert(email=email, query=query, authority=authority, created_on=today())
    with transaction.atomic():
        _take(alert, wanted)
        mine = AidAlert.objects.filter(email__iexact=email)
        if mine.filter(state=AidAlert.State.WAITING).count() >= MOST_WAITING or mine.count() >= MOST:
            return
        alert.save()
        confirm_url = whole(telling.page(alert, "aid-alert-confirm", alert.token))
        subject = _("Confirmez votre alerte sur les aides publiques")
        context = {"heading": subject, "confirm_url": confirm_url, "days": WAITING_DAYS}
        outbox.post(email, subject, "kit/alerts/mail/confirm", context)


def confirm(token: str) -> AidAlert | None:
    """Confirm the alert of a link, or renew it for two years; None when the link leads to none any more."""
    with transaction.atomic():
        alert = (
            AidAlert.objects.select_for_update(of=("self",))
            .select_related("authority")
            .filter(token=token, user__isnull=True)
            .first()
        )
        if alert is None:
            return None
        if alert.state == AidAlert.State.WAITING:
            telling.know_today(alert, today())
            audit.record("kit.aid_alert.confirmed", actor_id=None, subject=alert)
        alert.state, alert.confirmed_on, alert.renewal_asked_on = AidAlert.State.ACTIVE, today(), None
        alert.save()
    return alert


def change_alert(actor: User | None, alert: AidAlert, wanted: Wanted) -> None:
    """Change an alert: its own person, or whoever has its link (`actor` None). A stopped one sends messages again.

    Raises PermissionDenied, ValidationError.
    """
    with transaction.atomic():
        locked = AidAlert.objects.select_for_update(of=("self",)).select_related("authority").get(pk=alert.pk)
        _must_own(actor, locked)
        _take(locked, wanted)
        if locked.state == AidAlert.State.STOPPED:
            # What came while no message was wanted is not news.
            telling.know_today(locked, today())
            locked.state = AidAlert.State.ACTIVE
        locked.save()
        audit.record("kit.aid_alert.changed", actor_id=actor.pk if actor else None, subject=locked)


def stop(token: str) -> bool:
    """Stop the messages of the alert of this link; a visitor's is erased with its address. False when there is none."""
    with transaction.atomic():
        alert = AidAlert.objects.select_for_update().filter(token=token).first()
        if alert is None:
            return False
        if alert.state != AidAlert.State.STOPPED:
            audit.record("kit.aid_alert.stopped", actor_id=alert.user_id, subject=alert)
        if alert.user_id is None:
            alert.delete()
        else:
            alert.state = AidAlert.State.STOPPED
            alert.save(update_fields=["state"])
    return True


def erase_alert(user: User, alert: AidAlert) -> None:
    """Erase an alert. PermissionDenied unless it is the person's own."""
    _must_own(user, alert)
    with transaction.atomic():
        audit.record("kit.aid_alert.erased", actor_id=user.pk, subject=alert)
        alert.delete()


def _must_own(actor: User | None, alert: AidAlert) -> None:
    if alert.user_id != (actor.pk if actor else None):
        raise PermissionDenied(_("Cette alerte est à quelqu’un d’autre."))


def ask_renewals(day: date) -> int:
    """Ask visitors, once, whether they still want alerts confirmed nearly two years ago; gives how many."""
    asked = 0
    for each in telling.renewable(day):
        with transaction.atomic():
            mine = AidAlert.objects.filter(pk=each.pk, renewal_asked_on__isnull=True)
            if not mine.update(renewal_asked_on=day):
                continue
            alert = AidAlert.objects.select_related("authority").get(pk=each.pk)
            subject = _("Voulez-vous garder votre alerte sur les aides publiques ?")
            stop_url = whole(telling.page(alert, "aid-alert-stop", alert.token))
            context = {
                "heading": subject,
                "name": alert.name,
                "confirm_url": whole(telling.page(alert, "aid-alert-confirm", alert.token)),
                "stop_url": stop_url,
            }
            outbox.post(alert.email, subject, "kit/alerts/mail/renew", context, stop_url=stop_url)
            asked += 1
    return asked


def erase_old(day: date) -> int:
    """Erase visitors' alerts not confirmed within a week, or not renewed within two years; gives how many."""
    visitors = AidAlert.objects.filter(user__isnull=True)
    waiting = visitors.filter(state=AidAlert.State.WAITING, created_on__lt=day - timedelta(days=WAITING_DAYS))
    old = visitors.filter(confirmed_on__lt=telling.months_before(day, 24))
    return waiting.delete()[0] + old.delete()[0]
