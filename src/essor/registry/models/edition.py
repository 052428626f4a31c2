"""States of the open data of the territory, and what each changed when it was put in force."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from essor.registry.models.identity import Organisation
from essor.registry.rules_history import ChangeKind


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


class Switch(models.Model):
    """A moment when an edition came into force in place of another: forward, or going back."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="switches")
    replaced = models.ForeignKey(Edition, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    going_back = models.BooleanField(default=False)
    reason = models.TextField(blank=True, max_length=2000)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.edition_id} ({self.at:%Y-%m-%d})"


class Difference(models.Model):
    """What differs for one organisation or establishment between two states of the register."""

    subject = models.CharField(max_length=20)  # "organisation", or the SIRET of an establishment
    field = models.CharField(max_length=40)
    kind = models.CharField(
        max_length=20, choices=[(str(kind.value), kind.label) for kind in ChangeKind], default="renamed"
    )
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    # Where and of what family it is, to count without reading anything else: after the change, before for who leaves.
    family = models.CharField(max_length=20, blank=True)
    commune = models.ForeignKey(
        "territories.Territory", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        abstract = True


class EditionChange(Difference):
    """One difference that an edition made when it was put in force: history and alerts come from these."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="changes")
    switch = models.ForeignKey(Switch, on_delete=models.PROTECT, related_name="changes", db_index=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="changes")

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "edition"]),
            models.Index(fields=["switch", "kind"]),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.field}"


class ComingChange(Difference):
    """One difference that putting an edition in force would make: written by a comparison, replaced by the next."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="coming_changes")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    siren = models.CharField(max_length=9)
    name = models.CharField(max_length=300)

    class Meta:
        indexes = [models.Index(fields=["edition", "kind"])]

    def __str__(self) -> str:
        return f"{self.siren} {self.field}"
