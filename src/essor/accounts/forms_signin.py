"""The library's forms of sign-in and security, in our words: plain labels, no placeholder that repeats them."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django.utils.translation import gettext_lazy as _

LABELS = {
    "login": _("Adresse électronique"),
    "email": _("Adresse électronique"),
    "password": _("Mot de passe"),
    "remember": _("Rester en session sur cet appareil"),
    "oldpassword": _("Mot de passe actuel"),
    "password1": _("Nouveau mot de passe"),
    "password2": _("Nouveau mot de passe, une seconde fois"),
    "code": _("Code"),
}
RULE = _("Au moins 12 caractères. Une suite de mots connue de vous seulement convient très bien.")


class InOurWords:
    """Labels and help of ours on a form of the library."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.help_text = RULE if name == "password1" else ""
            field.widget.attrs.pop("placeholder", None)


class LoginForm(InOurWords, account.LoginForm):
    """E-mail, password, and whether this device is one's own."""


class ResetPasswordForm(InOurWords, account.ResetPasswordForm):
    """The address of a forgotten password."""


class ResetPasswordKeyForm(InOurWords, account.ResetPasswordKeyForm):
    """A new password, from the link."""


class ChangePasswordForm(InOurWords, account.ChangePasswordForm):
    """A new password, with the present one."""


class ReauthenticateForm(InOurWords, account.ReauthenticateForm):
    """The password once more."""


class AuthenticateForm(InOurWords, mfa.AuthenticateForm):
    """The code at sign-in."""


class ReauthenticateCodeForm(InOurWords, mfa.ReauthenticateForm):
    """The code once more."""


class ActivateTOTPForm(InOurWords, totp.ActivateTOTPForm):
    """The first code, which proves that the telephone is set."""
