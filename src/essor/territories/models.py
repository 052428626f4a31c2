"""The administrative division of France in one vintage, the codes that lead to it, its outlines and the QPV.

A row is never deleted: what a newer vintage no longer has becomes inactive, so that what points to it
stays true.
"""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from essor.kernel.fields import SortKeyField
from essor.territories.enums import (
    CodeKind,
    EpciType,
    Kind,
    LoadKind,
    PositionSource,
    QpvGeneration,
    Zone,
    Zoning,
)
from essor.territories.naming import of_name

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

# Which foreign key of a commune leads to a territory of that kind.
COMMUNE_PARENT: dict[str, str] = {
    Kind.REGION: "region",
    Kind.DEPARTEMENT: "departement",
    Kind.COLLECTIVITE: "collectivite",
    Kind.EPCI: "epci",
    Kind.EPT: "ept",
}


class TerritoryQuerySet(models.QuerySet["Territory"]):
    """Reads of territories."""

    def active(self) -> Self:
        """Those of the vintage in force."""
        return self.filter(is_active=True)

    def of_kind(self, *kinds: str) -> Self:
        """Those of the given kinds."""
        return self.filter(kind__in=kinds)

    def by_ref(self, ref: str) -> "Territory":
        """The one of that exact reference, else `DoesNotExist`; `queries.resolve` takes aliases too."""
        kind, _sep, code = ref.partition(":")
        return self.get(kind=kind, code=code)

    def communes_of(self, territory: "Territory") -> Self:
        """The current communes of a territory: itself for a commune, all of them for France."""
        communes = self.active().of_kind(Kind.COMMUNE)
        if territory.kind == Kind.FRANCE:
            return communes
        if territory.kind == Kind.COMMUNE:
            return communes.filter(pk=territory.pk)
        return communes.filter(**{COMMUNE_PARENT[territory.kind]: territory})

    def containing(self, commune: "Territory") -> Self:
        """The commune and every territory that contains it."""
        parents = [commune.pk, *(getattr(commune, f"{name}_id") for name in COMMUNE_PARENT.values())]
        return self.filter(Q(pk__in=[pk for pk in parents if pk]) | Q(kind=Kind.FRANCE))


class Territory(models.Model):
    """A commune, an EPCI, an EPT, a département, a région, a collectivity apart, or France.

    `collectivite` holds only what is none of the others: the overseas collectivities, the département du
    Rhône without the Métropole de Lyon (69D), the Collectivité européenne d'Alsace (6AE). `rules.powers_of`
    says who has which powers.
    The parents of an EPCI are those where most of its people live: an EPCI may lie in several départements.
    """

    kind = models.CharField(_("niveau"), max_length=12, choices=Kind)
    code = models.CharField(_("code"), max_length=9)
    name = models.CharField(_("nom"), max_length=120)
    liaison = models.PositiveSmallIntegerField(_("type de liaison (TNCC)"), default=0)
    sort_key = SortKeyField()
    siren = models.CharField(_("SIREN"), max_length=9, blank=True)
    population = models.PositiveIntegerField(_("population municipale"), null=True, blank=True)
    zone = models.CharField(_("zone"), max_length=5, choices=Zone)
    epci_type = models.CharField(_("forme de l’EPCI"), max_length=5, choices=EpciType, blank=True)
    vintage = models.PositiveSmallIntegerField(_("millésime"))
    is_active = models.BooleanField(_("en vigueur"), default=True)
    region = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    departement = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    collectivite = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    epci = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    ept = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    position_source = models.CharField(
        _("source de la position"),
        max_length=8,
        choices=PositionSource,
        default=PositionSource.NONE,
        blank=True,
    )

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("territoire")
        verbose_name_plural = _("territoires")
        ordering = ["sort_key", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "code"],
                name="territory_kind_code",
                violation_error_message=_("Ce territoire existe déjà."),
            ),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True)
                | Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90),
                name="territory_position_in_degrees",
                violation_error_message=_("La position doit être en degrés : longitude puis latitude."),
            ),
            models.CheckConstraint(
                condition=(Q(kind=Kind.EPCI) & ~Q(epci_type="")) | (~Q(kind=Kind.EPCI) & Q(epci_type="")),
                name="territory_epci_type_of_epci_only",
                violation_error_message=_("Seul un EPCI a une forme d’EPCI, et il en a toujours une."),
            ),
        ]
        indexes = [models.Index(fields=["kind", "sort_key"], name="territory_kind_sort_key")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Address of the territory's page."""
        return reverse("territories:territory", args=[self.kind, self.code])

    @property
    def ref(self) -> str:
        """The reference that people type: `departement:31`, `france`."""
        return self.kind if self.kind == Kind.FRANCE else f"{self.kind}:{self.code}"

    @property
    def of_name(self) -> str:
        """The name after « de »: « de la Haute-Garonne », « du Havre », « d’Arles »."""
        return of_name(self.name, self.liaison, self.kind)


class CommuneCode(models.Model):
    """A code other than a commune's own that leads to it: arrondissement, commune déléguée, former code.

    A code may be both current and a déléguée's (01015): the current commune wins, see `queries.code_map`.
    A former code whose territory was split leads to several communes: it then is ambiguous, and said to be.
    """

    code = models.CharField(_("code"), max_length=5)
    kind = models.CharField(_("nature"), max_length=14, choices=CodeKind)
    name = models.CharField(_("nom"), max_length=120, blank=True)
    commune = models.ForeignKey(Territory, models.PROTECT, related_name="other_codes")

    class Meta:
        verbose_name = _("autre code de commune")
        verbose_name_plural = _("autres codes de communes")
        ordering = ["code", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "kind", "commune"],
                name="commune_code_once",
                violation_error_message=_("Ce code mène déjà à cette commune."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()


class PostalCode(models.Model):
    """A postal code that serves a commune; one code serves several communes and the reverse."""

    code = models.CharField(_("code postal"), max_length=5)
    commune = models.ForeignKey(Territory, models.CASCADE, related_name="postal_codes")

    class Meta:
        verbose_name = _("code postal")
        verbose_name_plural = _("codes postaux")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "commune"],
                name="postal_code_once",
                violation_error_message=_("Ce code postal est déjà celui de la commune."),
            )
        ]

    def __str__(self) -> str:
        return self.code


