"""Work that comes back every minute, every night, every week: declared with `@every`, started by `essor
tick`.

Each run belongs to a slot (this minute, this night, this week). Taking the slot is one conditional UPDATE:
concurrent ticks, on one machine or several, run each work once. What failed or was killed is tried again,
then waits for the next slot.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from django.core.exceptions import ImproperlyConfigured
from django.db.models import F, Q
from django.utils import timezone

from essor.kernel import surround
from essor.kernel.models import Beat
from essor.kernel.periods import PARIS

logger = logging.getLogger("essor.tick")

Rhythm = Literal["minute", "night", "week"]
Work = Callable[[datetime], object]

NIGHT = time(2, 30)  # in Paris
MAX_FAILURES = 3
# A work that started so long ago and did not end was killed.
KILLED_AFTER: dict[Rhythm, timedelta] = {
    "minute": timedelta(minutes=10),
    "night": timedelta(hours=2),
    "week": timedelta(hours=2),
}
TICK = "tick"


@dataclass(frozen=True)
class Periodic:
    """A work that comes back: name « room.work », rhythm, what does it (it receives the moment)."""

    name: str
    rhythm: Rhythm
    run: Work


_works: dict[str, Periodic] = {}


def every(rhythm: Rhythm, name: str) -> Callable[[Work], Work]:
    """Declare a function of the moment as periodic work, under a name « room.work ».

    It must bear to run twice in its slot (a killed run is tried again) and be short: a long work starts a
    job.
    """

    def declare(function: Work) -> Work:
        if name in _works and _works[name].run.__qualname__ != function.__qualname__:
            raise ImproperlyConfigured(f"tick: {name} is declared twice")
        _works[name] = Periodic(name, rhythm, function)
        return function

    return declare


def works() -> list[Periodic]:
    """All periodic works, in the order of their declaration."""
    return list(_works.values())


def slot_of(rhythm: Rhythm, now: datetime) -> datetime:
    """Start of the slot in which `now` is: the minute, the last night at 2:30 in Paris, the last night from
    Sunday to Monday.
    """
    if rhythm == "minute":
        return now.replace(second=0, microsecond=0)
    local_day = now.astimezone(PARIS).date()
    if _night_of(local_day) > now:
        local_day -= timedelta(days=1)
    if rhythm == "week":
        local_day -= timedelta(days=local_day.weekday())
    return _night_of(local_day)


def _night_of(day: date) -> datetime:
    """The moment of the nightly work on that day; an hour that the clock jumps over is the next one."""
    return datetime.combine(day, NIGHT, PARIS).astimezone(UTC)


def tick(now: datetime | None = None) -> list[str]:
    """Run the works that are due; gives the names of those that ran here."""
    moment = now or timezone.now()
    ran = [work.name for work in works() if _take(work, moment)]
    beat(TICK, moment)
    return ran


def beat(name: str, now: datetime, message: str = "") -> None:
    """Write a sign of life, which `doctor` and the health page read."""
    row = {"slot": now, "started_at": now, "finished_at": now, "failures": 0, "message": message}
    Beat.objects.update_or_create(name=name, defaults=row)


def last_beat(name: str) -> datetime | None:
    """The last sign of life, None when there was none."""
    return Beat.objects.filter(name=name).values_list("finished_at", flat=True).first()


def _take(work: Periodic, now: datetime) -> bool:
    """Run the work if its slot is free; whether it ran."""
    slot = slot_of(work.rhythm, now)
    long_ago = slot - timedelta(days=3650)
    Beat.objects.bulk_create(
        [Beat(name=work.name, slot=long_ago, finished_at=long_ago)], ignore_conflicts=True
    )
    killed = Q(finished_at__isnull=True, started_at__lt=now - KILLED_AFTER[work.rhythm])
    failed = Q(finished_at__isnull=False, failures__gt=0, failures__lt=MAX_FAILURES)
    due = Beat.objects.filter(Q(slot__lt=slot) | killed | failed, name=work.name)
    # A work of the minute that still runs is left alone; so is one of the night.
    due = due.filter(Q(finished_at__isnull=False) | killed)
    if not due.update(slot=slot, started_at=now, finished_at=None):
        return False
    _run(work, now)
    return True


def _run(work: Periodic, now: datetime) -> None:
    mine = Beat.objects.filter(name=work.name)
    try:
        with surround.work():
            outcome = work.run(now)
    except Exception as error:
        logger.exception("periodic work failed", extra={"work": work.name})
        mine.update(finished_at=timezone.now(), failures=F("failures") + 1, message=type(error).__name__)
        return
    mine.update(finished_at=timezone.now(), failures=0, message="" if outcome is None else str(outcome)[:300])
