"""What is looked for, as a tree: made from words, answered by the index or by the lists of common words."""

from collections.abc import Sequence
from dataclasses import dataclass

from tantivy import Occur, Query

from essor.registry.search.schema import schema


@dataclass(frozen=True)
class Term:
    """A word in a field; `flat`: worth the same wherever it is."""

    field: str
    word: str
    weight: float = 1.0
    flat: bool = False

    def query(self) -> Query:
        """As the index takes it."""
        found = Query.term_query(schema(), self.field, self.word)
        return _weighed(Query.const_score_query(found, 1.0) if self.flat else found, self.weight)


@dataclass(frozen=True)
class Beginning:
    """Words of a field that begin so."""

    field: str
    word: str
    weight: float

    def query(self) -> Query:
        """As the index takes it."""
        found = Query.fuzzy_term_query(schema(), self.field, self.word, 0, prefix=True)
        return _weighed(found, self.weight)


@dataclass(frozen=True)
class Close:
    """Words of a field that differ by a few letters."""

    field: str
    word: str
    letters: int
    weight: float = 1.0

    def query(self) -> Query:
        """As the index takes it."""
        return _weighed(Query.fuzzy_term_query(schema(), self.field, self.word, self.letters), self.weight)


@dataclass(frozen=True)
class Either:
    """At least one of the parts."""

    parts: "Sequence[Node]"

    def query(self) -> Query:
        """As the index takes it."""
        return _joined(Occur.Should, self.parts)


@dataclass(frozen=True)
class Every:
    """All the parts; `weight`: worth the same however they are found, when it is given."""

    parts: "Sequence[Node]"
    weight: float | None = None

    def query(self) -> Query:
        """As the index takes it."""
        found = _joined(Occur.Must, self.parts)
        return found if self.weight is None else _weighed(Query.const_score_query(found, 1.0), self.weight)


Node = Term | Beginning | Close | Either | Every


def every(parts: "Sequence[Node]") -> "Node":
    """All the parts; the part itself when it is alone."""
    return parts[0] if len(parts) == 1 else Every(parts)


def _weighed(query: Query, weight: float) -> Query:
    return query if weight == 1 else Query.boost_query(query, weight)


def _joined(occur: Occur, parts: Sequence[Node]) -> Query:
    queries = [part.query() for part in parts]
    return queries[0] if len(queries) == 1 else Query.boolean_query([(occur, each) for each in queries])
