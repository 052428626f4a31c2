"""Dated values of the law that an installation adds, or puts in the place of those shipped with Essor."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from essor.law.certainty import Certainty

IDENTIFIER_LENGTH = 200
TAKEN = _("Une valeur ajoutée ici commence déjà ce jour-là : retirez-la d’abord, avec un motif.")


class LocalValueQuerySet(models.QuerySet["LocalLegalValue"]):
    """Local values; one withdrawn stays, for history."""

    def running(self) -> "LocalValueQuerySet":
        """Those that the law is read with."""
        return self.filter(withdrawn_at__isnull=True)


class LocalLegalValue(models.Model):
    """A value of a parameter from a day on, with its text, who wrote it and why. Never changed: withdrawn.

    `value` is the exact form of `typed.stored` (None ends the value). `description` and `unit` are those of the
    parameter when it was written: a parameter that Essor does not ship lives by them. `seen` holds what Essor shipped
    from that day on when it was written (day → text), so that a later version that differs is told.
    """

    parameter = models.CharField(_("paramètre"), max_length=IDENTIFIER_LENGTH)
    start = models.DateField(_("à partir du"))
    value = models.JSONField(_("valeur"), null=True, blank=True)
    unit = models.CharField(_("unité"), max_length=20)
    description = models.CharField(_("description"), max_length=300)
    reference = models.CharField(_("référence"), max_length=300)
    href = models.URLField(_("adresse du texte"), max_length=500, blank=True)
    certainty = models.CharField(_("certitude"), max_length=10, choices=Certainty.choices())
    note = models.CharField(_("note"), max_length=500, blank=True)
    reason = models.TextField(_("motif"), max_length=1000)
    seen = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by_id = models.BigIntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_id = models.BigIntegerField(null=True)
    withdrawn_reason = models.TextField(_("motif du retrait"), max_length=1000, blank=True)

    objects = LocalValueQuerySet.as_manager()

    class Meta:
        ordering = ["parameter", "start", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["parameter", "start"],
                condition=Q(withdrawn_at__isnull=True),
                name="rulebook_one_local_value_a_day",
                violation_error_message=TAKEN,
            ),
            models.CheckConstraint(
                condition=~Q(reference="") & ~Q(reason=""),
                name="rulebook_local_value_founded",
                violation_error_message=_("Une valeur locale demande une référence et un motif."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""),
                name="rulebook_withdrawal_founded",
                violation_error_message=_("Un retrait demande un motif."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parameter} {self.start.isoformat()}"

    @property
    def running(self) -> bool:
        """True while the law is read with it."""
        return self.withdrawn_at is None
