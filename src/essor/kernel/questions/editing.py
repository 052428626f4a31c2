"""Changing a form question by question, and saying what changed in words. Pure; each change gives a form that holds."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from essor.kernel.questions import definition as d
from essor.kernel.questions.conditions import tests
from essor.kernel.questions.kinds import kind_labels
from essor.kernel.questions.reading import FormError, export, read_form
from essor.kernel.questions.words import condition_words
from essor.kernel.text import fold


def add(form: d.Form, section: str, question: d.Question) -> d.Form:
    """The form with a question more, at the end of a section."""
    return _held(_in_section(form, section, lambda asked: (*asked, question)))


def change(form: d.Form, question: d.Question) -> d.Form:
    """The form with the question of that code as it is now."""
    return _held(
        _everywhere(
            form, lambda asked: tuple(question if each.code == question.code else each for each in asked)
        )
    )


def remove(form: d.Form, code: str) -> d.Form:
    """The form without a question. `FormError` when another hangs on it, or when its section would be empty."""
    hanging = [
        each.label for each in form.questions() if any(test.question == code for test in tests(each.when))
    ]
    hanging += [
        each.title for each in form.sections if any(test.question == code for test in tests(each.when))
    ]
    if hanging:
        raise FormError(
            _("« %(label)s » dépend de cette question : retirez d’abord sa condition.")
            % {"label": hanging[0]}
        )
    return _held(_everywhere(form, lambda asked: tuple(each for each in asked if each.code != code)))


def move(form: d.Form, code: str, step: int) -> d.Form:
    """The form with a question one place up (-1) or down (1) in its section; unchanged at its ends.

    `FormError` when it would come before the question that its condition, or another's, is about.
    """

    def moved(asked: tuple[d.Question, ...]) -> tuple[d.Question, ...]:
        place = next((at for at, each in enumerate(asked) if each.code == code), None)
        if place is None or not 0 <= place + step < len(asked):
            return asked
        order = list(asked)
        order.insert(place + step, order.pop(place))
        return tuple(order)

    changed = _everywhere(form, moved)
    seen: set[str] = set()
    for section in changed.sections:
        for question in section.questions:
            late = [test.question for test in tests(question.when) if test.question not in seen]
            if late:
                raise FormError(
                    _("« %(label)s » dépend de « %(other)s », qui doit rester avant elle.")
                    % {"label": question.label, "other": changed.by_code[late[0]].label}
                )
            seen.add(question.code)
    return _held(changed)


def free_code(form: d.Form, label: str) -> str:
    """A code for a new question, from its label, that no question has."""
    return free(label, set(form.by_code), "q")


def free(label: str, taken: set[str], first: str) -> str:
    """A code from words, not taken; it begins with a letter."""
    plain = "_".join("".join(sign for sign in word if sign.isascii()) for word in fold(label).split()[:5])[
        :30
    ]
    root = plain.strip("_") or first
    root = root if root[0].isalpha() else f"{first}_{root}"
    number, found = 1, root
    while found in taken:
        number += 1
        found = f"{root}_{number}"
    return found


def choices_of(lines: Sequence[tuple[str, str]], former: Sequence[d.Choice]) -> tuple[d.Choice, ...]:
    """Choices written as (label, description) lines. The code of a choice stays while its label or its place does:
    answers already given keep their meaning when a label is only reworded.
    """
    by_label = {each.label: each for each in former}
    labels = {label for label, _help in lines}
    kept = {label: by_label[label].code for label in labels if label in by_label}
    taken = {each.code for each in former} | set(kept.values())
    found: list[d.Choice] = []
    for place, (label, text) in enumerate(lines):
        code = kept.get(label)
        if code is None and len(lines) == len(former) and former[place].label not in labels:
            code = former[place].code
        if code is None or any(each.code == code for each in found):
            code = free(label, taken, "c")
        taken.add(code)
        found.append(d.Choice(code, label, text))
    return tuple(found)


def _in_section(
    form: d.Form, code: str, edit: Callable[[tuple[d.Question, ...]], tuple[d.Question, ...]]
) -> d.Form:
    sections = tuple(
        replace(each, questions=edit(each.questions)) if each.code == code else each for each in form.sections
    )
    return replace(form, sections=sections)


def _everywhere(form: d.Form, edit: Callable[[tuple[d.Question, ...]], tuple[d.Question, ...]]) -> d.Form:
    sections = tuple(replace(each, questions=edit(each.questions)) for each in form.sections)
    return replace(form, sections=sections)


def _held(form: d.Form) -> d.Form:
    """The form, read again: what does not hold is refused with its place."""
    return read_form(export(form), form.title)


# ── What changed ──


def differences(before: d.Form, after: d.Form) -> list[str]:
    """What changed from a form to the next, a sentence each, in French; empty when nothing did."""
    found = []
    if before.title != after.title:
        found.append(
            _("Titre : « %(after)s », au lieu de « %(before)s ».") % _both(before.title, after.title)
        )
    for code, question in after.by_code.items():
        if code not in before.by_code:
            found.append(_("Question ajoutée : « %(label)s ».") % {"label": question.label})
    for code, question in before.by_code.items():
        now = after.by_code.get(code)
        if now is None:
            found.append(_("Question retirée : « %(label)s ».") % {"label": question.label})
        else:
            found += _question(before, after, question, now)
    kept = [code for code in before.by_code if code in after.by_code]
    if kept != [code for code in after.by_code if code in before.by_code]:
        found.append(_("L’ordre des questions a changé."))
    return found


def _question(before: d.Form, after: d.Form, was: d.Question, now: d.Question) -> list[str]:
    found = []
    name = {"label": now.label}
    if was.label != now.label:
        found.append(_("Intitulé : « %(after)s », au lieu de « %(before)s ».") % _both(was.label, now.label))
    if was.help != now.help:
        found.append(_("« %(label)s » : l’aide a changé.") % name)
    if was.kind != now.kind:
        kinds = kind_labels()
        found.append(
            _("« %(label)s » : %(after)s, au lieu de : %(before)s.")
            % (name | _both(kinds[was.kind].lower(), kinds[now.kind].lower()))
        )
    if was.required != now.required:
        words = _("« %(label)s » est obligatoire.") if now.required else _("« %(label)s » est facultative.")
        found.append(words % name)
    if was.when != now.when:
        told = condition_words(after, now.when) if now.when else _("toujours posée")
        found.append(_("« %(label)s » : condition changée (%(told)s).") % (name | {"told": told}))
    found += _choices(was, now)
    if _bounds(was) != _bounds(now):
        found.append(_("« %(label)s » : ses limites ont changé.") % name)
    return found


def _bounds(question: d.Question) -> tuple[object, ...]:
    return (
        question.minimum, question.maximum, question.longest, question.unit, question.private, question.columns
    )  # fmt: skip


def _choices(was: d.Question, now: d.Question) -> list[str]:
    found = []
    for choice in now.choices:
        former = was.choice(choice.code)
        values = {"label": now.label, "choice": choice.label}
        if former is None:
            found.append(_("« %(label)s » : choix « %(choice)s » ajouté.") % values)
        elif former != choice:
            found.append(
                _("« %(label)s » : le choix « %(before)s » devient « %(choice)s ».")
                % (values | {"before": former.label})
            )
    return found + [
        _("« %(label)s » : choix « %(choice)s » retiré.") % {"label": now.label, "choice": choice.label}
        for choice in was.choices
        if now.choice(choice.code) is None
    ]


def _both(before: str, after: str) -> dict[str, str]:
    return {"before": before, "after": after}
