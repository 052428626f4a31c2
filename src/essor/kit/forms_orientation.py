"""The form of the orientation, made from its definition, and the address to which a path is sent."""

import secrets
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from essor.kernel.questions.definition import Form
from essor.kernel.questions.django_form import SectionForm
from essor.territories import queries
from essor.territories.models import Territory

PLACE = "place"


class OrientationForm(SectionForm):
    """What a project holder says. The hidden token makes of a form sent twice one request."""

    def __init__(self, form: Form, data: Any = None, *, home: Territory | None = None) -> None:
        asked = _place_is_known(form) if home else form
        held = {PLACE: home.ref} if home else {}
        super().__init__(asked, asked.sections[0], held, data=data, complete=True)
        self.home = home
        self.fields["token"] = forms.RegexField(
            regex=r"^[A-Za-z0-9_-]{22}$", widget=forms.HiddenInput, initial=secrets.token_urlsafe(16)
        )

    def place(self) -> Territory | None:
        """The territory; that of the frame when nothing is written, or its name left as it was proposed."""
        said = self.values.get(PLACE)
        if self.home and (not said or str(self.cleaned_data[PLACE]).strip() == self.home.name):
            return self.home
        return queries.resolve(said) if said else None

    def said(self) -> dict[str, Any]:
        """The answers as they are kept: codes, and what the authority's own questions ask; no place."""
        return {code: value for code, value in self.values.items() if code != PLACE and value is not None}


def _place_is_known(form: Form) -> Form:
    """The form in the frame of a territory, where nobody has to say where."""
    sections = tuple(
        replace(
            section,
            questions=tuple(
                replace(question, required=False) if question.code == PLACE else question
                for question in section.questions
            ),
        )
        for section in form.sections
    )
    return replace(form, sections=sections)


class SendForm(forms.Form):
    """Where to send the path: the address leaves with the message and is not kept with the answers."""

    email = forms.EmailField(label=_("Votre adresse électronique"), max_length=254)
