"""Who follows the course, who sees its counts, who verifies an attestation. Reading and playing are open to all."""

from django.http import HttpRequest

from essor.accounts.access import agent_of_authority, team_manager
from essor.kernel.access import everyone, signed_in

__all__ = ["everyone", "sees_counts", "signed_in"]


def sees_counts(request: HttpRequest) -> bool:
    """Les agentes, agents et responsables de l’équipe de cette collectivité : des nombres, et les seuls noms permis."""
    return agent_of_authority(request) or team_manager(request)
