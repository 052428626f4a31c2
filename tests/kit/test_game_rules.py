"""The game: what it draws, what the law does to choices, that no habit wins, that totals hold."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.kit.front_matter import ContentError
from essor.kit.game import rules_game as rules
from essor.kit.game.library import FOLDER, example_of, read_situation, situations
from essor.kit.game.words import ENDINGS, PLAYED

DAY = date(2026, 11, 22)
SEEDS = st.text(alphabet=rules.SEED_LETTERS, min_size=rules.SEED_LENGTH, max_size=rules.SEED_LENGTH)
LEVELS = st.sampled_from(rules.LEVELS)
SCIC = (FOLDER / "scic-solaire.yaml").read_text(encoding="utf-8")


def dealt(level: str, seed: str) -> tuple[rules.Card, ...]:
    return rules.cards(situations(), level, seed, DAY)


def best_letters(cards: tuple[rules.Card, ...]) -> str:
    """The best lawful choice of each card."""
    return "".join(
        next(
            letter
            for letter, rank in zip(rules.LETTERS, card.shown, strict=False)
            if card.outcomes[rank].total == card.best and not card.outcomes[rank].annulled
        )
        for card in cards
    )


# ── Content ──


def test_there_are_eighteen_situations() -> None:
    assert len(situations()) == 18
    assert all(example_of(each).source.place for each in situations().values())
    assert set(PLAYED) == set(rules.LEVELS)
    assert set(ENDINGS) == set(rules.Ending)


def test_words_are_written_in_french_typography() -> None:
    assert [path.name for path in FOLDER.glob("*.yaml") if "'" in path.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize("level", rules.LEVELS)
def test_every_level_has_valid_choices_in_every_situation(level: str) -> None:
    """At least two lawful choices, one of which costs nothing: a mandate without money is never stuck."""
    for situation in situations().values():
        outcomes = [rules.outcome_of(choice, level, DAY) for choice in situation.choices]
        lawful = [
            choice
            for choice, outcome in zip(situation.choices, outcomes, strict=True)
            if not outcome.annulled
        ]
        assert len(lawful) >= 2, situation.code
        assert any(choice.cost == 0 for choice in lawful), situation.code
        totals = sorted((outcome.total for outcome in outcomes), reverse=True)
        assert totals[0] - totals[1] >= rules.REGRET, situation.code


def test_the_law_makes_levels_differ() -> None:
    """A département may not help a company directly; a commune may, under a condition that this choice ignores."""
    choice = situations()["dernier-commerce"].choices[1]
    refused = rules.outcome_of(choice, "departement", DAY)
    assert (refused.annulled, refused.effects, refused.cost) == (True, rules.ANNULLED, 0)
    assert refused.law is not None
    assert refused.law.ways
    hazardous = rules.outcome_of(choice, "commune", DAY)
    assert (hazardous.annulled, hazardous.condition_unmet) == (False, True)
    assert hazardous.effects == (4, -2, -5)


def test_thresholds_are_those_of_the_day() -> None:
    """45 000 € of services without publicity: allowed in 2026, not in 2021."""
    choice = situations()["marche-nettoyage"].choices[0]
    assert [rules.outcome_of(choice, "epci", day).annulled for day in (DAY, date(2021, 9, 1))] == [
        False,
        True,
    ]


# ── Rules ──


@given(LEVELS, SEEDS)
def test_the_same_code_gives_the_same_game(level: str, seed: str) -> None:
    cards = dealt(level, seed)
    assert cards == dealt(level, seed)
    assert len({card.situation.code for card in cards}) == rules.ROUNDS
    assert all(sorted(card.shown) == list(range(len(card.outcomes))) for card in cards)


def test_a_draw_never_changes() -> None:
    """A code shared by a group must open the same game on another machine and in a later version of Python."""
    assert [each.code for each in rules.draw(situations(), "K7Q2M")][:3] == [
        each.code for each in rules.draw(dict(reversed(situations().items())), "K7Q2M")
    ][:3]


@given(LEVELS, SEEDS, st.sampled_from(rules.LETTERS[:3]))
def test_no_habit_wins(level: str, seed: str, letter: str) -> None:
    """Always the same letter: some card becomes too expensive, or the mandate is not sound."""
    try:
        game = rules.play(dealt(level, seed), letter * rules.ROUNDS)
    except rules.GameError:
        return
    assert not game.is_won


@given(LEVELS, SEEDS)
def test_who_decides_well_wins(level: str, seed: str) -> None:
    cards = dealt(level, seed)
    game = rules.play(cards, best_letters(cards))
    assert game.is_won
    assert game.to_work_on == ()
    assert game.budget >= 0


@given(LEVELS, SEEDS, st.lists(st.integers(0, 2), max_size=rules.ROUNDS))
def test_totals_hold(level: str, seed: str, wanted: list[int]) -> None:
    """Gauges are the sum of effects, kept between 0 and 100; the budget is what was not spent, never under 0."""
    cards = dealt(level, seed)
    choices, budget = "", rules.BUDGET
    for card, place in zip(cards, wanted, strict=False):
        letters = sorted(rules.LETTERS[: len(card.shown)], key=lambda letter: letter != rules.LETTERS[place])
        letter = next(
            each for each in letters if card.situation.choices[card.rank_of(each)].cost <= budget
        )  # fmt: skip
        budget -= card.outcomes[card.rank_of(letter)].cost
        choices += letter
    game = rules.play(cards, choices)
    assert game.budget == budget >= 0
    gauges = (rules.START,) * 3
    for decision in game.decisions:
        gauges = rules.moved(gauges, decision.outcome.effects)
        assert decision.gauges == gauges
        assert all(0 <= gauge <= rules.TOP for gauge in gauges)
        assert decision.regret >= 0
    assert game.gauges == gauges
    assert game.is_over == (len(choices) == rules.ROUNDS)


@pytest.mark.parametrize("choices", ["z", "a" * 11, "é", "d"])
def test_choices_that_are_not_on_the_card_are_refused(choices: str) -> None:
    with pytest.raises(rules.GameError):
        rules.play(dealt("commune", "K7Q2M"), choices)


@pytest.mark.parametrize(("level", "seed"), [("region", "K7Q2M"), ("commune", "K7Q2"), ("commune", "k7q2m")])
def test_codes_that_make_no_game_are_refused(level: str, seed: str) -> None:
    with pytest.raises(rules.GameError):
        dealt(level, seed)


@pytest.mark.parametrize(
    ("gauges", "ending"),
    [
        ((70, 80, 90), "exemplary"),
        ((50, 80, 90), "sound"),
        ((49, 80, 90), "uneven"),
        ((10, 20, 49), "fragile"),
    ],
)
def test_endings(gauges: rules.Effects, ending: str) -> None:
    card = dealt("commune", "K7Q2M")[0]
    choice = card.situation.choices[0]
    last = rules.Decision(card, "a", choice, card.outcomes[0], gauges, 0, 0)
    assert rules.Game((card,), (last,)).ending == ending


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("effects: [6, 8, 6]", "effects: [6, 8]"), "choix 1, champ « effects »"),
        (("effects: [6, 8, 6]", "effects: [6, 80, 6]"), "trois nombres entiers"),
        (("cost: 8", "cost: 90"), "au plus 20 points"),
        (("fiche: K06", "fiche: K99"), "champ « fiche »"),
        (("Pas-de-Calais", "Atlantide"), "champ « who »"),
        (("lesson: cooperer", "lesson: dormir"), "champ « lesson »"),
        (("domain: energy", "domain: lune"), "champ « case »"),
        (("title:", "titre:"), "champ « title »"),
    ],
)
def test_a_fault_says_where(change: tuple[str, str], said: str) -> None:
    with pytest.raises(ContentError) as caught:
        read_situation(SCIC.replace(*change, 1), "scic-solaire.yaml")
    assert said in str(caught.value).replace("\u00a0", " ")


def test_a_situation_has_three_choices() -> None:
    head, _mark, _rest = SCIC.partition("choices:")
    with pytest.raises(ContentError, match="trois ou quatre"):
        read_situation(f"{head}choices: []", "scic-solaire.yaml")
