"""The common words of the register, with the organisations that have each: for searches of thousands of answers.

The index gives one object an answer, which is slow for tens of thousands; here they are arithmetic on arrays. A word
is common when enough organisations have it the day the index is made; its list is then whole, and kept up to date.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import takewhile

import numpy as np
import numpy.typing as npt
from tantivy import Occur, Query

from essor.registry.search.asking import Beginning, Either, Every, Node, Term

Rows = npt.NDArray[np.int32]
Scores = npt.NDArray[np.float32]
LEAST, ONE_IN = 1000, 200  # a common word: of so many organisations, and of one in so many
MANY_ANSWERS = 2000  # the index answers alone when there are fewer
Word = tuple[str, str]  # field, word


class Gathered:
    """Words of the organisations, as they come: all of them, or those that are already common."""

    def __init__(self, known: Sequence[Word] | None = None) -> None:
        self._known = known
        self._rows: dict[Word, array[int]] = {word: array("i") for word in known or ()}

    def add(self, row: int, words: Iterable[Word]) -> None:
        """Take in the words of an organisation, each once."""
        rows = self._rows
        for word in words:
            found = rows.get(word)
            if found is not None:
                found.append(row)
            elif self._known is None:
                rows[word] = array("i", (row,))

    def common(self, length: int) -> tuple[list[Word], Rows, npt.NDArray[np.int16]]:
        """The common words among `length` organisations, and the pairs (row, rank of the word)."""
        words = self._known
        if words is None:
            least = max(LEAST, length // ONE_IN)
            words = sorted(word for word, rows in self._rows.items() if len(rows) >= least)
        lists = [np.frombuffer(self._rows[word], dtype=np.int32) for word in words]
        rows = np.concatenate([np.zeros(0, dtype=np.int32), *lists])
        ranks = np.repeat(np.arange(len(words), dtype=np.int16), [len(each) for each in lists])
        return list(words), rows, ranks


class CommonWords:
    """Rows of each common word."""

    def __init__(self, words: Sequence[Word], rows: Rows, ranks: npt.NDArray[np.int16], length: int) -> None:
        order = np.argsort(ranks, kind="stable")
        starts = np.searchsorted(ranks[order], np.arange(len(words) + 1))
        lists = np.split(rows[order], starts[1:-1]) if words else []
        self._rows: Mapping[Word, Rows] = dict(zip(words, lists, strict=True))
        self._words = sorted(words)
        self._length = length

    def count(self, node: Node) -> int:
        """How many organisations a tree may give, counting common words alone: 0 when a word it needs is not."""
        if isinstance(node, Every):
            return min(self.count(part) for part in node.parts)
        if isinstance(node, Either):
            return sum(self.count(part) for part in node.parts)
        return sum(len(self._rows[word]) for word in self._of(node))

    def scores(self, node: Node, find: Callable[[Query], tuple[Rows, Scores]]) -> Scores:
        """What each row is worth for a tree, 0 when it is not an answer; `find` asks the index what is not common."""
        if isinstance(node, Every):
            return self._every(node, find)
        if isinstance(node, Either):
            return self._either(node.parts, find)
        return self._either([node], find)

    def _every(self, node: Every, find: Callable[[Query], tuple[Rows, Scores]]) -> Scores:
        """The worths of the parts where all are there, added; or the worth of the whole when it has one."""
        total = self.scores(node.parts[0], find)
        for part in node.parts[1:]:
            worth = self.scores(part, find)
            both = (total > 0) & (worth > 0)
            total += worth
            total *= both
        if node.weight is not None:
            total = np.multiply(total > 0, np.float32(node.weight), dtype=np.float32)
        return total

    def _either(self, parts: Sequence[Node], find: Callable[[Query], tuple[Rows, Scores]]) -> Scores:
        """The worths of the parts, added; what is not common is asked at once."""
        total = np.zeros(self._length, dtype=np.float32)
        rest: list[Query] = []
        for part in parts:
            if not self.count(part):
                rest.append(part.query())
            elif isinstance(part, Every | Either):
                total += self.scores(part, find)
            else:
                having = np.zeros(self._length, dtype=np.bool_)
                for word in self._of(part):
                    having[self._rows[word]] = True
                total += having * np.float32(part.weight)
                if isinstance(part, Beginning):
                    rest.append(self._without_common(part))
        if rest:
            rows, scores = find(Query.boolean_query([(Occur.Should, query) for query in rest]))
            # A score of the index may be as small as it likes: an answer is worth something.
            total[rows] += np.maximum(scores, np.float32(1e-6))
        return total

    def _of(self, node: Node) -> list[Word]:
        """The common words that a leaf names."""
        if isinstance(node, Term):
            word = (node.field, node.word)
            return [word] if word in self._rows else []
        if isinstance(node, Beginning):
            start = bisect_left(self._words, (node.field, node.word))
            tail = iter(self._words[start:])
            return list(takewhile(lambda word: word[0] == node.field and word[1].startswith(node.word), tail))
        return []

    def _without_common(self, part: Beginning) -> Query:
        """The words that begin so and are not common."""
        others = [(Occur.MustNot, Term(field, word).query()) for field, word in self._of(part)]
        return Query.boolean_query([(Occur.Must, part.query()), *others])
