"""What the edition in force says: one current row an organisation and an establishment, replaced by `loading` alone."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from essor.registry.enums import Family, SizeBand, Tag, Verdict
from essor.registry.models.identity import Establishment, Organisation


def _choices(enum: type) -> list[tuple[str, str]]:
    return [(str(item.value), item.label) for item in enum]  # type: ignore[attr-defined]


class OrganisationFacts(models.Model):
    """What the edition in force says of an organisation, or the agent who added one that no source knows."""

    class Origin(models.TextChoices):
        EDITION = "edition", _("Données publiques")
        AGENT = "agent", _("Ajoutée par une collectivité")

    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, primary_key=True, related_name="facts"
    )
    present = models.BooleanField(default=True)  # False: the edition in force no longer has it
    # An edition leaves the rows of agents alone, and takes over the one whose SIREN it brings.
    origin = models.CharField(
        max_length=8, choices=Origin.choices, default=Origin.EDITION, db_default="edition"
    )
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


class EstablishmentFacts(models.Model):
    """What the edition in force says of an establishment."""

    # Positions that no source gives: found here for the organisations that agents add (`added_positions`).
    BY_ADDRESS, BY_COMMUNE = "same_address", "commune_centre"
    PLACED_HERE = (BY_ADDRESS, BY_COMMUNE)

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
