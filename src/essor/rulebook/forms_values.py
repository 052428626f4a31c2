"""Forms by which the administration adds a dated value, each typed in the way of its unit, or withdraws one."""

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.kernel.forms import DayInput
from essor.law import parameters as law
from essor.law.certainty import Certainty
from essor.law.parameters.model import Raw
from essor.rulebook import typed
from essor.rulebook.actions_values import Draft
from essor.rulebook.days import FIRST_DAY, LAST_DAY
from essor.rulebook.models.local_value import IDENTIFIER_LENGTH

_IDENTIFIER = re.compile(r"\A[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+\Z")

# What stands under the value, by unit: how to write it.
_HELP: dict[str, Any] = {
    "/1": gettext_lazy("En pourcentage, par exemple 12,5."),
    "smic_share": gettext_lazy("En pourcentage du Smic horaire brut, par exemple 102."),
    "currency-EUR": gettext_lazy("En euros, par exemple 60 000."),
    "year": gettext_lazy("En années."),
    "month": gettext_lazy("En mois."),
    "working-day": gettext_lazy("En jours ouvrés."),
    "hour": gettext_lazy("En heures."),
    "smic": gettext_lazy("En nombre de fois le Smic annuel."),
    "multiple": gettext_lazy("En nombre de fois le montant, par exemple 1,5."),
    "fte": gettext_lazy("En équivalents temps plein."),
    "fraction": gettext_lazy("Numérateur, barre oblique, dénominateur : 5/7."),
}


@dataclass(frozen=True)
class Subject:
    """The parameter that a value is added to; `parameter` is None for one that nobody knows yet."""

    identifier: str
    description: str
    unit: str
    parameter: law.Parameter | None

    @classmethod
    def known(cls, parameter: law.Parameter) -> "Subject":
        """A parameter that Essor ships, or that was added here."""
        return cls(parameter.id, parameter.description, parameter.unit, parameter)

    @property
    def labels(self) -> dict[str, str]:
        """French words of the codes of a list."""
        return dict(self.parameter.labels) if self.parameter else {}

    @property
    def items(self) -> dict[str, Raw]:
        """Every element that a list has had, by the text of its box."""
        entries = self.parameter.entries if self.parameter else ()
        return {str(item): item for each in entries if isinstance(each.value, tuple) for item in each.value}


