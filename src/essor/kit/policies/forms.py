"""Forms of the sector policies of an authority."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from essor.accounts.models import Authority, Service
from essor.kernel.periods import today
from essor.kit.models.sector_policy import SectorPolicy
from essor.kit.policies.actions import Said
from essor.kit.sectors import sectors


class PolicyForm(forms.Form):
    """What is said of a policy."""

    label = forms.CharField(label=_("Nom de la politique"), max_length=120)
    service = forms.ModelChoiceField(
        label=_("Service responsable"),
        queryset=Service.objects.none(),
        required=False,
        empty_label=_("Aucun pour l’instant"),
    )
    seed = forms.ChoiceField(
        label=_("Politique d’Essor dont elle relève"),
        help_text=_(
            "Elle garde les fiches, les organisations du registre et les chiffres communs à plusieurs collectivités."
        ),
        required=False,
    )

    def __init__(
        self, *args: Any, authority: Authority, row: SectorPolicy | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        services = Service.objects.filter(authority=authority).not_past(today())
        self.fields["service"].queryset = services  # type: ignore[attr-defined]
        self.fields["seed"].choices = [  # type: ignore[attr-defined]
            ("", _("Aucune : elle est propre à la collectivité")),
            *((each.code, each.label) for each in sectors().values()),
        ]
        if row is not None:
            for name, value in (("label", row.label), ("service", row.service_id), ("seed", row.seed)):
                self.fields[name].initial = value

    def said(self) -> Said:
        """What the action takes."""
        data = self.cleaned_data
        return Said(data["label"], data["seed"], data["service"])


class MergeForm(forms.Form):
    """Into which policy another one goes."""

    into = forms.ChoiceField(label=_("Dans quelle politique ?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, others: list[SectorPolicy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].choices = [(each.code, each.label) for each in others]  # type: ignore[attr-defined]
