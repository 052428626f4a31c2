"""The questionnaire, made from the grid: a section an axis; a lever asks the stage, proof, ambition and step.

Answers are those of the form engine; this module alone knows the codes of their questions.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from essor.kernel.questions.conditions import IS, Test
from essor.kernel.questions.definition import CHOICE, LONG_TEXT, SCALE, TEXT, Choice, Form, Question, Section
from essor.kernel.questions.reading import export, read_form
from essor.kit.diagnosis.enums import STAGE_WORDS, STAGES
from essor.kit.diagnosis.grid import GridLever, grid
from essor.kit.diagnosis.rules import Answer

CODE = "kit.diagnosis"
UNKNOWN = "inconnu"
PROOF, AMBITION, STEP, OTHER = "preuve", "ambition", "pas", "autre"
PARTS = (PROOF, AMBITION, STEP, OTHER)


@cache
def whole_form() -> Form:
    """The questionnaire of the whole grid, at the grid’s version."""
    known = grid()
    made = Form(
        code=CODE,
        version=known.version,
        title=_("Autodiagnostic de la politique d’ESS"),
        sections=tuple(
            Section(
                code=axis.code,
                title=axis.title,
                intro=axis.about,
                questions=tuple(
                    question for lever in known.of_axis(axis.code) for question in _questions(lever)
                ),
            )
            for axis in known.axes
        ),
    )
    return read_form(export(made), "diagnosis.yaml")  # checked, and written as versions keep it


def _questions(lever: GridLever) -> tuple[Question, ...]:
    numbered = tuple(Choice(str(stage), f"{stage} · {STAGE_WORDS[stage]}") for stage in STAGES)
    answered = Test(lever.code, IS, tuple(str(stage) for stage in STAGES))
    return (
        Question(
            lever.code,
            SCALE,
            f"{lever.title} : {lever.question[:1].lower()}{lever.question[1:]}",
            choices=(
                *(
                    Choice(str(stage), f"{stage} · {STAGE_WORDS[stage]}", lever.stage(stage))
                    for stage in STAGES
                ),
                Choice(UNKNOWN, _("Je ne sais pas")),
            ),
        ),
        Question(
            f"{lever.code}_{PROOF}",
            LONG_TEXT,
            _("Qu’est-ce qui le montre ?"),
            help=_("Par exemple : %s.") % " ; ".join(lever.evidence),
            when=answered,
            longest=1000,
        ),
        Question(
            f"{lever.code}_{AMBITION}",
            CHOICE,
            _("Où voudriez-vous être dans deux ans ?"),
            choices=numbered,
            when=answered,
        ),
        Question(
            f"{lever.code}_{STEP}",
            CHOICE,
            _("Quel prochain pas ?"),
            help=_("Les pas du kit, du plus simple au plus avancé."),
            choices=tuple(Choice(str(stage), lever.step_from(stage).do) for stage in STAGES),
            when=answered,
        ),
        Question(
            f"{lever.code}_{OTHER}",
            TEXT,
            _("Ou un autre pas, avec vos mots"),
            when=answered,
        ),
    )


def restricted(form: Form, levers: Collection[str]) -> Form:
    """The form with the questions of some levers only; an axis without any is left out."""
    wanted = {code for lever in levers for code in (lever, *(f"{lever}_{part}" for part in PARTS))}
    sections = (
        replace(section, questions=tuple(each for each in section.questions if each.code in wanted))
        for section in form.sections
    )
    return replace(form, sections=tuple(section for section in sections if section.questions))


def answer_of(answers: Mapping[str, Any], lever: str, role: str) -> Answer | None:
    """What one person says of a lever; None when they said nothing."""
    told = answers.get(lever)
    if told is None:
        return None
    stage = None if told == UNKNOWN else int(told)
    wanted = answers.get(f"{lever}_{AMBITION}") if stage is not None else None
    return Answer(role, stage, int(wanted) if wanted else None)


def proof_of(answers: Mapping[str, Any], lever: str) -> str:
    """What they say shows it, "" when nothing."""
    return str(answers.get(f"{lever}_{PROOF}") or "") if answers.get(lever) not in (None, UNKNOWN) else ""


def steps_of(answers: Mapping[str, Any], lever: GridLever) -> list[str]:
    """The next steps that they would take: the one of the kit, their own."""
    if answers.get(lever.code) in (None, UNKNOWN):
        return []
    chosen = answers.get(f"{lever.code}_{STEP}")
    own = str(answers.get(f"{lever.code}_{OTHER}") or "")
    return [*([lever.step_from(int(chosen)).do] if chosen else []), *([own] if own else [])]


def progress_of(answers: Mapping[str, Any], levers: Collection[str]) -> tuple[int, int]:
    """How many levers have an answer, of how many: the other questions are optional."""
    return sum(lever in answers for lever in levers), len(levers)
