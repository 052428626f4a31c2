"""Forms around the search: a search one keeps, a line of words."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from essor.registry.models import SavedSearch
from essor.registry.nomenclatures import normalise_naf


class KeptForm(forms.Form):
    """The name of a search and the messages wanted."""

    name = forms.CharField(label=_("Nom de la recherche"), max_length=100)
    alert = forms.ChoiceField(
        label=_("Me prévenir par courriel quand de nouvelles organisations y répondent"),
        choices=SavedSearch.Alert.choices,
        widget=forms.RadioSelect,
        initial=SavedSearch.Alert.NONE,
    )


class WordsForm(forms.Form):
    """Words that people type, and what they stand for."""

    words = forms.CharField(
        label=_("Mots cherchés"),
        max_length=100,
        help_text=_("Accents, majuscules et pluriels ne comptent pas."),
    )
    naf = forms.CharField(
        label=_("Activités (NAF)"),
        required=False,
        max_length=600,
        help_text=_(
            "Débuts de codes, séparés par des virgules : 88.10A pour une activité, 38 pour toute une division."
        ),
    )
    equivalents = forms.CharField(
        label=_("Autres mots"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Un par ligne. Les organisations qui portent l’un d’eux seront trouvées aussi."),
    )

    def __init__(self, *args: Any, fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if fixed:  # the line of these words: other words make another line
            self.fields["words"].disabled = True

    def clean_naf(self) -> list[str]:
        """The codes as the nomenclature writes them."""
        codes = re.split(r"[\s,;]+", self.cleaned_data["naf"].strip().upper())
        return [normalise_naf(code) or code for code in codes if code]

    def clean_equivalents(self) -> list[str]:
        """The other words, one a line."""
        lines = self.cleaned_data["equivalents"].replace("\x00", "").splitlines()
        return [line.strip() for line in lines if line.strip()]
