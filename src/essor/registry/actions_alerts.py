"""What agents do with the alerts of the register: look, set aside with a word, ask for the weekly message."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.enums import AGENT
from essor.accounts.models import Authority, User
from essor.accounts.rights import authority_roles
from essor.kernel import audit
from essor.kernel.periods import today
from essor.registry.alerts import alerts_of
from essor.registry.models import Alert, AlertReview, AlertSubscription

audit.register("registry.alert.seen", gettext_lazy("{actor} a vu une alerte du registre : {kind}"))
audit.register("registry.alert.set_aside", gettext_lazy("{actor} a écarté une alerte du registre : {kind}"))
audit.register(
    "registry.alert.reopened", gettext_lazy("{actor} a remis à voir une alerte du registre : {kind}")
)


def is_agent(user: User, authority: Authority) -> bool:
    """True when the person is an agent of the authority today."""
    return AGENT in authority_roles(user.pk, today()).get(authority.pk, frozenset())


def _check(user: User, authority: Authority, alert: Alert) -> None:
    if not is_agent(user, authority):
        raise PermissionDenied(_("Seuls les agentes et agents de la collectivité traitent ses alertes."))
    if not alerts_of(authority).filter(pk=alert.pk).exists():
        raise ValidationError(_("Cette alerte n’est pas sur le territoire de la collectivité."))


@transaction.atomic
def review(user: User, authority: Authority, alert: Alert, state: str, word: str = "") -> AlertReview:
    """Say that an alert is seen, or set it aside with a word; the last one who speaks is kept, the log keeps all.

    Raises `PermissionDenied` unless the person is an agent of the authority, `ValidationError` for an alert of
    another territory, an unknown state, or an alert set aside without a word.
    """
    _check(user, authority, alert)
    if state not in AlertReview.State.values:
        raise ValidationError(_("Cet état d’alerte n’existe pas."))
    word = word.strip()[:300]
    if state == AlertReview.State.SET_ASIDE and not word:
        raise ValidationError({"word": _("Dites pourquoi vous écartez cette alerte.")})
    row, _created = AlertReview.objects.update_or_create(
        alert=alert,
        authority=authority,
        defaults={"state": state, "word": word, "person": user, "at": timezone.now()},
    )
    _log(f"registry.alert.{state}", user, authority, alert, word)
    return row


@transaction.atomic
def reopen(user: User, authority: Authority, alert: Alert) -> None:
    """Put an alert back among those to look at. Raises as `review`."""
    _check(user, authority, alert)
    if AlertReview.objects.filter(alert=alert, authority=authority).delete()[0]:
        _log("registry.alert.reopened", user, authority, alert)


def _log(code: str, user: User, authority: Authority, alert: Alert, reason: str = "") -> None:
    audit.record(
        code,
        actor_id=user.pk,
        subject=alert,
        authority_id=authority.pk,
        data={"kind": alert.get_kind_display()},
        reason=reason,
    )


@transaction.atomic
def subscribe(user: User, authority: Authority) -> AlertSubscription:
    """Ask for the weekly message; asking twice changes nothing. Raises `PermissionDenied` unless an agent asks."""
    if not is_agent(user, authority):
        raise PermissionDenied(_("Seuls les agentes et agents de la collectivité reçoivent ses alertes."))
    last = Alert.objects.values_list("pk", flat=True).first() or 0
    row, _created = AlertSubscription.objects.get_or_create(
        user=user, authority=authority, defaults={"since": timezone.now(), "told_up_to": last}
    )
    return row


def unsubscribe(user_id: int, authority_id: int) -> bool:
    """End the weekly message; False when nobody had asked for it."""
    return bool(AlertSubscription.objects.filter(user=user_id, authority=authority_id).delete()[0])
