"""Invitations by e-mail: the only way into a team."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from essor.accounts.enums import InvitationState
from essor.accounts.models.authority import Authority, Service


class Invitation(models.Model):
    """A person asked to join an authority. Only the hash of the token is kept: the link lives in the e-mail alone."""

    email = models.EmailField(_("adresse électronique"))
    authority = models.ForeignKey(Authority, on_delete=models.CASCADE, related_name="invitations")
    service = models.ForeignKey(Service, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    roles = models.JSONField(_("rôles"), default=list)
    mandate_title = models.CharField(_("fonction"), max_length=200, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="sent_invitations"
    )
    created_at = models.DateTimeField(_("envoyée le"))
    expires_at = models.DateTimeField(_("expire le"))
    accepted_at = models.DateTimeField(_("acceptée le"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(_("annulée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "email"],
                condition=models.Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="accounts_invitation_open",
                violation_error_message=_("Une invitation est déjà en attente pour cette adresse."),
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True) | models.Q(revoked_at__isnull=True),
                name="accounts_invitation_one_end",
                violation_error_message=_("Une invitation est acceptée ou annulée, jamais les deux."),
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    def state_at(self, moment: datetime) -> InvitationState:
        """Where the invitation stands at the moment."""
        if self.accepted_at:
            return InvitationState.ACCEPTED
        if self.revoked_at:
            return InvitationState.REVOKED
        return InvitationState.EXPIRED if moment >= self.expires_at else InvitationState.PENDING
