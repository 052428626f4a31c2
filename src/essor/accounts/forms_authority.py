"""The identity of an authority."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts import files
from essor.accounts.enums import AuthorityKind
from essor.accounts.fields import TerritoryField
from essor.accounts.models import Authority, User
from essor.accounts.models.authority import DEFAULT_ACCENT
from essor.accounts.validators import validate_accent, validate_siren, validate_slug_not_reserved
from essor.kernel.files import store


class AuthorityForm(forms.Form):
    """Create an authority, or change it: then its address stays."""

    name = forms.CharField(label=gettext_lazy("Nom"), max_length=200)
    slug = forms.SlugField(
        label=gettext_lazy("Adresse"),
        help_text=gettext_lazy(
            "Le mot qui suit le nom du site dans l’adresse, par exemple « haute-garonne ». Il ne changera plus."
        ),
        max_length=60,
        validators=[validate_slug_not_reserved],
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Nature"), choices=[("", gettext_lazy("Choisissez")), *AuthorityKind.choices]
    )
    territory = TerritoryField(label=gettext_lazy("Territoire"))
    siren = forms.CharField(
        label=gettext_lazy("SIREN"),
        required=False,
        max_length=11,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    presentation = forms.CharField(
        label=gettext_lazy("Présentation publique"),
        help_text=gettext_lazy("Quelques phrases, affichées sur la page d’accueil de la collectivité."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    accent = forms.CharField(
        label=gettext_lazy("Couleur d’accent"),
        help_text=gettext_lazy(
            "Couleur des boutons et des liens. Une couleur trop claire pour être lue est refusée."
        ),
        initial=DEFAULT_ACCENT,
        max_length=7,
        validators=[validate_accent],
        widget=forms.TextInput(attrs={"type": "color"}),
    )
    logo = forms.FileField(
        label=gettext_lazy("Logo"), help_text=gettext_lazy("PNG, JPEG ou WebP, 1 Mo au plus."), required=False
    )

    def __init__(self, *args: Any, authority: Authority | None = None, **kwargs: Any) -> None:
        self.authority = authority
        if authority is not None:
            kwargs["initial"] = _initial(authority)
        super().__init__(*args, **kwargs)
        if authority is not None:
            del self.fields["slug"]

    def clean_slug(self) -> str:
        """A new address, in lower case."""
        slug = self.cleaned_data["slug"].lower()
        if Authority.objects.filter(slug=slug).exists():
            raise ValidationError(_("Une autre collectivité porte déjà cette adresse."))
        return str(slug)

    def clean_siren(self) -> str:
        """Nine digits whose key is right, or nothing."""
        siren = self.cleaned_data["siren"].replace(" ", "").replace("\u00a0", "")
        if siren:
            validate_siren(siren)
        return str(siren)

    def fields_of(self, user: User, data: dict[str, Any]) -> dict[str, Any]:
        """What the action takes: the logo is stored first, and left as it is when none is given."""
        found = {name: value for name, value in data.items() if name != "logo"}
        if data.get("logo"):
            found["logo"] = store(
                data["logo"],
                purpose=files.LOGO,
                allowed=files.LOGO_KINDS,
                max_bytes=files.LOGO_MAX_BYTES,
                authority_id=self.authority.pk if self.authority else None,
                uploaded_by=user.pk,
            )
        return found


def _initial(authority: Authority) -> dict[str, Any]:
    return {
        "name": authority.name,
        "kind": authority.kind,
        "territory": authority.territory,
        "siren": authority.siren,
        "presentation": authority.presentation,
        "accent": authority.accent,
    }
