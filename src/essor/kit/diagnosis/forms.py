"""Forms of the self-diagnosis: open it, correct it, invite, come by the link, agree a value."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from essor.accounts.models import User
from essor.kernel.forms import DayInput
from essor.kit.diagnosis.actions_agree import Agreement
from essor.kit.diagnosis.enums import STAGE_WORDS, STAGES, Role
from essor.kit.diagnosis.grid import GridLever
from essor.kit.diagnosis.models import AgreedValue
from essor.kit.diagnosis.results import LeverResult

USUAL_DAYS = 30
MOST_ADDRESSES = 100
# A stage and its sentence, as the form engine writes the choices of a scale.
DESCRIBED = (
    '<span class="described"><span class="described__label">{} · {}</span>'
    '<span class="described__text">{}</span></span>'
)


class CampaignForm(forms.Form):
    """The title and the last day to answer."""

    title = forms.CharField(
        label=_("Titre"), max_length=120, help_text=_("Par exemple : Où en sommes-nous en 2026 ?")
    )
    closes_on = forms.DateField(
        label=_("Dernier jour pour répondre"),
        widget=DayInput,
        help_text=_("Un rappel part tout seul sept jours, puis deux jours avant."),
    )


class OpeningForm(CampaignForm):
    """A new campaign: besides, why some levers are left out. The levers are ticked beside, axis by axis."""

    reason = forms.CharField(
        label=_("Pourquoi laisser de côté les leviers décochés ?"),
        help_text=_("Une phrase, que les résultats rappelleront."),
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].initial = _t("Où en sommes-nous en %(year)s ?") % {"year": day.year}
        self.fields["closes_on"].initial = day + timedelta(days=USUAL_DAYS)


class InviteForm(forms.Form):
    """Members of the team, and outsiders by their addresses, all in one role."""

    members = forms.MultipleChoiceField(
        label=_("Dans l’équipe"), required=False, widget=forms.CheckboxSelectMultiple
    )
    emails = forms.CharField(
        label=_("Hors de l’équipe"),
        help_text=_("Une adresse électronique par ligne. Elle ne sert qu’à inviter et à relancer."),
        required=False,
        max_length=12_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    role = forms.ChoiceField(
        label=_("Ces personnes répondent comme"),
        choices=Role.choices,
        initial=Role.PARTNER,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, people: Sequence[tuple[User, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(user.pk): (user, role) for user, role in people}
        if people:
            field = self.fields["members"]
            field.choices = [  # type: ignore[attr-defined]
                (str(user.pk), f"{user.full_name} · {Role(role).label}") for user, role in people
            ]
            field.initial = list(self.people)
        else:
            del self.fields["members"]

    def clean_emails(self) -> list[str]:
        """The addresses, one a line. ValidationError naming the line that is not one."""
        lines = str(self.cleaned_data["emails"]).replace(",", "\n").replace(";", "\n").splitlines()
        found = [(number, line.strip()) for number, line in enumerate(lines, 1) if line.strip()]
        if len(found) > MOST_ADDRESSES:
            raise forms.ValidationError(
                _t("Invitez %(most)s adresses à la fois, pas plus.") % {"most": MOST_ADDRESSES}
            )
        for number, email in found:
            try:
                validate_email(email)
            except forms.ValidationError:
                raise forms.ValidationError(
                    _t("Ligne %(number)s : « %(email)s » n’est pas une adresse, comme nom@exemple.fr.")
                    % {"number": number, "email": email[:60]}
                ) from None
        return [email for _number, email in found]

    def clean(self) -> dict[str, Any]:
        """Somebody at least."""
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("members") and not cleaned.get("emails"):
            raise forms.ValidationError(_t("Choisissez une personne, ou écrivez une adresse."))
        return cleaned


class RoleForm(forms.Form):
    """In which quality someone who came by the link answers."""

    role = forms.ChoiceField(
        label=_("En quelle qualité répondez-vous ?"),
        choices=Role.choices,
        initial=Role.PARTNER,
        widget=forms.RadioSelect,
    )


def _described(lever: GridLever) -> list[tuple[int, Any]]:
    return [
        (stage, format_html(DESCRIBED, stage, STAGE_WORDS[stage], lever.stage(stage))) for stage in STAGES
    ]


class AgreementForm(forms.Form):
    """What a meeting agrees on a lever; it starts from what the answers propose."""

    stage = forms.TypedChoiceField(label=_("Stade convenu"), coerce=int, widget=forms.RadioSelect)
    ambition = forms.TypedChoiceField(
        label=_("Stade voulu dans deux ans"), coerce=int, empty_value=None, required=False
    )
    note = forms.CharField(
        label=_("Ce qui a été dit"),
        help_text=_("Les arguments, les désaccords qui restent. Pas de nom de personne."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    step = forms.CharField(label=_("Prochain pas"), max_length=300, required=False)
    who = forms.CharField(
        label=_("Qui s’en charge"),
        help_text=_("Un service, une délégation."),
        max_length=120,
        required=False,
    )
    due_on = forms.DateField(label=_("Pour quand"), widget=DayInput, required=False)
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, result: LeverResult, **kwargs: Any) -> None:
        agreed = result.agreed
        kwargs.setdefault("initial", _proposed(result, agreed))
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = _described(result.lever)  # type: ignore[attr-defined]
        self.fields["ambition"].choices = [  # type: ignore[attr-defined]
            ("", _t("À fixer plus tard")),
            *((stage, f"{stage} · {STAGE_WORDS[stage]}") for stage in STAGES),
        ]

    def said(self) -> Agreement:
        """What the action takes."""
        return Agreement(**self.cleaned_data)


def _proposed(result: LeverResult, agreed: AgreedValue | None) -> dict[str, Any]:
    if agreed is not None:
        names = ("stage", "ambition", "note", "step", "who", "due_on", "revision")
        return {name: getattr(agreed, name) for name in names}
    stage = result.stage
    return {
        "stage": stage,
        "ambition": result.ambition,
        "step": result.lever.step_from(stage).do if stage else "",
        "revision": 0,
    }
