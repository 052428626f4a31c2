"""Forms of what people ask and write: acting for an organisation, its profile, corrections, hiding."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.fields import TerritoryField
from essor.registry.enums import SizeBand
from essor.registry.models import (
    CorrectedField,
    EstablishmentFacts,
    HidingRequest,
    ProfileEntry,
    ProfileField,
)
from essor.registry.overlay import OF_A_PLACE
from essor.registry.queries_tags import tag_groups
from essor.registry.words import spaced
from essor.territories.enums import Kind
from essor.territories.models import Territory


class EmailProofForm(forms.Form):
    """An address of the organisation's own domain."""

    email = forms.EmailField(
        label=gettext_lazy("Votre adresse dans l’organisation"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    job_title = forms.CharField(
        label=gettext_lazy("Votre fonction"),
        required=False,
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )


class AgentProofForm(forms.Form):
    """What an authority reads before it accepts."""

    job_title = forms.CharField(
        label=gettext_lazy("Votre fonction dans l’organisation"),
        help_text=gettext_lazy("Par exemple « présidente », « directeur », « chargée de communication »."),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    message = forms.CharField(
        label=gettext_lazy("Ce qui aide à vous reconnaître"),
        help_text=gettext_lazy(
            "Une page qui vous nomme, un numéro où vous joindre, une personne qui vous connaît."
        ),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    document = forms.FileField(
        label=gettext_lazy("Document"),
        help_text=gettext_lazy(
            "Récépissé, procès-verbal, mandat… PDF ou image, 5 Mo au plus. Effacé un an après la réponse."
        ),
        required=False,
    )


class ReasonForm(forms.Form):
    """A decision and its reason. `needed`: refusals always say why."""

    reason = forms.CharField(
        label=gettext_lazy("Motif"),
        help_text=gettext_lazy("La personne qui a demandé le lira."),
        required=False,
        max_length=1900,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ColleagueForm(forms.Form):
    """The address of a colleague."""

    email = forms.EmailField(
        label=gettext_lazy("Adresse électronique"),
        help_text=gettext_lazy("Votre collègue ouvrira le lien avec un compte à cette adresse."),
        max_length=254,
    )


_HELP = {
    ProfileField.DESCRIPTION: gettext_lazy("Qui vous êtes et ce que vous faites, en quelques phrases."),
    ProfileField.ACTIVITY: gettext_lazy(
        "Vos métiers, avec vos mots : « réemploi de meubles », « aide à domicile »…"
    ),
    ProfileField.OFFER: gettext_lazy("Ce qu’une acheteuse, un habitant peut vous demander."),
    ProfileField.KEYWORDS: gettext_lazy("Séparés par des virgules ; la recherche s’en sert."),
    ProfileField.NEEDS: gettext_lazy("Locaux, bénévoles, matériel, compétences… Tout le monde le lira."),
    ProfileField.EMAIL: gettext_lazy(
        "Une adresse générique (contact@…), pas celle d’une personne : elle est publique."
    ),
    ProfileField.PHONE: gettext_lazy("Un numéro d’accueil, public."),
    ProfileField.LINKS: gettext_lazy("Une adresse par ligne."),
    ProfileField.HOURS: gettext_lazy(
        "Une ligne par jour ou par période : « Du mardi au samedi, 10 h – 18 h »."
    ),
    ProfileField.LANGUAGES: gettext_lazy("Français, occitan, langue des signes…"),
    ProfileField.LOGO: gettext_lazy("Ce que montre le logo, pour qui ne le voit pas."),
}
_LONG = {
    ProfileField.DESCRIPTION: 5, ProfileField.ACTIVITY: 3, ProfileField.OFFER: 4, ProfileField.NEEDS: 3,
    ProfileField.LINKS: 3, ProfileField.HOURS: 3,
}  # fmt: skip


class ProfileForm(forms.Form):
    """The whole profile, one question a field; `seen` is the last entry that was shown."""

    def __init__(self, *args: Any, entries: dict[str, ProfileEntry], **kwargs: Any) -> None:
        kwargs["initial"] = {
            **{field: entry.value for field, entry in entries.items()},
            "seen": max((entry.pk for entry in entries.values()), default=0),
        }
        super().__init__(*args, **kwargs)
        for field in ProfileField:
            if field == ProfileField.LOGO:
                self.fields["logo_file"] = forms.FileField(
                    label=_("Logo"), help_text=_("PNG, JPEG ou WebP, 1 Mo au plus."), required=False
                )
            self.fields[field.value] = _text(field)
        self.fields["seen"] = forms.IntegerField(widget=forms.HiddenInput, required=False)


def _text(field: ProfileField) -> forms.Field:
    common: dict[str, Any] = {"label": field.label, "help_text": _HELP.get(field, ""), "required": False}
    if field == ProfileField.LOGO:
        return forms.CharField(max_length=200, **{**common, "label": _("Description du logo")})
    if field in _LONG:
        widget = forms.Textarea(attrs={"rows": _LONG[field]})
        return forms.CharField(max_length=4000, widget=widget, **common)
    return forms.CharField(max_length=1000 if field == ProfileField.KEYWORDS else 300, **common)


class ReportForm(forms.Form):
    """What anybody says is wrong. `trap` is left empty by people."""

    field = forms.ChoiceField(label=gettext_lazy("Ce qui est faux"), choices=CorrectedField.choices)
    text = forms.CharField(
        label=gettext_lazy("Ce qui est juste, et comment vous le savez"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Votre adresse électronique, pour la réponse"),
        help_text=gettext_lazy("Elle ne sert qu’à vous répondre et s’efface un an après."),
        required=False,
        max_length=254,
    )


_VALUE_LABELS = {
    CorrectedField.NAME: gettext_lazy("Le bon nom"),
    CorrectedField.ADDRESS: gettext_lazy("La bonne adresse"),
    CorrectedField.ACTIVITY: gettext_lazy("Le bon code NAF"),
    CorrectedField.WEBSITE: gettext_lazy("Le bon site"),
}
_VALUE_HELP = {
    CorrectedField.ADDRESS: gettext_lazy("La rue et le code postal : « 3 rue des Lilas, 31000 »."),
    CorrectedField.ACTIVITY: gettext_lazy("Par exemple 88.99B."),
}


class CorrectionForm(forms.Form):
    """What one fact should be, and what shows it: only the questions of that fact."""

    field = forms.CharField(widget=forms.HiddenInput)
    evidence = forms.CharField(
        label=gettext_lazy("Ce qui le montre"),
        help_text=gettext_lazy("Une décision, une annonce, une page : où l’agent pourra le vérifier."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    document = forms.FileField(
        label=gettext_lazy("Document"), help_text=gettext_lazy("PDF ou image, 5 Mo au plus."), required=False
    )

    def __init__(
        self, *args: Any, fact: CorrectedField, places: list[EstablishmentFacts], **kwargs: Any
    ) -> None:
        super().__init__(*args, initial={"field": fact.value}, **kwargs)
        asked: dict[str, forms.Field] = {}
        if fact in OF_A_PLACE and len(places) > 1:
            choices = [("", _("Le siège")), *((str(place.pk), _place_words(place)) for place in places[:200])]
            asked["establishment"] = forms.ChoiceField(
                label=_("Établissement"), choices=choices, required=False
            )
        if fact == CorrectedField.COMMUNE:
            asked["value"] = TerritoryField(
                label=_("La bonne commune"), help_text=_("Son nom ou son code Insee.")
            )
        elif fact == CorrectedField.SIZE:
            bands = [("", _("Choisissez")), *((band.value, band.label) for band in SizeBand)]
            asked["value"] = forms.ChoiceField(label=_("Le bon effectif"), choices=bands)
        elif fact == CorrectedField.TAG:
            # Labels of authorities are theirs to give: nobody asks for them here.
            asked["value"] = forms.ChoiceField(
                label=_("L’étiquette"), choices=[("", _("Choisissez")), *tag_groups(None)]
            )
        elif fact in _VALUE_LABELS:
            asked["value"] = forms.CharField(
                label=_VALUE_LABELS[fact], help_text=_VALUE_HELP.get(fact, ""), max_length=300
            )
        self.fields = {**asked, **self.fields}

    def clean_value(self) -> str:
        """The text, or the code of the commune."""
        value = self.cleaned_data["value"]
        if isinstance(value, Territory):
            if value.kind != Kind.COMMUNE:
                raise ValidationError(_("« %(name)s » n’est pas une commune.") % {"name": value.name})
            return value.code
        return str(value)


def _place_words(place: EstablishmentFacts) -> str:
    town = place.commune.name if place.commune else place.postal_code
    number = spaced(place.establishment.siret or "")
    return " · ".join(each for each in (place.name, place.address, town, number) if each)


class HidingForm(forms.Form):
    """What to hide, why, and where to answer."""

    scope = forms.ChoiceField(
        label=gettext_lazy("Ce qu’il faut masquer"),
        choices=HidingRequest.Scope.choices,
        widget=forms.RadioSelect,
    )
    ground = forms.CharField(
        label=gettext_lazy("Pourquoi, et à quel titre vous le demandez"),
        help_text=gettext_lazy("Par exemple : « le siège est mon domicile, je préside l’association »."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Votre adresse électronique, pour la réponse"),
        help_text=gettext_lazy("Elle ne sert qu’à vous répondre et s’efface un an après."),
        required=False,
        max_length=254,
    )


class FindHiddenForm(forms.Form):
    """The number of which a person asks whether it is hidden: only its mark is kept, so it must be typed again."""

    number = forms.CharField(
        label=gettext_lazy("SIREN ou numéro RNA"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class HideNumberForm(FindHiddenForm):
    """A number to hide at once, whether the register has it or not."""

    reason = forms.CharField(
        label=gettext_lazy("Motif"), max_length=1900, widget=forms.Textarea(attrs={"rows": 3})
    )
