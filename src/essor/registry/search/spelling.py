"""« Vouliez-vous dire » : the words of the register nearest to those that it does not know."""

from rapidfuzz import fuzz, process

from essor.registry.search import words
from essor.registry.search.schema import stems
from essor.registry.search.view import View

MIN_LENGTH = 4
LEAST_LIKENESS = 70  # of 100
TIMES = 2  # a word that one name alone has is often a mistake itself


def meant(view: View, text: str) -> str:
    """The text with its unknown words replaced by the nearest of the register; empty when it stays the same."""
    asked = words.read(text)
    found = [_nearest(view, word) for word in asked.words]
    return " ".join(found) if tuple(found) != asked.words else ""


def _nearest(view: View, word: str) -> str:
    """The word itself when the register knows it well, else the likest of those that begin as it does."""
    if len(word) < MIN_LENGTH or _known(view, word):
        return word
    candidates = dict(view.searcher.terms_with_prefix("words", word[0]))
    likely = [term for term, times in candidates.items() if times >= TIMES and len(term) >= MIN_LENGTH]
    close = process.extract(word, likely, scorer=fuzz.ratio, score_cutoff=LEAST_LIKENESS, limit=5)
    return max(close, key=lambda each: (round(each[1]), candidates[each[0]]))[0] if close else word


def _known(view: View, word: str) -> bool:
    in_names = view.searcher.doc_freq("words", word) + view.searcher.doc_freq("places", word)
    return in_names > 0 or view.searcher.doc_freq("trade", stems(word)[0]) > 0
