"""Values of official tables, written: cell by cell, with the source and the day of each. Called by the observatory."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from essor.accounts.models import User
from essor.indicators.catalogue import declared
from essor.indicators.definition import Observed, Span
from essor.indicators.enums import Origin
from essor.indicators.models import Collection, Observation

BATCH = 1000
Key = tuple[Span, int, str]


@dataclass(frozen=True)
class Official:
    """What an official table says of a cell: the figure, its source, the day, the collection that brought it."""

    observed: Observed
    source: str
    day: date
    collection_id: int | None


def open_collection(
    code: str, source: str, day: date, file_name: str, by: User | None, at: datetime
) -> Collection:
    """A collection for the values that a table brings to an indicator. ValidationError when it takes none."""
    indicator = declared().get(code)
    if indicator is None or indicator.origin is not Origin.OFFICIAL:
        raise ValidationError(_("« %(code)s » n’est pas alimenté par un tableau officiel.") % {"code": code})
    return Collection.objects.create(
        code=code, source=source, day=day, file_name=file_name[:200], by=by, at=at
    )


def write_official(code: str, wanted: Mapping[Key, Official | None], at: datetime) -> dict[str, int]:
    """Make the cells of `wanted` what it says, None taking one away; other cells stay. Call it in a transaction.

    Gives how many are new, changed, gone, the same.
    """
    starts = {key[0].start for key in wanted}
    known = {
        (Span(start, end), place, parts): (pk, tuple(said))
        for pk, start, end, place, parts, *said in Observation.objects.filter(
            code=code, start__in=starts
        ).values_list("pk", "start", "end", "territory_id", "parts", *_SAID)
    }
    counts = {"new": 0, "changed": 0, "gone": 0, "same": 0}
    gone: list[int] = []
    made: list[Observation] = []
    for key, official in wanted.items():
        row = known.get(key)
        if official is None:
            if row is not None:
                gone.append(row[0])
                counts["gone"] += 1
            continue
        if row is not None and row[1] == _said(official):
            counts["same"] += 1
            continue
        if row is not None:
            gone.append(row[0])
        counts["new" if row is None else "changed"] += 1
        made.append(_row(code, key, official, at))
    for first in range(0, len(gone), BATCH):
        Observation.objects.filter(pk__in=gone[first : first + BATCH]).delete()
    Observation.objects.bulk_create(made, batch_size=BATCH)
    return counts


_SAID = ("numerator", "denominator", "source", "day", "collection_id")


def _said(official: Official) -> tuple[object, ...]:
    cell = official.observed
    return cell.numerator, cell.denominator, official.source, official.day, official.collection_id


def _row(code: str, key: Key, official: Official, at: datetime) -> Observation:
    span, territory_id, parts = key
    return Observation(
        code=code,
        version=declared()[code].version,
        start=span.start,
        end=span.end,
        territory_id=territory_id,
        parts=parts,
        numerator=official.observed.numerator,
        denominator=official.observed.denominator,
        source=official.source,
        day=official.day,
        collection_id=official.collection_id,
        written_at=at,
    )
