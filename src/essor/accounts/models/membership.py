"""Who works for, or sits in, which authority, from when to when, and what they may do there."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from essor.accounts.enums import ELECTED, InstallationRoleKind
from essor.accounts.models.authority import Authority, Service
from essor.accounts.models.dated import DatedModel
from essor.accounts.roles import role_label


class Membership(DatedModel):
    """A person in an authority, and in one of its services if any, for a period.

    A change of service ends a membership and opens the next one: the past stays true.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    authority = models.ForeignKey(Authority, on_delete=models.CASCADE, related_name="memberships")
    service = models.ForeignKey(
        Service,
        verbose_name=_("service"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
    )

    class Meta(DatedModel.Meta):
        verbose_name = _("appartenance")
        constraints = [
            *DatedModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["user", "authority"],
                condition=models.Q(end__isnull=True),
                name="accounts_membership_open",
                violation_error_message=_("Cette personne fait déjà partie de la collectivité."),
            ),
        ]
        indexes = [models.Index(fields=["authority", "start"], name="accounts_membership_authority")]

    def __str__(self) -> str:
        return f"{self.user_id}@{self.authority_id}"


class RoleGrant(DatedModel):
    """A role given to a person in an authority: agent, external expert, or one added by a lever."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(_("rôle"), max_length=40)

    class Meta(DatedModel.Meta):
        verbose_name = _("rôle")
        constraints = [
            *DatedModel.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(role__in=["", ELECTED]),
                name="accounts_rolegrant_not_elected",
                violation_error_message=_("On est élue ou élu par un mandat, pas par un rôle."),
            ),
            models.UniqueConstraint(
                fields=["membership", "role"],
                condition=models.Q(end__isnull=True),
                name="accounts_rolegrant_open",
                violation_error_message=_("Cette personne a déjà ce rôle."),
            ),
        ]

    def __str__(self) -> str:
        return self.role

    @property
    def label(self) -> str:
        """French label of the role."""
        return role_label(self.role)


class Mandate(DatedModel):
    """An elected office in an authority, with what is delegated; it makes the person an elected member on its days."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="mandates")
    title = models.CharField(_("fonction"), max_length=200)
    delegation = models.TextField(_("délégation"), blank=True, max_length=2000)

    class Meta(DatedModel.Meta):
        verbose_name = _("mandat")
        constraints = [*DatedModel.Meta.constraints]

    def __str__(self) -> str:
        return self.title


class InstallationRole(DatedModel):
    """A role over the whole installation: administrator or editor of common contents."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="installation_roles"
    )
    role = models.CharField(_("rôle"), max_length=20, choices=InstallationRoleKind)

    class Meta(DatedModel.Meta):
        verbose_name = _("rôle d’installation")
        constraints = [
            *DatedModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=models.Q(end__isnull=True),
                name="accounts_installationrole_open",
                violation_error_message=_("Cette personne a déjà ce rôle."),
            ),
        ]

    def __str__(self) -> str:
        return self.role
