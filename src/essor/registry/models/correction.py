"""What people say is wrong in open data, and what an authority decided about it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from essor.registry.models.identity import Establishment, Organisation


class CorrectedField(models.TextChoices):
    """Facts that can be corrected.

    `other` is a report in words, which corrects nothing by itself; `tag` is a tag that lacks, put once accepted.
    """

    NAME = "name", _("Nom")
    ADDRESS = "address", _("Adresse")
    COMMUNE = "commune", _("Commune")
    ACTIVITY = "naf", _("Activité principale")
    SIZE = "size_band", _("Effectif")
    WEBSITE = "website", _("Site internet")
    CLOSED = "closed", _("L’organisation est fermée")
    NOT_ESS = "not_ess", _("L’organisation n’est pas de l’ESS")
    TAG = "tag", _("Une étiquette manque")
    OTHER = "other", _("Autre chose")


# What leaves nothing to show over the open data once it was decided.
SAID_ONCE = (CorrectedField.OTHER, CorrectedField.TAG)


class CorrectionQuerySet(models.QuerySet["Correction"]):
    """Reads of corrections."""

    def standing(self) -> "CorrectionQuerySet":
        """Those that pages show over the open data."""
        return self.filter(state__in=[Correction.State.ACCEPTED, Correction.State.DISPUTED]).exclude(
            field__in=SAID_ONCE
        )


class Correction(models.Model):
    """A fact that somebody says is wrong, what it should be, with evidence; then what was decided."""

    class State(models.TextChoices):
        WAITING = "waiting", _("À examiner")
        ACCEPTED = "accepted", _("Acceptée")
        DISPUTED = "disputed", _("Contredite par une édition")
        REFUSED = "refused", _("Refusée")
        WITHDRAWN = "withdrawn", _("Retirée")
        ABSORBED = "absorbed", _("Reprise par les données publiques")
        DROPPED = "dropped", _("Abandonnée")

    class Origin(models.TextChoices):
        VISITOR = "visitor", _("Signalement")
        MEMBER = "member", _("Membre de l’organisation")
        AGENT = "agent", _("Agente ou agent")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="corrections")
    establishment = models.ForeignKey(Establishment, models.PROTECT, null=True, related_name="+")
    field = models.CharField(_("ce qui est faux"), max_length=12, choices=CorrectedField)
    before = models.TextField(_("ce que disent les données publiques"), blank=True)
    value = models.TextField(_("ce qui est juste"), max_length=500, blank=True)
    # What the edition says when it contradicts an accepted correction.
    contradiction = models.TextField(blank=True)
    evidence = models.TextField(_("ce qui le montre"), max_length=2000, blank=True)
    document = models.ForeignKey("kernel.StoredFile", models.SET_NULL, null=True, related_name="+")
    origin = models.CharField(_("de la part de"), max_length=8, choices=Origin)
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.WAITING)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    reporter_email = models.EmailField(_("adresse pour répondre"), blank=True)
    created_at = models.DateTimeField(_("reçue le"))
    decided_at = models.DateTimeField(_("décidée le"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_for = models.ForeignKey("accounts.Authority", models.SET_NULL, null=True, related_name="+")
    reason = models.TextField(_("motif"), max_length=2000, blank=True)
    closed_at = models.DateTimeField(_("close le"), null=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["state", "created_at"], name="registry_correction_queue"),
            models.Index(fields=["organisation", "state"], name="registry_correction_of"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "field"],
                condition=Q(state__in=["accepted", "disputed"], establishment__isnull=True)
                & ~Q(field__in=["other", "tag"]),
                name="registry_correction_one_standing",
                violation_error_message=_("Une correction de ce fait est déjà en vigueur."),
            ),
            models.UniqueConstraint(
                fields=["establishment", "field"],
                condition=Q(state__in=["accepted", "disputed"], establishment__isnull=False),
                name="registry_correction_one_standing_place",
                violation_error_message=_("Une correction de ce fait est déjà en vigueur."),
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""),
                name="registry_correction_refused_with_reason",
                violation_error_message=_("Un refus dit pourquoi."),
            ),
        ]

    def __str__(self) -> str:
        return f"correction {self.pk}"
