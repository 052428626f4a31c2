"""Campaigns of self-diagnosis: who is invited, what was agreed, what is shared. Answers are the form engine’s."""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from essor.kit.diagnosis.enums import Role, State


class CampaignQuerySet(models.QuerySet["Campaign"]):
    """Reads of campaigns."""

    def of(self, authority_id: int) -> Self:
        """Those of an authority, the latest first."""
        return self.filter(authority_id=authority_id).order_by("-opened_on", "-pk")

    def agreed(self) -> Self:
        """Those whose values are final."""
        return self.filter(state=State.AGREED)

    def answerable(self, day: date) -> Self:
        """Those that take answers on the day."""
        return self.filter(state=State.OPEN, closes_on__gte=day)


class Campaign(models.Model):
    """A self-diagnosis of an authority: the levers kept, the days, and in the end the day it was agreed.

    `left_out` tells, by lever, why it is not asked. `link` is the address that partners share among themselves.
    """

    authority = models.ForeignKey("accounts.Authority", on_delete=models.CASCADE, related_name="+")
    title = models.CharField(_("titre"), max_length=120)
    opened_on = models.DateField(_("ouvert le"))
    closes_on = models.DateField(_("dernier jour pour répondre"))
    levers = models.JSONField(_("leviers"))
    left_out = models.JSONField(_("leviers laissés de côté"), default=dict, blank=True)
    form_version = models.ForeignKey("kernel.FormVersion", on_delete=models.PROTECT, related_name="+")
    link = models.CharField(_("lien à partager"), max_length=32, unique=True)
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.OPEN)
    agreed_on = models.DateField(_("arrêté le"), null=True, blank=True)

    objects: ClassVar[CampaignQuerySet] = CampaignQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("autodiagnostic")
        ordering = ["-opened_on", "-pk"]
        indexes = [models.Index(fields=["authority", "state", "agreed_on"], name="kit_diagnosis_authority")]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=models.F("opened_on")),
                name="kit_diagnosis_days",
                violation_error_message=_(
                    "Le dernier jour pour répondre ne peut pas venir avant l’ouverture : choisissez un jour plus tard."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state=State.OPEN, agreed_on__isnull=True)
                | Q(state=State.AGREED, agreed_on__isnull=False),
                name="kit_diagnosis_agreed_on",
                violation_error_message=_("Un autodiagnostic arrêté a sa date, et lui seul."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def takes_answers(self, day: date) -> bool:
        """Whether one may still answer on the day."""
        return self.state == State.OPEN and day <= self.closes_on

    @property
    def is_agreed(self) -> bool:
        """Whether its values are final."""
        return self.state == State.AGREED


class Respondent(models.Model):
    """Someone who is asked: a member of the team (`user`), or an outsider known by a link and, perhaps, an address.

    The role is the quality in which they answer; nobody’s name is asked. `response` holds what they answered.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="respondents")
    role = models.CharField(_("qualité"), max_length=10, choices=Role)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    email = models.EmailField(_("adresse électronique"), blank=True)
    response = models.OneToOneField(
        "kernel.Response", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    invited_on = models.DateField(_("invité le"))
    reminded_on = models.DateField(_("relancé le"), null=True, blank=True)

    class Meta:
        verbose_name = _("personne qui répond")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "user"],
                condition=Q(user__isnull=False),
                name="kit_respondent_once",
                violation_error_message=_("Cette personne est déjà invitée."),
            ),
            models.UniqueConstraint(
                fields=["campaign", "email"],
                condition=~Q(email=""),
                name="kit_respondent_email_once",
                violation_error_message=_("Cette adresse est déjà invitée."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="kit_respondent_role",
                violation_error_message=_("Cette qualité n’existe pas : choisissez-la dans la liste."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} n° {self.pk}"

    @property
    def has_begun(self) -> bool:
        """Whether something was answered."""
        return self.response is not None and bool(self.response.answers)

    @property
    def has_finished(self) -> bool:
        """Whether they sent their answers."""
        return self.response is not None and not self.response.is_draft


class AgreedValue(models.Model):
    """What was agreed on a lever, in a meeting: the stage and the ambition, the next step, who and when.

    `revision` grows at each change: two people cannot agree over each other without seeing it.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="values")
    lever = models.CharField(_("levier"), max_length=40)
    stage = models.PositiveSmallIntegerField(_("stade"))
    ambition = models.PositiveSmallIntegerField(_("stade voulu dans deux ans"), null=True, blank=True)
    note = models.TextField(_("ce qui a été dit"), blank=True, max_length=2000)
    step = models.CharField(_("prochain pas"), blank=True, max_length=300)
    who = models.CharField(_("qui s’en charge"), blank=True, max_length=120)
    due_on = models.DateField(_("pour quand"), null=True, blank=True)
    revision = models.PositiveIntegerField(_("révision"), default=1)

    class Meta:
        verbose_name = _("valeur convenue")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "lever"], name="kit_agreed_once"),
            models.CheckConstraint(
                condition=Q(stage__range=(1, 5)),
                name="kit_agreed_stage",
                violation_error_message=_("Un stade va de 1 à 5."),
            ),
            models.CheckConstraint(
                condition=Q(ambition__isnull=True) | Q(ambition__range=(1, 5)),
                name="kit_agreed_ambition",
                violation_error_message=_("L’ambition va de 1 à 5."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lever} : {self.stage}"


class SharingConsent(models.Model):
    """An authority agrees that its agreed stages count, without its name, in the medians of others."""

    authority = models.OneToOneField("accounts.Authority", on_delete=models.CASCADE, related_name="+")
    given_on = models.DateField(_("accepté le"))

    class Meta:
        verbose_name = _("partage anonyme")

    def __str__(self) -> str:
        return f"{self.given_on}"


class OtherMedians(models.Model):
    """Anonymous medians of another installation, as its file gave them: by lever, the median and how many made it."""

    source = models.CharField(_("installation"), max_length=120, unique=True)
    made_on = models.DateField(_("au"))
    medians = models.JSONField(_("médianes"))
    is_demo = models.BooleanField(_("démonstration"), default=False)

    class Meta:
        verbose_name = _("médianes d’ailleurs")
        ordering = ["source"]

    def __str__(self) -> str:
        return self.source
