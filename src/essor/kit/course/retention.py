"""Personal data of the course: progress, the choice to be named, attestations."""

from collections.abc import Iterable
from datetime import date
from functools import partial

from django.db import models
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from essor.kernel.retention import Retention, Row, register
from essor.kit.course.models import Attestation, CourseChoice, LessonProgress

YEARS_KEPT = 3
ERASED_DOMAIN = "@invalid"  # how the room of accounts writes the address of an account that was erased


def _years_before(day: date) -> date:
    try:
        return day.replace(year=day.year - YEARS_KEPT)
    except ValueError:  # 29 February
        return day.replace(year=day.year - YEARS_KEPT, day=28)


def erase_progress(day: date) -> int:
    """Erase the progress of those who did nothing in the course for three years, or whose account was erased."""
    idle = (
        LessonProgress.objects.values("user")
        .annotate(latest=Max("last_on"))
        .filter(latest__lt=_years_before(day))
        .values("user")
    )
    gone = LessonProgress.objects.filter(user__in=list(idle.values_list("user", flat=True)))
    return gone.delete()[0] + _erase_of_erased_accounts(LessonProgress, day)


def _erase_of_erased_accounts(model: type[models.Model], day: date) -> int:
    return model._default_manager.filter(user__email__endswith=ERASED_DOMAIN).delete()[0]


def _progress(user_id: int) -> Iterable[Row]:
    return (
        {
            "leçon": row.lesson,
            "lue le": row.read_on,
            "essais": row.tries,
            "meilleur résultat": f"{row.best}/{row.best_of}",
            "dernier résultat": f"{row.last}/{row.last_of}",
            "réussie le": row.passed_on,
        }
        for row in LessonProgress.objects.filter(user_id=user_id).order_by("read_on", "pk")
    )


def _choice(user_id: int) -> Iterable[Row]:
    rows = CourseChoice.objects.filter(user_id=user_id)
    return ({"mon nom peut être montré": row.is_named, "choisi le": row.chosen_on} for row in rows)


def _attestations(user_id: int) -> Iterable[Row]:
    rows = Attestation.objects.filter(user_id=user_id).select_related("authority").order_by("day", "pk")
    return (
        {
            "prénom et nom": row.full_name,
            "collectivité": row.authority.name if row.authority else "",
            "délivrée le": row.day,
            "code de vérification": row.code,
            "retirée le": row.withdrawn_on,
        }
        for row in rows
    )


_CONSENT = _("Consentement (RGPD, article 6.1.a) : la personne le donne et le retire elle-même")

register(
    Retention(
        model="kit.LessonProgress",
        fields=("user", "read_on", "tries", "best", "last", "passed_on"),
        purpose=_("Reprendre la formation où on l’a laissée, et la compter par groupes d’au moins trois"),
        legal_basis=_("Mission d’intérêt public (RGPD, article 6.1.e)"),
        kept=_("Trois ans après la dernière leçon, ou jusqu’à l’effacement du compte"),
        apply=erase_progress,
        export=_progress,
    )
)
register(
    Retention(
        model="kit.CourseChoice",
        fields=("user", "is_named"),
        purpose=_("Savoir si l’équipe de la collectivité peut voir le nom"),
        legal_basis=_CONSENT,
        kept=_("Jusqu’à l’effacement du compte ; non par défaut"),
        apply=partial(_erase_of_erased_accounts, CourseChoice),
        export=_choice,
    )
)
register(
    Retention(
        model="kit.Attestation",
        fields=("user", "full_name", "authority", "day"),
        purpose=_("Délivrer l’attestation et permettre de la vérifier par ses seules initiales"),
        legal_basis=_CONSENT,
        kept=_("Jusqu’à son retrait par la personne, ou jusqu’à l’effacement du compte"),
        apply=partial(_erase_of_erased_accounts, Attestation),
        export=_attestations,
    )
)
