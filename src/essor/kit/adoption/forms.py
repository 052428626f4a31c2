"""Forms of recipes that come and go."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from essor.accounts.models import Authority
from essor.kernel.periods import today
from essor.kit.adoption.actions import Filled
from essor.kit.level_answers import level_of
from essor.kit.recipe_kinds import RecipeKind
from essor.kit.words import LEVELS


class FileForm(forms.Form):
    """A recipe that comes as a file."""

    file = forms.FileField(
        label=_("Fichier de la recette"),
        help_text=_("YAML ou JSON, 500 ko au plus. Déposer deux fois le même fichier ne change rien."),
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml,.json"}),
    )


class ExportForm(forms.Form):
    """What an authority says of the thing that it sends away."""

    title = forms.CharField(label=_("Titre"), max_length=120)
    year = forms.CharField(
        label=_("Depuis quand"), max_length=40, help_text=_("Une année, ou « 2023-2026 ».")
    )
    summary = forms.CharField(
        label=_("En deux phrases"),
        help_text=_("À quoi cela sert, pour qui ne connaît pas votre collectivité."),
        max_length=700,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    document = forms.CharField(
        label=_("D’où cela vient"),
        help_text=_(
            "Une délibération, une page de votre site, ou le service qui le tient. Pas de nom de personne."
        ),
        max_length=300,
    )
    needs = forms.CharField(
        label=_("Ce qu’il faut pour la reprendre"),
        help_text=_("Un besoin par ligne."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    levels = forms.MultipleChoiceField(
        label=_("Pour quels niveaux"), choices=[*LEVELS.items()], widget=forms.CheckboxSelectMultiple
    )
    version = forms.IntegerField(
        label=_("Version"),
        help_text=_("Augmentez-la à chaque nouvel envoi : les autres verront ce qui change."),
        min_value=1,
        max_value=9999,
        initial=1,
    )

    def __init__(self, *args: Any, kind: RecipeKind, authority: Authority, thing: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.authority = kind, authority
        self.fields["levels"].initial = [level_of(authority.kind)] if level_of(authority.kind) else []
        self.fields["year"].initial = str(today().year)
        self.fields["document"].initial = _t("%s, document interne") % authority.name
        options = list(kind.options(thing)) if kind.options and thing is not None else []
        if options:
            self.fields["options"] = forms.MultipleChoiceField(
                label=_("Coordonnées à faire partir"),
                help_text=_(
                    "Cochez seulement celles d’un organisme : ni le nom, ni l’adresse, ni le téléphone d’une personne."
                ),
                choices=[(each.code, each.label) for each in options],
                initial=[each.code for each in options if each.usual],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )

    def filled(self, fiches: tuple[str, ...]) -> Filled:
        """What the action takes; `fiches`: those that the recipe is filed under."""
        said = self.cleaned_data
        return Filled(
            title=said["title"],
            year=said["year"],
            summary=said["summary"],
            origin=self.authority.name[:120],
            document=said["document"],
            levels=tuple(said["levels"]),
            fiches=fiches,
            version=said["version"],
            needs=tuple(line.strip() for line in said["needs"].splitlines() if line.strip()),
            options=frozenset(said.get("options", ())),
        )
