"""Forms in which a fiche is corrected: a form for its fields, rows for its levers, examples and questions."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from essor.kernel.goals import GOALS
from essor.kit import library
from essor.kit.editing.rows import Editor, Rows, RowsOf
from essor.kit.editing.told import LABELS
from essor.kit.sectors import sectors
from essor.kit.words import FIELDS, GUIDES, LEVELS, LEVER_KINDS
from essor.law.rules import RULES
from essor.law.rules.competence import Domain, Support

# The preview follows what is typed; without script, its button asks for it.
LIVE = {
    "data-hx-post": "",
    "data-hx-trigger": "input changed delay:500ms",
    "data-hx-target": "#apercu",
    "data-hx-swap": "outerHTML",
    "data-hx-include": "closest form",
    "data-hx-vals": '{"apercu": "oui"}',
    "data-hx-push-url": "false",
}


def guides() -> list[tuple[str, Any]]:
    """The guides that facts are taken from."""
    return [("", "—"), *((letter, guide.title) for letter, guide in GUIDES.items())]


def screens() -> list[tuple[str, str]]:
    """The screens that levers of the package open, each told by the first lever that opens it."""
    found: dict[str, str] = {}
    for fiche in library.package_fiches().values():
        for lever in fiche.levers:
            if lever.screen:
                found.setdefault(lever.screen, lever.title)
    return [("", _t("Pas encore dans Essor")), *sorted(found.items(), key=lambda each: each[1])]


class OwnScreenField(forms.ChoiceField):
    """A choice of screens that also keeps the one already written."""

    def valid_value(self, value: Any) -> bool:
        """The reader of the fiche decides: here, any short word may stay."""
        return len(str(value)) <= 80


class LeverForm(forms.Form):
    """A lever: what to do, and the screen that does it."""

    title = forms.CharField(
        label=_("Ce que l’on fait"), max_length=200, widget=forms.TextInput(attrs={"class": "kit-wide"})
    )
    kind = forms.ChoiceField(label=_("Nature"), choices=[("", "—"), *LEVER_KINDS.items()])
    screen = OwnScreenField(label=_("Outil d’Essor qui le fait"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = screens()
        now = self["screen"].value() or ""
        if now and now not in dict(known):
            known.append((now, now))
        self.fields["screen"].choices = known  # type: ignore[attr-defined]


class ExampleForm(forms.Form):
    """What somebody really did, with its source."""

    who = forms.CharField(label=_("Qui"), max_length=120)
    when = forms.CharField(label=_("Quand"), max_length=60, required=False)
    text = forms.CharField(
        label=_("Quoi, avec les chiffres"), max_length=1200, widget=forms.Textarea(attrs={"rows": 3})
    )
    guide = forms.ChoiceField(label=_("Source"), choices=guides)
    place = forms.CharField(label=_("Où dans la source"), max_length=120)


class AskForm(forms.Form):
    """A question that the competence rule answers for the reader's level."""

    support = forms.ChoiceField(
        label=_("Ce que l’on voudrait faire"),
        choices=[("", "—"), *((each.value, each.label) for each in Support)],
    )
    domain = forms.ChoiceField(
        label=_("Dans quel domaine"), choices=[("", "—"), *((each.value, each.label) for each in Domain)]
    )