class Drawn(models.Model):
    """What has a geometry (WKB, degrees WGS 84, longitude first) with its source."""

    geometry = models.BinaryField(_("contour"))
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    source = models.CharField(_("source"), max_length=200)
    day = models.DateField(_("date de la source"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def shape(self) -> "BaseGeometry":
        """The geometry as a shapely object, in degrees."""
        import shapely  # a web process that draws nothing does not pay for it

        found: BaseGeometry = shapely.from_wkb(bytes(self.geometry))
        return found


class Outline(Drawn):
    """The official outline of a territory. Without one, `shapes` draws schematic cells, never stored."""

    territory = models.OneToOneField(Territory, models.CASCADE, related_name="outline")

    class Meta:
        verbose_name = _("contour")
        verbose_name_plural = _("contours")

    def __str__(self) -> str:
        return f"{self.territory_id} ({self.source})"


class Qpv(Drawn):
    """A priority neighbourhood of the « politique de la ville », in one of its two generations of codes."""

    code = models.CharField(_("code"), max_length=8, unique=True)
    generation = models.PositiveSmallIntegerField(_("génération"), choices=QpvGeneration)
    name = models.CharField(_("nom"), max_length=200)
    sort_key = SortKeyField()
    communes = models.ManyToManyField(Territory, related_name="qpvs")

    class Meta:
        verbose_name = _("quartier prioritaire")
        verbose_name_plural = _("quartiers prioritaires")
        ordering = ["generation", "sort_key", "code"]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class CommuneClass(models.Model):
    """The class of a commune in an official zoning: « 5 » in the grid of density, « C » among the ZRR."""

    zoning = models.CharField(_("zonage"), max_length=8, choices=Zoning)
    commune = models.ForeignKey(Territory, models.CASCADE, related_name="classes")
    value = models.CharField(_("classe"), max_length=8)
    vintage = models.PositiveSmallIntegerField(_("millésime"))
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("classe d’une commune")
        verbose_name_plural = _("classes des communes")
        ordering = ["zoning", "commune"]
        constraints = [models.UniqueConstraint(fields=["zoning", "commune"], name="commune_class_once")]

    def __str__(self) -> str:
        return f"{self.zoning} {self.value}"


class Load(models.Model):
    """One load of data: what, whence, when, how many. The newest id versions the caches."""

    kind = models.CharField(_("nature"), max_length=10, choices=LoadKind)
    vintage = models.PositiveSmallIntegerField(_("millésime"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)
    sha256 = models.CharField(_("empreinte"), max_length=64)
    counts = models.JSONField(_("comptes"), default=dict)
    at = models.DateTimeField(_("chargé le"), auto_now_add=True)

    class Meta:
        verbose_name = _("chargement")
        verbose_name_plural = _("chargements")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.vintage or ''} ({self.source})"
