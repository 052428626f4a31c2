"""Who may keep, read and withdraw the notes of an authority. Asking the law is open to all."""

from django.http import HttpRequest

from essor.accounts.access import member_of_authority, team_manager
from essor.rulebook.models import Note

__all__ = ["may_keep_notes", "may_withdraw", "member_of_authority"]


def may_keep_notes(request: HttpRequest) -> bool:
    """Les agentes, agents, élues, élus, expertes et experts de cette collectivité, pendant la durée de leur rôle."""
    return member_of_authority(request)


def may_withdraw(request: HttpRequest, note: Note) -> bool:
    """L’autrice ou l’auteur de la note, et les responsables de l’équipe de cette collectivité."""
    if not member_of_authority(request):
        return False
    return note.author_id == request.user.pk or team_manager(request)
