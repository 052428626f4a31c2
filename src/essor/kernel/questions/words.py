"""Conditions in French words, for those who answer without a script and for those who write forms. Pure."""

from decimal import Decimal

from django.utils.translation import gettext as _

from essor.kernel.questions import conditions as c
from essor.kernel.questions.definition import Form, Question
from essor.kernel.questions.kinds import kind_of


def condition_words(form: Form, condition: c.Condition) -> str:
    """« Portez-vous un projet ? » : oui, et « Budget » : au moins 1 000,00 €."""
    if isinstance(condition, c.Test):
        return _test_words(form, condition)
    joint = _(", et ") if condition.every else _(", ou ")
    return joint.join(condition_words(form, part) for part in condition.parts)


def _test_words(form: Form, test: c.Test) -> str:
    question = form.by_code.get(test.question)
    label = question.label if question else test.question
    return _("« %(question)s » : %(what)s") % {"question": label, "what": _what(test, question)}


def _what(test: c.Test, question: Question | None) -> str:
    if test.compare == c.ANSWERED:
        return _("répondue") if test.values[0] else _("sans réponse")
    if test.compare == c.IS:
        return _(" ou ").join(_value(question, value) for value in test.values)
    words = {
        c.AT_LEAST: _("au moins %s"),
        c.AT_MOST: _("au plus %s"),
        c.MORE_THAN: _("plus de %s"),
        c.LESS_THAN: _("moins de %s"),
    }
    return words[test.compare] % _value(question, test.values[0])


def _value(question: Question | None, value: str | bool | Decimal) -> str:
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, str):
        found = question.choice(value) if question else None
        return found.label if found else value
    return kind_of(question).show(question, value) if question else str(value)
