"""Roles that a team can give: those of the house and those that levers add."""

from django.utils.translation import gettext as _

from essor.accounts.enums import AGENT, ELECTED, EXPERT, MANAGER, InstallationRoleKind
from essor.kernel.lever import Role, levers


def house_roles() -> list[Role]:
    """Roles that exist without any lever."""
    return [
        Role(AGENT, _("Agente ou agent"), _("travaille dans les pages de la collectivité")),
        Role(MANAGER, _("Responsable de l’équipe"), _("invite les personnes, donne et retire les rôles")),
        Role(
            EXPERT,
            _("Experte ou expert extérieur"),
            _("donne un avis sur ce qui lui est confié, rien de plus"),
        ),
    ]


def grantable_roles() -> list[Role]:
    """Roles that a team can give: the house's, then those of levers. `elected` is held by a mandate."""
    return house_roles() + [role for lever in levers() for role in lever.roles if role.scope == "authority"]


def elected_role() -> Role:
    """The role that a running mandate gives."""
    return Role(ELECTED, _("Élue ou élu"), _("consulte et décide pour la collectivité pendant son mandat"))


def role_label(code: str) -> str:
    """French label of a role; its code when the room that added it is gone."""
    if code in InstallationRoleKind.values:
        return str(InstallationRoleKind(code).label)
    return next((role.label for role in [*grantable_roles(), elected_role()] if role.code == code), code)
