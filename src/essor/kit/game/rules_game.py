"""« Un mandat, dix décisions »: what a game draws, what each decision does, how it ends. Pure.

A game is its code (level and seed) and the choices made so far, a letter each: the same code and choices give the same
game. Choices that law governs are asked of its rules on the day, for the level played.

* Ten situations out of those that exist, drawn and ordered by the seed.
* Three gauges from 0 to 100, which start at 20: needs met, cooperation, robustness. A budget of 70 points.
* A choice that the law refuses to the level is annulled: nothing is spent, 12 points of robustness are lost, 2 of the
  others. One that is lawful under a condition which it does not meet loses 2 points of robustness.
* The mandate is sound when the three gauges reach 50, exemplary at 70.
* The best choice stands nearly as often in each place, so that no habit wins.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from hashlib import sha256

from essor.kit.law_tests import LawAnswer, LawTest

ROUNDS = 10
START, TOP = 20, 100
BUDGET = 70
SOUND, EXEMPLARY = 50, 70
ANNULLED = (-2, -2, -12)
UNMET_CONDITION = 2
REGRET = 8  # points lost to the best choice, from which a lever is worth working on
SEED_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
SEED_LENGTH = 5
LEVELS = ("commune", "epci", "metropole", "departement")
CONDITIONAL = "conditional"
LETTERS = "abcd"
PLACES = 3  # where the best choice may stand

Effects = tuple[int, int, int]


class Ending(StrEnum):
    """How a mandate ends."""

    EXEMPLARY = "exemplary"
    SOUND = "sound"
    UNEVEN = "uneven"
    FRAGILE = "fragile"


@dataclass(frozen=True, slots=True)
class Choice:
    """A decision: its cost in points of budget and what it does to needs, cooperation and robustness.

    `is_careful`: what it describes meets the condition that the law may put.
    """

    text: str
    cost: int
    effects: Effects
    told: str
    law: LawTest | None = None
    is_careful: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """A card: what happens, the decisions open, the example that it comes from."""

    code: str
    title: str
    text: str
    lever: str
    lesson: str
    fiche: str
    who: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a choice really does at a level, once the law is asked."""

    effects: Effects
    cost: int
    annulled: bool
    condition_unmet: bool
    law: LawAnswer | None

    @property
    def total(self) -> int:
        """The sum of its effects."""
        return sum(self.effects)


@dataclass(frozen=True, slots=True)
class Card:
    """A situation as a game shows it: `shown` are the ranks of its choices in the order of the letters."""

    situation: Situation
    shown: tuple[int, ...]
    outcomes: tuple[Outcome, ...]

    def rank_of(self, letter: str) -> int:
        """The rank, in the file, of the choice under a letter. LookupError or ValueError when there is none."""
        return self.shown[LETTERS.index(letter)]

    @property
    def best(self) -> int:
        """The largest total that a lawful choice gives."""
        return max(outcome.total for outcome in self.outcomes if not outcome.annulled)


@dataclass(frozen=True, slots=True)
class Decision:
    """A choice made: what it did, what was left, and the points that the best choice would have given more."""

    card: Card
    letter: str
    choice: Choice
    outcome: Outcome
    gauges: Effects
    budget: int
    regret: int


class GameError(ValueError):
    """A code or choices that make no game."""


def outcome_of(choice: Choice, level: str, day: date) -> Outcome:
    """What a choice does at a level on a day: annulled when the law refuses it, weaker when a condition is unmet."""
    answer = choice.law.ask(day, level) if choice.law else None
    if answer is not None and not answer.holds:
        return Outcome(ANNULLED, 0, annulled=True, condition_unmet=False, law=answer)
    needs, cooperation, robustness = choice.effects
    unmet = answer is not None and answer.found == CONDITIONAL and not choice.is_careful
    if unmet:
        robustness -= UNMET_CONDITION
    return Outcome((needs, cooperation, robustness), choice.cost, False, unmet, answer)


def is_seed(text: str) -> bool:
    """Whether it is a seed: five letters or digits that nobody confuses."""
    return len(text) == SEED_LENGTH and all(letter in SEED_LETTERS for letter in text)


def _key(*parts: object) -> bytes:
    return sha256("/".join(map(str, parts)).encode()).digest()


def draw(situations: Mapping[str, Situation], seed: str) -> tuple[Situation, ...]:
    """The ten situations of a seed, in order; the same on any machine and any version of Python."""
    codes = sorted(situations, key=lambda code: _key(seed, code))
    return tuple(situations[code] for code in codes[:ROUNDS])


