"""Reminders that leave by themselves: a week, then two days before the last day."""

from datetime import datetime, timedelta

from essor.kernel.periods import day_of
from essor.kernel.tick import every
from essor.kit.diagnosis.actions import remind
from essor.kit.diagnosis.models import Campaign

DAYS_BEFORE = (7, 2)


@every("night", "kit.diagnosis.reminders")
def send_reminders(now: datetime) -> int:
    """Write to those who have not finished the campaigns that close soon; gives how many letters."""
    day = day_of(now)
    closing = [day + timedelta(days=days) for days in DAYS_BEFORE]
    return sum(remind(each, day) for each in Campaign.objects.answerable(day).filter(closes_on__in=closing))
