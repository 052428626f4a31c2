"""Recipes that came as files from elsewhere, and recipes that authorities adopted."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RecipeOrigin(models.TextChoices):
    """Where an adopted recipe came from."""

    PACKAGE = "package", _("le catalogue d’Essor")
    FILE = "file", _("un fichier reçu")


class AdoptionState(models.TextChoices):
    """Where an adoption stands."""

    RUNNING = "running", _("En service")
    ENDED = "ended", _("Terminée")


class ReceivedRecipe(models.Model):
    """A recipe read from a file: of an authority, or of the installation. The same content twice is one row.

    `digest` is that of what the recipe says, whatever the layout of the file.
    """

    authority = models.ForeignKey(
        "accounts.Authority", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    code = models.CharField(_("code"), max_length=60)
    kind = models.CharField(_("nature"), max_length=24)
    title = models.CharField(_("titre"), max_length=120)
    recipe = models.JSONField(_("recette"))
    digest = models.CharField(max_length=64)
    file_name = models.CharField(_("fichier"), max_length=255)
    received_by_id = models.BigIntegerField(null=True)
    received_at = models.DateTimeField(_("reçue le"))

    class Meta:
        verbose_name = _("recette reçue")
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "digest"],
                condition=Q(authority__isnull=True),
                name="kit_received_once",
            ),
            models.UniqueConstraint(
                fields=["authority", "code", "digest"],
                condition=Q(authority__isnull=False),
                name="kit_received_once_by_authority",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Adoption(models.Model):
    """A recipe that an authority made its own: the whole recipe as it was that day, and the thing it made.

    `thing` is « kind:key », which the kind understands; `seen` is the digest of the later recipe that the authority
    looked at and left.
    """

    authority = models.ForeignKey("accounts.Authority", on_delete=models.CASCADE, related_name="+")
    code = models.CharField(_("code"), max_length=60)
    version = models.PositiveIntegerField(_("version"))
    kind = models.CharField(_("nature"), max_length=24)
    origin = models.CharField(_("origine"), max_length=8, choices=RecipeOrigin)
    recipe = models.JSONField(_("recette"))
    digest = models.CharField(max_length=64)
    seen = models.CharField(max_length=64, blank=True)
    thing = models.CharField(max_length=80)
    state = models.CharField(_("état"), max_length=8, choices=AdoptionState, default=AdoptionState.RUNNING)
    adopted_by_id = models.BigIntegerField(null=True)
    adopted_at = models.DateTimeField(_("adoptée le"))

    class Meta:
        verbose_name = _("recette adoptée")
        ordering = ["-adopted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "code"],
                condition=Q(state=AdoptionState.RUNNING),
                name="kit_adoption_once",
                violation_error_message=_("Votre collectivité a déjà adopté cette recette."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"
