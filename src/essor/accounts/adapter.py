"""What allauth asks us: mail goes through the outbox, the QR code is drawn by us."""

import io
import time
from typing import Any, ClassVar

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from essor.accounts import mail
from essor.accounts.home import home_address
from essor.accounts.models import User
from essor.accounts.rights import Rights, rights_of
from essor.kernel.periods import today

FRESH_SECONDS = 300


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by e-mail and password, its own sign-up closed: ours sends a link first."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "Adresse électronique ou mot de passe incorrect. Vérifiez les deux, puis recommencez."
        ),
        "too_many_login_attempts": _(
            "Trop d’essais infructueux. Par sécurité, attendez cinq minutes avant de recommencer, "
            "ou demandez un nouveau mot de passe."
        ),
        "rate_limited": _("Trop de demandes en peu de temps. Attendez une minute, puis recommencez."),
        "incorrect_password": _("Mot de passe incorrect."),
        "incorrect_code": _("Code incorrect. Vérifiez que l’heure de votre téléphone est juste."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never by the library's pages: accounts come from invitations, or from our own page with a link first."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where a person works: the agent's home of their only authority, the installation, else their account."""
        return home_address(rights_of(request))

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """The home of the installation."""
        return reverse("home")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """The page of the account."""
        return reverse("account")

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Check the password of a person already signed in, under the same limits as a sign-in."""
        found = self.authenticate(self.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether the person must prove who they are again: not in the five minutes that follow a sign-in."""
        records = get_authentication_records(self.request, self.request.user)
        latest = max((record["at"] for record in records), default=0)
        return time.time() - latest >= FRESH_SECONDS and super().is_reauthentication_required(
            app=app, **kwargs
        )

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the French message for this event; an event that we do not know is a fault of ours."""
        mail.post_security_mail(template_prefix, email, context)

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell a person that the security of their account changed."""
        self.send_mail(template_prefix, email or user.email, context or {})


class MFAAdapter(DefaultMFAAdapter):
    """The second factor: a code every thirty seconds, and recovery codes."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "cannot_delete_authenticator": _(
            "Votre rôle demande une double authentification : vous ne pouvez pas la retirer."
        ),
    }

    def build_totp_svg(self, url: str) -> str:
        """The QR code of a set-up address, as SVG without script nor style."""
        out = io.BytesIO()
        segno.make(url, error="m", micro=False).save(
            out, kind="svg", scale=5, border=3, light="#ffffff", xmldecl=False
        )
        return out.getvalue().decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """False while the person's roles demand a second factor."""
        user: User = authenticator.user
        return not (settings.REQUIRE_TOTP and Rights(user.pk, today()).needs_second_factor)
