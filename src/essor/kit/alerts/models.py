"""Saved profiles of aids, and what each has been told."""

import secrets
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def new_token() -> str:
    """What the links of its messages bear: whoever has it may change and stop this alert, and nothing else."""
    return secrets.token_urlsafe(24)


class AidAlertQuerySet(models.QuerySet["AidAlert"]):
    """Reads of alerts."""

    def telling(self, rhythm: str) -> Self:
        """Those that send messages at this rhythm: confirmed, not stopped, of somebody who still has an account."""
        rows = self.filter(state=AidAlert.State.ACTIVE, rhythm=rhythm)
        return rows.filter(Q(user__isnull=True) | Q(user__is_active=True))


class AidAlert(models.Model):
    """A profile of aids that a person keeps, with the messages they want. A visitor's bears an address, and no account.

    `query` is the list's own address (`aids_list`). `told_up_to` is the last aid that was there when it was looked at:
    aids are numbered as they arrive. `reminded`: deadlines of which the person was reminded, aid → [deadline, days].
    """

    class Rhythm(models.TextChoices):
        DAILY = "daily", _("Chaque jour où il y a du nouveau")
        WEEKLY = "weekly", _("Une fois par semaine")

    class State(models.TextChoices):
        WAITING = "waiting", _("À confirmer")
        ACTIVE = "active", _("Envoie des messages")
        STOPPED = "stopped", _("Arrêtée")

    user = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, null=True, blank=True, related_name="aid_alerts"
    )
    email = models.EmailField(_("adresse électronique"), blank=True)
    name = models.CharField(_("nom"), max_length=100)
    authority = models.ForeignKey(
        "accounts.Authority", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    query = models.CharField(max_length=2000, blank=True)
    rhythm = models.CharField(_("rythme"), max_length=6, choices=Rhythm, default=Rhythm.WEEKLY)
    wants_new = models.BooleanField(_("nouvelles aides"), default=True)
    wants_30 = models.BooleanField(_("30 jours avant la clôture"), default=True)
    wants_7 = models.BooleanField(_("7 jours avant la clôture"), default=False)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    told_up_to = models.BigIntegerField(default=0)
    reminded = models.JSONField(default=dict, blank=True)
    created_on = models.DateField(_("gardée le"))
    confirmed_on = models.DateField(_("confirmée le"), null=True, blank=True)
    renewal_asked_on = models.DateField(null=True, blank=True)
    told_at = models.DateTimeField(_("dernier message"), null=True, blank=True)

    objects = AidAlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alerte sur les aides")
        verbose_name_plural = _("alertes sur les aides")
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["state", "rhythm"], name="kit_aid_alert_telling")]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, email="") | (Q(user__isnull=True) & ~Q(email="")),
                name="kit_aid_alert_whose",
                violation_error_message=_("Une alerte est celle d’un compte, ou d’une adresse électronique."),
            ),
            models.UniqueConstraint(
                fields=["user", "name"],
                condition=Q(user__isnull=False),
                name="kit_aid_alert_name_once",
                violation_error_message=_("Vous avez déjà une alerte de ce nom."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """Where its messages go."""
        return self.user.email if self.user else self.email

    def thresholds(self) -> tuple[int, ...]:
        """How many days before a deadline the person wants to be reminded."""
        return tuple(days for days, wanted in ((7, self.wants_7), (30, self.wants_30)) if wanted)
