"""Answers that an authority keeps: the question, the case, and the answer exactly as it was given that day."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from essor.kernel.fields import SortKeyField
from essor.kernel.text import fold

# The longest time that a text asks to keep the documents of an aid: règlement (UE) 2023/2831, art. 6, § 7.
YEARS_KEPT = 10


class NoteQuerySet(models.QuerySet["Note"]):
    """Reads of notes; they always start from the authority they belong to."""

    def of(self, authority_id: int) -> "NoteQuerySet":
        """The notes of an authority, and of no other."""
        return self.filter(authority_id=authority_id)

    def matching(self, words: str) -> "NoteQuerySet":
        """The notes whose title, reference or organisation holds all the words, accents aside."""
        rows = self
        for word in fold(words).split():
            rows = rows.filter(
                Q(sort_key__contains=word)
                | Q(reference__icontains=word)
                | Q(organisation__facts__search_text__contains=word)
            )
        return rows


class Note(models.Model):
    """An answer kept. `given` and `answer` are those of the rule (JSON), `case` and `shown` the words of that day."""

    authority = models.ForeignKey("accounts.Authority", on_delete=models.CASCADE, related_name="rule_notes")
    rule = models.CharField(_("règle"), max_length=40)
    title = models.CharField(_("titre"), max_length=200)
    sort_key = SortKeyField(source="title")
    reference = models.CharField(_("référence du dossier"), max_length=100, blank=True)
    organisation = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    given = models.JSONField(_("cas"))
    answer = models.JSONField(_("réponse"))
    case = models.JSONField(_("cas, en mots"))
    shown = models.JSONField(_("réponse, en mots"))
    law_day = models.DateField(_("droit du"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("gardée le"))
    withdrawn_at = models.DateTimeField(_("retirée le"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    withdrawn_because = models.CharField(_("motif du retrait"), max_length=500, blank=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["authority", "-created_at"], name="rulebook_note_recent")]

    def __str__(self) -> str:
        return self.title

    @property
    def kept_until(self) -> date:
        """The day on which the note is erased."""
        return _years_after(self.created_at.date(), YEARS_KEPT)


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
