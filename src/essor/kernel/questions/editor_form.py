"""The form by which an agent writes a question: words, kind, choices one a line, condition on a question before."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from essor.kernel.questions import conditions as c
from essor.kernel.questions import definition as d
from essor.kernel.questions.editing import choices_of, free_code
from essor.kernel.questions.kinds import kind_labels
from essor.kernel.questions.widgets import AnswersOfQuestions
from essor.kernel.questions.words import condition_words

BETWEEN = "|"  # « Libellé | description »
MOST_CHOICES = 60


class QuestionForm(forms.Form):
    """One question of a form. `locked` leaves its kind, choices' number, condition and obligation as they are."""

    label = forms.CharField(label=_("Question"), max_length=300, help_text=_("Telle qu’on la lira."))
    help = forms.CharField(
        label=_("Aide"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Sous la question : un exemple, ce que l’on fera de la réponse."),
    )
    kind = forms.ChoiceField(label=_("Type de réponse"), widget=forms.RadioSelect)
    choices = forms.CharField(
        label=_("Choix"),
        required=False,
        widget=forms.Textarea({"rows": 6}),
        help_text=_(
            "Pour une question à choix : un par ligne. Une description peut suivre, après une barre : "
            "«\u00a0Débutant | Nous commençons\u00a0»."
        ),
    )
    required = forms.BooleanField(label=_("La réponse est obligatoire"), required=False)
    when = forms.MultipleChoiceField(
        label=_("Poser cette question seulement si"),
        required=False,
        widget=AnswersOfQuestions,
        help_text=_(
            "Rien de coché : à tout le monde. Deux réponses à la même question : l’une ou l’autre. "
            "À deux questions : les deux."
        ),
    )

    def __init__(
        self,
        form: d.Form,
        question: d.Question | None,
        data: Any = None,
        *,
        kinds: Sequence[str] = (),
        locked: bool = False,
    ) -> None:
        super().__init__(data, use_required_attribute=False, initial=_initial(question))
        self.whole, self.question, self.locked = form, question, locked
        self.written_elsewhere = bool(question and question.when and _pairs(question.when) is None)
        labels = kind_labels()
        offered = [code for code in kinds or labels if code != d.TABLE]
        if question and question.kind not in offered:
            offered.append(question.kind)
        kind_field = self.fields["kind"]
        assert isinstance(kind_field, forms.ChoiceField)  # noqa: S101
        kind_field.choices = [(code, labels[code]) for code in offered]
        self._offer_conditions()
        if locked:
            for name in ("kind", "required", "when"):
                self.fields.pop(name, None)

    def _offer_conditions(self) -> None:
        possible = conditions_offered(self.whole, self.question)
        if not possible or self.written_elsewhere:
            del self.fields["when"]
            return
        field = self.fields["when"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101
        field.choices = possible

    def clean_choices(self) -> list[tuple[str, str]]:
        """The choices as (label, description)."""
        lines = []
        for line in self.cleaned_data["choices"].splitlines():
            label, _bar, text = (part.strip() for part in line.partition(BETWEEN))
            if label:
                lines.append((label, text))
        twice = next((one for one in lines if [label for label, _text in lines].count(one[0]) > 1), None)
        if twice:
            raise forms.ValidationError(_t("« %(label)s » est écrit deux fois.") % {"label": twice[0]})
        if len(lines) > MOST_CHOICES:
            raise forms.ValidationError(_t("Écrivez %(most)s choix au plus.") % {"most": MOST_CHOICES})
        return lines

    def clean(self) -> dict[str, Any]:
        """Choices go with the kinds that have some."""
        cleaned = super().clean() or {}
        kind = self.question.kind if self.locked and self.question else cleaned.get("kind")
        lines = cleaned.get("choices")
        if lines is not None and kind in d.WITH_CHOICES and len(lines) < 2:
            self.add_error("choices", _t("Écrivez au moins deux choix, un par ligne."))
        elif lines and kind and kind not in d.WITH_CHOICES:
            self.add_error("choices", _t("Ce type de réponse n’a pas de choix : videz cette zone."))
        elif self.locked and self.question and lines and len(lines) != len(self.question.choices):
            self.add_error(
                "choices",
                _t("Gardez les %(count)s choix, dans leur ordre : seuls leurs mots changent.")
                % {"count": len(self.question.choices)},
            )
        return cleaned

    def made(self) -> d.Question:
        """The question as it was written."""
        said = self.cleaned_data
        former = self.question
        base = former or d.Question(free_code(self.whole, said["label"]), said["kind"], "")
        words = replace(base, label=said["label"], help=said["help"])
        if self.locked:
            pairs = zip(base.choices, said["choices"], strict=True)
            return replace(words, choices=tuple(d.Choice(was.code, *line) for was, line in pairs))
        when = base.when if "when" not in self.fields else _condition(self.whole, said["when"])
        return replace(
            _fitting(words, said["kind"]),
            required=said["required"],
            choices=choices_of(said["choices"], base.choices),
            when=when,
        )

    @property
    def watched(self) -> list[tuple[forms.BoundField, str]]:
        """The fields, each with the condition that the script of the page watches: choices go with some kinds."""
        with_choices = c.as_data(c.Test("kind", c.IS, tuple(sorted(d.WITH_CHOICES))))
        of = {"choices": json.dumps(with_choices)} if "kind" in self.fields else {}
        return [(field, of.get(field.name, "")) for field in self]

    @property
    def condition_told(self) -> str:
        """The condition in words, when it is one that this form cannot show."""
        if not self.written_elsewhere or self.question is None or self.question.when is None:
            return ""
        return condition_words(self.whole, self.question.when)


def _fitting(question: d.Question, kind: str) -> d.Question:
    """The question of that kind, without what the kind does not have."""
    if kind == question.kind:
        return question
    return replace(question, kind=kind, columns=(), minimum=None, maximum=None, longest=0, unit="")


def _initial(question: d.Question | None) -> dict[str, Any]:
    if question is None:
        return {}
    lines = [f"{each.label} {BETWEEN} {each.help}" if each.help else each.label for each in question.choices]
    return {
        "label": question.label,
        "help": question.help,
        "kind": question.kind,
        "choices": "\n".join(lines),
        "required": question.required,
        "when": _pairs(question.when) or [] if question.when else [],
    }


# ── Conditions as boxes ticked ──


def conditions_offered(form: d.Form, question: d.Question | None) -> list[tuple[str, list[tuple[str, str]]]]:
    """The answers on which a question may hang: those of the questions of choice before it, grouped by question."""
    found = []
    for before in form.questions():
        if question is not None and before.code == question.code:
            break
        values = [(f"{before.code}={each.code}", each.label) for each in before.choices]
        if before.kind == d.YES_NO:
            values = [(f"{before.code}=oui", _t("Oui")), (f"{before.code}=non", _t("Non"))]
        if values:
            found.append((before.label, values))
    return found


def _condition(form: d.Form, ticked: Sequence[str]) -> c.Condition | None:
    """One of the answers ticked of each question, all questions together."""
    by_question: dict[str, list[str | bool]] = {}
    for pair in ticked:
        code, _sep, value = pair.partition("=")
        yes_no = form.by_code[code].kind == d.YES_NO
        by_question.setdefault(code, []).append(value == "oui" if yes_no else value)
    parts = tuple(c.Test(code, c.IS, tuple(values)) for code, values in by_question.items())
    if len(parts) < 2:
        return parts[0] if parts else None
    return c.Group(True, parts)


def _pairs(condition: c.Condition) -> list[str] | None:
    """The boxes that a condition ticks; None when boxes cannot say it."""
    parts = condition.parts if isinstance(condition, c.Group) else (condition,)
    if isinstance(condition, c.Group) and not condition.every:
        return None
    found = []
    for part in parts:
        if not isinstance(part, c.Test) or part.compare != c.IS:
            return None
        for value in part.values:
            told = {True: "oui", False: "non"}[value] if isinstance(value, bool) else value
            found.append(f"{part.question}={told}")
    return found
