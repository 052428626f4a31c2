"""What a person types, made a query of the index. Whatever is typed gives a query, never an error."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tantivy import Occur, Query

from essor.kernel.text import fold
from essor.registry.filters import MAX_WORDS
from essor.registry.search.schema import EMPTY_WORDS, schema, stems
from essor.registry.search.synonyms import Synonym

Lines = Mapping[tuple[str, ...], Synonym]
MIN_PREFIX = 2
MIN_FUZZY, MIN_FUZZY_TWO = 4, 8
MAX_LENGTH = 40  # of a word: typos are looked for by an automaton, whose size follows
EXACT, NAME, PREFIX, STEM, TRADE, PLACE, MEANT = 1000.0, 4.0, 2.0, 3.0, 1.0, 1.5, 1.2


@dataclass(frozen=True)
class Asked:
    """The words of a search: folded, the useful ones, and the number when it is one."""

    text: str
    words: tuple[str, ...]
    number: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing to look for: signs alone."""
        return not self.words and not self.number


def read(text: str) -> Asked:
    """The words of a text. A SIREN, a SIRET or an RNA number, spaces or not, is looked for as a number."""
    number = "".join(text.split()).upper()
    if number.isascii() and (
        (number.isdigit() and len(number) in (9, 14))
        or (len(number) == 10 and number[0] == "W" and number[1:].isalnum())
    ):
        return Asked(text, (), number)
    folded = fold(text)
    words = [word[:MAX_LENGTH] for word in folded.split()]
    useful = [word for word in words if word not in EMPTY_WORDS] or words
    return Asked(folded, tuple(dict.fromkeys(useful[:MAX_WORDS])))


def strict(asked: Asked, lines: Lines) -> Query:
    """Organisations that have every word: in a name, an activity, a place, or through a synonym."""
    if asked.number:
        return _term("numbers", asked.number)
    clauses = [(Occur.Must, clause) for clause in _clauses(asked.words, lines)]
    exact = Query.boost_query(Query.const_score_query(_term("exact", asked.text), 1.0), EXACT)
    return Query.boolean_query([(Occur.Should, exact), (Occur.Should, Query.boolean_query(clauses))])


def lenient(asked: Asked) -> Query:
    """Organisations that have every word or one close to it: a typo in four letters, two from eight on."""
    clauses = []
    for word in asked.words:
        near = [_word(word, prefix=True)]
        if len(word) >= MIN_FUZZY:
            distance = 2 if len(word) >= MIN_FUZZY_TWO else 1
            near += [
                Query.boost_query(Query.fuzzy_term_query(schema(), "words", word, distance), NAME),
                Query.fuzzy_term_query(schema(), "places", word, distance),
                Query.fuzzy_term_query(schema(), "trade", stems(word)[0], 1),
            ]
        clauses.append((Occur.Must, _any(near)))
    return Query.boolean_query(clauses)


def _clauses(words: Sequence[str], lines: Lines) -> list[Query]:
    """One clause a word, or a group of words that has a synonym: the longest group first."""
    cut = [stems(word)[0] for word in words]
    longest = max((len(key) for key in lines), default=0)
    found, start = [], 0
    while start < len(words):
        for size in range(min(longest, len(words) - start), 0, -1):
            line = lines.get(tuple(cut[start : start + size]))
            if line is not None:
                break
        else:
            size, line = 1, None
        last = start + size == len(words)
        own = _all([_word(word, prefix=last and word == words[-1]) for word in words[start : start + size]])
        found.append(own if line is None else _any([own, *_meant(line)]))
        start += size
    return found


def _meant(line: Synonym) -> list[Query]:
    codes = [_term("naf", code) for code in line.naf]
    others = []
    for phrase in line.equivalents:
        words = [stem for stem in stems(fold(phrase)) if stem not in EMPTY_WORDS]
        if words:
            others.append(
                _any([_all([_term(field, word) for word in words]) for field in ("stems", "trade")])
            )
    return [Query.boost_query(Query.const_score_query(query, 1.0), MEANT) for query in (*codes, *others)]


def _word(word: str, *, prefix: bool) -> Query:
    """A word in any field; as a beginning too when it may be unfinished."""
    stem = stems(word)[0]
    ways = [
        Query.boost_query(_term("words", word), NAME),
        Query.boost_query(_term("stems", stem), STEM),
        Query.boost_query(_term("trade", stem), TRADE),
        Query.boost_query(_term("places", word), PLACE),
    ]
    if prefix and len(word) >= MIN_PREFIX:
        for field, weight in (("words", PREFIX), ("places", TRADE)):
            ways.append(Query.boost_query(_beginning(field, word), weight))
    return _any(ways)


def _beginning(field: str, word: str) -> Query:
    return Query.fuzzy_term_query(schema(), field, word, 0, prefix=True)


def _term(field: str, word: str) -> Query:
    return Query.term_query(schema(), field, word)


def _any(queries: Sequence[Query]) -> Query:
    return (
        queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, each) for each in queries])
    )


def _all(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Must, each) for each in queries])
