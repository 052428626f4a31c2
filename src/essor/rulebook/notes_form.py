"""What a person says of an answer that they keep."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.registry.models import Organisation
from essor.registry.queries_organisation import by_siren


class NoteForm(forms.Form):
    """Title, reference of the file, organisation of the register by its SIREN."""

    title = forms.CharField(label=gettext_lazy("Titre de la note"), max_length=200)
    reference = forms.CharField(label=gettext_lazy("Référence du dossier"), max_length=100, required=False)
    siren = forms.CharField(
        label=gettext_lazy("SIREN de l’organisation"),
        max_length=14,
        required=False,
        help_text=gettext_lazy("Neuf chiffres, si la question en concerne une du registre."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="note_%s", use_required_attribute=False, **kwargs)

    def clean_siren(self) -> Organisation | None:
        """The organisation of the register, None when none is named."""
        digits = "".join(self.cleaned_data["siren"].split())
        if not digits:
            return None
        if not (len(digits) == 9 and digits.isdecimal()):
            raise forms.ValidationError(_("Un SIREN a neuf chiffres."))
        found = by_siren(digits)
        if found is None:
            raise forms.ValidationError(
                _("Le registre ne connaît pas ce SIREN : vérifiez-le, ou laissez vide.")
            )
        return found.organisation


class WithdrawForm(forms.Form):
    """Why a note no longer counts."""

    reason = forms.CharField(
        label=gettext_lazy("Pourquoi cette réponse ne vaut-elle plus ?"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )
