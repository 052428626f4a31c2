"""Requests not to be shown (RGPD, article 21), which hold from an edition to the next."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from essor.registry.models.identity import Organisation


class HidingRequest(models.Model):
    """A person asks that an organisation, its address or its contacts are no longer shown; decided with a reason."""

    class State(models.TextChoices):
        WAITING = "waiting", _("À examiner")
        ACCEPTED = "accepted", _("Acceptée")
        REFUSED = "refused", _("Refusée")
        LIFTED = "lifted", _("Levée")

    class Scope(models.TextChoices):
        WHOLE = "whole", _("Toute la fiche")
        ADDRESS = "address", _("L’adresse seulement")
        CONTACT = "contact", _("Les contacts seulement")

    # Whether accepting it took the organisation out of sight: lifting it then shows it again.
    made_private = models.BooleanField(default=False)
    # Empty when nothing in the register bears the number yet: the hash then waits for it.
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="hiding_requests"
    )
    identifier_hash = models.CharField(max_length=64, blank=True, db_index=True)
    scope = models.CharField(_("ce qu’il faut masquer"), max_length=8, choices=Scope)
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.WAITING)
    ground = models.TextField(_("raisons de la demande"), max_length=2000)
    requester_email = models.EmailField(_("adresse pour répondre"), blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("reçue le"))
    decided_at = models.DateTimeField(_("décidée le"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_for = models.ForeignKey("accounts.Authority", models.SET_NULL, null=True, related_name="+")
    reason = models.TextField(_("motif"), max_length=2000, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "created_at"], name="registry_hiding_queue")]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | ~Q(identifier_hash=""),
                name="registry_hiding_has_a_subject",
                violation_error_message=_("Dites de quelle organisation il s’agit."),
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | ~Q(reason=""),
                name="registry_hiding_decided_with_reason",
                violation_error_message=_("Une décision dit pourquoi."),
            ),
        ]

    def __str__(self) -> str:
        return f"masquage {self.pk}"
