"""Official indicators of the priority neighbourhoods, as their table publishes them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from essor.indicators.fields import ExactField


class QuarterFigure(models.Model):
    """One figure of one neighbourhood in one vintage. The code stands alone: an outline may be loaded later."""

    quarter = models.CharField(_("code du quartier"), max_length=8)
    code = models.CharField(_("indicateur"), max_length=40)
    vintage = models.PositiveSmallIntegerField(_("millésime"))
    value = ExactField(_("valeur"))
    collection = models.ForeignKey("indicators.Collection", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("chiffre d’un quartier")
        verbose_name_plural = _("chiffres de quartiers")
        ordering = ["quarter", "code", "-vintage"]
        constraints = [
            models.UniqueConstraint(fields=["quarter", "code", "vintage"], name="quarter_figure_once")
        ]

    def __str__(self) -> str:
        return f"{self.quarter} {self.code} {self.vintage}"
