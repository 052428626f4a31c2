"""The form that takes an official table."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from essor.kernel.forms import DayInput
from essor.observatory.models import TableKind


class TableForm(forms.Form):
    """A file, and what it cannot say of itself."""

    file = forms.FileField(
        label=_("Tableau"),
        help_text=_("CSV, .xlsx ou .ods, 30 Mo au plus. Ne changez pas les titres de ses colonnes."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.ods,.txt"}),
    )
    kind = forms.ChoiceField(
        label=_("Quel tableau ?"),
        choices=[("", _("Le reconnaître d’après ses titres")), *TableKind.choices],
        required=False,
    )
    vintage = forms.IntegerField(
        label=_("Millésime"),
        required=False,
        help_text=_(
            "Vide : la dernière année du tableau. Écrivez-le pour les quartiers : leur tableau ne le dit pas."
        ),
    )
    source = forms.CharField(
        label=_("Source"), max_length=300, required=False, help_text=_("Vide : le nom officiel du tableau.")
    )
    day = forms.DateField(label=_("Date de publication"), widget=DayInput, initial=timezone.localdate)

    def asked(self) -> dict[str, Any]:
        """What `actions_official.give` takes beside the file."""
        said = self.cleaned_data
        return {
            "kind": TableKind(said["kind"]) if said["kind"] else None,
            "vintage": said["vintage"],
            "source": said["source"],
            "day": said["day"],
        }
