"""Requests of people who want to act for an organisation, and invitations that its members send."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from essor.registry.models.identity import Organisation


class Claim(models.Model):
    """A person asks to act for an organisation, or is invited to; once accepted, a membership says so with dates."""

    class State(models.TextChoices):
        PROVING = "proving", _("Lien envoyé, à ouvrir")
        WAITING = "waiting", _("À examiner")
        ACCEPTED = "accepted", _("Acceptée")
        REFUSED = "refused", _("Refusée")
        WITHDRAWN = "withdrawn", _("Retirée")
        LAPSED = "lapsed", _("Lien expiré")

    class Way(models.TextChoices):
        EMAIL = "email", _("Adresse électronique de l’organisation")
        AGENT = "agent", _("Accord d’une collectivité")
        INVITATION = "invitation", _("Invitation d’un membre")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="claims")
    # Nobody yet: an invitation that was not opened.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="organisation_claims"
    )
    way = models.CharField(_("preuve"), max_length=10, choices=Way)
    state = models.CharField(_("état"), max_length=10, choices=State)
    job_title = models.CharField(_("fonction dans l’organisation"), max_length=150, blank=True)
    message = models.TextField(_("message"), max_length=2000, blank=True)
    document = models.ForeignKey("kernel.StoredFile", models.SET_NULL, null=True, related_name="+")
    proof_email = models.EmailField(_("adresse de l’organisation"), blank=True)
    token_hash = models.CharField(max_length=64, blank=True, db_index=True)
    token_expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(_("demandée le"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("décidée le"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_for = models.ForeignKey("accounts.Authority", models.SET_NULL, null=True, related_name="+")
    reason = models.TextField(_("motif"), max_length=2000, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "created_at"], name="registry_claim_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"],
                condition=Q(state__in=["proving", "waiting"], user__isnull=False),
                name="registry_claim_one_open",
                violation_error_message=_("Une demande est déjà en cours pour cette organisation."),
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False)
                | Q(way="invitation", state__in=["proving", "withdrawn", "lapsed"]),
                name="registry_claim_has_a_person",
                violation_error_message=_("Une demande est celle d’une personne."),
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""),
                name="registry_claim_refused_with_reason",
                violation_error_message=_("Un refus dit pourquoi."),
            ),
        ]

    def __str__(self) -> str:
        return f"demande {self.pk}"
