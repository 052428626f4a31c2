"""Alerts that an edition raises in a territory, what each authority made of them, who asks for the weekly message."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from essor.registry.models.edition import Edition, Switch
from essor.registry.models.identity import Organisation
from essor.registry.rules_alerts import AlertKind


class Alert(models.Model):
    """Something in the differences of an edition that a person of the territory should look at."""

    switch = models.ForeignKey(Switch, on_delete=models.PROTECT, related_name="alerts")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="alerts")
    kind = models.CharField(_("nature"), max_length=20, choices=[(str(k.value), k.label) for k in AlertKind])
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="alerts"
    )
    # A commune, or an intercommunality: whoever serves one of its communes sees the alert.
    territory = models.ForeignKey("territories.Territory", on_delete=models.PROTECT, related_name="+")
    sector = models.CharField(max_length=40, blank=True)
    key = models.CharField(max_length=120)  # what it is about, in its switch: a job run twice writes it once
    sentence = models.CharField(max_length=700)
    created_at = models.DateTimeField()
    # The edition that raised it was taken back: nobody has to look any more.
    withdrawn = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["switch", "key"], name="alert_once_a_switch"),
        ]

    def __str__(self) -> str:
        return self.sentence


class AlertReview(models.Model):
    """What an authority made of an alert; without a row, it is still to look at."""

    class State(models.TextChoices):
        SEEN = "seen", _("Vue")
        SET_ASIDE = "set_aside", _("Écartée")

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="reviews")
    authority = models.ForeignKey("accounts.Authority", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices)
    word = models.CharField(_("motif"), max_length=300, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["alert", "authority"], name="one_review_an_authority"),
            models.CheckConstraint(
                name="alert_set_aside_has_a_word",
                condition=~models.Q(state="set_aside") | ~models.Q(word=""),
                violation_error_message=_("Dites pourquoi vous écartez cette alerte."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} {self.state}"


class AlertSubscription(models.Model):
    """An agent who asks for the week's alerts of an authority by e-mail."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    authority = models.ForeignKey("accounts.Authority", on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    # The last alert that a message told of, or that was there when the person asked.
    told_up_to = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "authority"], name="one_subscription_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} – {self.authority_id}"
