"""The form of an alert on aids."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from essor.kit.alerts.actions import Wanted
from essor.kit.alerts.models import AidAlert


class AlertForm(forms.Form):
    """The name of an alert, what it tells, when; a visitor also gives an address."""

    email = forms.EmailField(
        label=_("Votre adresse électronique"),
        help_text=_("Un message vous demandera de confirmer. Elle ne sert qu’à cette alerte."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    name = forms.CharField(label=_("Nom de l’alerte"), max_length=100)
    new = forms.BooleanField(label=_("Une nouvelle aide répond à ce profil"), required=False, initial=True)
    days_30 = forms.BooleanField(label=_("Une aide ferme dans 30 jours"), required=False, initial=True)
    days_7 = forms.BooleanField(label=_("Une aide ferme dans 7 jours"), required=False)
    rhythm = forms.ChoiceField(
        label=_("Quand vous écrire ?"),
        choices=AidAlert.Rhythm,
        widget=forms.RadioSelect,
        initial=AidAlert.Rhythm.WEEKLY,
    )

    def __init__(self, *args: Any, visitor: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not visitor:
            del self.fields["email"]

    def wanted(self) -> Wanted:
        """What the actions take."""
        said = self.cleaned_data
        return Wanted(said["name"], said["rhythm"], said["new"], said["days_30"], said["days_7"])


def initial_of(alert: AidAlert) -> dict[str, Any]:
    """What the form of a kept alert shows first."""
    return {
        "name": alert.name,
        "rhythm": alert.rhythm,
        "new": alert.wants_new,
        "days_30": alert.wants_30,
        "days_7": alert.wants_7,
    }
