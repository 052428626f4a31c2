"""Forms out of mappings written by people, and back; a fault names file, section, question, field, value and remedy."""

import re
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from essor.kernel.questions import conditions as c
from essor.kernel.questions import definition as d
from essor.kernel.questions.kinds import kind_codes
from essor.kernel.reader import ContentError, Reader

QUESTION_CODE = re.compile(r"[a-z][a-z0-9_]{0,49}")
CHOICE_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
FORM_CODE = re.compile(r"[a-z][a-z0-9_.-]{0,59}")
LONGEST_HELP = 2000
MOST_QUESTIONS, MOST_CHOICES, MOST_COLUMNS = 300, 60, 12
DEEPEST = 4


class FormError(ContentError):
    """A form that cannot be read; its text, in French, says where and what to write."""


class _Reader(Reader):
    error = FormError

    def code(self, shape: "re.Pattern[str]", taken: Collection[str] = ()) -> str:
        """The code, of its shape and not taken."""
        told = self.text("code", longest=60)
        if not shape.fullmatch(told):
            raise self.fail(
                "code", told, _("Écrivez des lettres minuscules sans accent, des chiffres et « _ ».")
            )
        if told in taken:
            raise self.fail("code", told, _("Ce code est déjà pris : choisissez-en un autre."))
        return told

    def long(self, field: str) -> str:
        """A text that may be missing."""
        return self.text(field, required=False, longest=LONGEST_HELP)

    def parts(self, field: str, most: int, *, least: int = 0) -> list[Any]:
        """A list of as many items as allowed."""
        found = self.items(field)
        if not least <= len(found) <= most:
            raise self.fail(
                field,
                len(found),
                _("Écrivez de %(least)s à %(most)s éléments.") % {"least": least, "most": most},
            )
        return found


def read_form(data: Any, file: str) -> d.Form:
    """The form that a mapping describes. `FormError` in French when something is wrong."""
    reader = _Reader(data, file)
    known: dict[str, d.Question] = {}
    sections: list[d.Section] = []
    form = {
        "code": reader.code(FORM_CODE),
        "version": reader.whole("version"),
        "title": reader.text("title", longest=200),
        "intro": reader.long("intro"),
    }
    for number, item in enumerate(reader.parts("sections", 60, least=1), 1):
        sections.append(_section(item, file, number, {each.code for each in sections}, known))
    reader.end()
    if len(known) > MOST_QUESTIONS:
        raise reader.fail(
            "sections",
            len(known),
            _("Un formulaire a au plus %(most)s questions.") % {"most": MOST_QUESTIONS},
        )
    return d.Form(sections=tuple(sections), **form)


def _section(
    item: Any, file: str, number: int, taken: Collection[str], known: dict[str, d.Question]
) -> d.Section:
    where = _("%(file)s, partie %(number)s") % {"file": file, "number": number}
    reader = _Reader(item, where)
    code = reader.code(QUESTION_CODE, taken)
    reader.where = where = _("%(file)s, partie « %(code)s »") % {"file": file, "code": code}
    title, intro = reader.text("title", longest=200), reader.long("intro")
    when = _condition(reader, known)
    questions = []
    for place, each in enumerate(reader.parts("questions", MOST_QUESTIONS, least=1), 1):
        question = _question(each, where, place, known)
        questions.append(question)
        known[question.code] = question
    reader.end()
    return d.Section(code, title, tuple(questions), intro, when)


def _question(
    item: Any, where: str, place: int, known: Mapping[str, d.Question], *, column: bool = False
) -> d.Question:
    word = _("colonne") if column else _("question")
    reader = _Reader(item, f"{where}, {word} {place}")
    code = reader.code(QUESTION_CODE, known)
    reader.where = f"{where}, {word} « {code} »"
    kinds = [each for each in kind_codes() if not column or each not in (d.TABLE, d.FILE, d.CHOICES)]
    kind = reader.choice("kind", kinds)
    found = d.Question(
        code=code,
        kind=kind,
        label=reader.text("label", longest=300),
        help=reader.long("help"),
        required=reader.flag("required"),
        choices=_choices(reader, kind),
        when=None if column else _condition(reader, known),
        columns=_columns(reader, kind),
        minimum=_bound(reader, "minimum", kind),
        maximum=_bound(reader, "maximum", kind),
        longest=_longest(reader, kind),
        unit=reader.text("unit", required=False, longest=30),
        private=False if column else reader.flag("private"),
    )
    if found.minimum is not None and found.maximum is not None and found.minimum > found.maximum:
        raise reader.fail("minimum", found.minimum, _("Le minimum ne dépasse pas le maximum."))
    reader.end()
    return found


def _choices(reader: _Reader, kind: str) -> tuple[d.Choice, ...]:
    if kind not in d.WITH_CHOICES:
        if reader.items("choices"):
            raise reader.fail("choices", "…", _("Ce type de question n’a pas de choix : retirez-les."))
        return ()
    found: list[d.Choice] = []
    for item in reader.parts("choices", MOST_CHOICES, least=1 if kind == d.CHOICES else 2):
        inner = _Reader(item, _("%(where)s, choix %(n)s") % {"where": reader.where, "n": len(found) + 1})
        found.append(
            d.Choice(
                inner.code(CHOICE_CODE, {each.code for each in found}),
                inner.text("label", longest=300),
                inner.long("help"),
            )
        )
        inner.end()
    return tuple(found)


def _columns(reader: _Reader, kind: str) -> tuple[d.Question, ...]:
    if kind != d.TABLE:
        if reader.items("columns"):
            raise reader.fail("columns", "…", _("Seul un tableau a des colonnes : retirez-les."))
        return ()
    found: dict[str, d.Question] = {}
    for place, item in enumerate(reader.parts("columns", MOST_COLUMNS, least=1), 1):
        column = _question(item, reader.where, place, found, column=True)
        found[column.code] = column
    return tuple(found.values())


