"""Definitions kept in the database, what was observed, what people follow."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from essor.indicators.enums import Direction, Origin, Periodicity, Side
from essor.indicators.fields import ExactField
from essor.kernel.fields import SortKeyField

MAX_PARTS = 300


class StoredIndicator(models.Model):
    """One version of the definition of an indicator that people collect or compute by a formula.

    It belongs to an authority, or to the installation (None). A change makes a new version; the former ones stay.
    """

    code = models.CharField(_("code"), max_length=80)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    is_current = models.BooleanField(default=True)
    authority = models.ForeignKey(
        "accounts.Authority", models.CASCADE, null=True, blank=True, related_name="+"
    )
    origin = models.CharField(_("nature"), max_length=10, choices=Origin.choices()[1:3])
    label = models.CharField(_("nom"), max_length=150)
    sort_key = SortKeyField(source="label")
    unit = models.CharField(_("unité"), max_length=40)
    direction = models.CharField(
        _("sens souhaité"), max_length=4, choices=Direction.choices(), default=Direction.NONE.value
    )
    periodicity = models.CharField(
        _("rythme"), max_length=8, choices=Periodicity.choices()[:3], default=Periodicity.YEAR.value
    )
    # [{"code", "label", "values": [[code, label]…], "partition"}]; a standard one is {"code", "label", "shared": true}
    dimensions = models.JSONField(_("dimensions"), default=list, blank=True)
    numerator = models.CharField(_("numérateur"), max_length=200, blank=True)
    denominator = models.CharField(_("dénominateur"), max_length=200, blank=True)
    factor = ExactField(_("facteur"), default=1)
    additive = models.BooleanField(_("les territoires s’additionnent"), default=True)
    protected = models.BooleanField(_("petits nombres masqués"), default=False)
    formula = models.CharField(_("formule"), max_length=500, blank=True)
    # Codes that the formula reads whole where it is cut by a dimension.
    constants = models.JSONField(_("indicateurs lus en entier"), default=list, blank=True)
    source = models.CharField(_("source"), max_length=300)
    method = models.TextField(_("méthode"), blank=True, max_length=3000)
    limits = models.TextField(_("limites"), blank=True, max_length=3000)
    is_public = models.BooleanField(_("publié"), default=False)
    change = models.CharField(_("ce qui change dans cette version"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("définition d’indicateur")
        verbose_name_plural = _("définitions d’indicateurs")
        ordering = ["sort_key", "code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="indicator_version_once"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(is_current=True), name="indicator_one_current_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.version})"


class CollectToken(models.Model):
    """What lets a program write and read values, in the name of an authority or of the installation (None).

    The secret is shown once; the table keeps its hash. `codes` is empty when it opens all the indicators of its owner.
    """

    authority = models.ForeignKey(
        "accounts.Authority", models.CASCADE, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("nom"), max_length=80)
    codes = models.JSONField(_("indicateurs"), default=list, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    # The first letters of the secret: they tell one from another, and open nothing.
    hint = models.CharField(max_length=8)
    expires_on = models.DateField(_("dernier jour"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("jeton de collecte")
        verbose_name_plural = _("jetons de collecte")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class Collection(models.Model):
    """One collection of values: a form, a file or a program with its token, by whom and when."""

    code = models.CharField(_("indicateur"), max_length=80, db_index=True)
    source = models.CharField(_("source"), max_length=300)
    day = models.DateField(_("date de la source"))
    file_name = models.CharField(_("fichier"), max_length=200, blank=True)
    counts = models.JSONField(default=dict)
    token = models.ForeignKey(CollectToken, models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("collecte")
        verbose_name_plural = _("collectes")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.code} ({self.day.isoformat()})"


class ObservationQuerySet(models.QuerySet["Observation"]):
    """Reads of what was observed."""

    def whole(self) -> Self:
        """Cells without dimension."""
        return self.filter(parts="")

    def at(self, start: object, end: object) -> Self:
        """Cells of one period."""
        return self.filter(start=start, end=end)


class Observation(models.Model):
    """One cell of an indicator, with its provenance. `parts` is the canonical text of its dimensions."""

    code = models.CharField(_("indicateur"), max_length=80)
    version = models.PositiveSmallIntegerField(_("version"))
    start = models.DateField(_("début"))
    end = models.DateField(_("fin"))
    territory = models.ForeignKey(
        "territories.Territory",
        models.PROTECT,
        related_name="+",
        verbose_name=_("territoire"),
        db_index=False,
    )
    parts = models.CharField(_("dimensions"), max_length=MAX_PARTS, blank=True, default="")
    numerator = ExactField(_("numérateur"))
    denominator = ExactField(_("dénominateur"), null=True)
    units = models.PositiveIntegerField(_("unités"), null=True)
    largest = ExactField(_("part de la plus grande unité"), null=True)
    source = models.CharField(_("source"), max_length=300)
    day = models.DateField(_("date de la source"))
    collection = models.ForeignKey(Collection, models.SET_NULL, null=True, related_name="observations")
    written_at = models.DateTimeField()

    objects = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("valeur observée")
        verbose_name_plural = _("valeurs observées")
        ordering = ["code", "start", "territory", "parts"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "territory", "start", "end", "parts"], name="observation_cell_once"
            ),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="observation_period_goes_on"),
        ]
        indexes = [models.Index(fields=["code", "start", "parts"], name="observation_code_start")]

    def __str__(self) -> str:
        return f"{self.code} {self.start.isoformat()} {self.territory_id} {self.parts}".strip()


class Materialised(models.Model):
    """The last time that the values of an indicator declared in code were written, and from what."""

    code = models.CharField(max_length=80, unique=True)
    stamp = models.CharField(max_length=120)
    cells = models.PositiveIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.code} {self.stamp}"


class Target(models.Model):
    """What an authority wants an indicator to reach on a territory, by a day."""

    authority = models.ForeignKey("accounts.Authority", models.CASCADE, related_name="+")
    code = models.CharField(_("indicateur"), max_length=80)
    territory = models.ForeignKey("territories.Territory", models.PROTECT, related_name="+")
    value = ExactField(_("valeur visée"))
    day = models.DateField(_("échéance"))

    class Meta:
        verbose_name = _("cible")
        verbose_name_plural = _("cibles")
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "code", "territory", "day"],
                name="target_once_a_day",
                violation_error_message=_("Une cible existe déjà à cette échéance."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.day.isoformat()}"


class BoardItem(models.Model):
    """An indicator that an agent follows on their own board, on a territory, with thresholds."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    authority = models.ForeignKey("accounts.Authority", models.CASCADE, related_name="+")
    code = models.CharField(_("indicateur"), max_length=80)
    territory = models.ForeignKey("territories.Territory", models.PROTECT, related_name="+")
    position = models.PositiveIntegerField(default=0)
    low = ExactField(_("seuil bas"), null=True, blank=True)
    high = ExactField(_("seuil haut"), null=True, blank=True)
    # Where the value stood when the last look was taken: an alert leaves once a crossing.
    side = models.CharField(max_length=8, choices=Side.choices(), default=Side.INSIDE.value)

    class Meta:
        verbose_name = _("indicateur suivi")
        verbose_name_plural = _("indicateurs suivis")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "authority", "code", "territory"],
                name="board_item_once",
                violation_error_message=_("Cet indicateur est déjà sur votre tableau."),
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=F("high")),
                name="board_thresholds_in_order",
                violation_error_message=_("Le seuil bas est au-dessus du seuil haut."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.code}"
