"""The form of going back."""

from django import forms
from django.utils.translation import gettext_lazy as _


class GoingBackForm(forms.Form):
    """Why one goes back, and the confirmation."""

    reason = forms.CharField(
        label=_("Pourquoi revenir en arrière ?"),
        help_text=_("Ce motif reste dans l’historique des deux éditions."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Dites pourquoi vous revenez en arrière.")},
    )
    sure = forms.BooleanField(
        label=_("Je confirme le retour à l’édition précédente"),
        error_messages={"required": _("Cochez la case pour confirmer.")},
    )
