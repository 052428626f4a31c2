"""Tables of people, authorities and the dated links between them."""

from essor.accounts.models.authority import Authority, Service
from essor.accounts.models.dated import DatedModel, DatedQuerySet
from essor.accounts.models.invitation import Invitation
from essor.accounts.models.membership import InstallationRole, Mandate, Membership, RoleGrant
from essor.accounts.models.signup import SignUp
from essor.accounts.models.user import User, UserManager

__all__ = [
    "Authority",
    "DatedModel",
    "DatedQuerySet",
    "InstallationRole",
    "Invitation",
    "Mandate",
    "Membership",
    "RoleGrant",
    "Service",
    "SignUp",
    "User",
    "UserManager",
]