class NewParameterForm(forms.Form):
    """A parameter that Essor does not have: its identifier, its words, its unit."""

    description = forms.CharField(
        label=gettext_lazy("Que dit cette valeur ?"),
        help_text=gettext_lazy("Une phrase courte, par exemple « Plafond de l’aide au loyer, par an »."),
        max_length=300,
    )
    nouveau = forms.CharField(
        label=gettext_lazy("Identifiant"),
        help_text=gettext_lazy(
            "Des mots en minuscules sans accent, séparés par des points, par exemple local.aide_loyer.plafond."
        ),
        max_length=IDENTIFIER_LENGTH,
        validators=[
            RegexValidator(
                _IDENTIFIER,
                gettext_lazy(
                    "Écrivez au moins deux mots en minuscules, séparés par un point : local.plafond."
                ),
            )
        ],
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    unite = forms.ChoiceField(
        label=gettext_lazy("Unité"),
        choices=[("", gettext_lazy("Choisissez")), *law.UNITS.items()],
    )

    def clean_nouveau(self) -> str:
        """The identifier, which neither a parameter nor a chapter bears."""
        identifier: str = self.cleaned_data["nouveau"]
        for known in law.all_parameters():
            if known.id == identifier:
                raise ValidationError(
                    _("Ce paramètre existe déjà (« %(words)s ») : cherchez-le pour lui ajouter une valeur."),
                    params={"words": known.description},
                )
            if known.id.startswith(f"{identifier}.") or identifier.startswith(f"{known.id}."):
                raise ValidationError(
                    _("Cet identifiant se confond avec « %(other)s » : choisissez-en un autre."),
                    params={"other": known.id},
                )
        return identifier

    def subject(self) -> Subject:
        """The parameter that the form says."""
        said = self.cleaned_data
        return Subject(said["nouveau"], said["description"].strip(), said["unite"], None)


class ValueForm(forms.Form):
    """A dated value of one parameter; the field of the value is that of its unit."""

    value = forms.CharField()
    ends = forms.BooleanField(
        label=gettext_lazy("Au lieu d’une valeur : ce jour-là, elle prend fin et rien ne la remplace"),
        required=False,
    )
    start = forms.DateField(label=gettext_lazy("À partir du"), widget=DayInput)
    reference = forms.CharField(
        label=gettext_lazy("Quel texte ou quelle décision la fonde ?"),
        help_text=gettext_lazy(
            "Par exemple « Code de la commande publique, art. R2122-8 », ou une délibération."
        ),
        max_length=300,
    )
    href = forms.URLField(
        label=gettext_lazy("Adresse du texte"), max_length=500, required=False, assume_scheme="https"
    )
    certainty = forms.ChoiceField(
        label=gettext_lazy("Où l’avez-vous lue ?"), choices=Certainty.choices(), widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=gettext_lazy("À savoir, ou à vérifier"),
        help_text=gettext_lazy("Montré à côté de la valeur."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": "2"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Pourquoi l’ajoutez-vous ?"),
        help_text=gettext_lazy("Gardé au journal et dans la liste des valeurs locales."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )

    def __init__(self, subject: Subject, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.subject = subject
        self.fields["value"] = value_field(subject)
        # Asked for unless the other answer is given: the label must not say « facultatif ».
        self.fields["value"].required = not (data and data.get("ends"))

    def clean_start(self) -> Any:
        """A day that the law may tell."""
        day = self.cleaned_data["start"]
        if not FIRST_DAY <= day <= LAST_DAY:
            raise ValidationError(_("Choisissez un jour entre 1980 et 2100."))
        return day

    def clean(self) -> dict[str, Any]:
        """The value that the unit reads, or the end of the one before; exactly one of the two."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("ends"):
            if self.subject.parameter is None:
                self.add_error("ends", _("Un paramètre nouveau ne peut pas commencer par une fin."))
            said["read"] = None
            return said
        if "value" not in said:
            return said
        try:
            said["read"] = read_value(self.subject, said["value"])
        except ValidationError as error:
            self.add_error("value", error)
        return said

    def draft(self) -> Draft:
        """The value that the form says."""
        said = self.cleaned_data
        return Draft(
            parameter=self.subject.identifier,
            start=said["start"],
            value=said["read"],
            unit=self.subject.unit,
            description=self.subject.description,
            reference=said["reference"].strip(),
            certainty=Certainty(said["certainty"]),
            reason=said["reason"].strip(),
            note=" ".join(said["note"].split()),
            href=said["href"],
        )


def value_field(subject: Subject) -> forms.Field:
    """The field in which a value of this parameter is typed."""
    label = _("Valeur")
    if subject.unit == "boolean":
        choices = [("oui", _("Oui")), ("non", _("Non"))]
        return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)
    if subject.unit == "list" and subject.labels:
        boxes = [(code, subject.labels.get(code, code)) for code in subject.items]
        return forms.MultipleChoiceField(label=label, choices=boxes, widget=forms.CheckboxSelectMultiple)
    if subject.unit == "list":
        return forms.CharField(
            label=label,
            help_text=_("Un élément par ligne."),
            widget=forms.Textarea(attrs={"rows": "6"}),
            max_length=5000,
        )
    return forms.CharField(
        label=label,
        help_text=_HELP.get(subject.unit, ""),
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )


def read_value(subject: Subject, given: Any) -> law.Value:
    """What was typed, as the law reads it. Raises `ValidationError`, in French."""
    if subject.unit == "boolean":
        return bool(given == "oui")
    if subject.unit == "list":
        items = subject.items
        # An element that the parameter already bears keeps its kind: a number written in a list stays one.
        lines = given if isinstance(given, list) else typed.read_lines(given)
        return tuple(items.get(line, line) for line in lines)
    if subject.unit == "fraction":
        return typed.read_fraction(given)
    return typed.read_number(given, subject.unit)


def initial_of(subject: Subject, value: law.Value | None) -> Any:
    """A value as the field of its unit shows it before anything is typed."""
    if subject.unit == "boolean":
        return {True: "oui", False: "non"}.get(value) if isinstance(value, bool) else None
    if subject.unit == "list" and subject.labels:
        return typed.codes(value)
    return typed.written(value, subject.unit)


class WithdrawForm(forms.Form):
    """Why a local value is taken out of force."""

    reason = forms.CharField(
        label=gettext_lazy("Pourquoi la retirez-vous ?"),
        help_text=gettext_lazy("La valeur et les deux motifs restent dans l’historique."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
