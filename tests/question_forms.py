"""Made-up forms: one of every kind, and any that hypothesis thinks of."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from essor.kernel.questions import conditions as c
from essor.kernel.questions import definition as d
from essor.kernel.questions.reading import read_form
from essor.kernel.questions.uses import Use, register_use

CODE = "tests.form"
register_use(
    Use(
        CODE,
        "Formulaire d’essai",
        "Essayer",
        "Mission d’intérêt public",
        24,
        files=lambda request, response: True,
    )
)

BODY: dict[str, Any] = {
    "code": CODE,
    "version": 1,
    "title": "Un essai",
    "sections": [
        {
            "code": "project",
            "title": "Le projet",
            "questions": [
                {"code": "name", "kind": "text", "label": "Son nom", "required": True, "longest": 20},
                {"code": "employs", "kind": "yes_no", "label": "Employez-vous ?", "required": True},
                {
                    "code": "jobs",
                    "kind": "whole",
                    "label": "Combien de postes ?",
                    "required": True,
                    "minimum": 1,
                    "when": {"question": "employs", "is": True},
                },
                {
                    "code": "themes",
                    "kind": "choices",
                    "label": "Thèmes",
                    "maximum": 2,
                    "choices": [
                        {"code": "food", "label": "Alimentation"},
                        {"code": "reuse", "label": "Réemploi"},
                        {"code": "care", "label": "Aide à domicile"},
                    ],
                },
            ],
        },
        {
            "code": "money",
            "title": "Le budget",
            "when": {"question": "jobs", "at_least": 2},
            "questions": [
                {"code": "budget", "kind": "amount", "label": "Budget", "required": True},
                {"code": "share", "kind": "share", "label": "Part publique"},
                {"code": "starts", "kind": "date", "label": "Début"},
                {
                    "code": "partners",
                    "kind": "table",
                    "label": "Partenaires",
                    "maximum": 3,
                    "columns": [
                        {"code": "who", "kind": "text", "label": "Nom", "required": True},
                        {"code": "gives", "kind": "amount", "label": "Apport"},
                    ],
                },
                {"code": "statutes", "kind": "file", "label": "Statuts"},
                {"code": "secret", "kind": "long_text", "label": "À nous dire", "private": True},
            ],
        },
    ],
}
FORM = read_form(BODY, "essai")

# The kernel's own kinds: those that a room adds may want a database.
KINDS = sorted(d.TEXTS | d.NUMBERS | d.WITH_CHOICES | {d.DATE, d.YES_NO, d.TABLE, d.FILE})

texts = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=12)
codes = st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True)
numbers = st.decimals(min_value=0, max_value=50, places=0)


@st.composite
def questions(draw: st.DrawFn, code: str, before: list[d.Question], *, column: bool = False) -> d.Question:
    """A question of any kind; its condition is on those before."""
    barred = (d.TABLE, d.FILE, d.CHOICES) if column else ()
    kind = draw(st.sampled_from([each for each in KINDS if each not in barred]))
    choices: tuple[d.Choice, ...] = ()
    columns: tuple[d.Question, ...] = ()
    if kind in d.WITH_CHOICES:
        wanted = draw(st.lists(codes, min_size=2, max_size=4, unique=True))
        choices = tuple(d.Choice(each, draw(texts), draw(st.just("") | texts)) for each in wanted)
    if kind == d.TABLE:
        wanted = draw(st.lists(codes, min_size=1, max_size=3, unique=True))
        columns = tuple(draw(questions(each, [], column=True)) for each in wanted)
    bounds: list[Decimal | None] = [None, None]
    if kind in d.NUMBERS | d.COUNTED:
        bounds = sorted(draw(st.tuples(numbers, numbers))) if draw(st.booleans()) else bounds
    return d.Question(
        code,
        kind,
        draw(texts),
        draw(st.just("") | texts),
        draw(st.booleans()),
        choices,
        draw(conditions(before)) if before and not column and draw(st.booleans()) else None,
        columns,
        bounds[0],
        bounds[1],
        draw(st.integers(0, 300)) if kind in d.TEXTS else 0,
        draw(st.just("") | texts),
        not column and draw(st.booleans()),
    )


@st.composite
def conditions(draw: st.DrawFn, before: list[d.Question], depth: int = 0) -> c.Condition:
    """A condition on questions already asked."""
    if depth < 2 and draw(st.integers(0, 3)) == 0:
        inner = st.lists(conditions(before, depth + 1), min_size=1, max_size=3)
        return c.Group(draw(st.booleans()), tuple(draw(inner)))
    question = draw(st.sampled_from(before))
    if question.kind in d.NUMBERS and draw(st.booleans()):
        return c.Test(question.code, draw(st.sampled_from(list(c.COMPARISONS))), (draw(numbers),))
    possible: list[str | bool] = [each.code for each in question.choices]
    if question.kind == d.YES_NO:
        possible = [True, False]
    if possible and draw(st.booleans()):
        values = draw(st.lists(st.sampled_from(possible), min_size=1, max_size=2, unique=True))
        return c.Test(question.code, c.IS, tuple(values))
    return c.Test(question.code, c.ANSWERED, (draw(st.booleans()),))


@st.composite
def forms(draw: st.DrawFn) -> d.Form:
    """Any form, whose conditions hold together."""
    wanted = draw(st.lists(codes, min_size=1, max_size=7, unique=True))
    cut = draw(st.integers(1, len(wanted)))
    before: list[d.Question] = []
    sections = []
    for number, part in enumerate(filter(None, (wanted[:cut], wanted[cut:]))):
        when = draw(conditions(before)) if before and draw(st.booleans()) else None
        made = []
        for code in part:
            made.append(draw(questions(code, before)))
            before.append(made[-1])
        sections.append(d.Section(f"s{number}", draw(texts), tuple(made), draw(st.just("") | texts), when))
    return d.Form(CODE, draw(st.integers(0, 9)), draw(texts), tuple(sections), draw(st.just("") | texts))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30) | st.decimals() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(codes, inner, max_size=3),
    max_leaves=8,
)
