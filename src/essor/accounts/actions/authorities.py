"""What the administration does to authorities and to the installation's own roles."""

from datetime import date
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from essor.accounts.actions.checks import Actor, actor_id, must_administer
from essor.accounts.actions.people import create_user
from essor.accounts.actions.team import close, must_end_after_start
from essor.accounts.enums import InstallationRoleKind
from essor.accounts.models import Authority, InstallationRole, User
from essor.accounts.models.user import fold_email
from essor.kernel import audit
from essor.kernel.periods import today

# What may change once an authority exists. Its address never does: it stands in letters, links and QR codes.
EDITABLE = ("name", "kind", "territory", "siren", "accent", "logo", "presentation")


@transaction.atomic
def create_authority(actor: Actor, **fields: Any) -> Authority:
    """A new authority; ValidationError names each field that is wrong."""
    must_administer(actor, today())
    authority = Authority(**fields)
    authority.full_clean(exclude=["territory"] if authority.territory_id is None else None)
    authority.save()
    data = {"name": authority.name}
    audit.record(
        "accounts.authority.created",
        actor_id=actor_id(actor),
        subject=authority,
        authority_id=authority.pk,
        data=data,
    )
    return authority


@transaction.atomic
def update_authority(actor: Actor, authority: Authority, **fields: Any) -> None:
    """Change the identity of an authority (`EDITABLE` fields only)."""
    must_administer(actor, today())
    for field, value in fields.items():
        if field not in EDITABLE:
            raise ValueError(f"{field} never changes")
        setattr(authority, field, value)
    authority.full_clean()
    authority.save()
    data = {"name": authority.name, "fields": ", ".join(sorted(fields))}
    audit.record(
        "accounts.authority.updated",
        actor_id=actor_id(actor),
        subject=authority,
        authority_id=authority.pk,
        data=data,
    )


@transaction.atomic
def grant_installation_role(actor: Actor, user: User, role: str, *, day: date) -> InstallationRole:
    """Give a role over the installation from the day."""
    must_administer(actor, day)
    if role not in InstallationRoleKind.values:
        raise ValidationError(_("Le rôle « %(role)s » n’existe pas.") % {"role": role})
    if user.installation_roles.not_past(day).filter(role=role).exists():
        raise ValidationError(_("Cette personne a déjà ce rôle."))
    granted = InstallationRole.objects.create(user=user, role=role, start=day)
    _log_role(actor, "accounts.installation_role.granted", granted)
    return granted


@transaction.atomic
def end_installation_role(actor: Actor, role: InstallationRole, *, end: date, day: date) -> None:
    """End a role over the installation; the last administrator stays."""
    must_administer(actor, day)
    must_end_after_start(role, end)
    if role.role == InstallationRoleKind.ADMINISTRATOR:
        others = InstallationRole.objects.on(end).filter(role=role.role, user__is_active=True)
        if not others.exclude(user=role.user_id).exists():
            raise ValidationError(
                _("Nommez d’abord une autre personne à l’administration de l’installation.")
            )
    _log_role(actor, "accounts.installation_role.ended", role)
    close(role, end)


def _log_role(actor: Actor, code: str, role: InstallationRole) -> None:
    data = {"role": str(InstallationRoleKind(role.role).label)}
    audit.record(code, actor_id=actor_id(actor), subject=f"accounts.user:{role.user_id}", data=data)


@transaction.atomic
def make_administrator(email: str, full_name: str, password: str) -> bool:
    """The command line's way in: make a person administrator today, with a new account when they have none.

    True when the account was made; an existing one keeps its password. ValidationError when the password is weak, the
    address wrong, or the person already an administrator.
    """
    user = User.objects.filter(email=fold_email(email)).first()
    created = user is None
    if user is None:
        validate_password(password, User(email=email, full_name=full_name))
        user = create_user(None, email, full_name, password)
    grant_installation_role(None, user, InstallationRoleKind.ADMINISTRATOR, day=today())
    return created
