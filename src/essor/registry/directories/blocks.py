"""The register cut by place, so that a row is compared with few organisations. No database."""

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process

from essor.registry.directories.rules import (
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


class Block:
    """The organisations of one place, searched by name."""

    def __init__(self, known: Sequence[Known]) -> None:
        self._known = known
        pairs = [(prepared(name), rank) for rank, each in enumerate(known) for name in each.names]
        pairs = [pair for pair in pairs if pair[0].compact]
        self._texts = [name.text for name, _rank in pairs]
        self._ranks = [rank for _name, rank in pairs]
        self._initials: dict[str, list[int]] = {}
        for name, rank in pairs:
            for short in _short_forms(name):
                self._initials.setdefault(short, []).append(rank)

    def near(self, names: Iterable[str]) -> list[Known]:
        """The few that are worth a close look."""
        if len(self._known) <= SMALL_BLOCK:
            return list(self._known)
        ranks: set[int] = set()
        for text in names:
            name = prepared(text)
            if not name.compact:
                continue
            found = process.extract(
                name.text,
                self._texts,
                scorer=fuzz.token_set_ratio,
                limit=PREFILTERED,
                score_cutoff=50,
                processor=None,
            )
            ranks.update(self._ranks[place] for _text, _score, place in found)
            for short in _short_forms(name):
                ranks.update(self._initials.get(short, [])[:PREFILTERED])
        return [self._known[rank] for rank in sorted(ranks)]


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
                self._blocks[key] = Block(members)
            blocks.append(self._blocks[key])
        return blocks

    def _everything(self) -> Block:
        if self._whole is None:
            self._whole = Block(self._known)
        return self._whole
