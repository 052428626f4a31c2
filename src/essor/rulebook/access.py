"""Who may see the pages of the law, add values to it, keep its answers. Reading it and asking it is open to all."""

from django.http import HttpRequest

from essor.accounts.access import installation_admin, member_of_authority, team_manager
from essor.kernel.access import everyone
from essor.rulebook.models import Note

__all__ = ["everyone", "installation_admin", "may_keep_notes", "may_withdraw"]


def may_keep_notes(request: HttpRequest) -> bool:
    """Les agentes, agents, élues, élus, expertes et experts de cette collectivité, pendant la durée de leur rôle."""
    return member_of_authority(request)


def may_withdraw(request: HttpRequest, note: Note) -> bool:
    """L’autrice ou l’auteur de la note, et les responsables de l’équipe de cette collectivité."""
    if not member_of_authority(request):
        return False
    return note.author_id == request.user.pk or team_manager(request)
