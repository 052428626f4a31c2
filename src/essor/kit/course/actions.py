"""What people do with the course: read, answer, choose to be named, receive and withdraw the attestation."""

import secrets
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.models import Authority, Membership, User
from essor.kernel import audit
from essor.kit.course.library import lessons
from essor.kit.course.models import Attestation, CourseChoice, LessonProgress
from essor.kit.course.rules_quiz import Result

audit.register("kit.attestation.issued", gettext_lazy("{actor} a reçu l’attestation de la formation à l’ESS"))
audit.register(
    "kit.attestation.withdrawn", gettext_lazy("{actor} a retiré son attestation de la formation à l’ESS")
)

# Letters and digits that nobody confuses when they are read aloud.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, GROUP = 3, 4


def read_lesson(user: User, lesson: str, day: date) -> LessonProgress:
    """Note that the person read a lesson. Twice changes nothing but the day of the last visit."""
    row, made = LessonProgress.objects.get_or_create(
        user=user, lesson=lesson, defaults={"read_on": day, "last_on": day}
    )
    if not made and row.last_on < day:
        LessonProgress.objects.filter(pk=row.pk).update(last_on=day)
    return row


def record_try(user: User, lesson: str, result: Result, day: date) -> LessonProgress:
    """Keep a try: the last score always, the best one when it is at least as good a share; passed once for all."""
    with transaction.atomic():
        pk = read_lesson(user, lesson, day).pk
        row = LessonProgress.objects.select_for_update().get(pk=pk)
        row.tries += 1
        row.last, row.last_of, row.last_on = result.score, result.out_of, day
        if result.score * (row.best_of or 1) >= row.best * result.out_of:
            row.best, row.best_of = result.score, result.out_of
        if result.passed and row.passed_on is None:
            row.passed_on = day
        row.save()
    return row


def choose_naming(user: User, named: bool, day: date) -> None:
    """Let the teams of one's authorities see one's name, or no longer."""
    CourseChoice.objects.update_or_create(user=user, defaults={"is_named": named, "chosen_on": day})


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands: rows by lesson, of the lessons of this version only."""

    rows: dict[str, LessonProgress]

    @property
    def passed(self) -> int:
        """Quizzes passed."""
        return sum(row.passed_on is not None for row in self.rows.values())

    @property
    def is_finished(self) -> bool:
        """Whether every quiz is passed."""
        return self.passed == len(lessons())

    @property
    def next_lesson(self) -> str:
        """The code of the first lesson whose quiz is not passed; "" when all are."""
        for code in lessons():
            row = self.rows.get(code)
            if row is None or row.passed_on is None:
                return code
        return ""


def standing_of(user: User) -> Standing:
    """Where a person stands in the course, in one query."""
    rows = LessonProgress.objects.filter(user=user, lesson__in=list(lessons()))
    return Standing({row.lesson: row for row in rows})


def issue_attestation(user: User, full_name: str, authority: Authority | None, day: date) -> Attestation:
    """Give the attestation. ValidationError when a quiz is not passed, the authority is not theirs, or one exists."""
    if not standing_of(user).is_finished:
        raise ValidationError(_("Réussissez d’abord les dix quiz : l’attestation vient ensuite."))
    member = authority is None or Membership.objects.on(day).filter(user=user, authority=authority).exists()
    if not member:
        raise ValidationError(_("Vous ne faites pas partie de cette collectivité aujourd’hui."))
    attestation = Attestation(user=user, full_name=full_name, authority=authority, day=day, code=_new_code())
    attestation.full_clean()
    try:
        with transaction.atomic():
            attestation.save()
            _record("kit.attestation.issued", attestation, authority)
    except IntegrityError as error:  # another request of the same person came first
        raise ValidationError(_("Vous avez déjà une attestation : retirez-la pour la refaire.")) from error
    return attestation


def withdraw_attestation(user: User, day: date) -> None:
    """Withdraw one's attestation and erase what it said of its holder. ValidationError when there is none."""
    with transaction.atomic():
        rows = Attestation.objects.select_for_update().filter(user=user, withdrawn_on__isnull=True)
        attestation = rows.first()
        if attestation is None:
            raise ValidationError(_("Vous n’avez pas d’attestation en cours."))
        authority = attestation.authority
        attestation.full_name, attestation.authority, attestation.withdrawn_on = "", None, day
        attestation.save()
        _record("kit.attestation.withdrawn", attestation, authority)


def _record(code: str, attestation: Attestation, authority: Authority | None) -> None:
    audit.record(
        code,
        actor_id=attestation.user_id,
        subject=attestation,
        authority_id=authority.pk if authority else None,
    )


def _new_code() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _rank in range(GROUPS * GROUP))
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


def clean_code(typed: str) -> str:
    """The code as it is kept, however it was typed: « abcd efgh jkmn » is ABCD-EFGH-JKMN; "" when it is none."""
    kept = [letter for letter in typed.upper() if letter in ALPHABET]
    if len(kept) != GROUPS * GROUP or len(typed) > 30:
        return ""
    letters = "".join(kept)
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))
