"""The form of a list of aids."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from essor.kernel.forms import DayInput


class AidListForm(forms.Form):
    """A file of aids, its name, its date, and what to do of rows that cannot be read."""

    source = forms.CharField(
        label=_("Nom de la liste"),
        help_text=_(
            "« Aides-territoires » ou « Département de la Drôme » ; le fichier suivant du même nom la mettra à jour."
        ),
        max_length=100,
    )
    file = forms.FileField(
        label=_("Fichier"),
        help_text=_(
            "CSV d’Aides-territoires, réponse JSON de son API, flux de l’ADEME, de départements, d’Île-de-France ; "
            "30 Mo au plus."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.json"}),
    )
    day = forms.DateField(label=_("Date de la liste"), widget=DayInput, initial=timezone.localdate)
    is_complete = forms.BooleanField(
        label=_("La liste est complète : fermer les aides qu’elle n’a plus"), required=False
    )
    all_or_nothing = forms.BooleanField(
        label=_("Tout refuser si une seule aide ne peut pas être lue"), required=False
    )
