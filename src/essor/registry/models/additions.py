"""Organisations that no source knew and that an authority added: who said so, and why it is of the ESS."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from essor.registry.models.identity import Organisation


class OrganisationAddition(models.Model):
    """What an agent wrote of an organisation when adding it; kept when an edition later brings the same one."""

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="addition")
    authority = models.ForeignKey("accounts.Authority", null=True, on_delete=models.PROTECT, related_name="+")
    added_by_id = models.BigIntegerField(null=True)
    added_at = models.DateTimeField(default=timezone.now)
    legal_form = models.CharField(_("forme"), max_length=30)  # a code of the self-assessment's forms
    answers = models.JSONField(default=dict)  # what was answered to the questions of the self-assessment
    statement = models.TextField(_("pourquoi elle est de l’ESS"))
    source = models.CharField(_("d’où vient l’information"), max_length=200, blank=True)
    address = models.CharField(_("adresse"), max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.organisation_id} – {self.added_at:%Y-%m-%d}"
