"""The steps of « Suis-je de l'ESS ? »: which questions stand together, and the answers as an address. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from essor.registry.self_assessment import Question, visible_questions

RESULT = "resultat"
STEP = "etape"


@dataclass(frozen=True)
class Step:
    """A page of the form: its code in the address, its title, the codes of its questions."""

    code: str
    title: str | Promise
    questions: tuple[str, ...]


STEPS: tuple[Step, ...] = (
    Step("forme", _("Votre forme juridique"), ("legal_form",)),
    Step("activite", _("Votre activité"), ("activity",)),
    Step("but", _("But et gouvernance"), ("purpose", "governance", "utility", "statutes")),
    Step(
        "gestion",
        _("Règles de gestion"),
        (
            "profits_kept",
            "reserves_locked",
            "liquidation",
            "dev_fund_share",
            "dev_fund_full",
            "reserves_share",
            "no_amortisation",
        ),
    ),
    Step("reconnaissances", _("Mentions et agréments"), ("ess_flag", "ess_list", "insertion", "esus")),
)


@dataclass(frozen=True)
class ShownStep:
    """A step that has questions for these answers."""

    code: str
    title: str
    questions: Sequence[Question]


def steps_for(questions: tuple[Question, ...], answers: Mapping[str, str]) -> list[ShownStep]:
    """The steps with something to ask, in order; a question that no step names stands in the last one."""
    visible = visible_questions(questions, answers)
    placed = {code for step in STEPS for code in step.questions}
    left = [question for question in visible if question.code not in placed]
    shown = []
    for step in STEPS:
        mine = [question for question in visible if question.code in step.questions]
        mine.sort(key=lambda question: step.questions.index(question.code))
        if step is STEPS[-1]:
            mine += left
        if mine:
            shown.append(ShownStep(step.code, str(step.title), mine))
    return shown


def answers_in(questions: tuple[Question, ...], query: Mapping[str, str]) -> dict[str, str]:
    """The answers that an address bears; what is no question is ignored."""
    codes = [question.code for question in questions]
    return {code: query[code].strip()[:40] for code in codes if query.get(code, "").strip()}


def address_of(answers: Mapping[str, str], step: str = "") -> str:
    """The query that bears the answers and opens a step."""
    pairs = [*answers.items(), *([(STEP, step)] if step else [])]
    return "?" + urlencode(pairs)


def next_step(steps: Sequence[ShownStep], code: str) -> str:
    """The step after this one; the result after the last."""
    codes = [step.code for step in steps]
    place = codes.index(code) if code in codes else -1
    return codes[place + 1] if place + 1 < len(codes) else RESULT


def previous_step(steps: Sequence[ShownStep], code: str) -> str:
    """The step before this one, empty before the first."""
    codes = [*(step.code for step in steps), RESULT]
    place = codes.index(code) if code in codes else 0
    return codes[place - 1] if place else ""
