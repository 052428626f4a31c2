"""Versions of the statistical perimeter that administrators write; the package's own stand beside."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PerimeterVersion(models.Model):
    """A dated version of the statistical perimeter written by an administrator; the package's own stand beside."""

    version = models.CharField(max_length=60, unique=True)
    valid_from = models.DateField()
    body = models.JSONField()
    note = models.TextField(_("motif"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-valid_from", "-id"]

    def __str__(self) -> str:
        return self.version
