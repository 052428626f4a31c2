"""A form field that takes a territory as people write it."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.kernel.text import fold
from essor.territories.models import Territory
from essor.territories.queries import UnknownTerritoryError, resolve, search

WRITTEN_REF = re.compile(r"(?:.*\()?\s*(france|[a-z]+:\w+)\s*\)?\s*", re.IGNORECASE)
SUGGESTIONS = 12


def written(territory: Territory) -> str:
    """A territory as the field shows it: « Haute-Garonne (departement:31) »."""
    return f"{territory.name} ({territory.ref})"


class TerritoryField(forms.CharField):
    """« Haute-Garonne », « 31 », « departement:31 » or a suggestion: one territory, else candidates are named."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "help_text",
            gettext_lazy("Son nom ou son code : « Haute-Garonne », « Toulouse Métropole », « 31555 »."),
        )
        kwargs.setdefault(
            "widget",
            forms.TextInput(
                attrs={
                    "list": "territoires-proposes",
                    "autocomplete": "off",
                    "data-hx-get": reverse_lazy("territories:suggestions"),
                    "data-hx-trigger": "input changed delay:200ms",
                    "data-hx-target": "#territoires-proposes",
                }
            ),
        )
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """What the input shows for a territory."""
        return written(value) if isinstance(value, Territory) else value

    def clean(self, value: Any) -> Territory | None:
        """The territory; ValidationError says what was not found, or between which ones to choose."""
        text = super().clean(value)
        if not text:
            return None
        if match := WRITTEN_REF.fullmatch(text):
            try:
                return resolve(match.group(1))
            except UnknownTerritoryError as error:
                raise ValidationError(str(error)) from error
        found = search(text, limit=SUGGESTIONS)
        exact = [row for row in found if fold(text) in {row.sort_key, row.code.lower()}]
        if len(exact) == 1 or (not exact and len(found) == 1):
            return (exact or found)[0]
        if not found:
            raise ValidationError(_("Aucun territoire ne s’appelle « %(text)s ».") % {"text": text})
        names = ", ".join(written(row) for row in (exact or found)[:6])
        told = {"text": text, "names": names}
        raise ValidationError(_("Plusieurs territoires répondent à « %(text)s » : %(names)s.") % told)
