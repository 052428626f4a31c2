"""What is done to accounts: made, changed, stopped, started again, freed from a lost telephone."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from essor.accounts import mail
from essor.accounts.actions.checks import Actor, actor_id, must_administer
from essor.accounts.models import User
from essor.kernel import audit, retention
from essor.kernel.periods import today


def _log(actor: Actor, code: str, user: User) -> None:
    audit.record(code, actor_id=actor_id(actor), subject=user)


@transaction.atomic
def create_user(actor: Actor, email: str, full_name: str, password: str | None) -> User:
    """A new account; without password the person asks for one by « mot de passe oublié »."""
    must_administer(actor, today())
    user = User(email=email, full_name=" ".join(full_name.split()))
    user.set_password(password)
    user.full_clean(exclude=["password"])
    user.save()
    _log(actor, "accounts.user.created", user)
    return user


@transaction.atomic
def update_profile(user: User, *, full_name: str) -> None:
    """A person changes their own name."""
    user.full_name = " ".join(full_name.split())
    user.full_clean(exclude=["password"])
    user.save()
    _log(user, "accounts.user.updated", user)


@transaction.atomic
def deactivate(actor: Actor, user: User) -> None:
    """Stop an account: nobody can sign in with it and its open sessions end; roles stay written with their dates."""
    must_administer(actor, today())
    if actor is not None and actor.pk == user.pk:
        raise ValidationError(_("Vous ne pouvez pas désactiver votre propre compte."))
    if not user.is_active:
        raise ValidationError(_("Ce compte est déjà désactivé."))
    user.is_active = False
    user.save(update_fields=["is_active"])
    _log(actor, "accounts.user.deactivated", user)


@transaction.atomic
def reactivate(actor: Actor, user: User) -> None:
    """Let a person sign in again."""
    must_administer(actor, today())
    if user.is_active:
        raise ValidationError(_("Ce compte est déjà actif."))
    user.is_active = True
    user.save(update_fields=["is_active"])
    _log(actor, "accounts.user.reactivated", user)


@transaction.atomic
def reset_second_factor(actor: Actor, user: User) -> None:
    """Remove the second factor of a person who lost telephone and codes: they are told, and set it up again."""
    must_administer(actor, today())
    if actor is not None and actor.pk == user.pk:
        raise ValidationError(_("Une autre personne de l’administration doit le faire pour vous."))
    removed, _per_model = Authenticator.objects.filter(user=user).delete()
    if not removed:
        raise ValidationError(_("Cette personne n’a pas de double authentification."))
    mail.post_security_mail("mfa/email/totp_deactivated", user.email, {})
    _log(actor, "accounts.user.second_factor_reset", user)


@transaction.atomic
def anonymise(user: User) -> None:
    """Erase who the person was, once kept long enough; dated rows and the log keep only the account's number."""
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    user.email = f"anonyme-{user.pk}@invalid"
    user.full_name = _("Personne dont le compte a été effacé")
    user.is_active = False
    user.set_unusable_password()
    user.save()
    _log(None, "accounts.user.anonymised", user)


@transaction.atomic
def export_mine(user: User) -> dict[str, Any]:
    """What the installation keeps of a person, given to them; the log remembers that it was."""
    found = retention.export_for(user.pk)
    _log(user, "accounts.user.exported", user)
    return found
