"""One version of the index, open: words looked for, orders and masks kept while it lasts."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import tantivy
from rapidfuzz import fuzz

from essor.registry.filters import Quarter, Sort
from essor.registry.search import words
from essor.registry.search.asking import Node
from essor.registry.search.columns import Array, Columns
from essor.registry.search.common import MANY_ANSWERS, CommonWords
from essor.registry.search.cube import Cube, Pairs

KEPT = 64  # answers kept: pages, tiles and exports of one search ask for the same words
FEW = 3  # with fewer answers, close words are looked for too
QUARTERS = 1 << len(Quarter)  # sets of relations to a priority quarter
MANY_CLOSE = 2000  # names compared letter by letter


class Damaged(Exception):
    """The index opened, but cannot be read: the database must answer."""


@dataclass(frozen=True)
class Hits:
    """Rows that have the words, in increasing order, with their scores; `close`: words close to them were needed."""

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
        columns, count = self.columns, len(self.columns)
        self.searcher = self.index.searcher()
        self.cube = Cube(columns)
        self.common = CommonWords(columns.words, columns.word_row, columns.word, count)
        self.all_rows = np.arange(count)  # rows are intp: numpy would convert others at each use
        # Rows by name: the same order as the database's (code points of the folded name, then id).
        self.by_name = np.array(sorted(range(count), key=columns.sort_keys.__getitem__), dtype=np.intp)
        self.name_rank = np.empty(count, dtype=np.int32)
        self.name_rank[self.by_name] = self.all_rows
        self.quarter_totals = np.bincount(columns.quarters, minlength=QUARTERS)
        self.by_latitude = np.argsort(columns.latitude, kind="stable")
        self.commune_names = [(each.code, each.name) for each in columns.communes]
        self.commune_pairs = Pairs(columns.commune_row, columns.commune, count, len(columns.communes))
        self.epci_names = sorted(
            {(each.epci_code, each.epci_name) for each in columns.communes if each.epci_code}
        )
        self.epci_pairs = self._epci_pairs()

    def _epci_pairs(self) -> Pairs:
        """Intercommunalités of each row, each once."""
        columns, count = self.columns, max(1, len(self.epci_names))
        rank = {code: rank for rank, (code, _name) in enumerate(self.epci_names)}
        of_commune = np.array([rank.get(each.epci_code, -1) for each in columns.communes], dtype=np.int64)
        epci = of_commune[columns.commune] if len(of_commune) else np.zeros(0, dtype=np.int64)
        having = epci >= 0
        pairs = np.unique(columns.commune_row[having].astype(np.int64) * count + epci[having])
        return Pairs(pairs // count, pairs % count, len(columns), len(self.epci_names))

    def order(self, sort: Sort) -> Array:
        """All rows in an order that does not depend on the search; ties by name."""
        if sort not in (Sort.SIZE, Sort.NEWEST, Sort.OLDEST):
            return self.by_name
        found: Array = self.remember(("order", sort), lambda: self._ordered(sort))
        return found

    def _ordered(self, sort: Sort) -> Array:
        if sort is Sort.SIZE:
            key = -self.columns.band.astype(np.int32)
        else:
            created = self.columns.created
            unknown = np.int32(np.iinfo(np.int32).max)
            key = np.where(created == 0, unknown, -created if sort is Sort.NEWEST else created)
        return np.lexsort((self.name_rank, key))

    def in_communes(self, wanted: frozenset[int]) -> Array:
        """Whether each row is in one of the communes (their ids)."""
        chosen = np.array([each.pk in wanted for each in self.columns.communes], dtype=np.bool_)
        found: Array = self.remember(("communes", wanted), lambda: self.commune_pairs.mask(chosen))
        return found

    def tagged(self, day: date, wanted: tuple[str, ...]) -> Array:
        """Whether each row bears one of the tags on the day."""
        chosen = np.array([code in wanted for code in self.columns.tags], dtype=np.bool_)
        found: Array = self.remember(("tagged", day, wanted), lambda: self.tag_pairs(day).mask(chosen))
        return found

    def tag_pairs(self, day: date) -> Pairs:
        """Tags of each row that run on the day, each once."""
        found: Pairs = self.remember(("tags", day), lambda: self._tags_on(day))
        return found

    def _tags_on(self, day: date) -> Pairs:
        running = self.columns.tag_until > day.toordinal()
        count = max(1, len(self.columns.tags))
        pairs = np.unique(self.columns.tag_row[running].astype(np.int64) * count + self.columns.tag[running])
        return Pairs(pairs // count, pairs % count, len(self.columns), len(self.columns.tags))

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
        rows, scores = self._strict(words.strict(asked, self.lines))
        named = bool(len(scores)) and scores.max() >= words.EXACT
        if len(rows) >= FEW or named or asked.number or not asked.words:
            return Hits(rows, scores, close=False)
        close, near = self._run(words.lenient(asked).query())
        new = ~np.isin(close, rows)
        close, near = close[new], near[new]
        if not len(close):
            return Hits(rows, scores, close=False)
        likeness = self._likeness(close, near, asked.text)
        rows, scores = np.concatenate([rows, close]), np.concatenate([scores, likeness])
        order = np.argsort(rows, kind="stable")
        return Hits(rows[order], scores[order], close=True)

    def _strict(self, node: Node) -> tuple[Array, Array]:
        """Rows and scores of a tree. Thousands of answers are put in order by the fields that hold the words alone."""
        if self.common.count(node) > MANY_ANSWERS:
            worth = self.common.scores(node, self._run)
            rows = np.flatnonzero(worth > 0)  # ten times quicker than of the numbers
            if len(rows) > MANY_ANSWERS:
                return rows, worth[rows]
        return self._run(node.query())

    def _likeness(self, rows: Array, scores: Array, text: str) -> Array:
        """Scores under zero, so that close names come after all others: the likest first."""
        keys, asked = self.columns.sort_keys, text.split()
        found = np.full(len(rows), -2.0)
        for rank in np.argsort(-scores, kind="stable")[:MANY_CLOSE]:
            found[rank] = _likeness(asked, keys[rows[rank]].split()) - 2
        return found

    def _run(self, query: tantivy.Query) -> tuple[Array, Array]:
        """Rows (sorted) and scores of a query; an organisation that the columns have not yet is left out."""
        try:
            hits = self.searcher.search(query, limit=max(1, self.searcher.num_docs), count=False).hits
            found = self.searcher.fast_field_values("pk", [place for _score, place in hits])
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # a damaged segment makes Tantivy panic, which is no Exception
            raise Damaged from error
        pks = np.array(found, dtype=np.int64)
        scores = np.array([score for score, _place in hits], dtype=np.float64)
        order = np.argsort(pks)  # looked for in order, they are found much sooner
        pks, scores = pks[order], scores[order]
        ids = self.columns.ids
        rows = np.searchsorted(ids, pks)
        known = rows < len(ids)
        known[known] = ids[rows[known]] == pks[known]
        return rows[known], scores[known]


def _likeness(asked: list[str], name: list[str]) -> float:
    """From 0 to 1: how close each word asked is to some word of the name, on average."""
    best = [max((fuzz.ratio(word, other) for other in name), default=0.0) for word in asked]
    return sum(best) / len(best) / 100
