"""Forms of the register: a step of « Suis-je de l'ESS ? », building an edition, putting it in force."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.fields import TerritoryField
from essor.kernel.forms import DayInput
from essor.registry.enums import Answer
from essor.registry.self_assessment import Question
from essor.registry.sources import FoundFile, SourceKind
from essor.registry.words import size_words

UNSAID = str(Answer.UNKNOWN.value)


class StepForm(forms.Form):
    """The questions of one step; `errors_by_code` are those of the rules."""

    def __init__(
        self,
        questions: Sequence[Question],
        answers: Mapping[str, str],
        errors_by_code: Mapping[str, str] | None = None,
    ) -> None:
        unsaid = {question.code: UNSAID for question in questions if question.kind == "answer"}
        given = {**unsaid, **answers}
        super().__init__(data=given if errors_by_code else None, initial=given)
        for question in questions:
            self.fields[question.code] = _field(question)
        for code, message in (errors_by_code or {}).items():
            if code in self.fields:  # the rules name the question, which the page already does
                self.add_error(code, message.removeprefix(f"« {self.fields[code].label} » : "))


def _field(question: Question) -> forms.Field:
    common: dict[str, Any] = {
        "label": question.text,
        "help_text": question.help,
        "required": question.required or question.kind == "answer",  # « I do not know » is an answer
    }
    if question.kind == "percent":
        widget = forms.TextInput(attrs={"inputmode": "decimal", "size": "6", "autocomplete": "off"})
        return forms.CharField(widget=widget, max_length=10, **common)
    return forms.ChoiceField(choices=question.choices, widget=forms.RadioSelect, **common)


class SirenForm(forms.Form):
    """Looking an organisation up in the register to answer what it already knows."""

    siren = forms.CharField(
        label=gettext_lazy("SIREN de votre structure"),
        help_text=gettext_lazy(
            "Neuf chiffres. Il sert à retrouver ce que le registre sait déjà ; il n’est pas gardé."
        ),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_siren(self) -> str:
        """The nine digits, without spaces."""
        number = "".join(str(self.cleaned_data["siren"]).split())
        if number and (len(number) != 9 or not number.isdigit() or not number.isascii()):
            raise ValidationError(_("Un SIREN a neuf chiffres, par exemple 123 456 789."))
        return number


class BuildForm(forms.Form):
    """What an edition is built from."""

    territory = TerritoryField(label=gettext_lazy("Territoire"), max_length=120)
    day = forms.DateField(
        label=gettext_lazy("Date de référence"),
        help_text=gettext_lazy(
            "Jour auquel les règles et le périmètre sont appliqués ; en général, celui des fichiers."
        ),
        widget=DayInput,
    )
    perimeter_version = forms.ChoiceField(label=gettext_lazy("Version du périmètre"))
    on_error = forms.ChoiceField(
        label=gettext_lazy("Si des lignes des fichiers sont inutilisables"),
        choices=[
            ("keep", gettext_lazy("Les écarter, garder les autres, et en dresser la liste")),
            ("refuse", gettext_lazy("Refuser de construire l’édition")),
        ],
        initial="keep",
        widget=forms.RadioSelect,
    )
    fetch = forms.BooleanField(
        label=gettext_lazy("Télécharger les fichiers officiels qui manquent"),
        help_text=gettext_lazy(
            "Essor ne va jamais chercher de fichier sans votre accord. Il téléchargerait les stocks Sirene "
            "(plusieurs gigaoctets), leur géolocalisation et la liste d’ESS France, depuis data.gouv.fr."
        ),
        required=False,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        versions: Sequence[tuple[str, str]],
        found: Sequence[FoundFile],
        kinds: Mapping[str, SourceKind],
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.kinds = kinds
        fetching = bool(data and data.get("fetch"))
        version = self.fields["perimeter_version"]
        assert isinstance(version, forms.ChoiceField)  # noqa: S101
        version.choices = list(versions)
        for code, kind in kinds.items():
            files = [file for file in found if file.kind == code and not file.problem]
            if files or kind.required:
                required = kind.required and not fetching
                self.fields[source_field(code)] = _source_field(kind, files, required=required)
        names = ["territory", "day", "perimeter_version", *map(source_field, kinds), "on_error", "fetch"]
        self.order_fields(names)

    def sources(self) -> dict[str, list[str]]:
        """The chosen paths, by kind."""
        chosen: dict[str, list[str]] = {}
        for code in self.kinds:
            value = self.cleaned_data.get(source_field(code))
            paths = list(value) if isinstance(value, list) else [value] if value else []
            if paths:
                chosen[code] = paths
        return chosen


def source_field(kind: str) -> str:
    """Name of the field of a kind of file."""
    return f"source_{kind}"


def _source_field(kind: SourceKind, files: Sequence[FoundFile], *, required: bool) -> forms.Field:
    choices = [(str(file.path), f"{file.name} ({size_words(file.size)})") for file in files]
    lacking = _("Il manque le fichier « %(label)s » : déposez-le, ou demandez à le télécharger.")
    common: dict[str, Any] = {
        "label": kind.label,
        "required": required,
        "error_messages": {"required": lacking % {"label": kind.label}},
    }
    if kind.many:
        return forms.MultipleChoiceField(
            choices=choices,
            widget=forms.CheckboxSelectMultiple,
            initial=[path for path, _name in choices],
            **common,
        )
    empty = _("Aucun fichier") if choices else _("Aucun fichier de ce genre dans le dossier")
    return forms.ChoiceField(
        choices=[("", empty), *choices], initial=choices[0][0] if len(choices) == 1 else "", **common
    )


class PutInForceForm(forms.Form):
    """The confirmation before an edition replaces the register in force."""

    sure = forms.BooleanField(
        label=gettext_lazy("Je confirme la mise en vigueur de cette édition"),
        error_messages={"required": gettext_lazy("Cochez la case pour confirmer.")},
    )
    force = forms.BooleanField(
        label=gettext_lazy("Je confirme que ces départs sont voulus"),
        required=False,
    )

    def __init__(self, data: Any = None, *, alarming: bool) -> None:
        super().__init__(data)
        if alarming:
            self.fields["force"].required = True
            self.fields["force"].error_messages["required"] = _(
                "Plus d’un cinquième du registre partirait : cochez la case si c’est voulu."
            )
        else:
            del self.fields["force"]
