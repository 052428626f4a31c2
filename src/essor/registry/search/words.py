"""What a person types, made a tree of what to look for. Whatever is typed gives one, never an error."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from essor.kernel.text import fold
from essor.registry.filters import MAX_WORDS
from essor.registry.search.asking import Beginning, Close, Either, Every, Node, Term, every
from essor.registry.search.schema import EMPTY_WORDS, stems
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


def strict(asked: Asked, lines: Lines) -> Node:
    """Organisations that have every word: in a name, an activity, a place, or through a synonym."""
    if asked.number:
        return Term("numbers", asked.number)
    exact = Term("exact", asked.text, EXACT, flat=True)
    return Either([exact, every(_clauses(asked.words, lines))])


def lenient(asked: Asked) -> Node:
    """Organisations that have every word or one close to it: a typo in four letters, two from eight on."""
    clauses: list[Node] = []
    for word in asked.words:
        near: list[Node] = [_word(word, prefix=True)]
        if len(word) >= MIN_FUZZY:
            letters = 2 if len(word) >= MIN_FUZZY_TWO else 1
            near += [
                Close("words", word, letters, NAME),
                Close("places", word, letters),
                Close("trade", stems(word)[0], 1),
            ]
        clauses.append(Either(near))
    return every(clauses)


def _clauses(words: Sequence[str], lines: Lines) -> list[Node]:
    """One clause a word, or a group of words that has a synonym: the longest group first."""
    cut = [stems(word)[0] for word in words]
    longest = max((len(key) for key in lines), default=0)
    found: list[Node] = []
    start = 0
    while start < len(words):
        for size in range(min(longest, len(words) - start), 0, -1):
            line = lines.get(tuple(cut[start : start + size]))
            if line is not None:
                break
        else:
            size, line = 1, None
        last = start + size == len(words)
        own = every([_word(word, prefix=last and word == words[-1]) for word in words[start : start + size]])
        found.append(own if line is None else Either([own, *_meant(line)]))
        start += size
    return found


def _meant(line: Synonym) -> list[Node]:
    found: list[Node] = [Term("naf", code, MEANT, flat=True) for code in line.naf]
    for phrase in line.equivalents:
        words = [stem for stem in stems(fold(phrase)) if stem not in EMPTY_WORDS]
        if words:
            ways = [Every([Term(field, word) for word in words], MEANT) for field in ("stems", "trade")]
            found += ways
    return found


def _word(word: str, *, prefix: bool) -> Node:
    """A word in any field; as a beginning too when it may be unfinished."""
    stem = stems(word)[0]
    ways: list[Node] = [
        Term("words", word, NAME),
        Term("stems", stem, STEM),
        Term("trade", stem, TRADE),
        Term("places", word, PLACE),
    ]
    if prefix and len(word) >= MIN_PREFIX:
        ways += [Beginning("words", word, PREFIX), Beginning("places", word, TRADE)]
    return Either(ways)
