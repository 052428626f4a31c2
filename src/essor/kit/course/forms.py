"""The forms of the course: a quiz, the attestation."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.models import Authority, User
from essor.kernel.periods import today
from essor.kit.course.rules_quiz import Kind, Question, read_number, shown_order
from essor.kit.course.telling import plain

UNANSWERED = gettext_lazy("Répondez à cette question.")


class QuizForm(forms.Form):
    """The questions of a quiz; every one must be answered. `asked` gives each question with its fields."""

    def __init__(self, questions: Sequence[Question], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for number, question in enumerate(questions, start=1):
            label = f"{number}. {question.ask}"
            for name, field in _fields(question, label).items():
                field.error_messages["required"] = UNANSWERED
                self.fields[name] = field

    @property
    def asked(self) -> list[tuple[Question, list[BoundField]]]:
        """Each question with its fields: one, or one an item for an order."""
        return [(question, [self[name] for name in _names(question)]) for question in self.questions]

    def clean(self) -> dict[str, Any]:
        """Refuse what is no number, and two items in the same place."""
        cleaned = super().clean() or {}
        for question in self.questions:
            names = _names(question)
            typed = [cleaned.get(name) for name in names]
            if None in typed:
                continue
            if question.kind is Kind.NUMBER and read_number(str(typed[0])) is None:
                self.add_error(names[0], _("Écrivez un nombre, par exemple 1 500 ou 12,5."))
            if question.kind is Kind.ORDER and len(set(typed)) != len(typed):
                self.add_error(names[0], _("Donnez à chaque ligne une place différente."))
        return cleaned

    def given(self) -> dict[str, Sequence[str]]:
        """What was answered, as the rule takes it."""
        return {question.code: self._given(question) for question in self.questions}

    def _given(self, question: Question) -> Sequence[str]:
        names = _names(question)
        if question.kind is Kind.ORDER:
            places = {self.cleaned_data[name]: name.rsplit("_", 1)[1] for name in names}
            return [places[str(place)] for place in range(1, len(names) + 1)]
        value = self.cleaned_data[names[0]]
        return value if isinstance(value, list) else [value]


def _names(question: Question) -> list[str]:
    if question.kind is Kind.ORDER:
        return [f"{question.code}_{rank}" for rank in shown_order(question)]
    return [question.code]


def _fields(question: Question, label: str) -> dict[str, forms.Field]:
    if question.kind is Kind.NUMBER:
        typed = forms.CharField(label=label, max_length=30, help_text=_unit(question.unit))
        typed.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "class": "quiz-number"}
        return {question.code: typed}
    if question.kind is Kind.ORDER:
        places = [("", _("Place"))] + [
            (str(place), str(place)) for place in range(1, len(question.items) + 1)
        ]
        return {
            f"{question.code}_{rank}": forms.ChoiceField(label=question.items[rank], choices=places)
            for rank in shown_order(question)
        }
    choices = [(str(rank), plain(question.options[rank].text)) for rank in shown_order(question)]
    if question.kind is Kind.SINGLE:
        return {question.code: forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)}
    many = forms.MultipleChoiceField(
        label=label,
        choices=choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Plusieurs réponses sont possibles."),
    )
    return {question.code: many}


def _unit(unit: str) -> str:
    return _("Réponse en %s.") % unit if unit else ""


class AttestationForm(forms.Form):
    """The name to write on the attestation, and the authority if any."""

    full_name = forms.CharField(
        label=gettext_lazy("Prénom et nom à écrire sur l’attestation"), max_length=150
    )
    authority = forms.ModelChoiceField(
        label=gettext_lazy("Collectivité"),
        queryset=Authority.objects.none(),
        required=False,
        empty_label=gettext_lazy("Aucune"),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = today()
        running = user.memberships.on(day).values("authority")
        self.fields["authority"].queryset = Authority.objects.filter(pk__in=running)  # type: ignore[attr-defined]

    def clean_full_name(self) -> str:
        """The name without spaces around or doubled."""
        return " ".join(self.cleaned_data["full_name"].split())
