"""Who may see the pages of the self-diagnosis."""

from django.http import HttpRequest

from essor.accounts.access import agent_of_authority, elected_of_authority, team_reader
from essor.kernel.access import everyone

__all__ = ["agent_of_authority", "answers_for_authority", "everyone", "holds_a_link", "team_reader"]


def answers_for_authority(request: HttpRequest) -> bool:
    """Les agentes, agents, élues et élus de cette collectivité : ce sont eux qui disent où elle en est."""
    return agent_of_authority(request) or elected_of_authority(request)


def holds_a_link(request: HttpRequest) -> bool:
    """Toute personne qui a un lien de cette collectivité ; celui d’un membre de l’équipe ne sert qu’à lui."""
    return getattr(request, "authority", None) is not None
