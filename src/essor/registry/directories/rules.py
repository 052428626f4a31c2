"""How much two names in two places look like one organisation, and what is proposed to a person. Pure.

A score goes from 0 to 100. Words count by what they tell: « association » or « scop » almost nothing, a word borne by
many organisations of the register little, a rare one fully. The thresholds were chosen on real lists (ADR 14).
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rapidfuzz import fuzz

from essor.kernel.text import fold

SURE = 90.0  # from here, with a clear lead, one organisation is proposed
CHOOSE = 56.0  # from here, it is shown among those to choose from
LEAD = 6.0  # what the first must have over the second to be proposed alone
SHOWN = 5  # candidates kept for a row
FEW_NAMES = 200  # below, how often a word occurs tells nothing

OTHER_COMMUNE = 14.0  # same département, another commune
UNKNOWN_PLACE = 10.0  # one of the two has no known place
OTHER_FORM = 12.0  # an association and a company of the same name are often two sisters
SAME_WORD = 0.82  # likeness from which two words are one misspelt

# Words of form → the kind of person they tell, empty when they tell none.
LEGAL_WORDS: dict[str, str] = {
    **dict.fromkeys(("asso", "assoc", "ass", "association", "associations", "1901"), "association"),
    **dict.fromkeys(("sarl", "sas", "sasu", "sa", "eurl", "snc", "sci"), "company"),
    **dict.fromkeys(("scop", "scic", "cae", "cooperative", "coop"), "cooperative"),
    **dict.fromkeys(
        ("loi", "ste", "societe", "siege", "groupe", "groupement", "entreprise", "etablissement"), ""
    ),
    **dict.fromkeys(("ei", "etti", "aci", "ai", "ea", "esat"), ""),
}
EMPTY_WORDS = frozenset(
    re.split(r"\|", "a|au|aux|avec|d|dans|de|des|du|en|et|l|la|le|les|par|pour|sur|un|une")
)
SHORT_FORMS = {
    "st": "saint", "ctre": "centre", "fed": "federation", "feder": "federation", "inst": "institut",
    "etud": "etude", "internat": "international", "nat": "national", "reg": "regional", "dep": "departemental",
    "dept": "departemental", "prof": "professionnel", "dvlpt": "developpement", "dev": "developpement",
    "devpt": "developpement", "format": "formation", "insert": "insertion", "serv": "services", "sce": "services",
    "int": "intermediaire", "chant": "chantier", "atel": "atelier", "env": "environnement", "soc": "social",
}  # fmt: skip
LEAST_WEIGHT = 0.2
_PARENTHESES = re.compile(r"\(([^()]*)\)")
_DASH = re.compile(r"\s[-–—/|]\s")


class Outcome(StrEnum):
    """What a row without identifier gives."""

    SURE = "sure"
    CHOOSE = "choose"
    NONE = "none"


class Reason(StrEnum):
    """Why a candidate is proposed; the screen says it in words."""

    SAME_NAME = "same_name"
    CLOSE_NAME = "close_name"
    INITIALS = "initials"
    SOME_WORDS = "some_words"
    SAME_COMMUNE = "same_commune"
    SAME_DEPARTEMENT = "same_departement"
    PLACE_UNKNOWN = "place_unknown"
    IDENTIFIER = "identifier"


@dataclass(frozen=True)
class Wanted:
    """A row of a directory: its names, the communes where it may be, the départements of these."""

    names: tuple[str, ...]
    communes: frozenset[int] = frozenset()
    departements: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Known:
    """An organisation of the register: its names, and where it is."""

    organisation: int
    names: tuple[str, ...]
    communes: frozenset[int] = frozenset()
    departements: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Candidate:
    """An organisation that a row may be, with its score (0 to 100) and why."""

    organisation: int
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Match:
    """What is proposed for a row."""

    outcome: Outcome
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True)
class Name:
    """A name ready to be compared: its telling words in order, then its words of form."""

    words: tuple[str, ...]
    forms: tuple[str, ...]

    @property
    def text(self) -> str:
        """The telling words; those of form when there is nothing else."""
        return " ".join(self.words or self.forms)

    @property
    def compact(self) -> str:
        """The same without spaces: « activ cités » is « activcités »."""
        return "".join(self.words or self.forms)

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of person that its words of form tell."""
        return frozenset(filter(None, (LEGAL_WORDS[word] for word in self.forms)))

    @property
    def initials(self) -> str:
        """First letters of the words, empty for fewer than three words."""
        return "".join(word[0] for word in self.words) if len(self.words) >= 3 else ""


def _joined(words: Iterable[str]) -> list[str]:
    """Letters spelt one by one made one word: « l a d e f » gives « adef », its article left aside."""
    found: list[str] = []
    run = ""
    for word in [*words, ""]:
        if len(word) == 1:
            run += word
            continue
        if len(run) > 3 and run[0] in "ld":
            run = run[1:]
        found += [each for each in (run, word) if each]
        run = ""
    return found


@lru_cache(maxsize=400_000)
def prepared(text: str) -> Name:
    """The name in folded words, short forms written out, words of form apart; letters spelt one by one joined."""
    words: list[str] = []
    forms: list[str] = []
    for word in _joined(fold(text).split()):
        if word in EMPTY_WORDS:
            continue
        if word in LEGAL_WORDS:
            forms.append(word)
        else:
            words.append(SHORT_FORMS.get(word, word))
    return Name(tuple(words), tuple(forms))


def parts_of(text: str) -> tuple[str, ...]:
    """The name, and what stands in its parentheses or on each side of a dash: « Résam (Réseau d’échanges) »."""
    inside = _PARENTHESES.findall(text)
    outside = " ".join(_PARENTHESES.sub(" ", text).split())
    pieces = [text, outside, *inside, *_DASH.split(outside)]
    return tuple(dict.fromkeys(piece.strip() for piece in pieces if len(piece.strip()) > 2))


