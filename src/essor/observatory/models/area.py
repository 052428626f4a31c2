"""Areas that people draw: a neighbourhood, an employment area, the perimeter of a project."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from essor.kernel.fields import SortKeyField
from essor.territories.models import Drawn


class Area(Drawn):
    """An area that an authority drew, with its outline (`shape`, degrees). `is_public`: its portrait is open to all."""

    authority = models.ForeignKey("accounts.Authority", models.CASCADE, related_name="+")
    name = models.CharField(_("nom"), max_length=120)
    sort_key = SortKeyField()
    is_public = models.BooleanField(_("portrait publié"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("zone dessinée")
        verbose_name_plural = _("zones dessinées")
        ordering = ["sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "name"],
                name="area_name_once",
                violation_error_message=_("Une zone de votre collectivité porte déjà ce nom."),
            )
        ]

    def __str__(self) -> str:
        return self.name
