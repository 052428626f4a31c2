"""The one writer of the index: everything again, or a few organisations.

Only the worker and the command line call it, one at a time across processes (`LOCK`). A writer killed at any moment
leaves the index as readers knew it: a new index is made in a folder of its own and shown by one update of the
database; a small change is committed by Tantivy, whole or not at all, and done again when the database was not told.
"""

import shutil
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tantivy
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from essor.kernel.locks import exclusive
from essor.registry.models import Edition, SearchPending, SearchState
from essor.registry.search import columns as columns_file
from essor.registry.search import schema, source

LOCK = "search-index"
HEAP = 64_000_000
MANY = 5000  # beyond, making everything again is shorter
TEXT = "text"
Show = Callable[[str, int, int | None], object]


@dataclass(frozen=True)
class Written:
    """What a writer did: organisations in the index, those written now, and whether all were."""

    organisations: int
    written: int
    whole: bool


def folder() -> Path:
    """Where the indexes are."""
    return Path(settings.DATA_DIR) / "search"


def state() -> SearchState | None:
    """The index in use, None while none was made."""
    return SearchState.objects.order_by("pk").first()


def _silent(_step: str, _done: int, _total: int | None) -> None:
    return None


def rebuild(show: Show = _silent, *, wait: float = 60) -> Written:
    """Make the whole index again beside the one in use, then put it in its place.

    Raises `kernel.locks.Busy` when another writer holds it for longer than `wait` seconds.
    """
    with exclusive(LOCK, wait):
        return _rebuild(show)


def _rebuild(show: Show) -> Written:
    told = list(SearchPending.objects.values_list("pk", flat=True))
    edition = Edition.objects.filter(state=Edition.State.IN_FORCE).first()
    name = uuid.uuid4().hex
    place = folder() / name
    (place / TEXT).mkdir(parents=True)
    try:
        count = _write_all(place, show)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    _point_to(name, _columns_name(), told, count, edition)
    _forget_others(name)
    return Written(count, count, whole=True)


def _columns_name(version: int = 0) -> str:
    return f"columns-{version}.npz"


def _write_all(place: Path, show: Show) -> int:
    step = _("Lecture et indexation des organisations")
    ids = source.public_ids()
    show(step, 0, len(ids))
    builder = columns_file.Builder()
    places: dict[int, str] = {}
    writer = schema.opened(place / TEXT, create=True).writer(HEAP, 1)
    try:
        done = 0
        for chunk in source.entries(ids):
            _learn(builder, places, chunk)
            for entry in chunk:
                _take_in(entry, places, writer, builder)
            done += len(chunk)
            show(step, done, len(ids))
        show(_("Écriture de l’index"), 0, None)
        writer.commit()
        writer.wait_merging_threads()
    except BaseException:
        with suppress(Exception):  # the lock of Tantivy goes with its writer
            writer.rollback()
        raise
    columns_file.save(builder.build(), place / _columns_name())
    return done


def _learn(builder: columns_file.Builder, places: dict[int, str], chunk: list[source.Entry]) -> None:
    new = builder.unknown({commune for entry in chunk for commune in entry.communes})
    if new:
        rows = source.communes(sorted(new))
        builder.know(rows)
        places.update(source.names_of_places(rows))


def _take_in(entry: source.Entry, places: dict[int, str], writer: Any, builder: columns_file.Builder) -> None:
    document, words = schema.document(entry, places)
    writer.add_document(document)
    builder.add(entry, words)


def _point_to(name: str, columns: str, told: list[int], count: int, edition: Edition | None) -> None:
    with transaction.atomic():
        values: dict[str, Any] = {
            "folder": name,
            "columns": columns,
            "organisations": count,
            "edition": edition,
            "rebuilt_at": timezone.now(),
        }
        if not SearchState.objects.update(version=F("version") + 1, **values):
            SearchState.objects.create(version=1, **values)
        _forget(told)


def _forget(told: list[int]) -> None:
    """Erase the changes that were read, one by one: another transaction may commit an earlier number later."""
    for chunk in source.batched_ids(told):
        SearchPending.objects.filter(pk__in=chunk).delete()


def _forget_others(name: str) -> None:
    """Erase the folders of other indexes. Readers that hold them open keep what they hold."""
    for other in folder().iterdir():
        if other.name != name and other.is_dir():
            shutil.rmtree(other, ignore_errors=True)


def drain(show: Show = _silent) -> Written | None:
    """Take in what changed; None when nothing did or when no index was made.

    Raises `kernel.locks.Busy` when another writer is at work.
    """
    if not SearchPending.objects.exists():
        return None
    with exclusive(LOCK):
        return _drain(show)


def _drain(show: Show) -> Written | None:
    current = state()
    pending = list(SearchPending.objects.order_by("pk").values_list("pk", "organisation_id"))
    if not pending:
        return None
    ids = {organisation for _pk, organisation in pending if organisation is not None}
    if current is None or len(ids) > MANY or any(organisation is None for _pk, organisation in pending):
        return _rebuild(show)
    try:
        return _update(current, ids, [pk for pk, _organisation in pending])
    except (OSError, ValueError, KeyError):  # damaged or lost: nothing of it is worth repairing
        return _rebuild(show)


def _update(current: SearchState, ids: set[int], told: list[int]) -> Written:
    place = folder() / current.folder
    known = columns_file.load(place / current.columns)
    builder = columns_file.Builder(known.communes, known.tags, known.words)
    places = dict(source.names_of_places(known.communes))
    index = schema.opened(place / TEXT)
    writer = index.writer(HEAP, 1)
    try:
        for pk in ids:
            writer.delete_documents_by_query(tantivy.Query.term_query(schema.schema(), "pk", pk))
        for chunk in source.entries(sorted(ids)):
            _learn(builder, places, chunk)
            for entry in chunk:
                _take_in(entry, places, writer, builder)
        writer.commit()
        writer.wait_merging_threads()
    except BaseException:
        with suppress(Exception):  # the lock of Tantivy goes with its writer
            writer.rollback()
        raise
    fresh = columns_file.replaced(known, ids, builder.build())
    name = _columns_name(current.version + 1)
    columns_file.save(fresh, place / name)
    with transaction.atomic():
        SearchState.objects.filter(pk=current.pk).update(
            version=F("version") + 1, columns=name, organisations=len(fresh)
        )
        _forget(told)
    for old in place.glob("columns-*.npz"):
        if old.name not in (name, current.columns):
            old.unlink(missing_ok=True)
    return Written(len(fresh), len(ids), whole=False)
