"""What users do to accounts: the only writers of the room's tables."""

from essor.accounts.actions.authorities import (
    create_authority,
    end_installation_role,
    grant_installation_role,
    make_administrator,
    update_authority,
)
from essor.accounts.actions.checks import Actor
from essor.accounts.actions.invitations import Offer, accept, find_open, invite, resend, revoke
from essor.accounts.actions.people import (
    anonymise,
    create_user,
    deactivate,
    export_mine,
    reactivate,
    reset_second_factor,
    update_profile,
)
from essor.accounts.actions.services import close_service, create_service, rename_service
from essor.accounts.actions.signup import ask_account, find_sign_up, open_account, safe_path
from essor.accounts.actions.team import (
    add_mandate,
    add_member,
    change_service,
    end_mandate,
    end_membership,
    end_role,
    grant_role,
)
from essor.accounts.sentences import register_all

register_all()

__all__ = [
    "Actor",
    "Offer",
    "accept",
    "add_mandate",
    "add_member",
    "anonymise",
    "ask_account",
    "change_service",
    "close_service",
    "create_authority",
    "create_service",
    "create_user",
    "deactivate",
    "end_installation_role",
    "end_mandate",
    "end_membership",
    "end_role",
    "export_mine",
    "find_open",
    "find_sign_up",
    "grant_installation_role",
    "grant_role",
    "invite",
    "make_administrator",
    "open_account",
    "reactivate",
    "rename_service",
    "resend",
    "reset_second_factor",
    "revoke",
    "safe_path",
    "update_authority",
    "update_profile",
]
