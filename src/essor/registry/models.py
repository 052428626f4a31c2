"""Organisations and what open data says of them.

Identity (`Organisation`, `Identifier`, `Establishment`) never disappears: acts point to it. Facts (one current row an
organisation and an establishment) are replaced by editions, by `loading` alone. What people write will stand apart.
"""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from essor.kernel.text import sort_key
from essor.registry.enums import Family, SizeBand, Tag, Verdict


def _choices(enum: type) -> list[tuple[str, str]]:
    return [(str(item.value), item.label) for item in enum]  # type: ignore[attr-defined]


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Reads of organisations."""

    def visible(self) -> "OrganisationQuerySet":
        """Organisations of the register in force that anybody may see."""
        return self.filter(is_public=True, facts__present=True)


class Organisation(models.Model):
    """One legal or de facto person; its id never changes or disappears."""

    class State(models.TextChoices):
        ACTIVE = "active", _("En activité")
        CLOSED = "closed", _("Fermée")

    name = models.CharField(_("nom"), max_length=300)
    sort_key = models.CharField(max_length=300, db_index=True, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    closed_on = models.DateField(_("fermée le"), null=True, blank=True)
    is_public = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "id"]
        constraints = [
            models.CheckConstraint(
                name="organisation_closed_has_a_date",
                condition=Q(state="active", closed_on__isnull=True) | Q(state="closed"),
                violation_error_message=_("Une organisation en activité n’a pas de date de fermeture."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.sort_key = sort_key(self.name)[:300]
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class Identifier(models.Model):
    """A number that a public register gave to an organisation; unique in its scheme."""

    class Scheme(models.TextChoices):
        SIREN = "siren", _("Siren")
        RNA = "rna", _("RNA")
        OTHER = "other", _("Autre")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="identifiers")
    scheme = models.CharField(max_length=10, choices=Scheme.choices)
    value = models.CharField(max_length=40)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "value"],
                name="identifier_once_in_its_scheme",
                violation_error_message=_("Cet identifiant appartient déjà à une autre organisation."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.value}"


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


class EditionChange(models.Model):
    """One difference that an edition made when it was put in force: history and going back come from these."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="changes")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="changes")
    subject = models.CharField(max_length=20)  # "organisation", or the SIRET of an establishment
    field = models.CharField(max_length=40)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "edition"])]

    def __str__(self) -> str:
        return f"{self.subject} {self.field}"


class OrganisationFacts(models.Model):
    """What the edition in force says of an organisation."""

    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, primary_key=True, related_name="facts"
    )
    present = models.BooleanField(default=True)  # False: the edition in force no longer has it
    name = models.CharField(max_length=300)
    acronym = models.CharField(max_length=60, blank=True)
    usual_name = models.CharField(max_length=300, blank=True)
    search_text = models.TextField(blank=True)  # folded names, for the list's plain search
    legal_category = models.CharField(max_length=4)
    naf = models.CharField(max_length=6, blank=True)
    naf25 = models.CharField(max_length=6, blank=True)
    sector = models.CharField(max_length=40, blank=True)  # empty: activity unknown
    family = models.CharField(max_length=20, choices=_choices(Family), blank=True)
    verdict = models.CharField(max_length=20, choices=_choices(Verdict))
    size_band = models.CharField(max_length=2, choices=_choices(SizeBand), default="NN")
    size_year = models.PositiveSmallIntegerField(null=True)
    is_employer = models.BooleanField(default=False)
    created_on = models.DateField(null=True)
    purpose = models.TextField(blank=True)
    website = models.CharField(max_length=300, blank=True)
    commune = models.ForeignKey(
        "territories.Territory", null=True, on_delete=models.PROTECT, related_name="+"
    )
    head_office_outside = models.BooleanField(default=False)
    conditions = models.JSONField(default=list)
    row_hash = models.CharField(max_length=32)

    class Meta:
        indexes = [
            # The list's facets are counted, and its names looked for, in this index alone.
            models.Index(
                fields=[
                    "family",
                    "sector",
                    "size_band",
                    "verdict",
                    "is_employer",
                    "organisation",
                    "commune",
                    "search_text",
                ],
                condition=Q(present=True),
                name="registry_facets",
            ),
            models.Index(fields=["commune"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def size_label(self) -> str:
        """The band of employees in words, with the year of the count."""
        band = SizeBand.of(self.size_band)
        label = band.label if band else str(SizeBand.NN.label)
        return f"{label} ({self.size_year})" if self.size_year and band and band.low is not None else label


class OrganisationTag(models.Model):
    """A mark of an organisation (Scop, ACI, Esus…), with what brought it and until when it holds."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="tags")
    code = models.CharField(max_length=30, choices=_choices(Tag))
    source = models.CharField(max_length=40)
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "code", "source"], name="tag_once_by_source")
        ]
        indexes = [models.Index(fields=["code", "organisation"])]

    def __str__(self) -> str:
        return self.code


class Establishment(models.Model):
    """A place where an organisation works, known by its SIRET when it has one."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="establishments")
    siret = models.CharField(max_length=14, unique=True, null=True)  # noqa: DJ001  (unknown, and still unique)

    def __str__(self) -> str:
        return self.siret or f"#{self.pk}"


class EstablishmentFacts(models.Model):
    """What the edition in force says of an establishment."""

    establishment = models.OneToOneField(
        Establishment, on_delete=models.PROTECT, primary_key=True, related_name="facts"
    )
    present = models.BooleanField(default=True)
    is_head_office = models.BooleanField(default=False)
    in_territory = models.BooleanField(default=True)  # False only for a head office kept beside
    name = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=300, blank=True)
    postal_code = models.CharField(max_length=5, blank=True)
    commune = models.ForeignKey(
        "territories.Territory", null=True, on_delete=models.PROTECT, related_name="+"
    )
    naf = models.CharField(max_length=6, blank=True)
    size_band = models.CharField(max_length=2, choices=_choices(SizeBand), default="NN")
    created_on = models.DateField(null=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    position_source = models.CharField(max_length=20, blank=True)
    position_quality = models.CharField(max_length=20, blank=True)
    position_error = models.PositiveIntegerField(null=True)  # metres, an upper bound
    qpv = models.JSONField(default=list)  # [{"generation", "code", "relation", "certainty", "distance"}]
    row_hash = models.CharField(max_length=32)

    class Meta:
        indexes = [models.Index(fields=["commune", "present"])]

    def __str__(self) -> str:
        return f"{self.name} {self.postal_code}".strip()


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


class OrganisationMembershipQuerySet(models.QuerySet["OrganisationMembership"]):
    """Reads of memberships."""

    def on(self, day: date) -> "OrganisationMembershipQuerySet":
        """Memberships that hold on the day (periods are half-open)."""
        return self.filter(Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gt=day))


class OrganisationMembership(models.Model):
    """A person who may act for an organisation, from a day to another."""

    user = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="organisation_memberships"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = OrganisationMembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="organisation_membership_ends_after_it_starts",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=models.F("valid_from")),
                violation_error_message=_("La fin doit être après le début."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} – {self.organisation_id}"
