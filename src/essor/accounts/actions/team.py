"""What is done to a team: members, services, roles, mandates. Each act: check, one transaction, one line of log."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from essor.accounts.actions.checks import Actor, actor_id, must_manage_team, told, told_roles
from essor.accounts.enums import ELECTED, MANAGER
from essor.accounts.models import Authority, DatedModel, Mandate, Membership, RoleGrant, Service, User
from essor.accounts.models.dated import running
from essor.accounts.roles import grantable_roles, role_label
from essor.kernel import audit


def check_roles(roles: Iterable[str]) -> None:
    """Refuse a role that no room knows, or that is not given but held through a mandate."""
    known = {role.code for role in grantable_roles()}
    for role in roles:
        if role == ELECTED:
            raise ValidationError(_("On est élue ou élu par un mandat : ajoutez un mandat."))
        if role not in known:
            raise ValidationError(_("Le rôle « %(role)s » n’existe pas.") % {"role": role})


def check_service(authority: Authority, service: Service | None, day: date) -> None:
    """Refuse a service of another authority, or that is closed on the day."""
    if service is None:
        return
    if service.authority_id != authority.pk:
        raise ValidationError(_("Ce service n’est pas de cette collectivité."))
    if not service.period.contains(day):
        raise ValidationError(_("Ce service n’existe pas à cette date."))


def close(row: DatedModel, day: date) -> None:
    """End a dated row: it no longer counts from the day. What had not begun the day before never was: it is removed."""
    if row.start >= day:
        row.delete()
    elif row.end is None or row.end > day:
        row.end = day
        row.save(update_fields=["end"])


def must_end_after_start(row: DatedModel, day: date) -> None:
    """Refuse an end before the beginning, or on what has already ended."""
    if row.end is not None and row.end <= day:
        raise ValidationError(_("C’est déjà terminé."))
    if day < row.start:
        raise ValidationError(_("La fin ne peut pas précéder le début."))


@transaction.atomic
def add_member(
    actor: Actor,
    authority: Authority,
    user: User,
    *,
    day: date,
    start: date | None = None,
    roles: Iterable[str] = (),
    service: Service | None = None,
    mandate_title: str = "",
    delegation: str = "",
) -> Membership:
    """Make a person a member from `start` (that of the act unless told), with roles and, given a title, a mandate."""
    must_manage_team(actor, authority, day)
    return open_membership(
        actor,
        authority,
        user,
        start=start or day,
        roles=roles,
        service=service,
        mandate_title=mandate_title,
        delegation=delegation,
    )


def open_membership(
    actor: Actor,
    authority: Authority,
    user: User,
    *,
    start: date,
    roles: Iterable[str],
    service: Service | None,
    mandate_title: str,
    delegation: str = "",
) -> Membership:
    """The rows of a new member, and its line of log; whoever calls has checked the right to do it."""
    wanted = sorted(set(roles))
    check_roles(wanted)
    check_service(authority, service, start)
    if not wanted and not mandate_title:
        raise ValidationError(_("Donnez au moins un rôle, ou un mandat."))
    if Membership.objects.not_past(start).filter(user=user, authority=authority).exists():
        raise ValidationError(_("Cette personne fait déjà partie de l’équipe."))
    membership = Membership.objects.create(user=user, authority=authority, service=service, start=start)
    RoleGrant.objects.bulk_create(RoleGrant(membership=membership, role=role, start=start) for role in wanted)
    if mandate_title:
        Mandate.objects.create(membership=membership, title=mandate_title, delegation=delegation, start=start)
    told_as = told_roles(wanted, elected=bool(mandate_title))
    _log(
        actor, "accounts.member.added" if actor else "accounts.member.joined", membership, {"roles": told_as}
    )
    return membership


def _log(actor: Actor, code: str, membership: Membership, data: dict[str, str]) -> None:
    audit.record(
        code,
        actor_id=actor_id(actor),
        subject=f"accounts.user:{membership.user_id}",
        authority_id=membership.authority_id,
        data=data,
    )


@transaction.atomic
def change_service(
    actor: Actor, membership: Membership, service: Service | None, *, start: date, day: date
) -> Membership:
    """Move a person to another service from `start`: the next membership takes over their roles and mandates."""
    must_manage_team(actor, membership.authority, day)
    check_service(membership.authority, service, start)
    if membership.service_id == (service.pk if service else None):
        raise ValidationError(_("La personne est déjà dans ce service."))
    if not membership.period.contains(start):
        raise ValidationError(_("Cette personne ne fait pas partie de l’équipe à cette date."))
    if membership.start == start:
        membership.service = service
        membership.save(update_fields=["service"])
        following = membership
    else:
        following = _continued(membership, service, start)
    _log(
        actor,
        "accounts.member.moved",
        following,
        {"service": service.name if service else _("aucun service"), "since": told(start)},
    )
    return following


def _continued(membership: Membership, service: Service | None, day: date) -> Membership:
    """The membership that follows another from the day; running and coming roles and mandates go with it."""
    end, membership.end = membership.end, day
    membership.save(update_fields=["end"])
    following = Membership.objects.create(
        user_id=membership.user_id, authority_id=membership.authority_id, service=service, start=day, end=end
    )
    rows: list[RoleGrant | Mandate] = [
        *membership.grants.not_past(day),
        *membership.mandates.not_past(day),
    ]
    for row in rows:
        start, row_end = max(row.start, day), row.end
        close(row, day)
        row.pk, row.membership, row.start, row.end = None, following, start, row_end
        row._state.adding = True
        row.save()
    return following


@transaction.atomic
def grant_role(
    actor: Actor, membership: Membership, role: str, *, start: date, end: date | None, day: date
) -> RoleGrant:
    """Give a role for a period, to a person who is a member on its first day."""
    must_manage_team(actor, membership.authority, day)
    check_roles([role])
    if not membership.period.contains(start):
        raise ValidationError(_("Cette personne ne fait pas partie de l’équipe à cette date."))
    if any(grant.period.contains(start) for grant in membership.grants.filter(role=role)):
        raise ValidationError(_("Cette personne a déjà ce rôle à cette date."))
    grant = RoleGrant(membership=membership, role=role, start=start, end=end)
    grant.full_clean()
    grant.save()
    _log(actor, "accounts.role.granted", membership, {"role": role_label(role), "since": told(start)})
    return grant


@transaction.atomic
def end_role(actor: Actor, grant: RoleGrant, *, end: date, day: date) -> None:
    """End a role: it no longer counts from `end`. The last person in charge of the team cannot be removed."""
    membership = grant.membership
    must_manage_team(actor, membership.authority, day)
    must_end_after_start(grant, end)
    if grant.role == MANAGER and actor is not None:
        _must_leave_a_manager(membership, end)
    role = grant.role
    close(grant, end)
    _log(actor, "accounts.role.ended", membership, {"role": role_label(role), "since": told(end)})


def _must_leave_a_manager(membership: Membership, day: date) -> None:
    """Refuse to leave the team without anyone in charge on the day."""
    others = RoleGrant.objects.on(day).filter(
        running(day, "membership__"),
        role=MANAGER,
        membership__authority_id=membership.authority_id,
        membership__user__is_active=True,
    )
    if not others.exclude(membership__user_id=membership.user_id).exists():
        raise ValidationError(_("Nommez d’abord une autre personne responsable de l’équipe."))


@transaction.atomic
def add_mandate(
    actor: Actor,
    membership: Membership,
    *,
    title: str,
    delegation: str,
    start: date,
    end: date | None,
    day: date,
) -> Mandate:
    """Give a mandate for a period, to a person who is a member on its first day."""
    must_manage_team(actor, membership.authority, day)
    if not membership.period.contains(start):
        raise ValidationError(_("Cette personne ne fait pas partie de l’équipe à cette date."))
    mandate = Mandate(membership=membership, title=title, delegation=delegation, start=start, end=end)
    mandate.full_clean()
    mandate.save()
    _log(actor, "accounts.mandate.added", membership, {"since": told(start)})
    return mandate


@transaction.atomic
def end_mandate(actor: Actor, mandate: Mandate, *, end: date, day: date) -> None:
    """End a mandate: it no longer counts from `end`."""
    membership = mandate.membership
    must_manage_team(actor, membership.authority, day)
    must_end_after_start(mandate, end)
    close(mandate, end)
    _log(actor, "accounts.mandate.ended", membership, {"since": told(end)})


@transaction.atomic
def end_membership(actor: Actor, membership: Membership, *, end: date, day: date) -> None:
    """A person leaves: membership, roles and mandates no longer count from `end`."""
    must_manage_team(actor, membership.authority, day)
    must_end_after_start(membership, end)
    if actor is not None and membership.grants.on(end).filter(role=MANAGER).exists():
        _must_leave_a_manager(membership, end)
    user_id, authority_id = membership.user_id, membership.authority_id
    for row in [*membership.grants.not_past(end), *membership.mandates.not_past(end), membership]:
        close(row, end)
    audit.record(
        "accounts.member.left",
        actor_id=actor_id(actor),
        subject=f"accounts.user:{user_id}",
        authority_id=authority_id,
        data={"since": told(end)},
    )
