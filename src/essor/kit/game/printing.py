"""The game on paper: rules, score sheet, cards, and the sheet of the person who leads the game."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from essor.kernel.documents import render_pdf
from essor.kernel.french import day as in_french
from essor.kernel.periods import today
from essor.kit import legal_values, markdown
from essor.kit.game import rules_game as rules
from essor.kit.game.library import example_of, situations
from essor.kit.game.words import GAUGES, PLAYED
from essor.kit.library import fiches

SEED_OF_THE_DECK = "22222"  # only orders the choices of the whole deck, which is not a game


def game_pdf(request: HttpRequest, level: str, seed: str = "") -> bytes:
    """The cards of a game, or the whole deck without a seed, for a level, with what the law says to it today."""
    authority = getattr(request, "authority", None)
    day = today()
    dealt = (
        rules.cards(situations(), level, seed, day)
        if seed
        else tuple(
            rules.card_of(each, level, day, SEED_OF_THE_DECK, number % rules.PLACES)
            for number, each in enumerate(situations().values())
        )
    )
    data = {
        "authority": authority.name if authority else "Essor",
        "demo": settings.DEMO,
        "kind": _("Jeu sérieux"),
        "lead": str(PLAYED[level]) + (_(" · partie %s") % f"{level}-{seed}" if seed else ""),
        "day": _("droit au %s") % in_french(day),
        "start": rules.START,
        "budget": rules.BUDGET,
        "rounds": rules.ROUNDS,
        "sound": rules.SOUND,
        "exemplary": rules.EXEMPLARY,
        "gauges": [str(each) for each in GAUGES],
        "cards": [_card(number, card) for number, card in enumerate(dealt, start=1)],
    }
    return render_pdf("kit/game.typ", data, _("Un mandat, dix décisions"))


def _card(number: int, card: rules.Card) -> dict[str, Any]:
    situation = card.situation
    example = example_of(situation)
    write = legal_values.as_text(today(), today())
    return {
        "number": number,
        "title": situation.title,
        "text": situation.text,
        "choices": [
            _choice(letter, situation.choices[rank], card.outcomes[rank])
            for letter, rank in zip(rules.LETTERS, card.shown, strict=False)
        ],
        "who": example.who,
        "when": example.when,
        "example": markdown.to_data(markdown.parse(example.text), write),
        "source": example.source.text,
        "fiche": f"{situation.fiche}. {fiches()[situation.fiche].title}",
    }


def _choice(letter: str, choice: rules.Choice, outcome: rules.Outcome) -> dict[str, Any]:
    law = outcome.law
    return {
        "letter": letter.upper(),
        "text": choice.text,
        "cost": choice.cost,
        "spent": outcome.cost,
        "effects": [signed(effect) for effect in outcome.effects],
        "annulled": outcome.annulled,
        "told": "" if outcome.annulled else choice.told,
        "law": law.said if law else "",
        "ways": list(law.ways) if law and outcome.annulled else [],
    }


def signed(effect: int) -> str:
    """« + 8 », « − 2 », « 0 »."""
    if effect == 0:
        return "0"
    return f"+\u00a0{effect}" if effect > 0 else f"−\u00a0{-effect}"