def _bound(reader: _Reader, field: str, kind: str) -> Decimal | None:
    found = reader.decimal(field)
    if found is None:
        return None
    if kind not in d.NUMBERS | d.COUNTED:
        raise reader.fail(field, found, _("Seuls un nombre, des choix ou un tableau ont une borne."))
    if kind in d.COUNTED | {d.WHOLE} and found != found.to_integral_value():
        raise reader.fail(field, found, _("Écrivez un nombre entier."))
    if kind in d.COUNTED and not 0 <= found <= d.MOST_ROWS:
        raise reader.fail(field, found, _("Écrivez un nombre de 0 à %(most)s.") % {"most": d.MOST_ROWS})
    return found


def _longest(reader: _Reader, kind: str) -> int:
    if reader.raw("longest") is None:
        return 0
    found = reader.whole("longest")
    if kind not in d.TEXTS or not 0 <= found <= 20_000:
        raise reader.fail("longest", found, _("Pour un texte : un nombre de signes, au plus 20 000."))
    return found


# ── Conditions ──


def _condition(reader: _Reader, known: Mapping[str, d.Question]) -> c.Condition | None:
    data = reader.raw("when")
    return None if data is None else _read_condition(data, f"{reader.where}, condition", known, 1)


def _read_condition(data: Any, where: str, known: Mapping[str, d.Question], depth: int) -> c.Condition:
    reader = _Reader(data, where)
    for field in ("all", "any"):
        if field in reader.data:
            if depth > DEEPEST:
                raise reader.fail(field, "…", _("Trop de conditions les unes dans les autres : simplifiez."))
            parts = [
                _read_condition(item, where, known, depth + 1) for item in reader.parts(field, 20, least=1)
            ]
            reader.end()
            return c.Group(field == "all", tuple(parts))
    return _test(reader, known)


def _test(reader: _Reader, known: Mapping[str, d.Question]) -> c.Test:
    code = reader.text("question", longest=60)
    question = known.get(code)
    if question is None:
        raise reader.fail(
            "question", code, _("Une condition porte sur une question posée avant : écrivez son code.")
        )
    told = [field for field in (c.IS, c.ANSWERED, *c.COMPARISONS) if field in reader.data]
    if len(told) != 1:
        raise reader.fail(
            "question", code, _("Écrivez une seule comparaison : is, answered, at_least, at_most…")
        )
    compare = told[0]
    values = _tested(reader, compare, question)
    reader.end()
    return c.Test(code, compare, values)


def _tested(reader: _Reader, compare: str, question: d.Question) -> tuple[str | bool | Decimal, ...]:
    if compare == c.ANSWERED:
        reader.raw(compare)
        if not isinstance(reader.data[compare], bool):
            raise reader.fail(compare, reader.data[compare], _("Écrivez true ou false."))
        return (reader.flag(compare),)
    if compare in c.COMPARISONS:
        bound = reader.decimal(compare)
        if bound is None or question.kind not in d.NUMBERS:
            raise reader.fail(
                compare, bound, _("Cette comparaison veut un nombre, sur une question chiffrée.")
            )
        return (bound,)
    raw = reader.raw(compare)
    told = raw if isinstance(raw, list) else [raw]
    possible: Iterable[str | bool] = (
        (True, False) if question.kind == d.YES_NO else [each.code for each in question.choices]
    )
    for value in told or [None]:
        if not any(type(value) is type(one) and value == one for one in possible):
            raise reader.fail(compare, value, _("Écrivez l’un de ses choix : %s.") % _list(possible))
    return tuple(told)


def _list(possible: Iterable[str | bool]) -> str:
    words = {True: "true", False: "false"}
    return ", ".join(words[one] if isinstance(one, bool) else one for one in possible) or _("aucun")


# ── Back to a mapping ──


def export(form: d.Form) -> dict[str, Any]:
    """The mapping that `read_form` reads back identically; JSON-able, numbers as texts."""
    return _kept(
        {
            "code": form.code,
            "version": form.version,
            "title": form.title,
            "intro": form.intro,
            "sections": [
                _kept(
                    {
                        "code": section.code,
                        "title": section.title,
                        "intro": section.intro,
                        "when": section.when and _export_condition(section.when),
                        "questions": [export_question(question) for question in section.questions],
                    }
                )
                for section in form.sections
            ],
        }
    )


def export_question(question: d.Question) -> dict[str, Any]:
    """The mapping of one question."""
    return _kept(
        {
            "code": question.code,
            "kind": question.kind,
            "label": question.label,
            "help": question.help,
            "required": question.required,
            "choices": [
                _kept({"code": each.code, "label": each.label, "help": each.help})
                for each in question.choices
            ],
            "when": question.when and _export_condition(question.when),
            "columns": [export_question(column) for column in question.columns],
            "minimum": None if question.minimum is None else str(question.minimum),
            "maximum": None if question.maximum is None else str(question.maximum),
            "longest": question.longest,
            "unit": question.unit,
            "private": question.private,
        }
    )


def _export_condition(condition: c.Condition) -> dict[str, Any]:
    if isinstance(condition, c.Group):
        return {"all" if condition.every else "any": [_export_condition(part) for part in condition.parts]}
    values = [str(value) if isinstance(value, Decimal) else value for value in condition.values]
    told: Any = values if condition.compare == c.IS else values[0]
    return {"question": condition.question, condition.compare: told}


def _kept(data: dict[str, Any]) -> dict[str, Any]:
    """Without what says nothing; the version stays even at 0."""
    return {
        key: value
        for key, value in data.items()
        if key == "version" or (value is not None and value is not False and value not in ("", [], 0))
    }
