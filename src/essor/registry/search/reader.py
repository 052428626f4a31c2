"""The index as this process has it open: read again when the number in the database says that it changed."""

import logging
import threading
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import tantivy
from django.db import DatabaseError, transaction
from rapidfuzz import fuzz

from essor.registry.models import SearchPending, SearchState
from essor.registry.search import columns as columns_file
from essor.registry.search import schema, synonyms, words, writer
from essor.registry.search.columns import Array, Columns

logger = logging.getLogger("essor.search")

KEPT = 64  # answers kept: pages, tiles and exports of one search ask for the same words
FEW = 3  # with fewer answers, close words are looked for too
MANY_CLOSE = 2000  # names compared letter by letter
DAMAGED = (OSError, ValueError, KeyError, EOFError, TypeError)


class Damaged(Exception):
    """The index opened, but cannot be read: the database must answer."""


@dataclass(frozen=True)
class Hits:
    """Rows that have the words, with their score; `close`: words close to them were needed."""

    rows: Array
    scores: Array
    close: bool


@dataclass
class View:
    """One version of the index, open."""

    key: tuple[int, str, str, int]
    columns: Columns
    index: tantivy.Index
    lines: words.Lines
    kept: OrderedDict[Any, Any] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.searcher = self.index.searcher()
        # Rank of each row by name: the same order as the database's (code points of the folded name, then id).
        keys = self.columns.sort_keys
        order = np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int32)
        self.name_rank = np.empty(len(keys), dtype=np.int32)
        self.name_rank[order] = np.arange(len(keys), dtype=np.int32)

    def remember(self, key: Any, make: Any) -> Any:
        """What `make` gives, kept for the next ones that ask the same."""
        with self.lock:
            if key in self.kept:
                self.kept.move_to_end(key)
                return self.kept[key]
        found = make()
        with self.lock:
            self.kept[key] = found
            while len(self.kept) > KEPT:
                self.kept.popitem(last=False)
        return found

    def hits(self, text: str) -> Hits | None:
        """Rows that have the words of a text; None when it holds nothing to look for."""
        asked = words.read(text)
        if asked.is_empty:
            return None
        found: Hits = self.remember(("hits", asked), lambda: self._find(asked))
        return found

    def _find(self, asked: words.Asked) -> Hits:
        rows, scores = self._run(words.strict(asked, self.lines))
        named = bool(len(scores)) and scores.max() >= words.EXACT
        if len(rows) >= FEW or named or asked.number or not asked.words:
            return Hits(rows, scores, close=False)
        close, near = self._run(words.lenient(asked))
        new = ~np.isin(close, rows)
        close, near = close[new], near[new]
        if not len(close):
            return Hits(rows, scores, close=False)
        likeness = self._likeness(close, near, asked.text)
        return Hits(np.concatenate([rows, close]), np.concatenate([scores, likeness]), close=True)

    def _likeness(self, rows: Array, scores: Array, text: str) -> Array:
        """Scores under zero, so that close names come after all others: the likest first."""
        keys, asked = self.columns.sort_keys, text.split()
        found = np.full(len(rows), -2.0)
        for rank in np.argsort(-scores, kind="stable")[:MANY_CLOSE]:
            found[rank] = _likeness(asked, keys[rows[rank]].split()) - 2
        return found

    def _run(self, query: tantivy.Query) -> tuple[Array, Array]:
        """Rows (sorted) and scores of a query; an organisation that the columns have not yet is left out."""
        hits = self.searcher.search(query, limit=max(1, self.searcher.num_docs), count=False).hits
        pks = np.array(
            self.searcher.fast_field_values("pk", [place for _score, place in hits]), dtype=np.int64
        )
        scores = np.array([score for score, _place in hits], dtype=np.float64)
        ids = self.columns.ids
        rows = np.searchsorted(ids, pks)
        known = rows < len(ids)
        known[known] = ids[rows[known]] == pks[known]
        rows, scores = rows[known], scores[known]
        order = np.argsort(rows, kind="stable")
        return rows[order].astype(np.int32), scores[order]

    def tags_on(self, day: date) -> tuple[Array, Array]:
        """Pairs (row, tag) that run on the day, each once."""
        found: tuple[Array, Array] = self.remember(("tags", day), lambda: self._tags_on(day))
        return found

    def _tags_on(self, day: date) -> tuple[Array, Array]:
        running = self.columns.tag_until > day.toordinal()
        pairs = self.columns.tag_row[running].astype(np.int64) * 64 + self.columns.tag[running]
        pairs = np.unique(pairs)
        return (pairs // 64).astype(np.int32), (pairs % 64).astype(np.int8)


def _likeness(asked: list[str], name: list[str]) -> float:
    """From 0 to 1: how close each word asked is to some word of the name, on average."""
    best = [max((fuzz.ratio(word, other) for other in name), default=0.0) for word in asked]
    return sum(best) / len(best) / 100


class _Open:
    """What this process has open."""

    view: View | None = None
    refused: tuple[int, str, str, int] | None = None
    lock = threading.Lock()


def current() -> View | None:
    """The index in use, opened again if it changed; None when it is missing or damaged: the database then answers."""
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


def refuse(view: View) -> None:
    """Use this version no more: it cannot be read."""
    logger.error("search index damaged")
    with _Open.lock:
        _Open.refused, _Open.view = view.key, None
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
