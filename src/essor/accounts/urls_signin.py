"""The addresses of allauth that we use, in French, and who may see each. Others (sign-up…) do not exist here."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import URLPattern, path, re_path

from essor.kernel.access import declare_third_party, everyone, signed_in

_FOR_ALL: list[URLPattern] = [
    path("connexion/", account.login, name="account_login"),
    path("deconnexion/", account.logout, name="account_logout"),
    path("inactif/", account.account_inactive, name="account_inactive"),
    path("mot-de-passe/oublie/", account.password_reset, name="account_reset_password"),
    path("mot-de-passe/oublie/envoye/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "mot-de-passe/change/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("double-authentification/code/", mfa.authenticate, name="mfa_authenticate"),
]

_FOR_SIGNED_IN: list[URLPattern] = [
    path("mot-de-passe/", account.password_change, name="account_change_password"),
    path("confirmer/", account.reauthenticate, name="account_reauthenticate"),
    path("double-authentification/", mfa.index, name="mfa_index"),
    path("double-authentification/confirmer/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("double-authentification/activer/", totp.activate_totp, name="mfa_activate_totp"),
    path("double-authentification/retirer/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("codes-de-secours/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("codes-de-secours/renouveler/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("codes-de-secours/telecharger/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]

declare_third_party([str(pattern.name) for pattern in _FOR_ALL], everyone)
declare_third_party([str(pattern.name) for pattern in _FOR_SIGNED_IN], signed_in)

urlpatterns: list[URLPattern] = [*_FOR_ALL, *_FOR_SIGNED_IN]
