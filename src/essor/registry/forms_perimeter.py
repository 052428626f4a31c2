"""The form by which an administrator writes a version of the perimeter: what changes, and nothing else."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.kernel.forms import DayInput
from essor.registry.perimeter import Perimeter
from essor.registry.perimeter_edit import (
    CERTAINTY_CHOICES,
    FAMILY_CHOICES,
    KIND_CHOICES,
    TAG_CHOICES,
    CategoryChange,
    Draft,
    NewExclusion,
)

UNCHANGED = gettext_lazy("Inchangée")
NO_FAMILY = "-"
MAX_ROWS = 40


class VersionForm(forms.Form):
    """Name, dates and reason of the version, and the activities that it no longer leaves out."""

    version = forms.CharField(
        label=gettext_lazy("Nom de la version"),
        help_text=gettext_lazy("Il reste dans chaque édition construite avec elle, par exemple « 2026-12 »."),
        max_length=60,
        validators=[
            RegexValidator(
                r"^[0-9A-Za-zÀ-ÿ][0-9A-Za-zÀ-ÿ ._-]*\Z",
                gettext_lazy("Employez des lettres, des chiffres, des tirets ou des points."),
            )
        ],
    )
    valid_from = forms.DateField(label=gettext_lazy("En vigueur à partir du"), widget=DayInput)
    valid_to = forms.DateField(
        label=gettext_lazy("Jusqu’au (ce jour exclu)"),
        help_text=gettext_lazy("Laissez vide tant que rien ne la remplace."),
        widget=DayInput,
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("Pourquoi ce changement ?"),
        help_text=gettext_lazy("Le motif est gardé et montré avec la version : texte, avis, décision…"),
        widget=forms.Textarea(attrs={"rows": "3"}),
        max_length=2000,
    )
    removed_exclusions = forms.MultipleChoiceField(
        label=gettext_lazy("Activités à ne plus laisser de côté"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, data: Any = None, *, base: Perimeter, initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        removed = self.fields["removed_exclusions"]
        assert isinstance(removed, forms.MultipleChoiceField)  # noqa: S101
        removed.choices = [(rule.prefix, f"{rule.prefix} – {rule.label}") for rule in base.exclusions]


class CategoryRow(forms.Form):
    """What changes in one legal category."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=4,
        validators=[RegexValidator(r"^\d{4}\Z", gettext_lazy("Quatre chiffres, par exemple 5710."))],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": "5", "autocomplete": "off"}),
    )
    label = forms.CharField(label=gettext_lazy("Libellé, s’il change"), max_length=200, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Nature"), choices=[("", UNCHANGED), *KIND_CHOICES], required=False
    )
    family = forms.ChoiceField(
        label=gettext_lazy("Famille"),
        choices=[("", UNCHANGED), (NO_FAMILY, gettext_lazy("Aucune")), *FAMILY_CHOICES],
        required=False,
    )
    change_tags = forms.BooleanField(
        label=gettext_lazy("Remplacer les étiquettes par celles cochées"), required=False
    )
    tags = forms.MultipleChoiceField(
        label=gettext_lazy("Étiquettes"),
        choices=TAG_CHOICES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    certainty = forms.ChoiceField(
        label=gettext_lazy("Certitude"), choices=[("", UNCHANGED), *CERTAINTY_CHOICES], required=False
    )
    source = forms.CharField(label=gettext_lazy("Source, si elle change"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        """A row that only bears a code changes nothing."""
        cleaned: dict[str, Any] = super().clean() or {}
        said = any(
            cleaned.get(name) for name in ("label", "kind", "family", "change_tags", "certainty", "source")
        )
        if cleaned.get("code") and not said:
            raise ValidationError(
                _("Dites ce qui change dans la catégorie %(code)s."), params={"code": cleaned["code"]}
            )
        return cleaned

    def to_change(self) -> CategoryChange:
        """The change that the row says."""
        said = self.cleaned_data
        return CategoryChange(
            code=said["code"],
            label=said["label"] or None,
            kind=said["kind"] or None,
            family=None if said["family"] in ("", NO_FAMILY) else said["family"],
            tags=tuple(said["tags"]) if said["change_tags"] else None,
            certainty=said["certainty"] or None,
            source=said["source"] or None,
        )


class ExclusionRow(forms.Form):
    """An activity to leave out."""

    prefix = forms.CharField(
        label=gettext_lazy("Début du code NAF rév. 2"),
        max_length=6,
        widget=forms.TextInput(attrs={"size": "7", "autocomplete": "off"}),
        validators=[
            RegexValidator(
                r"^\d{2}(\.\d(\d[A-Z]?)?)?\Z", gettext_lazy("Écrivez par exemple 84, 94.1 ou 94.11Z.")
            )
        ],
    )
    label = forms.CharField(label=gettext_lazy("Activité"), max_length=200)
    families = forms.MultipleChoiceField(
        label=gettext_lazy("Pour les familles"), choices=FAMILY_CHOICES, widget=forms.CheckboxSelectMultiple
    )
    certainty = forms.ChoiceField(
        label=gettext_lazy("Certitude"), choices=[("", gettext_lazy("Choisissez")), *CERTAINTY_CHOICES]
    )
    source = forms.CharField(label=gettext_lazy("Source"), max_length=300)

    def to_exclusion(self) -> NewExclusion:
        """The activity that the row leaves out."""
        said = self.cleaned_data
        return NewExclusion(
            said["prefix"], tuple(said["families"]), said["label"], said["certainty"], said["source"]
        )


class _Rows(BaseFormSet):  # type: ignore[type-arg]
    """Rows of which the empty ones count for nothing, those proposed at first as well."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.extra = len(self.initial or ())

    def initial_form_count(self) -> int:
        """No row is one that must be kept."""
        return 0

    def clean(self) -> None:
        """A code may stand in one row only."""
        if any(self.errors):
            return
        key = next(iter(self.form.base_fields))
        seen = [form.cleaned_data[key] for form in self.filled()]
        twice = next((value for value in seen if seen.count(value) > 1), None)
        if twice:
            raise ValidationError(
                _("« %(code)s » est écrit deux fois : gardez une seule ligne."), params={"code": twice}
            )

    def filled(self) -> list[Any]:
        """The rows where something was written."""
        return [form for form in self.forms if form.has_changed() and form.is_valid() and form.cleaned_data]


CategoryRows = formset_factory(CategoryRow, formset=_Rows, extra=0, max_num=MAX_ROWS, absolute_max=MAX_ROWS)
ExclusionRows = formset_factory(ExclusionRow, formset=_Rows, extra=0, max_num=MAX_ROWS, absolute_max=MAX_ROWS)


class PerimeterForms:
    """The three parts of the form, read together."""

    def __init__(
        self, base: Perimeter, data: Any = None, *, codes: Sequence[str] = (), day: date | None = None
    ) -> None:
        if data is None:
            rows = [{"code": code} for code in codes] or [{}]
            self.version = VersionForm(base=base, initial={"valid_from": day} if day else {})
            self.categories = CategoryRows(initial=rows, prefix="categories")
            self.exclusions = ExclusionRows(prefix="exclusions")
        else:
            self.version = VersionForm(data, base=base)
            self.categories = CategoryRows(data, prefix="categories")
            self.exclusions = ExclusionRows(data, prefix="exclusions")

    @classmethod
    def again(cls, base: Perimeter, data: Any, more: str = "") -> "PerimeterForms":
        """The form as it was typed, unchecked, with one more row of `more` (« categories », « exclusions »)."""
        forms_ = cls(base)
        forms_.version = VersionForm(base=base, initial=_typed(VersionForm(data, base=base)))
        forms_.categories = CategoryRows(
            initial=_typed_rows(CategoryRows, data, "categories", more), prefix="categories"
        )
        forms_.exclusions = ExclusionRows(
            initial=_typed_rows(ExclusionRows, data, "exclusions", more), prefix="exclusions"
        )
        return forms_

    def is_valid(self) -> bool:
        """True when each part can be read; every part is read, so that all errors are shown at once."""
        parts = (self.version, self.categories, self.exclusions)
        return [part.is_valid() for part in parts] == [True] * len(parts)

    def draft(self) -> Draft:
        """The version that the form writes."""
        said = self.version.cleaned_data
        return Draft(
            version=said["version"].strip(),
            valid_from=said["valid_from"],
            valid_to=said["valid_to"],
            note=said["note"].strip(),
            categories=tuple(form.to_change() for form in self.categories.filled()),
            removed_exclusions=tuple(said["removed_exclusions"]),
            new_exclusions=tuple(form.to_exclusion() for form in self.exclusions.filled()),
        )


def _typed(form: forms.BaseForm) -> dict[str, Any]:
    """What was typed in each field, as it was typed."""
    return {
        name: field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
        for name, field in form.fields.items()
    }


def _typed_rows(rows: Any, data: Any, prefix: str, more: str) -> list[dict[str, Any]]:
    typed = [_typed(form) for form in rows(data, prefix=prefix).forms]
    return [*typed, {}][:MAX_ROWS] if more == prefix else typed
