"""The index as this process has it open: read again when the number in the database says that it changed."""

import logging
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

from django.db import DatabaseError, transaction

from essor.registry.models import SearchPending, SearchState
from essor.registry.search import columns as columns_file
from essor.registry.search import schema, synonyms, writer
from essor.registry.search.view import View

logger = logging.getLogger("essor.search")

DAMAGED = (OSError, ValueError, KeyError, EOFError, TypeError, zipfile.BadZipFile)


class _Open:
    """What this process has open."""

    view: View | None = None
    refused: tuple[int, str, str, int] | None = None
    lock = threading.Lock()


_held: ContextVar[list[View | None] | None] = ContextVar("registry_search_held", default=None)


@contextmanager
def held() -> Iterator[None]:
    """Within, `current` gives one version, looked for once: the rows and the counts of a page go together."""
    token = _held.set([])
    try:
        yield
    finally:
        _held.reset(token)


def current() -> View | None:
    """The index in use, opened again if it changed; None when it is missing or damaged: the database then answers."""
    kept = _held.get()
    if kept is None:
        return _current()
    if not kept:
        kept.append(_current())
    return kept[0]


def _current() -> View | None:
    state = writer.state()
    if state is None:
        return None
    key = (state.pk, state.folder, state.columns, state.version)
    view = _Open.view
    if view is not None and view.key == key:
        return view
    with _Open.lock:
        if _Open.view is not None and _Open.view.key == key:
            return _Open.view
        if _Open.refused == key:
            return None
        _Open.view = _opened(state, key)
        _Open.refused = None if _Open.view else key
        if _Open.view is None:
            _ask_for_another()
        return _Open.view


def forget() -> None:
    """Close what is open and look again: for a process that changes of database or of data folder."""
    with _Open.lock:
        _Open.view = _Open.refused = None


def refuse(view: View) -> None:
    """Use this version no more: it cannot be read."""
    logger.error("search index damaged")
    with _Open.lock:
        _Open.refused, _Open.view = view.key, None
    if kept := _held.get():
        kept.clear()
    _ask_for_another()


def _ask_for_another() -> None:
    """Have the worker make the index again; who reads only once notices, whatever the number of requests."""
    with suppress(DatabaseError), transaction.atomic():
        if not SearchPending.objects.filter(organisation_id=None).exists():
            SearchPending.objects.create(organisation_id=None)


def is_usable() -> bool:
    """Whether the index that the database names opens, looked at afresh: files may have gone since it was opened."""
    state = writer.state()
    if state is None:
        return False
    place = writer.folder() / state.folder
    try:
        schema.opened(place / writer.TEXT).searcher()
        columns_file.load(place / state.columns)
    except DAMAGED:
        return False
    return True


def _opened(state: SearchState, key: tuple[int, str, str, int]) -> View | None:
    place = writer.folder() / state.folder
    try:
        columns = columns_file.load(place / state.columns)
        return View(key, columns, schema.opened(place / writer.TEXT), synonyms.by_stems(synonyms.in_force()))
    except DAMAGED:
        logger.exception("search index unusable")
        return None
