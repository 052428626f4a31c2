"""States of the open data of the territory, and what each changed when it was put in force."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from essor.registry.models.identity import Organisation


class Edition(models.Model):
    """One state of the open data of the territory, built from dated files; at most one is in force."""

    class State(models.TextChoices):
        BUILT = "built", _("Construite")
        LOADING = "loading", _("Chargement en cours")
        IN_FORCE = "in_force", _("En vigueur")
        SUPERSEDED = "superseded", _("Remplacée")
        FAILED = "failed", _("Échec du chargement")

    code = models.CharField(max_length=64, unique=True)
    scope = models.CharField(_("territoire"), max_length=60)
    day = models.DateField(_("date de référence"))
    state = models.CharField(max_length=12, choices=State.choices, default=State.BUILT)
    perimeter_version = models.CharField(max_length=60)
    manifest = models.JSONField(default=dict)
    built_at = models.DateTimeField()
    loaded_at = models.DateTimeField(null=True, blank=True)
    loading_report = models.JSONField(default=dict)

    class Meta:
        ordering = ["-built_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="in_force"), name="one_edition_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"{self.scope} – {self.day.isoformat()}"


class EditionChange(models.Model):
    """One difference that an edition made when it was put in force: history and going back come from these."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="changes")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="changes")
    subject = models.CharField(max_length=20)  # "organisation", or the SIRET of an establishment
    field = models.CharField(max_length=40)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "edition"])]

    def __str__(self) -> str:
        return f"{self.subject} {self.field}"
