"""The game on screen: its state is in the address, nothing is kept of who plays."""

import secrets
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from essor.accounts.models import Authority
from essor.kernel.access import access, everyone
from essor.kernel.limits import limited
from essor.kernel.periods import today
from essor.kit import markdown
from essor.kit.course.library import lessons
from essor.kit.course.telling import Teller
from essor.kit.course.views_lessons import pdf
from essor.kit.fiche_links import address, canonical
from essor.kit.game import rules_game as rules
from essor.kit.game.library import example_of, situations
from essor.kit.game.printing import game_pdf, signed
from essor.kit.game.words import ENDINGS, GAUGE_HELP, GAUGES, PLAYED
from essor.kit.level_answers import USUAL, level_of
from essor.kit.library import fiches
from essor.kit.words import LEVER_KINDS


@access(everyone)
@require_safe
def game(request: HttpRequest) -> HttpResponse:
    """What the game is; `niveau` draws a new one, `code` opens one that somebody shared."""
    typed = request.GET.get("code", "")[:40].replace("\x00", "").strip()
    level = request.GET.get("niveau", "")
    known = _read_code(typed)
    if known:
        return HttpResponseRedirect(address(request, "kit:game-play", code="-".join(known)))
    if level in rules.LEVELS and not typed:
        seed = "".join(secrets.choice(rules.SEED_LETTERS) for _rank in range(rules.SEED_LENGTH))
        return HttpResponseRedirect(address(request, "kit:game-play", code=f"{level}-{seed}"))
    authority = getattr(request, "authority", None)
    usual = _level(authority)
    context = {
        "page_title": _("Un mandat, dix décisions"),
        "levels": [(code, label, code == usual) for code, label in PLAYED.items()],
        "gauges": list(zip(GAUGES, GAUGE_HELP, strict=True)),
        "budget": rules.BUDGET,
        "count": len(situations()),
        "typed": typed,
        "canonical_url": canonical(request, "game"),
    }
    return render(request, "kit/game/start.html", context)


def _level(authority: Authority | None) -> str:
    """The level that a frame plays unless another one is chosen."""
    level = level_of(authority.kind) if authority else ""
    return level if level in rules.LEVELS else USUAL


def _read_code(typed: str) -> tuple[str, str] | None:
    """Level and seed of a code, however its case; None when it is none."""
    level, _dash, seed = typed.partition("-")
    level, seed = level.lower(), seed.upper()
    return (level, seed) if level in rules.LEVELS and rules.is_seed(seed) else None


@access(everyone)
@require_safe
def play(request: HttpRequest, code: str) -> HttpResponse:
    """A game: a card to decide on, what the last decision did, or the end."""
    known = _read_code(code)
    if known is None:
        raise Http404(_("Ce code de partie n’existe pas : vérifiez-le, ou tirez une nouvelle partie."))
    choices = request.GET.get("choix", "")[:20].lower()
    try:
        state = rules.play(rules.cards(situations(), *known, today()), choices)
    except rules.GameError:
        raise Http404(
            _("Cette suite de décisions n’existe pas dans cette partie : reprenez-la au début.")
        ) from None
    turn = request.GET.get("tour", "")
    shared = _shared(request, code, known[0], state)
    if state.decisions and turn == "fin" and state.is_over:
        return render(request, "kit/game/end.html", shared | _end(request, state))
    if state.decisions and (state.is_over or turn != str(len(state.decisions) + 1)):
        return render(request, "kit/game/decided.html", shared | _decided(request, state, choices))
    return render(request, "kit/game/card.html", shared | _card(state, choices))


def _shared(request: HttpRequest, code: str, level: str, state: rules.Game) -> dict[str, Any]:
    before = state.decisions[-2].gauges if len(state.decisions) > 1 else (rules.START,) * 3
    return {
        "page_title": _("Un mandat, dix décisions"),
        "code": code,
        "level": PLAYED[level],
        "state": state,
        "rounds": rules.ROUNDS,
        "sound": rules.SOUND,
        "gauges": [
            {"label": label, "value": value, "change": signed(value - former) if state.decisions else ""}
            for label, value, former in zip(GAUGES, state.gauges, before, strict=True)
        ],
        "budget": state.budget,
        "start_url": address(request, "kit:game"),
        "again_url": address(request, "kit:game-play", code=code),
    }


