"""Lists of supporters that were given."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SupporterImport(models.Model):
    """A list of supporters: given, looked at, then written into a directory or left. The file is erased after."""

    class Form(models.TextChoices):
        TABLE = "table", _("Tableau d’acteurs (CSV)")
        DATA_INCLUSION = "data-inclusion", _("Fichiers de data·inclusion")

    authority = models.ForeignKey(
        "accounts.Authority", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    form = models.CharField(_("forme"), max_length=14, choices=Form, default=Form.TABLE)
    file = models.ForeignKey(
        "kernel.StoredFile", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    file_name = models.CharField(_("fichier"), max_length=255)
    services = models.ForeignKey(
        "kernel.StoredFile", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    themes = models.JSONField(_("thématiques retenues"), default=list)
    all_or_nothing = models.BooleanField(_("tout ou rien"), default=False)
    counts = models.JSONField(default=dict)
    rejected = models.JSONField(default=list)
    given_at = models.DateTimeField(_("déposé le"))
    written_at = models.DateTimeField(_("écrit le"), null=True, blank=True)

    class Meta:
        verbose_name = _("liste d’acteurs")
        ordering = ["-given_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name
