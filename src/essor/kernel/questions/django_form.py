"""The Django form of one section: a field a question, what is read and refused said by `answers.clean`."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.html import format_html
from django.utils.translation import gettext as _

from essor.kernel import files as stored_files
from essor.kernel.forms import DayInput
from essor.kernel.number_fields import NumberInput
from essor.kernel.questions import definition as d
from essor.kernel.questions.answers import clean, visible, written
from essor.kernel.questions.conditions import Condition, as_data, residual
from essor.kernel.questions.files import PURPOSE
from essor.kernel.questions.kinds import NO, YES
from essor.kernel.questions.widgets import AnswerFileInput, TableInput
from essor.kernel.questions.words import condition_words

FEW = 10  # up to so many choices, all are shown; beyond, a list unfolds
UNITS = {d.AMOUNT: "money", d.SHARE: "share"}


class AskedField(forms.Field):
    """A field that takes what was typed as it is: the engine reads it."""

    def clean(self, value: Any) -> Any:
        """What was typed."""
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether something else was typed."""
        return bool(initial != data)


class SectionForm(forms.Form):
    """The questions of a section, given the answers so far.

    `raw` fills the fields with what was typed instead of the answers kept. With `complete`, what is required must
    be answered. Once validated, `values` are what to keep, faults or not.
    """

    template_name = "kernel/questions/fields.html"

    def __init__(
        self,
        form: d.Form,
        section: d.Section,
        answers: Mapping[str, Any],
        *,
        data: Any = None,
        files: Any = None,
        raw: Mapping[str, Any] | None = None,
        complete: bool = False,
        prefix: str | None = None,
    ) -> None:
        super().__init__(data, files, prefix=prefix, use_required_attribute=False)
        self.whole, self.section, self.answers, self.complete = form, section, answers, complete
        self.values: dict[str, Any] = {}
        self.conditions = _open_conditions(form, section, answers)
        for question in section.questions:
            if question.code in self.conditions:
                self.fields[question.code] = field_of(question)
                again = raw is not None and question.kind != d.FILE
                kept = written(question, answers.get(question.code))
                self.initial[question.code] = (raw or {}).get(question.code) if again else kept

    @property
    def asked(self) -> list[dict[str, Any]]:
        """The fields, each with the condition that the script of the page watches and its words."""
        found = []
        for code, condition in self.conditions.items():
            watched = json.dumps(_prefixed(self, as_data(condition))) if condition else ""
            words = condition_words(self.whole, condition) if condition else ""
            found.append({"field": self[code], "when": watched, "words": words})
        return found

    def clean(self) -> dict[str, Any]:
        """Read what was typed; put each fault on its field."""
        typed = dict(self.cleaned_data)
        uploads = {code for code, value in typed.items() if isinstance(value, UploadedFile)}
        # A file that is not sent again stays as it was.
        as_it_was = {code for code, value in typed.items() if value is None and self._is_file(code)}
        read = {code: value for code, value in typed.items() if code not in uploads | as_it_was}
        known = dict(self.answers) | dict.fromkeys(uploads, "…")
        self.values, faults = clean(self.whole, self.section, read, known, complete=self.complete)
        for fault in faults:
            if fault.question in self.fields:
                self.add_error(fault.question, fault.message)
        return typed

    def _is_file(self, code: str) -> bool:
        return isinstance(self.fields[code].widget, AnswerFileInput)

    def typed(self) -> dict[str, Any]:
        """What the fields hold, to show them again without checking them."""
        return {
            code: field.widget.value_from_datadict(self.data, self.files, self.add_prefix(code))
            for code, field in self.fields.items()
        }

    def store_files(self, *, authority_id: int | None = None, uploaded_by: int | None = None) -> None:
        """Keep the files given, and put each in `values`; a file that is refused is a fault of its field."""
        for code, field in self.fields.items():
            upload = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(code))
            if not isinstance(upload, UploadedFile):
                continue
            try:
                kept = stored_files.store(
                    upload, purpose=PURPOSE, authority_id=authority_id, uploaded_by=uploaded_by
                )
            except stored_files.FileRefused as refusal:
                self.add_error(code, refusal)
            else:
                self.values[code] = {"id": str(kept.pk), "name": kept.name, "size": kept.size}


def _open_conditions(
    form: d.Form, section: d.Section, answers: Mapping[str, Any]
) -> dict[str, Condition | None]:
    """The questions that are asked or may be, with what is left to see on the page itself."""
    here = frozenset(question.code for question in section.questions)
    seen = {
        question.code: answers[question.code]
        for asked in visible(form, answers)
        for question in asked.questions
        if question.code in answers and question.code not in here
    }
    found: dict[str, Condition | None] = {}
    for question in section.questions:
        # What hangs on a question that is not on the page is known: it counts as not answered.
        left = residual(question.when, seen, here & frozenset(found))
        if left is True:
            found[question.code] = None
        elif left is not False:
            found[question.code] = left
    return found


def _prefixed(form: forms.Form, data: dict[str, Any]) -> dict[str, Any]:
    if "parts" in data:
        return {**data, "parts": [_prefixed(form, part) for part in data["parts"]]}
    return {**data, "question": form.add_prefix(data["question"])}


def field_of(question: d.Question) -> forms.Field:
    """The field of a question."""
    return AskedField(
        label=question.label,
        help_text=format_html("{}", question.help) if question.help else "",
        required=question.required,
        widget=widget_of(question),
    )


def widget_of(question: d.Question, *, compact: bool = False) -> forms.Widget:
    """The widget of a question; `compact` for a cell of a table."""
    match question.kind:
        case d.TABLE:
            return TableInput(question, [widget_of(column, compact=True) for column in question.columns])
        case d.FILE:
            return AnswerFileInput()
        case d.LONG_TEXT:
            return forms.Textarea({"rows": 2 if compact else 5, "maxlength": question.most_signs})
        case d.EMAIL:
            return forms.EmailInput({"autocomplete": "email"})
        case d.WHOLE | d.NUMBER | d.AMOUNT | d.SHARE:
            return NumberInput(UNITS.get(question.kind, "number"), question.unit)
        case d.DATE:
            return DayInput()
        case d.YES_NO:
            return _one_of([(YES, _("Oui")), (NO, _("Non"))], compact=compact)
        case d.CHOICES:
            return forms.CheckboxSelectMultiple(choices=_described(question))
        case d.SCALE if not compact:
            return forms.RadioSelect({"class": "scale"}, choices=_described(question))
        case d.CHOICE | d.SCALE:
            if len(question.choices) <= FEW and not compact:
                return forms.RadioSelect(choices=_described(question))
            return _one_of([(each.code, each.label) for each in question.choices], compact=True)
        case d.TEXT:
            return forms.TextInput({"maxlength": question.most_signs})
        case _:
            return forms.TextInput({"maxlength": 200, "autocomplete": "off"})


def _one_of(choices: list[tuple[str, str]], *, compact: bool) -> forms.Widget:
    if compact:
        return forms.Select(choices=[("", _("Choisir…")), *choices])
    return forms.RadioSelect(choices=choices)


def _described(question: d.Question) -> list[tuple[str, Any]]:
    """The choices, each with its description under its label."""
    return [
        (
            each.code,
            format_html(
                '<span class="described"><span class="described__label">{}</span>'
                '<span class="described__text">{}</span></span>',
                each.label,
                each.help,
            )
            if each.help
            else each.label,
        )
        for each in question.choices
    ]
