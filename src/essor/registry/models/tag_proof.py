"""Tags that agents put, with what proves them; labels that authorities name; reminders before the end."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from essor.registry.models.facts import OrganisationTag


class LocalLabel(models.Model):
    """A label that an authority gives, in its own words (« Territoire solidaire », « Fabriqué ici »…)."""

    authority = models.ForeignKey("accounts.Authority", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("nom du label"), max_length=80)
    description = models.CharField(_("ce qu’il reconnaît"), max_length=300, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "name"],
                name="local_label_once",
                violation_error_message=_("Un label porte déjà ce nom."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def code(self) -> str:
        """The code of its tags."""
        return f"label:{self.pk}"


class TagProof(models.Model):
    """What proves a tag put by people; a tag without proof comes from an edition, which replaces it."""

    tag = models.OneToOneField(OrganisationTag, on_delete=models.CASCADE, related_name="proof")
    origin = models.CharField(_("d’où vient l’information"), max_length=200)
    number = models.CharField(_("numéro de convention ou d’agrément"), max_length=60, blank=True)
    document = models.ForeignKey("kernel.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    document_is_public = models.BooleanField(default=False)
    authority = models.ForeignKey("accounts.Authority", null=True, on_delete=models.PROTECT, related_name="+")
    put_at = models.DateTimeField(default=timezone.now)
    put_by_id = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)  # one more at each change: nobody undoes one unseen

    def __str__(self) -> str:
        return f"{self.tag_id}: {self.origin}"


class TagReminder(models.Model):
    """A reminder sent before the end of a tag: once for each end and each delay."""

    proof = models.ForeignKey(TagProof, on_delete=models.CASCADE, related_name="reminders")
    until = models.DateField()
    days = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proof", "until", "days"], name="tag_reminder_once")]

    def __str__(self) -> str:
        return f"{self.proof_id} {self.days}"
