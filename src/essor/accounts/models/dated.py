"""What has a first day and, perhaps, a day from which it no longer counts."""

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from essor.kernel.periods import Period, PeriodQuerySet, today


def running(day: date, prefix: str) -> Q:
    """The condition « counts on the day » on a dated table reached through `prefix` (« membership__ »)."""
    return Q(**{f"{prefix}start__lte": day}) & (
        Q(**{f"{prefix}end__isnull": True}) | Q(**{f"{prefix}end__gt": day})
    )


class DatedQuerySet(PeriodQuerySet):
    """Rows chosen by the day on which they count."""

    def past(self, day: date) -> Self:
        """Rows that no longer count on the day."""
        return self.filter(end__lte=day)

    def not_past(self, day: date) -> Self:
        """Rows that count on the day or will later."""
        return self.filter(Q(end__isnull=True) | Q(end__gt=day))


class DatedModel(models.Model):
    """A row with a half-open period: [start, end); without end while `end` is null."""

    start = models.DateField(_("à partir du"))
    end = models.DateField(_("jusqu’au (exclu)"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gt=F("start")),
                name="%(app_label)s_%(class)s_period",
                violation_error_message=_("La fin doit venir après le début."),
            )
        ]

    @property
    def last_day(self) -> date | None:
        """The last day on which the row counts, as screens write it; None without end."""
        return None if self.end is None else self.end - timedelta(days=1)

    @property
    def is_running(self) -> bool:
        """True when the row counts today or will later: something can still be ended."""
        return self.end is None or self.end > today()

    @property
    def period(self) -> Period:
        """The days on which the row counts."""
        return Period(self.start, self.end)
