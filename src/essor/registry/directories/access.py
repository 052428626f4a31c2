"""Who imports partner directories and confirms what they say."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from essor.accounts.actions.checks import Actor
from essor.accounts.enums import AGENT
from essor.accounts.models import Authority
from essor.accounts.rights import Rights, rights_of
from essor.kernel.files import register_purpose
from essor.kernel.models import StoredFile

PURPOSE = "registry.directory"


def imports_directories(request: HttpRequest) -> bool:
    """Les agentes et agents de cette collectivité pour ses annuaires ; l’administration de l’installation pour tous."""
    authority = getattr(request, "authority", None)
    rights = rights_of(request)
    return rights.is_installation_admin or (authority is not None and rights.has(authority.pk, AGENT))


def must_import(actor: Actor, authority: Authority | None, day: date) -> None:
    """Refuse, with the rule, who may not import the directories of this authority (None: of the installation)."""
    if actor is None:
        return
    rights = Rights(actor.pk, day)
    if rights.is_installation_admin or (authority is not None and rights.has(authority.pk, AGENT)):
        return
    raise PermissionDenied(imports_directories.__doc__)


def reads_file(request: HttpRequest, stored: StoredFile) -> bool:
    """Les agentes et agents de la collectivité qui l’a déposé, et l’administration de l’installation."""
    rights = rights_of(request)
    return rights.is_installation_admin or rights.has(stored.authority_id, AGENT)


register_purpose(PURPOSE, reads_file)
