"""Messages of the room: every one goes through the outbox, in our words."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from essor.accounts.models import Invitation, SignUp
from essor.accounts.roles import role_label
from essor.kernel import french, outbox

TEMPLATE = "accounts/mail/message"


@dataclass(frozen=True)
class Event:
    """What is told of a change in the security of an account."""

    subject: str | Promise
    text: str | Promise
    action: str | Promise = ""


_IF_NOT_YOU = gettext_lazy(
    "Si ce n’est pas vous, changez tout de suite votre mot de passe et prévenez l’administration d’Essor."
)

EVENTS: dict[str, Event] = {
    "account/email/password_reset_key": Event(
        gettext_lazy("Choisir un nouveau mot de passe"),
        gettext_lazy(
            "Une demande de nouveau mot de passe a été faite pour votre compte. "
            "Si elle ne vient pas de vous, ne faites rien : votre mot de passe reste le même."
        ),
        gettext_lazy("Choisir un nouveau mot de passe"),
    ),
    "account/email/password_reset": Event(
        gettext_lazy("Votre mot de passe a été changé"),
        gettext_lazy("Un nouveau mot de passe vient d’être choisi pour votre compte."),
    ),
    "account/email/password_changed": Event(
        gettext_lazy("Votre mot de passe a été changé"),
        gettext_lazy("Le mot de passe de votre compte vient d’être changé."),
    ),
    "mfa/email/totp_activated": Event(
        gettext_lazy("Double authentification activée"),
        gettext_lazy("Votre compte demande désormais un code de votre téléphone à chaque connexion."),
    ),
    "mfa/email/totp_deactivated": Event(
        gettext_lazy("Double authentification retirée"),
        gettext_lazy(
            "Votre compte ne demande plus de code à la connexion. Il vous sera peut-être proposé d’en régler une autre."
        ),
    ),
    "mfa/email/recovery_codes_generated": Event(
        gettext_lazy("Nouveaux codes de secours"),
        gettext_lazy(
            "De nouveaux codes de secours ont été créés pour votre compte ; les anciens ne fonctionnent plus."
        ),
    ),
}


def post_security_mail(event: str, email: str, context: dict[str, Any]) -> None:
    """Queue the message of a security event named by allauth; LookupError when the event has no words here."""
    told = EVENTS[event]
    paragraphs = [str(told.text)] if told.action else [str(told.text), str(_IF_NOT_YOU)]
    # The settings' address, not the request's: a forged Host header must not choose where the link leads.
    path = urlsplit(context.get("password_reset_url", "")).path
    outbox.post(
        email,
        str(told.subject),
        TEMPLATE,
        {
            "heading": told.subject,
            "paragraphs": paragraphs,
            "action_label": told.action,
            "action_url": f"{settings.PUBLIC_URL}{path}" if told.action else "",
            "note": _("Ce lien fonctionne une seule fois, pendant trois jours.") if told.action else "",
        },
    )


def post_invitation(invitation: Invitation, token: str) -> None:
    """Queue the message that holds the link of an invitation; the token is nowhere else."""
    authority = invitation.authority.name
    roles = [role_label(role) for role in invitation.roles] + (
        [invitation.mandate_title] if invitation.mandate_title else []
    )
    outbox.post(
        invitation.email,
        _("%(authority)s vous invite sur Essor") % {"authority": authority},
        TEMPLATE,
        {
            "heading": _("%(authority)s vous invite sur Essor") % {"authority": authority},
            "paragraphs": [
                _("Essor est l’outil de %(authority)s pour l’économie sociale et solidaire.")
                % {"authority": authority},
                _("Vous y aurez ces rôles : %(roles)s.") % {"roles": ", ".join(roles)},
            ],
            "action_label": _("Rejoindre l’équipe"),
            "action_url": f"{settings.PUBLIC_URL}{reverse('invitation', kwargs={'token': token})}",
            "note": _("Ce lien vous est personnel et fonctionne une seule fois, jusqu’au %(day)s.")
            % {"day": french.day(invitation.expires_at)},
        },
    )


def post_sign_up(row: SignUp, token: str) -> None:
    """Queue the message that holds the link of a new account; the token is nowhere else."""
    outbox.post(
        row.email,
        _("Ouvrir votre compte sur Essor"),
        TEMPLATE,
        {
            "heading": _("Ouvrir votre compte"),
            "paragraphs": [
                _("Vous avez demandé un compte pour agir au nom d’une organisation du registre."),
                _("Si cette demande ne vient pas de vous, ne faites rien : aucun compte ne s’ouvre."),
            ],
            "action_label": _("Choisir mon mot de passe"),
            "action_url": f"{settings.PUBLIC_URL}{reverse('sign-up-open', kwargs={'token': token})}",
            "note": _("Ce lien fonctionne une seule fois, jusqu’au %(day)s.")
            % {"day": french.day(row.expires_at)},
        },
    )


def post_already_known(email: str, next_path: str) -> None:
    """Queue the message for an address that already has an account: only its owner learns it."""
    outbox.post(
        email,
        _("Vous avez déjà un compte sur Essor"),
        TEMPLATE,
        {
            "heading": _("Vous avez déjà un compte"),
            "paragraphs": [
                _("Quelqu’un, sans doute vous, a demandé un compte avec cette adresse, qui en a déjà un."),
                _(
                    "Connectez-vous ; si vous avez oublié le mot de passe, la page de connexion en propose un nouveau."
                ),
            ],
            "action_label": _("Me connecter"),
            "action_url": f"{settings.PUBLIC_URL}{reverse('account_login')}?next={next_path}",
            "note": "",
        },
    )
