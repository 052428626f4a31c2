"""The values of the indicators declared in code, written: one indicator a transaction, only what changed.

Killed half-way, what was written before stays; run again or by two processes at once, the result is the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import BigIntegerField, Max
from django.db.models.functions import Cast

from essor.indicators.catalogue import declared
from essor.indicators.definition import Asked, Indicator, Observed, canonical
from essor.indicators.fields import to_scaled
from essor.indicators.from_acts import READER as ACTS
from essor.indicators.models import Materialised, Observation
from essor.indicators.register_indicator import READER
from essor.kernel.jobs import ProgressListener
from essor.kernel.locks import exclusive
from essor.registry.models import Edition
from essor.registry.queries import edition_in_force
from essor.territories.enums import LoadKind
from essor.territories.models import Load

LOCK = "indicators-materialise"
WAIT = 600.0
PAUSE = timedelta(hours=1)  # after a failure, the minute waits before it tries again
BATCH = 2000
Row = tuple[Any, ...]


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


def stamp_of(indicator: Indicator, edition: Edition | None) -> str:
    """What the values of one indicator are made from: the edition, or, whatever the edition, its own source."""
    return f"v{indicator.version}" if indicator.is_complete else stamp(edition)


def is_due() -> bool:
    """True when an edition came into force or a zoning was loaded since, or an indicator was never written."""
    edition = edition_in_force()
    wanted = {
        (each.code, stamp_of(each, edition))
        for each in declared().values()
        if each.observe and (edition is not None or each.is_complete)
    }
    written = {
        code: (stamp, at) for code, stamp, at in Materialised.objects.values_list("code", "stamp", "at")
    }
    if any(code not in written or written[code][0] != stamp for code, stamp in wanted):
        return True
    zoned = Load.objects.filter(kind=LoadKind.ZONING).aggregate(last=Max("at"))["last"]
    return zoned is not None and any(written[code][1] < zoned for code, _stamp in wanted)


def materialise(
    day: date, now: datetime, progress: ProgressListener | None = None, *, acts_only: bool = False
) -> Counts:
    """Write the values of all the indicators declared in code, or of those made of acts. Waits for another process
    that does the same.
    """
    with exclusive(LOCK, WAIT):
        edition = edition_in_force()
        asked, total = Asked(day), Counts()
        wanted = [
            each for each in declared().values() if each.observe and (each.by_authority or not acts_only)
        ]
        try:
            for rank, indicator in enumerate(wanted):
                if progress:
                    progress(indicator.label, rank, len(wanted))
                total = _added(total, _write(indicator, asked, edition, now))
        finally:
            READER.forget()
            ACTS.forget()
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
    source_day = edition.day if edition and not indicator.is_complete else asked.day
    cells = {_key(cell): cell for cell in indicator.observe(asked)}
    with transaction.atomic():
        counts = _differences(indicator, cells, source_day, now)
        Materialised.objects.update_or_create(
            code=indicator.code,
            defaults={"stamp": stamp_of(indicator, edition), "cells": len(cells), "at": now},
        )
    return counts


def _key(cell: Observed) -> Row:
    return cell.span.start, cell.span.end, cell.territory_id, canonical(cell.parts)


def _differences(indicator: Indicator, cells: dict[Row, Observed], day: date, now: datetime) -> Counts:
    """Write what is new or changed; take away what the source no longer says of its own periods, and later periods
    (the register went back to an earlier edition). Earlier periods stay: they are the series, unless the source is
    complete.

    A changed row is deleted and inserted, with the driver's own many rows at once: the lock is held ten times less than
    with objects.
    """
    first = min((cell.span.start for cell in cells.values()), default=None)
    first = date.min if indicator.is_complete else first
    known = _known(indicator.code, first) if first else {}
    wanted = [(key, _figures(indicator, cell, day)) for key, cell in cells.items()]
    rows: list[tuple[Row, Row]] = []
    changed: list[int] = []
    for key, figures in wanted:
        before = known.pop(key, None)
        if before is not None and before[1] == figures:
            continue
        if before is not None:
            changed.append(before[0])
        rows.append((key, figures))
    gone = [pk for pk, _figures in known.values()]
    _delete([*gone, *changed])
    _insert(indicator.code, rows, now)
    return Counts(1, len(rows) - len(changed), len(changed), len(gone), len(wanted) - len(rows))


def _figures(indicator: Indicator, cell: Observed, day: date) -> Row:
    """What may change of a row, numbers as the table holds them.

    Acts are known up to the end of a period that is over: so its rows are not written again every night.
    """
    if indicator.is_complete:
        day = min(day, cell.span.end - timedelta(days=1))
    return (
        indicator.version,
        to_scaled(cell.numerator),
        None if cell.denominator is None else to_scaled(cell.denominator),
        cell.units,
        None if cell.largest is None else to_scaled(cell.largest),
        cell.source or indicator.source,
        day,
    )


def _known(code: str, first: date) -> dict[Row, tuple[int, Row]]:
    """The rows of the table from a day on: id and figures, by cell."""
    plain = {
        f"plain_{name}": Cast(name, BigIntegerField()) for name in ("numerator", "denominator", "largest")
    }
    rows = Observation.objects.filter(code=code, start__gte=first).annotate(**plain).order_by()
    found = rows.values_list(
        "start", "end", "territory_id", "parts", "pk",
        "version", "plain_numerator", "plain_denominator", "units", "plain_largest", "source", "day",
    )  # fmt: skip
    return {row[:4]: (row[4], row[5:]) for row in found}


COLUMNS = (
    "start", "end", "territory_id", "parts", "version", "numerator", "denominator", "units", "largest", "source", "day",
    "code", "written_at",
)  # fmt: skip


def _insert(code: str, rows: Sequence[tuple[Row, Row]], now: datetime) -> None:
    """Insert rows whose values are already those of the table."""
    if not rows:
        return
    quote, days = connection.ops.quote_name, connection.ops.adapt_datefield_value
    names, places = ", ".join(map(quote, COLUMNS)), ", ".join(["%s"] * len(COLUMNS))
    table, moment = quote(Observation._meta.db_table), connection.ops.adapt_datetimefield_value(now)
    values = [
        (days(key[0]), days(key[1]), *key[2:], *figures[:-1], days(figures[-1]), code, moment)
        for key, figures in rows
    ]
    with connection.cursor() as cursor:
        # Names of our own table and columns; the values are parameters.
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", values)  # noqa: S608


def _delete(pks: Iterable[int]) -> None:
    found = list(pks)
    for start in range(0, len(found), BATCH):
        Observation.objects.filter(pk__in=found[start : start + BATCH]).delete()
