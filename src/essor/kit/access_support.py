"""Who keeps the directory of support. Reading it is open to all."""

from django.http import HttpRequest

from essor.accounts.access import agent_of_authority, content_editor
from essor.kernel.access import everyone

__all__ = ["everyone", "keeps_support"]


def keeps_support(request: HttpRequest) -> bool:
    """Les agentes et agents de cette collectivité, pour les acteurs qu’elle ajoute ; les personnes chargées des contenus communs, pour ceux de l’installation."""  # noqa: E501 - a rule is one sentence
    if getattr(request, "authority", None) is None:
        return content_editor(request)
    return agent_of_authority(request)
