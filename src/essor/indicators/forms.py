"""Forms of indicators: definition, one value, a file, thresholds, target."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from essor.indicators import catalogue
from essor.indicators.collect import parse_number
from essor.indicators.definition import AUTHORITY, Indicator, Observed
from essor.indicators.enums import Direction, Origin, Periodicity
from essor.indicators.models import StoredIndicator
from essor.indicators.periods_typed import EXAMPLES, parse_span
from essor.kernel.forms import DayInput
from essor.kernel.text import sort_key
from essor.territories import queries as territories
from essor.territories.models import Territory

_REF = re.compile(r".*\(((?:france|[a-z]+:\w+))\)", re.IGNORECASE)


MAX_DIMENSIONS, MAX_SLUG = 4, 30  # so that the parts of a cell fit in their column


def find_territory(written: str, *, exact: bool = True) -> Territory:
    """The territory of a reference (« epci:243100518 », « Orléans (commune:45234) ») or of a name.

    `exact`: the name must be whole, and that of one territory only, as for what is written down; else the likeliest
    answers, as for a page. LookupError in French when there is none.
    """
    text = written.strip()
    if match := _REF.fullmatch(text):
        text = match.group(1)
    if ":" in text or text.casefold() == "france":
        return territories.resolve(text)
    found = territories.search(text, limit=20) if text else []
    if exact:
        found = [each for each in found if each.sort_key == sort_key(text)]
    if not found:
        raise LookupError(_t("aucun territoire ne répond à « %(name)s ».") % {"name": text[:60]})
    if exact and len(found) > 1:
        refs = ", ".join(each.ref for each in found[:5])
        raise LookupError(
            _t("plusieurs territoires s’appellent « %(name)s » : %(refs)s.")
            % {"name": text[:60], "refs": refs}
        )
    return found[0]


class NumberField(forms.CharField):
    """A number typed in French: « 1 234,5 »."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_length=40, **kwargs)

    def to_python(self, value: Any) -> Any:
        """A Decimal, or None when nothing was typed."""
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        try:
            return parse_number(str(value))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def run_validators(self, value: Any) -> None:
        """The limits of a text do not apply to a number."""


