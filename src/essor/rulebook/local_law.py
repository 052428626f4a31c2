"""The law of this installation: the values shipped with Essor and, over them, those added here.

`law` asks `current` at the first reading of a request or of a work. One small query tells whether anything changed
since the last time; the values are put together again only then.
"""

import logging
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q

from essor.law import parameters as law
from essor.law.certainty import Certainty
from essor.rulebook import typed
from essor.rulebook.models import LocalLegalValue

logger = logging.getLogger("essor.rulebook")

Version = tuple[Any, ...]


@dataclass(frozen=True)
class _Known:
    version: Version
    merged: Mapping[str, law.Parameter]


_last: list[_Known] = []
_lock = threading.Lock()


def version() -> Version:
    """What changes whenever a local value is written or withdrawn: one query."""
    told = LocalLegalValue.objects.aggregate(
        running=Count("id", filter=Q(withdrawn_at__isnull=True)),
        last=Max("id"),
        written=Max("created_at"),
        withdrawn=Max("withdrawn_at"),
    )
    return tuple(told.values())


def current() -> Mapping[str, law.Parameter]:
    """The parameters that bear local values, as `law.with_values_added` gives them: one query, two after a change (one
    when no local value runs).

    A value that the law refuses (Essor changed the unit of its parameter since) is left out and told in the log; the
    list of local values shows it.
    """
    now = version()
    known = _last[0] if _last else None
    if known is None or known.version != now:
        running, *_others = now
        known = _Known(now, _merged(LocalLegalValue.objects.running() if running else ()))
        with _lock:
            _last[:] = [known]
    return known.merged


def _merged(rows: Iterable[LocalLegalValue]) -> Mapping[str, law.Parameter]:
    merged = law.with_values_added(())
    for row in rows:
        try:
            merged = law.with_values_added([as_local_value(row)], merged)
        except law.LegalParameterError:
            logger.exception("local value left out", extra={"parameter": row.parameter, "row": row.pk})
    return merged


def as_local_value(row: LocalLegalValue) -> law.LocalValue:
    """A line of the table in the form that the law reads."""
    return law.LocalValue(
        parameter=row.parameter,
        start=row.start,
        value=typed.restored(row.value),
        reference=row.reference,
        certainty=Certainty(row.certainty),
        note=row.note,
        description=row.description,
        unit=row.unit,
        href=row.href,
    )


def problem_of(row: LocalLegalValue) -> str:
    """Why the law leaves the value out, in French; "" when it does not."""
    try:
        law.with_values_added([as_local_value(row)])
    except law.LegalParameterError as error:
        return str(error)
    return ""


def shipped_from(identifier: str, start: date) -> dict[str, str]:
    """What Essor ships for a parameter from a day on: day → text (« 60 000 € », "" for an end), in order of days."""
    parameter = law.shipped(identifier)
    if parameter is None:
        return {}
    texts = {value.valid_from: value.text for value in parameter.history()}
    return {
        entry.start.isoformat(): texts.get(entry.start, "")
        for entry in parameter.entries
        if entry.start >= start
    }


@dataclass(frozen=True)
class Shipped:
    """A value that Essor ships and did not when the local one was written; `text` is empty for an end."""

    day: date
    text: str


def overtaken_by(row: LocalLegalValue) -> list[Shipped]:
    """The values that this version of Essor ships from the day of a local one on, and that its author did not see."""
    return [
        Shipped(date.fromisoformat(day), text)
        for day, text in shipped_from(row.parameter, row.start).items()
        if row.seen.get(day) != text
    ]