def _card(state: rules.Game, choices: str) -> dict[str, Any]:
    card = state.card
    assert card is not None  # noqa: S101 - a game that is over shows its end
    situation = card.situation
    return {
        "number": len(state.decisions) + 1,
        "situation": situation,
        "lever": LEVER_KINDS[situation.lever],
        "choices": [
            {
                "letter": letter,
                "text": situation.choices[rank].text,
                "cost": situation.choices[rank].cost,
                "affordable": rules.is_affordable(situation.choices[rank], state.budget),
                "path": choices + letter,
            }
            for letter, rank in zip(rules.LETTERS, card.shown, strict=False)
        ],
    }


def _decided(request: HttpRequest, state: rules.Game, choices: str) -> dict[str, Any]:
    decision = state.decisions[-1]
    situation = decision.card.situation
    example = example_of(situation)
    number = len(state.decisions)
    return {
        "number": number,
        "decision": decision,
        "situation": situation,
        "tone": _tone(decision),
        "effects": [
            (label, signed(effect)) for label, effect in zip(GAUGES, decision.outcome.effects, strict=True)
        ],
        "example": example,
        "example_text": Teller(request).html(markdown.parse(example.text)),
        "fiche": fiches()[situation.fiche],
        "fiche_url": address(request, "kit:fiche", code=situation.fiche),
        "lesson": lessons()[situation.lesson],
        "lesson_url": address(request, "kit:lesson", lesson=situation.lesson),
        "next_url": f"?choix={choices}&tour={'fin' if state.is_over else number + 1}",
    }


def _tone(decision: rules.Decision) -> str:
    if decision.outcome.annulled:
        return "no"
    return "ok" if decision.outcome.total > 0 and not decision.outcome.condition_unmet else "wait"


def _end(request: HttpRequest, state: rules.Game) -> dict[str, Any]:
    title, text = ENDINGS[state.ending]
    return {
        "ending_title": title,
        "ending_text": text,
        "tone": "ok" if state.is_won else "wait",
        "rows": [
            (
                number,
                each.card.situation.title,
                each.choice.text,
                each.outcome.annulled,
                [(label, signed(effect)) for label, effect in zip(GAUGES, each.outcome.effects, strict=True)],
                each.outcome.cost,
            )
            for number, each in enumerate(state.decisions, start=1)
        ],
        "gauge_labels": GAUGES,
        "to_work_on": [
            {
                "title": each.card.situation.title,
                "lever": LEVER_KINDS[each.card.situation.lever],
                "fiche": fiches()[each.card.situation.fiche],
                "fiche_url": address(request, "kit:fiche", code=each.card.situation.fiche),
                "lesson": lessons()[each.card.situation.lesson],
                "lesson_url": address(request, "kit:lesson", lesson=each.card.situation.lesson),
            }
            for each in state.to_work_on
        ],
        "diagnosis_url": address(request, "kit:diagnosis"),
        "course_url": address(request, "kit:course"),
    }


@access(everyone)
@limited("kit-pdf", "60/h/ip", reading=True, visitors_only=True)  # each one starts Typst
@require_safe
def cards_pdf(request: HttpRequest) -> HttpResponse:
    """The game on paper: the ten cards of `partie`, or the whole deck for `niveau`."""
    known = _read_code(request.GET.get("partie", "")[:40])
    if known:
        return pdf(game_pdf(request, *known), f"jeu-{known[0]}-{known[1].lower()}")
    authority = getattr(request, "authority", None)
    level = request.GET.get("niveau", "")
    level = level if level in rules.LEVELS else _level(authority)
    return pdf(game_pdf(request, level), f"jeu-{level}")
