"""Forms of the partner directories: a new one, a newer file, what each column holds."""

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from essor.kernel.forms import DayInput
from essor.kernel.text import fold
from essor.registry.directories.mapping import FIELDS, PRESETS, REQUIRED, Mapping
from essor.registry.enums import Tag

OTHER = "autre"
ACCEPTED = ".csv,.txt,.xlsx"
TAGS = [("", _("aucune étiquette")), *((tag.value, tag.label) for tag in Tag)]


class FileForm(forms.Form):
    """A file of a directory, and the date of the list."""

    file = forms.FileField(
        label=_("Fichier de l’annuaire"),
        help_text=_("CSV (UTF-8 ou Windows, tout séparateur) ou classeur .xlsx, 30 Mo au plus."),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )
    day = forms.DateField(
        label=_("Date de la liste"),
        help_text=_("Le jour où le partenaire l’a établie : elle sera montrée sur les pages."),
        widget=DayInput,
        initial=timezone.localdate,
    )


class NewDirectoryForm(FileForm):
    """Which directory, and its first file."""

    preset = forms.ChoiceField(
        label=_("De quel annuaire s’agit-il ?"),
        choices=[*((each.code, each.name) for each in PRESETS), (OTHER, _("Un autre annuaire"))],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=_("Nom de l’annuaire"),
        help_text=_("Si c’est un autre annuaire : « Annuaire des recycleries », par exemple."),
        max_length=120,
        required=False,
    )
    field_order = ("preset", "name", "file", "day")

    def clean(self) -> dict[str, Any]:
        """Another directory has a name."""
        said = super().clean() or {}
        if said.get("preset") == OTHER and not fold(said.get("name", "")):
            self.add_error("name", _("Donnez un nom à cet annuaire."))
        return said

    def called(self) -> tuple[str, str]:
        """(name, code of the preset) of the directory."""
        preset = next((each for each in PRESETS if each.code == self.cleaned_data["preset"]), None)
        return (preset.name, preset.code) if preset else (self.cleaned_data["name"], "")


class MappingForm(forms.Form):
    """Which column holds what; which tags the rows bring, all of them or by the value of a column."""

    fixed_tag = forms.ChoiceField(
        label=_("Étiquette de toutes les organisations de cet annuaire"),
        choices=TAGS,
        required=False,
    )
    accept_leaving = forms.BooleanField(
        label=_("Ce fichier est complet"),
        help_text=_(
            "Les organisations confirmées qui n’y sont plus perdront l’étiquette à la date de la liste."
        ),
        required=False,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        columns: Sequence[str],
        mapping: Mapping,
        kinds: Sequence[str],
        kind_tags: AnyMapping[str, str],
        again: bool,
    ) -> None:
        super().__init__(data, initial={"fixed_tag": next(iter(mapping.fixed_tags), "")})
        self.kinds = list(kinds)
        choices = [("", _("pas dans ce fichier")), *((column, column) for column in columns)]
        for name, (label, _headers) in FIELDS.items():
            required = name == REQUIRED
            self.fields[f"column_{name}"] = forms.ChoiceField(
                label=label, choices=choices, required=required, initial=mapping.columns.get(name, "")
            )
        for number, value in enumerate(self.kinds):
            self.fields[f"kind_{number}"] = forms.ChoiceField(
                label=f"« {value} »", choices=TAGS, required=False, initial=kind_tags.get(fold(value), "")
            )
        if not again:
            del self.fields["accept_leaving"]

    @property
    def column_fields(self) -> list[forms.BoundField]:
        """The fields that choose a column."""
        return [self[f"column_{name}"] for name in FIELDS]

    @property
    def kind_fields(self) -> list[forms.BoundField]:
        """The fields that give a tag to each value of the column of kinds."""
        return [self[f"kind_{number}"] for number in range(len(self.kinds))]

    def mapping(self) -> Mapping:
        """What was said."""
        said = self.cleaned_data
        columns = {name: said[f"column_{name}"] for name in FIELDS if said.get(f"column_{name}")}
        tags = {fold(value): said[f"kind_{number}"] for number, value in enumerate(self.kinds)}
        fixed = (said["fixed_tag"],) if said.get("fixed_tag") else ()
        return Mapping(columns, fixed, {value: tag for value, tag in tags.items() if tag})
