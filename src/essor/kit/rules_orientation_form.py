"""What an authority may make of the orientation: two questions of its own at most, none that names people. Pure."""

import re
from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from essor.kernel.french import counted
from essor.kernel.questions import definition as d

MOST = 8
OWN_KINDS = (d.CHOICE, d.CHOICES, d.YES_NO, d.TEXT)
# What would tell who answers: the answers are kept without a name.
_IDENTITY = re.compile(
    r"\b(pr[ée]noms?|t[ée]l[ée]phones?|courriels?|e-?mails?|naissance|(votre|vos) (nom|noms|adresse|identité))\b",
    re.IGNORECASE,
)


def own_questions(form: d.Form, package: d.Form) -> Iterator[d.Question]:
    """The questions that the authority added."""
    return (question for question in form.questions() if question.code not in package.by_code)


def refusals(form: d.Form, package: d.Form) -> list[str]:
    """Why the form cannot be published, in French; empty when it can."""
    found = []
    count = sum(1 for _question in form.questions())
    if count > MOST:
        found.append(
            _("%(count)s : l’orientation en a %(most)s au plus, dont %(own)s de votre choix. Retirez-en.")
            % {"count": counted(count, _("question")), "most": MOST, "own": MOST - len(package.by_code)}
        )
    found += _changed(form, package)
    for question in own_questions(form, package):
        found += _own(question)
    return found


def _changed(form: d.Form, package: d.Form) -> list[str]:
    """What the ranking reads stays: its questions, asked of everyone, their kinds, the codes of their choices."""
    found = []
    for base in package.questions():
        question = form.by_code.get(base.code)
        if question is None or _bones(question) != _bones(base):
            found.append(
                _("« %(label)s » sert à choisir les soutiens : seuls ses mots peuvent changer.")
                % {"label": base.label}
            )
    if any(section.when for section in form.sections):
        found.append(_("Les parties de l’orientation n’ont pas de condition."))
    return found


def _bones(question: d.Question) -> d.Question:
    """The question without its words."""
    choices = tuple(d.Choice(each.code, "") for each in question.choices)
    return replace(question, label="", help="", choices=choices)


def _own(question: d.Question) -> list[str]:
    found = []
    if question.kind not in OWN_KINDS:
        found.append(
            _("« %(label)s » : vos questions sont des choix, un oui ou non, ou un texte court.")
            % {"label": question.label}
        )
    if _IDENTITY.search(question.label):
        found.append(
            _("« %(label)s » : ne demandez pas d’identité, l’orientation se fait sans nom.")
            % {"label": question.label}
        )
    return found


def with_private_texts(form: d.Form) -> d.Form:
    """The form whose texts typed freely are for the agents only: neither on the path nor in its address."""
    sections = tuple(
        replace(
            section,
            questions=tuple(
                replace(question, private=True) if question.kind in d.TEXTS else question
                for question in section.questions
            ),
        )
        for section in form.sections
    )
    return replace(form, sections=sections)