class Weights:
    """What each word tells: 1 for a rare one, less the more organisations bear it."""

    def __init__(self, names: Iterable[Name] = ()) -> None:
        counts: Counter[str] = Counter()
        total = 0
        for name in names:
            counts.update(set(name.words))
            total += 1
        enough = total >= FEW_NAMES
        scale = math.log(total + 1) if enough else 1.0
        self._of: Mapping[str, float] = (
            {word: max(LEAST_WEIGHT, 1 - math.log(n) / scale) for word, n in counts.items() if n > 1}
            if enough
            else {}
        )

    def of(self, word: str) -> float:
        """Between 0.2 and 1; a word never met tells the most."""
        return self._of.get(word, 1.0)


NO_WEIGHTS = Weights()


def likeness(one: Name, other: Name, weights: Weights = NO_WEIGHTS) -> tuple[float, Reason]:
    """How much two names look alike, from 0 to 100, and in what way."""
    score, reason = _of_words(one, other, weights)
    if one.kinds and other.kinds and not one.kinds & other.kinds:
        score = max(0.0, score - OTHER_FORM)
    return score, reason


def _of_words(one: Name, other: Name, weights: Weights) -> tuple[float, Reason]:
    if not one.compact or not other.compact:
        return 0.0, Reason.SOME_WORDS
    if one.compact == other.compact or sorted(one.words) == sorted(other.words) != []:
        return 100.0, Reason.SAME_NAME
    best, reason = _by_words(one, other, weights), Reason.CLOSE_NAME
    typed = fuzz.ratio(one.compact, other.compact)
    if min(len(one.compact), len(other.compact)) >= 6 and typed >= 85:
        best = max(best, typed - 2)
    if _are_initials(one, other) or _are_initials(other, one):
        best, reason = (80.0, Reason.INITIALS) if best < 80 else (best, reason)
    if reason is Reason.CLOSE_NAME and best < 80:
        reason = Reason.SOME_WORDS
    return min(best, 99.0), reason


def _are_initials(short: Name, long: Name) -> bool:
    return len(short.words) == 1 and len(short.words[0]) >= 3 and short.words[0] == long.initials


def _by_words(one: Name, other: Name, weights: Weights) -> float:
    """Words that answer each other, over all the words; a name wholly inside the other counts for more."""
    mine, theirs = one.words or one.forms, other.words or other.forms
    weight_mine = sum(weights.of(word) for word in mine)
    weight_theirs = sum(weights.of(word) for word in theirs)
    left = list(theirs)
    common = 0.0
    for word in sorted(mine, key=lambda each: (-len(each), each)):
        alike, found = _closest(word, left)
        if found:
            left.remove(found)
            common += alike * (weights.of(word) + weights.of(found)) / 2
    dice = 2 * common / (weight_mine + weight_theirs)
    inside = common / min(weight_mine, weight_theirs)
    # Two words in common, or a long rare one, tell more than the only word of a short name.
    trust = min(1.0, common / 1.6)
    return 100 * min(1.0, dice + (inside - dice) * 0.6 * trust)


def _closest(word: str, others: Sequence[str]) -> tuple[float, str]:
    """The word of the list that this one is, perhaps misspelt or cut short, with their likeness."""
    best, found = 0.0, ""
    for other in others:
        if word == other:
            return 1.0, other
        alike = fuzz.ratio(word, other) / 100
        shorter, longer = sorted((word, other), key=len)
        if len(shorter) >= 4 and longer.startswith(shorter):
            alike = max(alike, 0.9)
        if alike > best:
            best, found = alike, other
    short = len(word) <= 3 or len(found) <= 3
    return (best, found) if best >= (1.0 if short else SAME_WORD) else (0.0, "")


def compare(wanted: Wanted, known: Known, weights: Weights = NO_WEIGHTS) -> Candidate:
    """How much the row and the organisation are one: names first, then the place."""
    score, reason = 0.0, Reason.SOME_WORDS
    for one in wanted.names:
        for other in known.names:
            found, why = likeness(prepared(one), prepared(other), weights)
            if found > score:
                score, reason = found, why
    if not wanted.communes or not known.communes:
        return Candidate(known.organisation, max(0.0, score - UNKNOWN_PLACE), (reason, Reason.PLACE_UNKNOWN))
    if wanted.communes & known.communes:
        return Candidate(known.organisation, score, (reason, Reason.SAME_COMMUNE))
    if wanted.departements & known.departements:
        return Candidate(
            known.organisation, max(0.0, score - OTHER_COMMUNE), (reason, Reason.SAME_DEPARTEMENT)
        )
    return Candidate(known.organisation, 0.0, (reason,))


def decide(candidates: Iterable[Candidate]) -> Match:
    """Sure, to choose or none, from the candidates of a row; the best first, each organisation once."""
    best: dict[int, Candidate] = {}
    for candidate in candidates:
        kept = best.get(candidate.organisation)
        if candidate.score >= CHOOSE and (kept is None or candidate.score > kept.score):
            best[candidate.organisation] = candidate
    ordered = tuple(sorted(best.values(), key=lambda each: (-each.score, each.organisation))[:SHOWN])
    if not ordered:
        return Match(Outcome.NONE)
    second = ordered[1].score if len(ordered) > 1 else 0.0
    if ordered[0].score >= SURE and ordered[0].score - second >= LEAD:
        return Match(Outcome.SURE, ordered)
    return Match(Outcome.CHOOSE, ordered)
