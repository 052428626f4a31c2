"""Forms of teams and accounts."""

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.actions import Offer
from essor.accounts.enums import AGENT, InstallationRoleKind, Theme
from essor.accounts.models import Authority, Service
from essor.accounts.models.user import fold_email
from essor.accounts.roles import elected_role, grantable_roles
from essor.kernel.forms import DayInput
from essor.kernel.periods import today

SEPARATORS = re.compile(r"[\s,;]+")
WRITTEN_ADDRESS = re.compile(r"<([^<>\s]+@[^<>\s]+)>")


def split_addresses(text: str) -> list[str]:
    """The addresses in a text pasted from a mail client or a sheet: separated by spaces, commas, semicolons or lines;
    « Prénom Nom <adresse> » gives the address. Folded, without repetition, in the order of the text."""
    found = []
    for line in re.split(r"[\n;,]+", text):
        named = WRITTEN_ADDRESS.findall(line)
        found += named or [word for word in SEPARATORS.split(line) if word]
    return list(dict.fromkeys(fold_email(address) for address in found))


def last_day_to_end(last_day: date | None) -> date | None:
    """The half-open end that follows a last day that counts."""
    return None if last_day is None else last_day + timedelta(days=1)


def _services(authority: Authority, day: date) -> Any:
    return Service.objects.on(day).filter(authority=authority).order_by("sort_key")


class ServiceSelect(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A running service of the authority, or none."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", Service.objects.none())
        kwargs.setdefault("required", False)
        kwargs.setdefault("label", gettext_lazy("Service"))
        kwargs.setdefault("empty_label", gettext_lazy("Aucun service"))
        super().__init__(**kwargs)


class InviteForm(forms.Form):
    """Who to invite, and what they will be able to do."""

    emails = forms.CharField(
        label=gettext_lazy("Adresses électroniques"),
        help_text=gettext_lazy(
            "Une par ligne, ou séparées par des virgules. Chaque personne reçoit son propre lien."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
        max_length=10_000,
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Rôles"), required=False, widget=forms.CheckboxSelectMultiple, initial=[AGENT]
    )
    mandate_title = forms.CharField(
        label=gettext_lazy("Mandat, pour une élue ou un élu"),
        help_text=gettext_lazy("Par exemple « Vice-présidente chargée de l’économie sociale et solidaire »."),
        required=False,
        max_length=200,
    )
    service = ServiceSelect()

    def __init__(self, *args: Any, authority: Authority, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [  # type: ignore[attr-defined]
            (role.code, f"{role.label} : {role.allows}") for role in grantable_roles()
        ]
        self.fields["service"].queryset = _services(authority, today())  # type: ignore[attr-defined]

    def clean_emails(self) -> list[str]:
        """The addresses, without repetition."""
        return split_addresses(self.cleaned_data["emails"])

    def clean(self) -> dict[str, Any]:
        """A person is invited to do something."""
        data = super().clean() or {}
        if not data.get("roles") and not data.get("mandate_title"):
            self.add_error("roles", _("Choisissez au moins un rôle, ou indiquez un mandat."))
        return data

    def offer(self) -> Offer:
        """What the invitations give."""
        data = self.cleaned_data
        return Offer(tuple(data["roles"]), data["service"], data["mandate_title"])


class PeriodForm(forms.Form):
    """A first day and, perhaps, a last one."""

    start = forms.DateField(label=gettext_lazy("À partir du"), widget=DayInput, initial=today)
    last_day = forms.DateField(
        label=gettext_lazy("Jusqu’au"),
        help_text=gettext_lazy("Ce jour compte encore. Laissez vide s’il n’y a pas de fin prévue."),
        widget=DayInput,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first; `end` is the half-open end."""
        data = super().clean() or {}
        start, last_day = data.get("start"), data.get("last_day")
        if start and last_day and last_day < start:
            self.add_error("last_day", _("La fin ne peut pas précéder le début."))
        data["end"] = last_day_to_end(last_day)
        return data


class RoleForm(PeriodForm):
    """A role to give."""

    role = forms.ChoiceField(label=gettext_lazy("Rôle"), widget=forms.RadioSelect)
    field_order = ("role", "start", "last_day")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(role.code, f"{role.label} : {role.allows}") for role in grantable_roles()]
        self.fields["role"].choices = choices  # type: ignore[attr-defined]


class MandateForm(PeriodForm):
    """A mandate to add."""

    title = forms.CharField(label=gettext_lazy("Fonction"), max_length=200)
    delegation = forms.CharField(
        label=gettext_lazy("Délégation"),
        help_text=gettext_lazy("Ce qui est délégué, et par quel arrêté. Ce texte est visible par l’équipe."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = ("title", "delegation", "start", "last_day")


class EndForm(forms.Form):
    """The last day on which something counts."""

    last_day = forms.DateField(
        label=gettext_lazy("Dernier jour"),
        help_text=gettext_lazy("Ce jour compte encore. Pour que l’effet soit immédiat, indiquez la veille."),
        widget=DayInput,
        initial=today,
    )

    def clean(self) -> dict[str, Any]:
        """`end` is the half-open end."""
        data = super().clean() or {}
        data["end"] = last_day_to_end(data.get("last_day"))
        return data


class MoveForm(forms.Form):
    """Another service from a day."""

    service = ServiceSelect(label=gettext_lazy("Nouveau service"))
    start = forms.DateField(label=gettext_lazy("À partir du"), widget=DayInput, initial=today)

    def __init__(self, *args: Any, authority: Authority, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = _services(authority, today())  # type: ignore[attr-defined]


class ServiceForm(forms.Form):
    """The name of a service."""

    name = forms.CharField(label=gettext_lazy("Nom du service"), max_length=200)


class SignUpForm(forms.Form):
    """The address of who asks for an account."""

    email = forms.EmailField(
        label=gettext_lazy("Adresse électronique"),
        help_text=gettext_lazy(
            "De préférence celle de votre organisation (prenom@votre-organisation.fr) : elle prouve que vous en êtes."
        ),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class AcceptForm(forms.Form):
    """What a new person gives to open an account."""

    full_name = forms.CharField(
        label=gettext_lazy("Prénom et nom"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Mot de passe"),
        help_text=gettext_lazy(
            "Au moins 12 caractères. Une suite de mots connue de vous seulement convient très bien."
        ),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_full_name(self) -> str:
        """A name without needless spaces."""
        name = " ".join(self.cleaned_data["full_name"].split())
        if not name:
            raise ValidationError(_("Indiquez votre prénom et votre nom."))
        return name


class ProfileForm(forms.Form):
    """One's own name and, on this device, how light the screens are and, where there are several, their language."""

    full_name = forms.CharField(
        label=gettext_lazy("Prénom et nom"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    theme = forms.ChoiceField(
        label=gettext_lazy("Apparence sur cet appareil"), choices=Theme.choices, widget=forms.RadioSelect
    )
    language = forms.ChoiceField(label=gettext_lazy("Langue sur cet appareil"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(settings.LANGUAGES) > 1:
            self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]
        else:
            del self.fields["language"]


def role_filter_choices() -> list[tuple[str, str]]:
    """Roles by which a team is filtered: those given and the one that a mandate gives."""
    return [(role.code, role.label) for role in [*grantable_roles(), elected_role()]]


class InstallationRoleForm(forms.Form):
    """A role over the installation."""

    role = forms.ChoiceField(
        label=gettext_lazy("Rôle"), choices=InstallationRoleKind.choices, widget=forms.RadioSelect
    )
