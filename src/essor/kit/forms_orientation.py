"""The six questions of the orientation, and the address to which a path is sent."""

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from essor.kit.enums_support import Profile, Role, Stage, Theme
from essor.kit.places_support import place_asked
from essor.kit.support_orientation import OTHER_THEME
from essor.territories.models import Territory

# The codes of the directory, in the words of those who look for help.
STAGES = [
    (Stage.IDEA, _("Une idée, un besoin repéré")),
    (Stage.EMERGENCE, _("Je vérifie si le projet tient debout")),
    (Stage.LAUNCH, _("L’activité démarre")),
    (Stage.GROWTH, _("L’activité existe et grandit")),
    (Stage.SCALE, _("Je change d’échelle : autre territoire, autre taille")),
    (Stage.DIFFICULTY, _("La structure est en difficulté")),
]
NEEDS = [
    (Role.INFORM, _("Comprendre, savoir à qui parler")),
    (Role.INCUBATE, _("Être suivi pas à pas pour faire naître le projet")),
    (Role.ADVISE, _("Des conseils sur un point précis")),
    (Role.FINANCE, _("De l’argent")),
    (Role.HOUSE, _("Un lieu")),
]


class OrientationForm(forms.Form):
    """What a project holder says. The hidden token makes of a form sent twice one request."""

    stage = forms.ChoiceField(label=_("Où en est votre projet ?"), choices=STAGES, widget=forms.RadioSelect)
    needs = forms.MultipleChoiceField(
        label=_("De quoi avez-vous besoin maintenant ?"),
        help_text=_("Plusieurs réponses possibles."),
        choices=NEEDS,
        widget=forms.CheckboxSelectMultiple,
    )
    profile = forms.ChoiceField(
        label=_("Qui porte le projet ?"), choices=Profile.choices, widget=forms.RadioSelect
    )
    theme = forms.ChoiceField(
        label=_("Sur quel thème ?"), choices=[*Theme.choices, (OTHER_THEME, _("Un autre, ou plusieurs"))]
    )
    employs = forms.ChoiceField(
        label=_("Employez-vous déjà quelqu’un ?"),
        choices=[("non", _("Non")), ("oui", _("Oui"))],
        widget=forms.RadioSelect,
    )
    place = forms.CharField(
        label=_("Où ?"),
        help_text=_("Commune, intercommunalité ou code postal. Seule l’intercommunalité est gardée."),
        max_length=100,
        required=False,
    )
    token = forms.RegexField(regex=r"^[A-Za-z0-9_-]{22}$", widget=forms.HiddenInput)

    def __init__(self, *args: Any, home: Territory | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = secrets.token_urlsafe(16)
        self.home = home
        if home is None:
            self.fields["place"].required = True
        else:
            self.fields["place"].initial = home.name

    def clean_place(self) -> Territory | None:
        """The territory; that of the frame when nothing is written."""
        asked = str(self.cleaned_data["place"]).strip()
        if self.home is not None and asked in ("", self.home.name):
            return self.home
        found = place_asked(asked)
        if found is None:
            raise forms.ValidationError(
                _t("Aucun territoire ne répond à « %(asked)s » : écrivez un nom ou un code postal.")
                % {"asked": asked}
            )
        return found

    def said(self) -> dict[str, Any]:
        """The answers as they are kept: codes only."""
        found = {name: self.cleaned_data[name] for name in ("stage", "needs", "profile", "theme")}
        return found | {"employs": self.cleaned_data["employs"] == "oui"}


class SendForm(forms.Form):
    """Where to send the path: the address leaves with the message and is not kept with the answers."""

    email = forms.EmailField(label=_("Votre adresse électronique"), max_length=254)
