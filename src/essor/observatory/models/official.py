"""Official tables that were given, and the figures of each: what is in force is chosen among them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from essor.indicators.fields import ExactField
from essor.indicators.models import MAX_PARTS


class TableKind(models.TextChoices):
    """Which official table."""

    FLORES = "flores", _("Économie sociale (Insee, Flores)")
    URSSAF = "urssaf", _("Emploi par famille de l’ESS (Urssaf)")
    QUARTERS = "qpv", _("Indicateurs des quartiers prioritaires (Insee)")


class LoadState(models.TextChoices):
    """Where a table stands."""

    GIVEN = "given", _("À confirmer")
    RUNNING = "running", _("Chargement en cours")
    IN_FORCE = "in_force", _("Chargé")
    WITHDRAWN = "withdrawn", _("Retiré")


class OfficialLoad(models.Model):
    """One official table: given, looked at, then loaded; withdrawing it puts back what the others say.

    Where two tables say the same cell, the newest vintage wins, then the newest day, then the last loaded.
    """

    kind = models.CharField(_("tableau"), max_length=8, choices=TableKind)
    state = models.CharField(_("état"), max_length=10, choices=LoadState, default=LoadState.GIVEN)
    source = models.CharField(_("source"), max_length=300)
    vintage = models.PositiveSmallIntegerField(_("millésime"))
    day = models.DateField(_("date de la source"))
    file_name = models.CharField(_("fichier"), max_length=200)
    sha256 = models.CharField(_("empreinte"), max_length=64)
    counts = models.JSONField(default=dict)
    refused = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    codes = models.JSONField(default=list)
    collections = models.ManyToManyField("indicators.Collection", related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    given_at = models.DateTimeField(_("déposé le"))
    loaded_at = models.DateTimeField(_("chargé le"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("retiré le"), null=True, blank=True)

    class Meta:
        verbose_name = _("tableau officiel")
        verbose_name_plural = _("tableaux officiels")
        ordering = ["-given_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.vintage}"


class OfficialCell(models.Model):
    """One cell of a table: of a territory, or of a quarter. Without numerator it is secret: it hides the cell.

    `computed`: a total that the table does not write, added up from its parts.
    """

    load = models.ForeignKey(OfficialLoad, models.CASCADE, related_name="cells")
    code = models.CharField(max_length=80)
    start = models.DateField()
    end = models.DateField()
    territory = models.ForeignKey("territories.Territory", models.PROTECT, null=True, related_name="+")
    quarter = models.CharField(max_length=8, blank=True, default="")
    parts = models.CharField(max_length=MAX_PARTS, blank=True, default="")
    numerator = ExactField(null=True)
    denominator = ExactField(null=True)
    computed = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("case d’un tableau officiel")
        verbose_name_plural = _("cases de tableaux officiels")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["load", "code", "territory", "start", "parts"],
                condition=Q(quarter=""),
                name="official_cell_once",
            ),
            models.UniqueConstraint(
                fields=["load", "code", "quarter", "start"],
                condition=~Q(quarter=""),
                name="official_quarter_cell_once",
            ),
            models.CheckConstraint(
                condition=Q(territory__isnull=True, quarter__gt="") | Q(territory__isnull=False, quarter=""),
                name="official_cell_somewhere",
            ),
        ]
        indexes = [models.Index(fields=["code", "start"], name="official_cell_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.start.isoformat()} {self.territory_id or self.quarter}"
