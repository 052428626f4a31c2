"""The values of the indicators declared in code, written: one indicator a transaction, only what changed.

Killed half-way, what was written before stays; run again or by two processes at once, the result is the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from essor.indicators.catalogue import declared
from essor.indicators.definition import Asked, Indicator, Observed, canonical
from essor.indicators.from_register import READER
from essor.indicators.models import Materialised, Observation
from essor.kernel.jobs import ProgressListener
from essor.kernel.locks import exclusive
from essor.registry.models import Edition
from essor.registry.queries import edition_in_force

LOCK = "indicators-materialise"
WAIT = 600.0
PAUSE = timedelta(hours=1)  # after a failure, the minute waits before it tries again
BATCH = 2000
Row = tuple[object, ...]


@dataclass(frozen=True)
class Counts:
    """What a materialisation wrote."""

    indicators: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0
    same: int = 0


def stamp(edition: Edition | None) -> str:
    """What the values are made from: the edition in force and when it was loaded."""
    return f"{edition.pk}@{edition.loaded_at:%Y-%m-%dT%H:%M:%S.%f}" if edition and edition.loaded_at else ""


def is_due() -> bool:
    """True when an edition came into force since the values were written, or an indicator was never written."""
    edition = edition_in_force()
    if edition is None:
        return False
    wanted = {each.code for each in declared().values() if each.observe}
    done = Materialised.objects.filter(stamp=stamp(edition), code__in=wanted).count()
    return done < len(wanted)


def materialise(day: date, now: datetime, progress: ProgressListener | None = None) -> Counts:
    """Write the values of all the indicators declared in code. Waits for another process that does the same."""
    with exclusive(LOCK, WAIT):
        edition = edition_in_force()
        asked, total = Asked(day), Counts()
        wanted = [each for each in declared().values() if each.observe]
        try:
            for rank, indicator in enumerate(wanted):
                if progress:
                    progress(indicator.label, rank, len(wanted))
                total = _added(total, _write(indicator, asked, edition, now))
        finally:
            READER.forget()
        return total


def _added(total: Counts, one: Counts) -> Counts:
    return Counts(
        total.indicators + 1,
        total.new + one.new,
        total.changed + one.changed,
        total.gone + one.gone,
        total.same + one.same,
    )


def _write(indicator: Indicator, asked: Asked, edition: Edition | None, now: datetime) -> Counts:
    assert indicator.observe is not None  # noqa: S101  # the caller chose those that have one
    source_day = edition.day if edition else asked.day
    cells = {_key(cell): cell for cell in indicator.observe(asked)}
    with transaction.atomic():
        counts = _differences(indicator, cells, source_day, now)
        Materialised.objects.update_or_create(
            code=indicator.code, defaults={"stamp": stamp(edition), "cells": len(cells), "at": now}
        )
    return counts


def _key(cell: Observed) -> Row:
    return cell.span.start, cell.span.end, cell.territory_id, canonical(cell.parts)


def _differences(indicator: Indicator, cells: dict[Row, Observed], day: date, now: datetime) -> Counts:
    """Write what is new or changed; take away what the source no longer says of its own periods, and later periods
    (the register went back to an earlier edition). Earlier periods stay: they are the series.
    """
    first = min((cell.span.start for cell in cells.values()), default=None)
    rows = Observation.objects.filter(code=indicator.code)
    known = {}
    fields = (
        "start",
        "end",
        "territory_id",
        "parts",
        "pk",
        "version",
        "numerator",
        "denominator",
        "units",
        "largest",
    )
    for row in rows.filter(start__gte=first).values_list(*fields, "source", "day") if first else ():
        known[row[:4]] = row[4:]
    rows_to_write: list[Observation] = []
    changed: list[int] = []
    same = 0
    for key, cell in cells.items():
        before = known.pop(key, None)
        figures = (
            indicator.version,
            cell.numerator,
            cell.denominator,
            cell.units,
            cell.largest,
            indicator.source,
            day,
        )
        if before is not None and before[1:] == figures:
            same += 1
            continue
        if before is not None:
            changed.append(before[0])
        rows_to_write.append(_row(indicator, cell, key, day, now))
    gone = [values[0] for values in known.values()]
    _delete([*gone, *changed])  # written again whole: far quicker than updates one by one
    Observation.objects.bulk_create(rows_to_write, batch_size=BATCH)
    return Counts(1, len(rows_to_write) - len(changed), len(changed), len(gone), same)


def _row(indicator: Indicator, cell: Observed, key: Row, day: date, now: datetime) -> Observation:
    return Observation(
        code=indicator.code,
        version=indicator.version,
        start=cell.span.start,
        end=cell.span.end,
        territory_id=cell.territory_id,
        parts=str(key[3]),
        numerator=cell.numerator,
        denominator=cell.denominator,
        units=cell.units,
        largest=cell.largest,
        source=indicator.source,
        day=day,
        written_at=now,
    )


def _delete(pks: Iterable[int]) -> None:
    found = list(pks)
    for start in range(0, len(found), BATCH):
        Observation.objects.filter(pk__in=found[start : start + BATCH]).delete()
