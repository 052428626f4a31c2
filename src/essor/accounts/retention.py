"""Personal data of the room: why, on what ground, how long, how they are erased and given back."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from essor.accounts.models import InstallationRole, Invitation, Mandate, Membership, RoleGrant, SignUp, User
from essor.accounts.roles import role_label
from essor.kernel.periods import PARIS
from essor.kernel.retention import Retention, Row, register

# Without any role and without sign-in for three years, an account is no longer needed (CNIL, référentiel « gestion
# des activités », durée d’inactivité usuelle).
INACTIVITY = timedelta(days=3 * 365)
INVITATIONS = timedelta(days=180)
ERASED_DOMAIN = "@invalid"

_TASK = _("Mission d’intérêt public (RGPD, article 6.1.e)")
_WITH_ACCOUNT = _("Comme le compte")


def idle_accounts(day: date) -> "Any":
    """Accounts that nobody used for three years and that no running or recent role still justifies."""
    before = datetime.combine(day - INACTIVITY, time(0), PARIS)
    still = Q(end__isnull=True) | Q(end__gt=day - INACTIVITY)
    rows = User.objects.filter(Q(last_login__lt=before) | Q(last_login__isnull=True, date_joined__lt=before))
    rows = rows.exclude(email__endswith=ERASED_DOMAIN)
    return rows.filter(
        ~Exists(Membership.objects.filter(still, user=OuterRef("pk"))),
        ~Exists(InstallationRole.objects.filter(still, user=OuterRef("pk"))),
    )


def anonymise_idle(day: date) -> int:
    """Make idle accounts anonymous; gives how many."""
    from essor.accounts.actions import anonymise

    found = list(idle_accounts(day))
    for user in found:
        anonymise(user)
    return len(found)


def erase_old_invitations(day: date) -> int:
    """Erase invitations six months after they expired, whatever became of them; gives how many."""
    before = datetime.combine(day - INVITATIONS, time(0), PARIS)
    return Invitation.objects.filter(expires_at__lt=before).delete()[0]


def erase_old_sign_ups(day: date) -> int:
    """Erase requests of accounts a week after they were made, used or not; gives how many."""
    before = datetime.combine(day - timedelta(days=7), time(0), PARIS)
    return SignUp.objects.filter(created_at__lt=before).delete()[0]


def _account(user_id: int) -> Iterable[Row]:
    rows = User.objects.filter(pk=user_id)
    return (
        {
            "adresse électronique": user.email,
            "prénom et nom": user.full_name,
            "compte créé le": user.date_joined,
            "dernière connexion": user.last_login,
        }
        for user in rows
    )


def _memberships(user_id: int) -> Iterable[Row]:
    rows = Membership.objects.filter(user_id=user_id).select_related("authority", "service").order_by("start")
    return (
        {
            "collectivité": row.authority.name,
            "service": row.service.name if row.service else "",
            "début": row.start,
            "fin": row.end,
        }
        for row in rows
    )


def _roles(user_id: int) -> Iterable[Row]:
    rows = (
        RoleGrant.objects.filter(membership__user_id=user_id)
        .select_related("membership__authority")
        .order_by("start")
    )
    return (
        {
            "collectivité": row.membership.authority.name,
            "rôle": role_label(row.role),
            "début": row.start,
            "fin": row.end,
        }
        for row in rows
    )


def _mandates(user_id: int) -> Iterable[Row]:
    rows = (
        Mandate.objects.filter(membership__user_id=user_id)
        .select_related("membership__authority")
        .order_by("start")
    )
    return (
        {
            "collectivité": row.membership.authority.name,
            "fonction": row.title,
            "délégation": row.delegation,
            "début": row.start,
            "fin": row.end,
        }
        for row in rows
    )


def _installation_roles(user_id: int) -> Iterable[Row]:
    rows = InstallationRole.objects.filter(user_id=user_id).order_by("start")
    return ({"rôle": row.get_role_display(), "début": row.start, "fin": row.end} for row in rows)


def _invitations(user_id: int) -> Iterable[Row]:
    address = User.objects.filter(pk=user_id).values("email")[:1]
    rows = Invitation.objects.filter(Q(email=address) | Q(accepted_by=user_id)).select_related("authority")
    return (
        {"collectivité": row.authority.name, "envoyée le": row.created_at, "acceptée le": row.accepted_at}
        for row in rows.order_by("created_at")
    )


def _second_factors(user_id: int) -> Iterable[Row]:
    rows = Authenticator.objects.filter(user_id=user_id).order_by("created_at")
    return (
        {"sorte": row.get_type_display(), "créé le": row.created_at, "utilisé le": row.last_used_at}
        for row in rows
    )


register(
    Retention(
        model="accounts.User",
        fields=("email", "full_name", "sort_key", "last_login"),
        purpose=_("Se connecter, et signer ses actes"),
        legal_basis=_TASK,
        kept=_(
            "Trois ans après la dernière connexion et la fin du dernier rôle ; le compte devient alors anonyme"
        ),
        apply=anonymise_idle,
        export=_account,
    )
)
register(
    Retention(
        model="accounts.Invitation",
        fields=("email", "mandate_title"),
        purpose=_("Ouvrir un compte aux personnes que la collectivité choisit"),
        legal_basis=_TASK,
        kept=_("Six mois après la fin de validité du lien"),
        apply=erase_old_invitations,
        export=_invitations,
    )
)
register(
    Retention(
        model="accounts.SignUp",
        fields=("email",),
        purpose=_("Vérifier l’adresse de qui ouvre un compte"),
        legal_basis=_TASK,
        kept=_("Une semaine après la demande"),
        apply=erase_old_sign_ups,
    )
)
register(
    Retention(
        model="accounts.Membership",
        fields=("user",),
        purpose=_("Savoir qui fait partie de chaque équipe, et de quel service"),
        legal_basis=_TASK,
        kept=_WITH_ACCOUNT,
        export=_memberships,
    )
)
register(
    Retention(
        model="accounts.RoleGrant",
        fields=("membership",),
        purpose=_("Savoir ce que chaque personne pouvait faire à la date d’un acte"),
        legal_basis=_TASK,
        kept=_WITH_ACCOUNT,
        export=_roles,
    )
)
register(
    Retention(
        model="accounts.Mandate",
        fields=("membership", "title", "delegation"),
        purpose=_("Savoir en quelle qualité une élue ou un élu a agi à la date d’un acte"),
        legal_basis=_TASK,
        kept=_WITH_ACCOUNT,
        export=_mandates,
    )
)
register(
    Retention(
        model="accounts.InstallationRole",
        fields=("user",),
        purpose=_("Savoir qui administre l’installation"),
        legal_basis=_TASK,
        kept=_WITH_ACCOUNT,
        export=_installation_roles,
    )
)
register(
    Retention(
        model="mfa.Authenticator",
        fields=("user", "data"),
        purpose=_("Vérifier l’identité de la personne par un second moyen"),
        legal_basis=_TASK,
        kept=_("Jusqu’à ce que la personne le retire, ou que le compte devienne anonyme"),
        export=_second_factors,
    )
)
register(
    Retention(
        model="account.EmailAddress",
        fields=("user", "email"),
        purpose=_("Retrouver le compte d’une adresse"),
        legal_basis=_TASK,
        kept=_WITH_ACCOUNT,
    )
)