def _places(seed: str) -> tuple[int, ...]:
    """Where the best choice stands, card by card: each of three places three or four times, in an order of the seed."""
    ranks = sorted(range(ROUNDS), key=lambda rank: _key(seed, "place", rank))
    return tuple(rank % PLACES for rank in ranks)


def cards(situations: Mapping[str, Situation], level: str, seed: str, day: date) -> tuple[Card, ...]:
    """The ten cards of a game. GameError when the level or the seed does not exist."""
    if level not in LEVELS or not is_seed(seed):
        raise GameError(f"{level}-{seed}"[:60])
    places = _places(seed)
    return tuple(
        card_of(situation, level, day, seed, places[number])
        for number, situation in enumerate(draw(situations, seed))
    )


def card_of(situation: Situation, level: str, day: date, seed: str, place: int) -> Card:
    """A situation with its choices in the order shown: the best one at `place`, the others in an order of the seed."""
    outcomes = tuple(outcome_of(choice, level, day) for choice in situation.choices)
    ranks = sorted(range(len(outcomes)), key=lambda rank: _key(seed, situation.code, rank))
    best = max(ranks, key=lambda rank: (not outcomes[rank].annulled, outcomes[rank].total, -rank))
    ranks.remove(best)
    ranks.insert(place, best)
    return Card(situation, tuple(ranks), outcomes)


@dataclass(frozen=True)
class Game:
    """A game: its cards and the decisions made so far."""

    cards: tuple[Card, ...]
    decisions: tuple[Decision, ...]

    @property
    def gauges(self) -> Effects:
        """Needs, cooperation, robustness now."""
        return self.decisions[-1].gauges if self.decisions else (START, START, START)

    @property
    def budget(self) -> int:
        """Points left."""
        return self.decisions[-1].budget if self.decisions else BUDGET

    @property
    def is_over(self) -> bool:
        """Whether the ten decisions are made."""
        return len(self.decisions) == len(self.cards)

    @property
    def card(self) -> Card | None:
        """The card to decide on; None at the end."""
        return None if self.is_over else self.cards[len(self.decisions)]

    @cached_property
    def ending(self) -> Ending:
        """How the mandate stands."""
        lowest = min(self.gauges)
        if lowest >= EXEMPLARY:
            return Ending.EXEMPLARY
        if lowest >= SOUND:
            return Ending.SOUND
        return Ending.UNEVEN if max(self.gauges) >= SOUND else Ending.FRAGILE

    @property
    def is_won(self) -> bool:
        """Whether the three gauges are sound at the end."""
        return self.is_over and self.ending in (Ending.EXEMPLARY, Ending.SOUND)

    @property
    def to_work_on(self) -> tuple[Decision, ...]:
        """The decisions that cost most, the worst first: at most four, of eight points or more."""
        worst = sorted(
            (each for each in self.decisions if each.regret >= REGRET), key=lambda each: -each.regret
        )
        return tuple(worst[:4])


def is_affordable(choice: Choice, budget: int) -> bool:
    """Whether what is left pays for it; one that the law will annul must be paid like another, or it would show."""
    return choice.cost <= budget


def play(dealt: Sequence[Card], choices: str) -> Game:
    """The game after these choices, a letter a card. GameError when one is not on its card or cannot be paid."""
    if len(choices) > len(dealt):
        raise GameError(choices[:20])
    decisions: list[Decision] = []
    gauges, budget = (START, START, START), BUDGET
    for card, letter in zip(dealt, choices, strict=False):
        try:
            rank = card.rank_of(letter)
        except (LookupError, ValueError):
            raise GameError(letter) from None
        outcome = card.outcomes[rank]
        if not is_affordable(card.situation.choices[rank], budget):
            raise GameError(letter)
        gauges, budget = moved(gauges, outcome.effects), budget - outcome.cost
        decisions.append(
            Decision(
                card, letter, card.situation.choices[rank], outcome, gauges, budget, card.best - outcome.total
            )
        )
    return Game(tuple(dealt), tuple(decisions))


def moved(gauges: Effects, effects: Effects) -> Effects:
    """The gauges after effects, kept between 0 and 100."""
    first, second, third = (
        max(0, min(TOP, gauge + effect)) for gauge, effect in zip(gauges, effects, strict=True)
    )
    return first, second, third
