"""Texts of the kit written on this installation: versions of fiches and recipes, notes of authorities."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

LONGEST = 200_000


class ContentKind(models.TextChoices):
    """What a text is."""

    FICHE = "fiche", _("Fiche")
    RECIPE = "recipe", _("Recette")
    NOTE = "note", _("Chez nous")


class ContentVersion(models.Model):
    """A text as it was written one day, never changed. The latest of its thing is in force.

    `is_reset`: this version gives the package's text back (or takes a note away); it has no text of its own.
    `base` and `base_text` are the package's text that the author had before them: a later one is told and compared.
    A note belongs to an authority; fiches and recipes are corrected for the whole installation.
    """

    kind = models.CharField(_("nature"), max_length=8, choices=ContentKind)
    code = models.CharField(_("code"), max_length=60)
    authority = models.ForeignKey(
        "accounts.Authority", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    number = models.PositiveIntegerField(_("version"))
    is_latest = models.BooleanField(default=True)
    is_reset = models.BooleanField(default=False)
    text = models.TextField(_("texte"), max_length=LONGEST, blank=True)
    base = models.CharField(max_length=64, blank=True)
    base_text = models.TextField(blank=True)
    reason = models.CharField(_("motif"), max_length=300, blank=True)
    author_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(_("écrit le"))

    class Meta:
        verbose_name = _("version d’un texte")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "code", "number"],
                condition=Q(authority__isnull=True),
                name="kit_content_number",
            ),
            models.UniqueConstraint(
                fields=["authority", "kind", "code", "number"],
                condition=Q(authority__isnull=False),
                name="kit_note_number",
            ),
            models.UniqueConstraint(
                fields=["kind", "code"],
                condition=Q(authority__isnull=True, is_latest=True),
                name="kit_content_one_in_force",
            ),
            models.UniqueConstraint(
                fields=["authority", "kind", "code"],
                condition=Q(authority__isnull=False, is_latest=True),
                name="kit_note_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(kind=ContentKind.NOTE, authority__isnull=False)
                | (~Q(kind=ContentKind.NOTE) & Q(authority__isnull=True)),
                name="kit_note_of_an_authority",
                violation_error_message=_(
                    "Une note est d’une collectivité, une correction de l’installation."
                ),
            ),
            models.CheckConstraint(
                condition=Q(is_reset=True, text="") | (Q(is_reset=False) & ~Q(text="")),
                name="kit_content_has_text",
                violation_error_message=_("Écrivez un texte."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code} v{self.number}"


class KitState(models.Model):
    """One row: a stamp that changes whenever a text or a list of sector policies does; processes read again then."""

    stamp = models.CharField(max_length=32)

    class Meta:
        verbose_name = _("état de la boîte à outils")

    def __str__(self) -> str:
        return self.stamp
