"""What administrators do with official tables: give one, load it, leave it, withdraw it."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.models import User
from essor.indicators.definition import Observed, Span, parts_of
from essor.indicators.models import Collection, Observation
from essor.indicators.official import Key, Official, open_collection, write_official
from essor.kernel import audit
from essor.kernel.jobs import ProgressListener
from essor.kernel.periods import today
from essor.observatory import official_reading
from essor.observatory.models import LoadState, OfficialCell, OfficialLoad, QuarterFigure, TableKind
from essor.observatory.official import FLORES_SOURCE, URSSAF_SOURCE

audit.register(
    "observatory.table_loaded",
    gettext_lazy("{actor} a chargé « {table} » ({vintage}) : {new} valeurs nouvelles, {changed} changées"),
)
audit.register("observatory.table_withdrawn", gettext_lazy("{actor} a retiré « {table} » ({vintage})"))

SOURCES = {
    TableKind.FLORES: FLORES_SOURCE,
    TableKind.URSSAF: URSSAF_SOURCE,
    TableKind.QUARTERS: "Insee, indicateurs des quartiers de la politique de la ville",
}
MAX_REFUSED = 200
FIRST_VINTAGE, BATCH = 1990, 2000
KEPT_DAYS = 7  # a table that nobody confirms is left
COMPUTED = " (total fait par addition)"


def give(
    actor: User | None,
    path: Path,
    *,
    file_name: str = "",
    kind: TableKind | None = None,
    vintage: int | None = None,
    source: str = "",
    day: date | None = None,
) -> OfficialLoad:
    """Read a table and keep its cells apart, to look at what they change before they are in force.

    Raises InputProblem (nothing can be read) or ValidationError (vintage or day that cannot be).
    """
    when = day or today()
    if when > today():
        raise ValidationError({"day": _("La date de la source est dans l’avenir.")})
    if vintage is not None and not FIRST_VINTAGE <= vintage <= today().year:
        raise ValidationError({"vintage": _("Écrivez le millésime sur quatre chiffres, par exemple 2021.")})
    found = official_reading.read(path, kind, vintage)
    number = vintage or found.vintage
    if number is None:
        raise ValidationError({"vintage": _("Ce tableau ne dit pas son année : écrivez son millésime.")})
    with transaction.atomic():
        row = OfficialLoad.objects.create(
            kind=found.kind,
            source=(source.strip() or SOURCES[found.kind])[:300],
            vintage=number,
            day=when,
            file_name=(file_name or path.name)[:200],
            sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
            refused=[
                str(each.as_problem())
                for each in sorted(found.rejected, key=lambda each: each.line or 0)[:MAX_REFUSED]
            ],
            notes=found.notes,
            codes=found.codes,
            by=actor,
            given_at=timezone.now(),
        )
        _keep(row, found)
        row.counts = {
            "lines": found.lines,
            "cells": len(found.cells) + len(found.quarters),
            "secret": found.secret,
            "places": found.places,
            "refused": len(found.rejected),
            **preview(row),
        }
        row.save(update_fields=["counts"])
    return row


def _keep(row: OfficialLoad, found: official_reading.Read) -> None:
    cells = [
        OfficialCell(
            load=row, code=code, start=span.start, end=span.end, territory_id=place, parts=parts,
            numerator=cell.numerator, denominator=cell.denominator, computed=cell.computed,
        )
        for (code, span, place, parts), cell in found.cells.items()
    ]  # fmt: skip
    own = Span(date(row.vintage, 1, 1), date(row.vintage + 1, 1, 1))
    cells += [
        OfficialCell(
            load=row, code=code, start=own.start, end=own.end, quarter=quarter, numerator=cell.numerator
        )
        for (code, _span, quarter), cell in found.quarters.items()
    ]
    OfficialCell.objects.bulk_create(cells, batch_size=BATCH)


def preview(row: OfficialLoad) -> dict[str, int]:
    """What the table would change: values new, changed, hidden, the same, and older than what is in force."""
    counts = {"new": 0, "changed": 0, "hidden": 0, "same": 0, "older": 0}
    above = _above(row)
    known = _known(row)
    for key, *said in _cells(row.cells.all(), "numerator", "denominator"):
        before = known.get(key)
        if key in above:
            counts["older"] += 1
        elif said[0] is None:
            counts["hidden" if before is not None else "same"] += 1
        elif before is None:
            counts["new"] += 1
        else:
            counts["same" if before == tuple(said) else "changed"] += 1
    return counts


Identity = tuple[str, date, date, int | str, str]


def _cells(rows: QuerySet[OfficialCell], *names: str) -> Iterator[tuple[Any, ...]]:
    """What each cell is of, then the fields wanted: a national table has tens of thousands of them."""
    read = rows.values_list("code", "start", "end", "territory_id", "quarter", "parts", *names)
    for code, start, end, place, quarter, parts, *said in read.iterator():
        yield (code, start, end, place or quarter, parts), *said


def _rank(row: OfficialLoad) -> tuple[int, date, datetime, int]:
    """What makes a table win over another."""
    return row.vintage, row.day, row.loaded_at or timezone.now(), row.pk


def _above(row: OfficialLoad) -> set[Identity]:
    """The cells that a newer table in force already says."""
    loads = [
        each
        for each in OfficialLoad.objects.filter(kind=row.kind, state=LoadState.IN_FORCE).exclude(pk=row.pk)
        if _rank(each)[:2] > _rank(row)[:2]
    ]
    cells = OfficialCell.objects.filter(load__in=loads, code__in=row.codes)
    return {key for (key,) in _cells(cells)} if loads else set()


def _known(row: OfficialLoad) -> dict[Identity, tuple[object, object]]:
    if row.kind == TableKind.QUARTERS:
        figures = QuarterFigure.objects.filter(vintage=row.vintage)
        return {
            (each.code, date(each.vintage, 1, 1), date(each.vintage + 1, 1, 1), each.quarter, ""): (
                each.value,
                None,
            )
            for each in figures
        }
    starts = row.cells.order_by().values_list("start", flat=True).distinct()
    rows = Observation.objects.filter(code__in=row.codes, start__in=set(starts)).values_list(
        "code", "start", "end", "territory_id", "parts", "numerator", "denominator"
    )
    return {each[:5]: each[5:] for each in rows.iterator()}


def changes(row: OfficialLoad) -> bool:
    """True when loading the table would change something."""
    return any(row.counts.get(name) for name in ("new", "changed", "hidden"))


def load(actor_id: int | None, pk: int, progress: ProgressListener | None = None) -> OfficialLoad:
    """Put a table in force, all of it or nothing. A table already in force is left as it is.

    ValidationError when it was withdrawn.
    """
    if progress:
        progress(_("Écriture des valeurs"), 0, None)  # before the transaction, whose lock hides what follows
    with transaction.atomic():
        row = _held(pk)
        if row.state == LoadState.IN_FORCE:
            return row
        if row.state == LoadState.WITHDRAWN:
            raise ValidationError(_("Ce tableau a été retiré : déposez-le de nouveau."))
        now = timezone.now()
        seen = preview(row)
        row.state, row.loaded_at = LoadState.IN_FORCE, now
        row.counts = {**row.counts, **seen}
        row.save()
        by = User.objects.filter(pk=actor_id).first() if actor_id else None
        for code in row.codes if row.kind != TableKind.QUARTERS else ["qpv"]:
            if code == "qpv":
                given = Collection.objects.create(
                    code="qpv", source=row.source, day=row.day, file_name=row.file_name, by=by, at=now
                )
            else:
                given = open_collection(code, row.source, row.day, row.file_name, by, now)
            row.collections.add(given)
        _project(row, now, progress)
        _record("observatory.table_loaded", actor_id, row)
    return row


def _held(pk: int) -> OfficialLoad:
    """The table, those of its kind locked: two that come or go at once do so one after the other."""
    kind = OfficialLoad.objects.values_list("kind", flat=True).get(pk=pk)
    rows = {row.pk: row for row in OfficialLoad.objects.select_for_update().filter(kind=kind).order_by("pk")}
    return rows[pk]


def withdraw(actor: User, row: OfficialLoad) -> None:
    """Take a table out of force: its figures go, those of the other tables come back. ValidationError otherwise."""
    with transaction.atomic():
        held = _held(row.pk)
        if held.state != LoadState.IN_FORCE:
            raise ValidationError(_("Ce tableau n’est pas en vigueur."))
        held.state, held.withdrawn_at = LoadState.WITHDRAWN, timezone.now()
        held.save(update_fields=["state", "withdrawn_at"])
        _project(held, held.withdrawn_at, None)
        gone = list(held.collections.all())
        held.collections.clear()
        for each in gone:
            each.delete()
        _record("observatory.table_withdrawn", actor.pk, held)


def leave(row: OfficialLoad) -> None:
    """Leave a table that was given: nothing is written. ValidationError when it is in force or was."""
    if row.state not in (LoadState.GIVEN, LoadState.RUNNING):
        raise ValidationError(_("Ce tableau a été chargé : retirez-le plutôt."))
    row.delete()


def forget_old(now: datetime) -> int:
    """Leave the tables that nobody confirmed in a week; gives how many."""
    old = OfficialLoad.objects.filter(state=LoadState.GIVEN, given_at__lt=now - timedelta(days=KEPT_DAYS))
    count = old.count()
    old.delete()
    return count


def _record(code: str, actor_id: int | None, row: OfficialLoad) -> None:
    told = {"table": str(row.get_kind_display()), "vintage": row.vintage}
    audit.record(
        code, actor_id=actor_id, subject=row,
        data={**told, "new": row.counts.get("new", 0), "changed": row.counts.get("changed", 0)},
    )  # fmt: skip


def _project(row: OfficialLoad, now: datetime, progress: ProgressListener | None) -> None:
    """Write, for the cells of a table that comes or goes, what the tables in force say."""
    loads = {each.pk: each for each in OfficialLoad.objects.filter(kind=row.kind, state=LoadState.IN_FORCE)}
    by_code: dict[str, list[Identity]] = defaultdict(list)
    for (key,) in _cells(row.cells.all()):
        by_code[key[0]].append(key)
    for done, (code, keys) in enumerate(sorted(by_code.items())):
        if progress:
            progress(_("Écriture des valeurs"), done, len(by_code))
        winners = _winners(code, loads.values(), set(keys))
        if row.kind == TableKind.QUARTERS:
            _write_quarters(code, row.vintage, keys, winners, loads)
        else:
            _write_territories(code, keys, winners, loads, now)


class Winner(NamedTuple):
    """What the cell in force says, and of which table."""

    load_id: int
    numerator: Decimal | None
    denominator: Decimal | None
    computed: bool


def _winners(code: str, loads: Iterable[OfficialLoad], wanted: set[Identity]) -> dict[Identity, Winner]:
    """The cell in force of each key: the last one in the order of tables."""
    order = {each.pk: rank for rank, each in enumerate(sorted(loads, key=_rank))}
    found: dict[Identity, Winner] = {}
    for key, *said in _cells(OfficialCell.objects.filter(code=code, load__in=list(order)), *Winner._fields):
        if key in wanted and (key not in found or order[said[0]] > order[found[key].load_id]):
            found[key] = Winner(*said)
    return found


def _collections(loads: dict[int, OfficialLoad]) -> dict[tuple[int, str], int]:
    link = OfficialLoad.collections.through
    rows = link.objects.filter(officialload__in=list(loads)).values_list(
        "officialload_id", "collection__code", "collection_id"
    )
    return {(pk, code): collection for pk, code, collection in rows}


def _write_territories(
    code: str,
    keys: list[Identity],
    winners: dict[Identity, Winner],
    loads: dict[int, OfficialLoad],
    now: datetime,
) -> None:
    collections = _collections(loads)
    wanted: dict[Key, Official | None] = {}
    for key in keys:
        cell = winners.get(key)
        span, place = Span(key[1], key[2]), int(key[3])
        if cell is None or cell.numerator is None:
            wanted[span, place, key[4]] = None
            continue
        given = loads[cell.load_id]
        source = f"{given.source}, {given.vintage}"
        wanted[span, place, key[4]] = Official(
            Observed(span, place, parts_of(key[4]), cell.numerator, cell.denominator),
            f"{source[:260]}{COMPUTED}" if cell.computed else source[:300],
            given.day,
            collections.get((given.pk, code)),
        )
    write_official(code, wanted, now)


def _write_quarters(
    code: str,
    vintage: int,
    keys: list[Identity],
    winners: dict[Identity, Winner],
    loads: dict[int, OfficialLoad],
) -> None:
    collections = _collections(loads)
    quarters = [str(key[3]) for key in keys]
    for first in range(0, len(quarters), BATCH):
        QuarterFigure.objects.filter(
            code=code, vintage=vintage, quarter__in=quarters[first : first + BATCH]
        ).delete()
    QuarterFigure.objects.bulk_create(
        [
            QuarterFigure(
                quarter=str(key[3]), code=code, vintage=vintage, value=cell.numerator,
                collection_id=collections[cell.load_id, "qpv"],
            )
            for key, cell in winners.items()
            if cell.numerator is not None
        ],
        batch_size=BATCH,
    )  # fmt: skip
