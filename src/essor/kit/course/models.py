"""What people did with the course: lessons read and passed, whether they may be named, their attestation."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class LessonProgress(models.Model):
    """What a person did with a lesson. `best` and `last` are right answers, out of `best_of` and `last_of`.

    `lesson` is the code of its file: a lesson that a later version drops leaves its rows, which no screen shows.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    lesson = models.CharField(_("leçon"), max_length=40)
    read_on = models.DateField(_("lue le"))
    tries = models.PositiveIntegerField(_("essais"), default=0)
    best = models.PositiveSmallIntegerField(_("meilleur résultat"), default=0)
    best_of = models.PositiveSmallIntegerField(default=0)
    last = models.PositiveSmallIntegerField(_("dernier résultat"), default=0)
    last_of = models.PositiveSmallIntegerField(default=0)
    passed_on = models.DateField(_("réussie le"), null=True, blank=True)
    last_on = models.DateField(_("dernière visite"))

    class Meta:
        verbose_name = _("progression dans une leçon")
        constraints = [
            models.UniqueConstraint(fields=["user", "lesson"], name="kit_progress_once"),
            models.CheckConstraint(
                condition=Q(best__lte=F("best_of")) & Q(last__lte=F("last_of")), name="kit_progress_score"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}:{self.lesson}"


class CourseChoice(models.Model):
    """Whether a person lets the teams of its authorities see its name among those who follow the course."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    is_named = models.BooleanField(_("mon nom peut être montré"), default=False)
    chosen_on = models.DateField(_("choisi le"))

    class Meta:
        verbose_name = _("choix sur la formation")

    def __str__(self) -> str:
        return f"{self.user_id}"


class Attestation(models.Model):
    """That a person passed the ten quizzes, on a day. Withdrawn, it keeps neither its name nor its authority.

    `full_name` is typed by the person; `code` is what anybody may verify, which shows initials and the day only.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    full_name = models.CharField(_("prénom et nom"), max_length=150)
    authority = models.ForeignKey(
        "accounts.Authority", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    day = models.DateField(_("délivrée le"))
    code = models.CharField(_("code de vérification"), max_length=14, unique=True)
    withdrawn_on = models.DateField(_("retirée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("attestation")
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(withdrawn_on__isnull=True),
                name="kit_attestation_one",
                violation_error_message=_("Vous avez déjà une attestation : retirez-la pour la refaire."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(full_name="", authority__isnull=True),
                name="kit_attestation_withdrawn_bare",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def initials(self) -> str:
        """« L. F. » for Lucie Fontsafran; a compound first name keeps its first letter only."""
        return " ".join(f"{word[0].upper()}." for word in self.full_name.split() if word)