class FicheForm(forms.Form):
    """What a fiche says, its rows aside."""

    title = forms.CharField(label=LABELS["title"], max_length=120)
    summary = forms.CharField(
        label=LABELS["summary"],
        help_text=_("Une phrase : ce que l’on saura faire après l’avoir lue."),
        max_length=260,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    body = forms.CharField(
        label=LABELS["body"], widget=forms.Textarea(attrs={"rows": 22, **LIVE}), max_length=60_000
    )
    field = forms.ChoiceField(label=LABELS["field"], choices=[*FIELDS.items()])
    guide = forms.ChoiceField(label=LABELS["source"], choices=guides)
    place = forms.CharField(label=_("Où dans la source"), max_length=120)
    helpers = forms.CharField(
        label=LABELS["helpers"],
        help_text=_("Un organisme par ligne."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    levels = forms.MultipleChoiceField(
        label=LABELS["levels"], choices=[*LEVELS.items()], widget=forms.CheckboxSelectMultiple
    )
    sectors = forms.MultipleChoiceField(label=LABELS["sectors"], widget=forms.CheckboxSelectMultiple)
    odd = forms.TypedMultipleChoiceField(
        label=LABELS["odd"],
        choices=[(goal, f"{goal}. {label}") for goal, label in GOALS.items()],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    rules = forms.MultipleChoiceField(
        label=LABELS["rules"], widget=forms.CheckboxSelectMultiple, required=False
    )
    see = forms.MultipleChoiceField(label=LABELS["see"], widget=forms.CheckboxSelectMultiple, required=False)
    reason = forms.CharField(
        label=_("Pourquoi cette correction ?"),
        help_text=_("Un chiffre mis à jour, une erreur, un lien. On le lira dans la liste des versions."),
        max_length=300,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {
            "sectors": [(each.code, each.label) for each in sectors().values()],
            "rules": [(name, rule.title) for name, rule in RULES.items()],
            "see": [(each.code, f"{each.code} · {each.title}") for each in library.fiches().values()],
        }
        for name, choices in known.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]


class FicheEditor(Editor):
    """A fiche as the person of the trade writes it; `said` is what its file says."""

    form_class = FicheForm
    row_classes = (
        RowsOf("levers", LABELS["levers"], _("Ajouter un levier"), LeverForm, _("levier")),
        RowsOf("examples", LABELS["examples"], _("Ajouter un exemple"), ExampleForm, _("exemple")),
        RowsOf(
            "asks",
            LABELS["asks"],
            _("Ajouter une question"),
            AskForm,
            _("question"),
            _("La règle répond pour le niveau de la personne qui lit : rien n’est écrit d’avance."),
        ),
    )

    @staticmethod
    def initial_of(data: Mapping[str, Any]) -> dict[str, Any]:
        """What the form shows of a file."""
        source = data.get("source") or {}
        return {
            **{name: data.get(name, "") for name in ("title", "summary", "body", "field")},
            **{name: data.get(name) or [] for name in ("levels", "sectors", "odd", "rules", "see")},
            "guide": source.get("guide"),
            "place": source.get("place"),
            "helpers": "\n".join(data.get("helpers") or []),
        }

    @staticmethod
    def rows_of(data: Mapping[str, Any]) -> dict[str, Rows]:
        """What the rows show of a file."""
        return {
            "levers": [dict(each) for each in data.get("levers") or []],
            "examples": [{**each, **(each.get("source") or {})} for each in data.get("examples") or []],
            "asks": [{"domain": domain, "support": support} for domain, support in data.get("asks") or []],
        }

    def said(self) -> dict[str, Any]:
        """What the file will say, with the fields that the form does not show."""
        form, rows = self.form.cleaned_data, self.cleaned_rows()
        return {
            "code": self.before.get("code"),
            "title": form["title"],
            "summary": form["summary"],
            "field": form["field"],
            "source": {"guide": form["guide"], "place": form["place"]},
            "levels": form["levels"],
            "sectors": form["sectors"],
            "odd": form["odd"],
            "asks": [[row["domain"], row["support"]] for row in rows["asks"]],
            "rules": form["rules"],
            "levers": [
                {
                    "title": row["title"],
                    "kind": row["kind"],
                    **({"screen": row["screen"]} if row["screen"] else {}),
                }
                for row in rows["levers"]
            ],
            "examples": [
                {
                    "who": row["who"],
                    "when": row["when"],
                    "text": row["text"],
                    "source": {"guide": row["guide"], "place": row["place"]},
                }
                for row in rows["examples"]
            ],
            "helpers": [line.strip() for line in form["helpers"].splitlines() if line.strip()],
            "see": form["see"],
            "body": form["body"].replace("\r\n", "\n"),
        }