class TerritoryField(forms.CharField):
    """A territory by its reference or its name."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Territoire"))
        kwargs.setdefault("help_text", _("Un nom (« Orléans »), ou une référence (« epci:243100518 »)."))
        super().__init__(max_length=150, **kwargs)

    def to_python(self, value: Any) -> Any:
        """The Territory, None when nothing was typed."""
        text = super().to_python(value)
        if not text:
            return None
        try:
            return find_territory(text)
        except LookupError as error:
            raise forms.ValidationError(str(error)) from error

    def run_validators(self, value: Any) -> None:
        """The limits of a text do not apply to a territory."""


class DefinitionForm(forms.ModelForm):  # type: ignore[type-arg]
    """An indicator to collect, or a formula of others."""

    axes = forms.CharField(
        label=_("Dimensions à vous"),
        help_text=_(
            "Une par ligne : « Devenir : réemploi, recyclage, rendu ». Laissez vide s’il n’y en a pas."
        ),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    standard = forms.MultipleChoiceField(
        label=_("Dimensions d’Essor"),
        help_text=_("Leurs valeurs suivent les listes d’Essor et de votre collectivité."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    constants = forms.CharField(
        label=_("Indicateurs lus en entier"),
        help_text=_(
            "Pour une formule découpée par dimension : les codes de ceux qui n’ont pas cette dimension, comme une "
            "population. Une virgule entre deux codes."
        ),
        required=False,
        max_length=500,
    )

    class Meta:
        model = StoredIndicator
        fields = (
            "origin", "label", "unit", "direction", "periodicity", "numerator", "denominator", "formula",
            "additive", "protected", "source", "method", "limits", "is_public",
        )  # fmt: skip
        widgets = {
            "origin": forms.RadioSelect,
            "method": forms.Textarea(attrs={"rows": 3}),
            "limits": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {"is_public": _("Publier sur le site"), "origin": _("D’où viennent ses valeurs ?")}
        help_texts = {
            "unit": _("« tonnes », « personnes », « € »… ; « % » pour une part."),
            "numerator": _("Ce qui est compté, en toutes lettres."),
            "denominator": _("À quoi on le rapporte, pour une part ou un taux ; vide pour un nombre simple."),
            "formula": _(
                "Codes d’indicateurs, nombres, + − × ÷ et parenthèses : registre.employeurs ÷ registre.organisations."
            ),
            "additive": _(
                "Décochez si la même personne ou organisation peut être comptée dans deux territoires."
            ),
            "protected": _(
                "Une valeur faite de moins de trois unités, ou dont une unité pèse plus de 85 %, n’est pas montrée."
            ),
            "source": _("Qui produit la donnée."),
        }

    def __init__(self, *args: Any, owner: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["standard"].choices = offered_dimensions(owner)  # type: ignore[attr-defined]
        self.fields["origin"].choices = [
            (each.value, each.label) for each in (Origin.COLLECTED, Origin.FORMULA)
        ]  # type: ignore[attr-defined]
        self.fields["origin"].initial = Origin.COLLECTED.value
        self.fields["direction"].choices = Direction.choices()  # type: ignore[attr-defined]
        self.fields["periodicity"].choices = Periodicity.choices()[:3]  # type: ignore[attr-defined]
        self.order_fields(
            [
                "origin",
                "label",
                "unit",
                "direction",
                "periodicity",
                "numerator",
                "denominator",
                "standard",
                "axes",
                "formula",
                "constants",
            ]
        )
        if self.instance.pk:
            del self.fields["origin"]
            own = [each for each in self.instance.dimensions if not each.get("shared")]
            self.initial["axes"] = write_axes(own)
            self.initial["standard"] = [
                each["code"] for each in self.instance.dimensions if each.get("shared")
            ]
            self.initial["constants"] = ", ".join(self.instance.constants)
            self.fields["change"] = forms.CharField(
                label=_("Ce qui change dans cette version"), max_length=300
            )

    def clean_axes(self) -> list[dict[str, Any]]:
        """The dimensions as the table keeps them."""
        found = read_axes(self.cleaned_data["axes"])
        taken = next((each for each in found if each["code"] in catalogue.shared()), None)
        if taken:
            raise forms.ValidationError(
                _t("« %(label)s » est une dimension d’Essor : cochez-la plutôt.") % {"label": taken["label"]}
            )
        return found

    def clean_constants(self) -> list[str]:
        """The codes, each once."""
        return list(dict.fromkeys(re.findall(r"[^\s,;]+", self.cleaned_data["constants"])))

    def clean(self) -> dict[str, Any]:
        """Four dimensions at most, standard ones first."""
        said = super().clean() or self.cleaned_data
        if len(said.get("standard", ())) + len(said.get("axes", ())) > MAX_DIMENSIONS:
            self.add_error("axes", _t("Quatre dimensions au plus : définissez un autre indicateur."))
        return said

    def values(self) -> dict[str, Any]:
        """What the actions take."""
        said = dict(self.cleaned_data)
        labels = dict(offered_dimensions(None, every=True))
        chosen = [{"code": code, "label": labels[code], "shared": True} for code in said.pop("standard")]
        said["dimensions"] = [*chosen, *said.pop("axes")]
        said.pop("change", None)
        return said


def offered_dimensions(owner: int | None, *, every: bool = False) -> list[tuple[str, str]]:
    """The standard dimensions that an owner may tick: those that have values for it; `every`: all of them."""
    return [
        (code, str(each.label))
        for code, each in catalogue.shared().items()
        if code != AUTHORITY and (every or each.values(owner))
    ]


def read_axes(text: str) -> list[dict[str, Any]]:
    """The dimensions written one a line. ValidationError names the line."""
    found: list[dict[str, Any]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        label, colon, values = line.partition(":")
        names = [name.strip() for name in values.split(",") if name.strip()]
        code = _slug(label)
        pairs = [[_slug(name), name] for name in names]
        if not (code and colon and len(pairs) >= 2 and all(pair[0] for pair in pairs)):
            raise forms.ValidationError(
                _t("Ligne %(number)s : écrivez « Nom : valeur, valeur », avec deux valeurs au moins.")
                % {"number": number}
            )
        if code in {each["code"] for each in found} or len({pair[0] for pair in pairs}) < len(pairs):
            raise forms.ValidationError(_t("Ligne %(number)s : un nom y est deux fois.") % {"number": number})
        if len(found) == MAX_DIMENSIONS:
            raise forms.ValidationError(_t("Quatre dimensions au plus : définissez un autre indicateur."))
        found.append({"code": code, "label": label.strip(), "values": pairs, "partition": True})
    return found


def _slug(name: str) -> str:
    return slugify(name).replace("-", "_")[:MAX_SLUG]


def write_axes(dimensions: list[dict[str, Any]]) -> str:
    """The dimensions as people write them."""
    return "\n".join(
        f"{each['label']} : {', '.join(pair[1] for pair in each['values'])}" for each in dimensions
    )


class SourceForm(forms.Form):
    """Where values come from."""

    source = forms.CharField(
        label=_("Source"), max_length=300, help_text=_("Qui le dit, et dans quel document.")
    )
    day = forms.DateField(label=_("Date de la source"), widget=DayInput, initial=timezone.localdate)


class ValueForm(SourceForm):
    """One value of an indicator."""

    field_order = ("span", "territory")

    def __init__(self, indicator: Indicator, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicator = indicator
        fields: dict[str, forms.Field] = {
            "span": forms.CharField(
                label=_("Période"),
                max_length=20,
                help_text=_t("Par exemple %(example)s.") % {"example": EXAMPLES[indicator.periodicity]},
            ),
            "territory": TerritoryField(),
        }
        for dimension in indicator.dimensions:
            choices = [("", _("Ensemble")), *dimension.values]
            fields[f"part_{dimension.code}"] = forms.ChoiceField(
                label=dimension.label, choices=choices, required=False
            )
        fields["numerator"] = NumberField(label=indicator.numerator or _("Valeur"))
        if indicator.is_share:
            fields["denominator"] = NumberField(label=indicator.denominator)
        if indicator.protected:
            fields["units"] = forms.IntegerField(
                label=_("Nombre d’unités"),
                min_value=0,
                help_text=_("Combien d’organisations ou de personnes font la valeur."),
            )
            fields["largest"] = NumberField(
                label=_("Part de la plus grande unité"),
                required=False,
                help_text=_("0,4 pour 40 % ; vide si elle n’est pas connue."),
            )
        self.fields = {**fields, **self.fields}

    def clean_span(self) -> Any:
        """The period."""
        try:
            return parse_span(self.cleaned_data["span"], self.indicator.periodicity)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def clean_largest(self) -> Any:
        """A share between 0 and 1."""
        share = self.cleaned_data["largest"]
        if share is not None and not 0 <= share <= 1:
            raise forms.ValidationError(_t("Écrivez une part entre 0 et 1 : 0,4 pour 40 %."))
        return share

    def cell(self) -> Observed:
        """The cell that was typed."""
        said = self.cleaned_data
        parts = tuple(
            sorted(
                (each.code, said[f"part_{each.code}"])
                for each in self.indicator.dimensions
                if said[f"part_{each.code}"]
            )
        )
        return Observed(
            said["span"], said["territory"].pk, parts, said["numerator"], said.get("denominator"), said.get("units"),
            said.get("largest"),
        )  # fmt: skip


class FileForm(SourceForm):
    """A file of values."""

    file = forms.FileField(
        label=_("Fichier"),
        help_text=_("CSV, .xlsx ou JSON ; une ligne par valeur, avec les colonnes du modèle."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.json"}),
    )


class ThresholdForm(forms.Form):
    """The thresholds of an indicator followed."""

    low = NumberField(label=_("Seuil bas"), required=False)
    high = NumberField(label=_("Seuil haut"), required=False)


class TargetForm(forms.Form):
    """What the authority wants, by when."""

    territory = TerritoryField()
    value = NumberField(label=_("Valeur visée"))
    day = forms.DateField(label=_("Échéance"), widget=DayInput)
