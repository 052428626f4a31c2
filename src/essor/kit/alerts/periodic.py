"""The messages of alerts: every night for those who want them daily, on Mondays for the others."""

from datetime import datetime

from essor.kernel.periods import day_of
from essor.kernel.tick import every
from essor.kit.alerts import actions, telling
from essor.kit.alerts.models import AidAlert


@every("night", "kit.aid_alerts_daily")
def daily(now: datetime) -> int:
    """Write the daily messages, and ask for renewals; gives how many messages of aids."""
    actions.ask_renewals(day_of(now))
    return telling.tell_all(AidAlert.Rhythm.DAILY, now)


@every("week", "kit.aid_alerts_weekly")
def weekly(now: datetime) -> int:
    """Write the weekly messages; gives how many."""
    return telling.tell_all(AidAlert.Rhythm.WEEKLY, now)
