"""The form in which a recipe is corrected."""

from collections.abc import Mapping
from typing import Any

import yaml
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from essor.kit import library
from essor.kit.editing.forms import guides
from essor.kit.editing.rows import Editor, Rows, RowsOf
from essor.kit.editing.told import LABELS
from essor.kit.front_matter import ContentError, mapping
from essor.kit.recipe import KINDS
from essor.kit.words import LEVELS


class FactForm(forms.Form):
    """A figure of the scheme, as its source gives it."""

    label = forms.CharField(label=_("Fait"), max_length=200)
    text = forms.CharField(
        label=_("Valeur, comme la source la donne"),
        max_length=600,
        widget=forms.TextInput(attrs={"class": "kit-wide"}),
    )


class RecipeForm(forms.Form):
    """What a recipe says, its facts aside."""

    title = forms.CharField(label=LABELS["title"], max_length=120)
    origin = forms.CharField(label=LABELS["origin"], max_length=120)
    year = forms.CharField(label=LABELS["year"], max_length=40, required=False)
    summary = forms.CharField(
        label=LABELS["summary"], max_length=700, widget=forms.Textarea(attrs={"rows": 3})
    )
    kind = forms.ChoiceField(label=LABELS["kind"], choices=[*KINDS.items()])
    amount = forms.IntegerField(
        label=LABELS["amount"],
        help_text=_("Celui qui dit l’échelle du dispositif ; vide si la source n’en donne pas."),
        required=False,
        min_value=0,
        max_value=10**14,
    )
    amount_words = forms.CharField(label=LABELS["amount_words"], max_length=80, required=False)
    guide = forms.ChoiceField(
        label=LABELS["source"],
        help_text=_("« — » pour un document qui n’est pas un guide."),
        choices=guides,
        required=False,
    )
    place = forms.CharField(label=_("Où dans la source, ou le document lui-même"), max_length=300)
    needs = forms.CharField(
        label=LABELS["needs"],
        help_text=_("Un besoin par ligne."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    warning = forms.CharField(
        label=LABELS["warning"], max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    parameters = forms.CharField(
        label=LABELS["parameters"],
        help_text=_("Une ligne par paramètre, « nom: valeur » ; en retrait, ceux qui vont ensemble."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        max_length=60_000,
    )
    levels = forms.MultipleChoiceField(
        label=LABELS["levels"], choices=[*LEVELS.items()], widget=forms.CheckboxSelectMultiple
    )
    fiches = forms.MultipleChoiceField(label=LABELS["fiches"], widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(
        label=_("Pourquoi cette correction ?"),
        help_text=_("Un chiffre mis à jour, une erreur, un lien. On le lira dans la liste des versions."),
        max_length=300,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(each.code, f"{each.code} · {each.title}") for each in library.fiches().values()]
        self.fields["fiches"].choices = known  # type: ignore[attr-defined]

    def clean_parameters(self) -> dict[str, Any]:
        """The parameters read."""
        written = str(self.cleaned_data["parameters"]).replace("\r\n", "\n").strip()
        if not written:
            return {}
        try:
            return dict(mapping(written, str(LABELS["parameters"])))
        except ContentError as error:
            raise ValidationError(str(error)) from error


class RecipeEditor(Editor):
    """A recipe as the person of the trade writes it; other parameters than before make a later version."""

    form_class = RecipeForm
    row_classes = (RowsOf("facts", LABELS["facts"], _("Ajouter un fait"), FactForm, _("fait")),)

    @staticmethod
    def initial_of(data: Mapping[str, Any]) -> dict[str, Any]:
        """What the form shows of a file."""
        source, body = data.get("source") or {}, data.get("parameters")
        plain = ("title", "origin", "year", "summary", "kind", "amount", "amount_words", "warning")
        return {
            **{name: data.get(name, "") for name in plain},
            "levels": data.get("levels") or [],
            "fiches": data.get("fiches") or [],
            "guide": source.get("guide", ""),
            "place": source.get("place") or source.get("document", ""),
            "needs": "\n".join(data.get("needs") or []),
            "parameters": yaml.safe_dump(body, allow_unicode=True, sort_keys=False, width=80) if body else "",
        }

    @staticmethod
    def rows_of(data: Mapping[str, Any]) -> dict[str, Rows]:
        """What the rows show of a file."""
        facts = [pair for each in data.get("facts") or [] for pair in each.items()]
        return {"facts": [{"label": str(label), "text": str(text)} for label, text in facts]}

    def said(self) -> dict[str, Any]:
        """What the file will say."""
        form = self.form.cleaned_data
        version = self.before.get("version") or 1
        changed = form["parameters"] != (self.before.get("parameters") or {})
        data = {
            "format": self.before.get("format", 1),
            "licence": self.before.get("licence", "etalab-2.0"),
            "code": self.before.get("code"),
            "version": version + 1 if changed else version,
            **{name: form[name] for name in ("title", "kind", "origin", "year", "levels", "fiches")},
            "source": {"guide": form["guide"], "place": form["place"]}
            if form["guide"]
            else {"document": form["place"]},
            "amount": form["amount"],
            "amount_words": form["amount_words"],
            "summary": form["summary"],
            "facts": [{row["label"]: row["text"]} for row in self.cleaned_rows()["facts"]],
            "needs": [line.strip() for line in form["needs"].splitlines() if line.strip()],
            "parameters": form["parameters"],
            "warning": form["warning"],
        }
        return {name: value for name, value in data.items() if value not in (None, "", [], {})}
