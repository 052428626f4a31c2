"""The form of a supporter."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from essor.kernel import goals
from essor.kernel.forms import DayInput
from essor.kernel.goals_form import GoalsField
from essor.kernel.periods import today
from essor.kit.actions_support import Described
from essor.kit.enums_support import CHOICES, Axis
from essor.kit.models.support import Supporter
from essor.kit.places_support import place_asked
from essor.territories.models import Territory

FIELDS = (
    "name", "offer", "conditions", "documents", "employers_only", "website", "email", "phone", "contact",
    "source", "source_day",
)  # fmt: skip
QUESTIONS = {
    Axis.ROLE: _("Que fait-il ?"),
    Axis.STAGE: _("À quels moments d’un projet ?"),
    Axis.PROFILE: _("Pour qui ?"),
    Axis.THEME: _("Sur quels thèmes ?"),
}


class SupporterForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is said of a supporter, with its codes and its territory in words."""

    place = forms.CharField(
        label=_("Où agit-il ?"),
        help_text=_(
            "Une commune, une intercommunalité, un département, une région. Vide : partout en France."
        ),
        required=False,
        max_length=100,
    )

    website = forms.URLField(label=_("Site"), required=False, max_length=300, assume_scheme="https")

    class Meta:
        model = Supporter
        fields = FIELDS
        widgets = {
            "offer": forms.Textarea(attrs={"rows": 4}),
            "conditions": forms.Textarea(attrs={"rows": 3}),
            "documents": forms.Textarea(attrs={"rows": 3}),
            "source_day": DayInput,
        }
        help_texts = {
            "offer": _("En une ou deux phrases, ce qu’un projet y trouve."),
            "conditions": _("Public, gratuité, sélection, délais."),
            "documents": _("Un document par ligne."),
            "contact": _("Horaires, lieu, façon de prendre rendez-vous. Pas de nom de personne."),
            "source": _("D’où vient cette description : un site, un document, un échange."),
        }

    def __init__(self, *args: Any, home: Territory | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.instance if self.instance.pk else None
        for axis, choices in CHOICES.items():
            if axis == Axis.GOAL:
                continue
            self.fields[axis] = forms.MultipleChoiceField(
                label=QUESTIONS[Axis(axis)],
                choices=choices.choices,
                widget=forms.CheckboxSelectMultiple,
                required=axis in (Axis.ROLE, Axis.STAGE),
                help_text="" if axis in (Axis.ROLE, Axis.STAGE) else _("Rien de coché : tous."),
                initial=known.marks_of(axis) if known else [],
            )
        self.fields[Axis.GOAL] = GoalsField(
            initial=goals.written(int(code) for code in known.marks_of(Axis.GOAL)) if known else ""
        )
        territory = known.territory if known else home
        self.fields["place"].initial = f"{territory.name} ({territory.ref})" if territory else ""
        if known is None:
            self.fields["source_day"].initial = today()
        self.order_fields(["name", "offer", *CHOICES, "place"])

    def clean_place(self) -> Territory | None:
        """The territory, None for the whole of France."""
        asked = str(self.cleaned_data["place"])
        found = place_asked(asked)
        if asked.strip() and found is None:
            raise forms.ValidationError(
                _t("Aucun territoire ne répond à « %(asked)s » : écrivez un nom ou un code postal.")
                % {"asked": asked}
            )
        return None if found is None or found.ref == "france" else found

    def said(self) -> Described:
        """What the actions take."""
        values = {name: self.cleaned_data[name] for name in FIELDS}
        values["territory"] = self.cleaned_data["place"]
        marks = {axis: self.cleaned_data[axis] for axis in CHOICES if axis != Axis.GOAL}
        marks[Axis.GOAL] = [str(goal) for goal in goals.read(self.cleaned_data[Axis.GOAL])]
        return Described(values, marks)

    def _post_clean(self) -> None:
        """The action checks the whole row: the form only reads what was typed."""
