"""How alike two names are, and which pairs of a list deserve a look. Pure: no database."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from essor.kernel.text import fold

# Words that say nothing of which organisation it is.
EMPTY_WORDS = frozenset((
    "association", "assoc", "asso", "ass", "les", "la", "le", "l", "de", "du", "des", "d", "et", "en", "a", "au", "aux",
    "un", "une", "pour", "sarl", "sas", "sa", "scop", "scic",
))  # fmt: skip
CLOSE = 82.0  # of 100: worth showing to someone who is typing a name
SAME = 90.0  # of 100: worth proposing as a duplicate
COMMON = 30  # a word borne by more names than this in a commune brings no pair together
MAX_LETTERS = 200


@dataclass(frozen=True)
class Pair:
    """Two organisations whose names look alike; `score` is out of 100."""

    first: int
    second: int
    score: float


def bare(name: str) -> str:
    """The folded name without its empty words; the folded name when nothing else is left."""
    folded = fold(name)[:MAX_LETTERS]
    return " ".join(word for word in folded.split() if word not in EMPTY_WORDS) or folded


def likeness(first: str, second: str) -> float:
    """How alike two bare names are, out of 100: the words in any order, a typing error forgiven."""
    return fuzz.token_sort_ratio(first, second)


def closest(name: str, names: Mapping[int, str], limit: int) -> list[tuple[int, float]]:
    """Ids of the bare names that look like this bare name, with the score, the closest first."""
    found = process.extract(name, names, scorer=fuzz.token_sort_ratio, score_cutoff=CLOSE, limit=limit)
    return [(pk, score) for _text, score, pk in found]


def pairs(names: Iterable[tuple[int, int, str]]) -> list[Pair]:
    """Pairs of (id, commune, bare name) that look alike within a commune, the most alike first.

    Names are compared when they share a word that few names of the commune bear: two names of which every word is
    mistyped are not found.
    """
    by_commune: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for pk, commune, name in names:
        by_commune[commune].append((pk, name))
    found: dict[tuple[int, int], float] = {}
    for rows in by_commune.values():
        for first, second in _candidates(rows):
            score = fuzz.token_sort_ratio(first[1], second[1], score_cutoff=SAME)
            if score:
                found[min(first[0], second[0]), max(first[0], second[0])] = score
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return [Pair(first, second, score) for (first, second), score in ordered]


def _candidates(rows: list[tuple[int, str]]) -> Iterable[tuple[tuple[int, str], tuple[int, str]]]:
    by_word: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for row in rows:
        for word in set(row[1].split()) | {row[1].replace(" ", "")}:
            by_word[word].append(row)
    for bearers in by_word.values():
        if len(bearers) <= COMMON:
            for rank, first in enumerate(bearers):
                for second in bearers[rank + 1 :]:
                    yield first, second
