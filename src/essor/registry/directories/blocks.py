"""The register cut by place, so that a row is compared with few organisations. No database."""

from collections.abc import Iterable, Mapping, Sequence
from heapq import nlargest

from rapidfuzz import fuzz, process

from essor.registry.directories.rules import (
    NO_WEIGHTS,
    Candidate,
    Known,
    Match,
    Name,
    Outcome,
    Wanted,
    Weights,
    compare,
    decide,
    prepared,
)

PREFILTERED = 12  # names of a block that are looked at closely
SMALL_BLOCK = 25  # up to here, all of them are
LARGE_BLOCK = 600  # above, only the names that share pieces of words are compared
MANY_SHARE = 400
SHARING = 80


class Block:
    """The organisations of one place, searched by name.

    A block of many is first cut down by the beginnings and the ends of words, which a misspelling seldom touches both.
    """

    def __init__(self, known: Sequence[Known], weights: Weights = NO_WEIGHTS) -> None:
        self._known = known
        self._weights = weights
        pairs = [(prepared(name), rank) for rank, each in enumerate(known) for name in each.names]
        self._pairs = [pair for pair in pairs if pair[0].compact]
        self._texts = [name.text for name, _rank in self._pairs]
        self._initials: dict[str, list[int]] = {}
        self._pieces: dict[str, list[int]] = {}
        for place, (name, rank) in enumerate(self._pairs):
            for short in _short_forms(name):
                self._initials.setdefault(short, []).append(rank)
            if len(known) > LARGE_BLOCK:
                for piece in {piece for word in name.words or name.forms for piece in _pieces(word)}:
                    self._pieces.setdefault(piece, []).append(place)

    def near(self, names: Iterable[str]) -> list[Known]:
        """The few that are worth a close look."""
        if len(self._known) <= SMALL_BLOCK:
            return list(self._known)
        ranks: set[int] = set()
        for text in names:
            name = prepared(text)
            if not name.compact:
                continue
            texts: Mapping[int, str] | Sequence[str] = self._texts
            if self._pieces:
                texts = {place: self._texts[place] for place in self._sharing(name)}
            found = process.extract(
                name.text, texts, scorer=fuzz.token_set_ratio, limit=PREFILTERED, score_cutoff=50
            )
            ranks.update(self._pairs[place][1] for _text, _score, place in found)
            for short in _short_forms(name):
                ranks.update(self._initials.get(short, [])[:PREFILTERED])
        return [self._known[rank] for rank in sorted(ranks)]

    def _sharing(self, name: Name) -> list[int]:
        """Places of the names that share the most telling pieces of words with this one."""
        scores: dict[int, float] = {}
        words = name.words or name.forms
        rarest = sorted(
            ((piece, self._weights.of(word)) for word in words for piece in _pieces(word)),
            key=lambda each: len(self._pieces.get(each[0], ())),
        )
        for piece, weight in rarest:
            sharing = self._pieces.get(piece, ())
            if scores and len(sharing) > MANY_SHARE:
                break  # shared by very many: it tells nothing more of those that share something rarer
            for place in sharing:
                scores[place] = scores.get(place, 0.0) + weight
        return nlargest(SHARING, scores, key=lambda place: (scores[place], -place))


def _pieces(word: str) -> tuple[str, ...]:
    """The beginning and the end of a word."""
    return (word[:4], f"…{word[-4:]}") if len(word) > 5 else (word[:4],)


def _short_forms(name: Name) -> list[str]:
    """What may answer to initials: its own, or its only word."""
    return [short for short in (name.initials, name.words[0] if len(name.words) == 1 else "") if short]


class Index:
    """The register by place: a row is compared with the organisations of its communes, then of its départements."""

    def __init__(self, known: Sequence[Known]) -> None:
        self.weights = Weights(prepared(name) for each in known for name in each.names[:1])
        by_commune: dict[int, list[Known]] = {}
        by_departement: dict[int, list[Known]] = {}
        self._nowhere: list[Known] = []
        for each in known:
            for commune in each.communes:
                by_commune.setdefault(commune, []).append(each)
            for departement in each.departements:
                by_departement.setdefault(departement, []).append(each)
            if not each.communes:
                self._nowhere.append(each)
        self._known = known
        self._groups: dict[str, dict[int, list[Known]]] = {
            "commune": by_commune,
            "departement": by_departement,
        }
        self._blocks: dict[tuple[str, int], Block] = {}
        self._whole: Block | None = None

    def match(self, wanted: Wanted) -> Match:
        """What is proposed for a row: looked for in its communes, and further only when nothing is sure there."""
        if not wanted.communes and not wanted.departements:
            return decide(self._compared(wanted, [self._everything()]))
        found = self._compared(wanted, self._blocks_of("commune", wanted.communes))
        first = decide(found)
        if first.outcome is Outcome.SURE:
            return first
        wider = self._compared(wanted, self._blocks_of("departement", wanted.departements))
        return decide([*found, *wider])

    def _compared(self, wanted: Wanted, blocks: Iterable[Block]) -> list[Candidate]:
        near = {each.organisation: each for block in blocks for each in block.near(wanted.names)}
        return [compare(wanted, each, self.weights) for each in near.values()]

    def _blocks_of(self, level: str, places: Iterable[int]) -> list[Block]:
        blocks = []
        for place in sorted(places):
            members = self._groups[level].get(place)
            if members is None:
                continue
            key = (level, place)
            if key not in self._blocks:
                self._blocks[key] = Block(members, self.weights)
            blocks.append(self._blocks[key])
        return blocks

    def _everything(self) -> Block:
        if self._whole is None:
            self._whole = Block(self._known, self.weights)
        return self._whole
